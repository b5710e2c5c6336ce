// What the turn cost that an event lies in, as a function of SQL: `turn_nano(session, agent_id, at)`, with the numbers of the index. A main
// agent's event lies in the turn that was asked for last before it, a subagent's in the one that sent it. Sums and turns of a session
// are read when its first event is asked about, and kept until somebody writes to either.
import type { DatabaseSync, StatementSync } from 'node:sqlite'
import type { CostReader, SessionCosts } from './costs.ts'
import { idText } from './database.ts'
import { SLOTS_PER_MS } from './events.ts'

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
  #ofSession: ((session: string) => SessionCosts) | null = null
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
    events.function('turn_nano', (session, agent, at) =>
      this.#nano(session as number, agent as number | null, at as number),
    )
  }

  // Before each question: what was written since is read anew.
  renew(): void {
    const version = this.#versions.map((each) => Object.values(each.get() as object)[0]).join(' ')
    if (version === this.#version) return
    this.#version = version
    this.#ofSession = null
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
      nano = this.#costsOf(session).nanoOfLane(word)
      this.#lanes.set(key, nano)
    }
    return nano
  }

  #turnsIn(session: number): Turns {
    let turns = this.#turns.get(session)
    if (turns === undefined) {
      const costs = this.#costsOf(session)
      const rows = this.#turnsOf.all(this.#idOf(session)) as { ms: number; id: Uint8Array }[]
      turns = { starts: rows.map(({ ms }) => ms), nanos: rows.map(({ id }) => costs.nanoOfTurn(idText(id))) }
      this.#turns.set(session, turns)
    }
    return turns
  }

  #costsOf(session: number): SessionCosts {
    this.#ofSession ??= this.#costs().sessionTeller()
    return this.#ofSession(this.#idOf(session))
  }

  #idOf(session: number): string {
    return (this.#sessionAt.get(session) as { id: string }).id
  }
}
