// What is compared, and why it is fair. Beside the program that is tortured runs its twin, which is left alone and watches the same
// files at the same time: same bytes, same inodes, same moments. Before the agent destroys something it waits until both have it in their
// logs, so both have seen every state of every file. Then:
//
//   1. each record that stood in a file long enough is in the log, exactly once, in the order of its session, byte for byte the twin's
//   2. nothing else is in the log but: records that were destroyed before they were seen by both (they may be there), and the custody
//      notes that a file was replaced (their number depends on how far it was read at that moment), of files that were
//   3. store, turns, sentences, session rows and full text are what the same log gives when it is told once, undisturbed (a reindex)
//   4. a page that followed the live stream through all of it, by its sequence numbers, has each record
//   5. turns and sentences of sessions whose logs are the same are the twin's
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { logFileOf } from '../../src/stores/log/log.ts'
import type { Dialect } from './dialect.ts'

export interface Kept {
  readonly event: string
  readonly record: string | null // what the agent calls it; null for headers
  readonly isPart: boolean // something more that a line means: it depends on what was there to be read before it
  readonly kind: string
  readonly text: string
}

const TYPE_PREFIX = 'live.openstory.'

function keptOf({ idOf }: Dialect, text: string): Kept {
  const { id, type, data } = JSON.parse(text) as {
    id: string
    type: string
    data: { raw?: Readonly<Record<string, unknown>>; rawin?: string }
  }
  return {
    event: id,
    isPart: data.rawin !== undefined,
    record: data.raw === undefined ? null : idOf(data.raw),
    kind: type.slice(TYPE_PREFIX.length),
    text,
  }
}

const pathOf = ({ agent }: Dialect, dataDir: string, session: string) =>
  join(dataDir, 'log', logFileOf(`${agent}:${session}`))

export function logOf(dialect: Dialect, dataDir: string, session: string): Kept[] {
  const path = pathOf(dialect, dataDir, session)
  if (!existsSync(path)) return []
  return readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => keptOf(dialect, line))
}

// The records in the log of a running program, read on as it grows.
export class Watching {
  readonly #dialect: Dialect
  readonly #dataDir: string
  readonly #known = new Map<string, { size: number; records: Set<string> }>()

  constructor(dialect: Dialect, dataDir: string) {
    this.#dialect = dialect
    this.#dataDir = dataDir
  }

  has(session: string, record: string): boolean {
    const known = this.#known.get(session)
    if (known?.records.has(record)) return true
    const path = pathOf(this.#dialect, this.#dataDir, session)
    const size = existsSync(path) ? statSync(path).size : 0
    if (size === (known?.size ?? 0)) return false
    // A last line that is just being written is no line yet.
    const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1)
    const records = new Set(lines.map((line) => keptOf(this.#dialect, line).record).filter((id) => id !== null))
    this.#known.set(session, { size, records })
    return records.has(record)
  }
}

export interface Expected {
  readonly session: string
  readonly required: ReadonlySet<string>
  readonly optional: ReadonlySet<string>
  readonly destroyed: number
}

const isCustody = ({ kind }: Kept) => kind === 'system.file_replaced'

// Sentences of what is wrong with the victim's log of a session; none when nothing is.
export function wrongWith(victim: readonly Kept[], twin: readonly Kept[], expected: Expected): string[] {
  const { session, required, optional, destroyed } = expected
  const wrong: string[] = []
  const say = (what: string, records: readonly string[]) => {
    if (records.length > 0) wrong.push(`${session}: ${records.length} ${what}: ${records.slice(0, 3).join(', ')}`)
  }
  const counts = new Map<string, number>()
  for (const { event } of victim) counts.set(event, (counts.get(event) ?? 0) + 1)
  say(
    'kept more than once',
    [...counts].filter(([, n]) => n > 1).map(([event]) => event),
  )
  const told = (kept: readonly Kept[]) => kept.filter((each) => each.record !== null && required.has(each.record))
  const has = new Set(told(victim).map(({ record }) => record!))
  say(
    'lost',
    [...required].filter((record) => !has.has(record)),
  )
  const strange = victim.filter(
    ({ record, isPart, kind }) =>
      record === null && !isPart && kind !== 'system.session_start' && kind !== 'system.file_replaced',
  )
  say(
    'that nobody wrote',
    strange.map(({ kind }) => kind),
  )
  const unknown = victim.filter(({ record }) => record !== null && !required.has(record) && !optional.has(record))
  say(
    'that nobody wrote',
    unknown.map(({ record }) => record!),
  )
  if (destroyed === 0 && victim.some(isCustody)) wrong.push(`${session}: said to be replaced, and was not`)
  const [mine, theirs] = [told(victim), told(twin)]
  if (
    mine.length === theirs.length &&
    mine.map(({ record }) => record).join() !== theirs.map(({ record }) => record).join()
  )
    wrong.push(`${session}: not in the order of the twin`)
  const texts = new Map(theirs.map(({ event, text }) => [event, text]))
  say(
    'not byte for byte the twin’s',
    mine.filter(({ event, text }) => texts.get(event) !== text).map(({ record }) => record!),
  )
  return wrong
}

export const isSameLog = (a: readonly Kept[], b: readonly Kept[]): boolean =>
  a.length === b.length && a.every(({ text }, i) => text === b[i]!.text)
