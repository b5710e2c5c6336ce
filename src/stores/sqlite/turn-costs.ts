// What the turn cost that an event lies in, as a function of SQL: `turn_nano(session, agent_id, at)`, with the numbers of the index. A main
// agent's event lies in the turn that was asked for last before it, a subagent's in the one that sent it. Sums and turns of a session
// are read when its first event is asked about, and kept until somebody writes to either.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { Totals } from '../../folds/cost.ts'
import { NO_REF } from '../../folds/ledger.ts'
import { nanoOf } from '../../folds/money.ts'
import type { CostReader } from './costs.ts'
import { idText } from './database.ts'
import { SLOTS_PER_MS } from './events.ts'
import { OF_ROW } from './spans.ts'

// In nano-dollars, by the turn's key in the ledger and by its first event, the prompt.
interface Spent {
  readonly byKey: ReadonlyMap<string, number>
  readonly byEvent: ReadonlyMap<string, number>
}
interface Turns {
  readonly starts: readonly number[] // ms, in their order
  readonly nanos: readonly (number | null)[]
}

export class TurnCosts {
  readonly #versions: readonly StatementSync[]
  readonly #sessionAt: StatementSync
  readonly #wordAt: StatementSync
  readonly #turnsOf: StatementSync
  readonly #costs: () => CostReader
  #version = ''
  readonly #sumsOf: StatementSync
  #keyOf: ReturnType<CostReader['turnKeys']> | null = null
  readonly #spent = new Map<string, Spent>()
  readonly #turns = new Map<number, Turns>()
  readonly #lanes = new Map<string, number | null>()

  // `turns`: with the ledger attached.
  constructor(events: DatabaseSync, turns: DatabaseSync, costs: () => CostReader) {
    this.#costs = costs
    this.#versions = ['main', 'ledger'].map((file) => turns.prepare(`PRAGMA ${file}.data_version`))
    this.#sessionAt = events.prepare('SELECT id FROM sessions WHERE n = ?')
    this.#wordAt = events.prepare('SELECT word FROM words WHERE n = ?')
    this.#turnsOf = turns.prepare(
      `SELECT CAST(unixepoch(started, 'subsec') * 1000 AS INTEGER) AS ms, id FROM turns
       WHERE session = ? AND agent_id = '' AND goes_on = 0 AND started <> '' ORDER BY started, id`,
    )
    this.#sumsOf = turns.prepare(`SELECT t.agent_id, t.prompt, ${OF_ROW} FROM ledger.sums t WHERE t.session = ?`)
    this.#sumsOf.setReturnArrays(true)
    events.function('turn_nano', (session, agent, at) =>
      this.#nano(session as number, agent as number | null, at as number),
    )
  }

  // Before each question: what was written since is read anew.
  renew(): void {
    const version = this.#versions.map((each) => Object.values(each.get() as object)[0]).join(' ')
    if (version === this.#version) return
    this.#version = version
    this.#keyOf = null
    this.#spent.clear()
    this.#turns.clear()
    this.#lanes.clear()
  }

  // Null where nobody knows.
  #nano(session: number, agent: number | null, at: number): number | null {
    if (agent !== null) return this.#nanoOfLane(session, agent)
    const { starts, nanos } = this.#turnsIn(session)
    const ms = Math.floor(at / SLOTS_PER_MS)
    let [low, high] = [0, starts.length]
    while (low < high) {
      const middle = (low + high) >>> 1
      if (starts[middle]! <= ms) low = middle + 1
      else high = middle
    }
    return low === 0 ? null : nanos[low - 1]!
  }

  #nanoOfLane(session: number, agent: number): number | null {
    const key = `${session}|${agent}`
    let nano = this.#lanes.get(key)
    if (nano === undefined) {
      const { word } = this.#wordAt.get(agent) as { word: string }
      const id = this.#idOf(session)
      nano = this.#spentIn(id).byKey.get(this.#keys()(id, word, NO_REF)) ?? null
      this.#lanes.set(key, nano)
    }
    return nano
  }

  #turnsIn(session: number): Turns {
    let turns = this.#turns.get(session)
    if (turns === undefined) {
      const { byEvent } = this.#spentIn(this.#idOf(session))
      const rows = this.#turnsOf.all(this.#idOf(session)) as { ms: number; id: Uint8Array }[]
      turns = { starts: rows.map(({ ms }) => ms), nanos: rows.map(({ id }) => byEvent.get(idText(id)) ?? null) }
      this.#turns.set(session, turns)
    }
    return turns
  }

  #spentIn(session: string): Spent {
    const known = this.#spent.get(session)
    if (known !== undefined) return known
    const totals = new Totals()
    for (const [agentId, prompt, ...sum] of this.#sumsOf.all(session) as unknown as (string | number)[][])
      totals.add(this.#keys()(session, agentId as string, prompt as number), sum as number[])
    const byKey = new Map<string, number>()
    const byEvent = new Map<string, number>()
    for (const key of totals.keys('turn')) {
      const { usd } = totals.row(key)
      if (usd === null) continue
      byKey.set(key, nanoOf(usd))
      const event = this.#costs().eventOfKey(key)
      if (event !== undefined) byEvent.set(event, nanoOf(usd))
    }
    this.#spent.set(session, { byKey, byEvent })
    return { byKey, byEvent }
  }

  #keys() {
    this.#keyOf ??= this.#costs().turnKeys()
    return this.#keyOf
  }

  #idOf(session: number): string {
    return (this.#sessionAt.get(session) as { id: string }).id
  }
}
