// Tables session_windows and session_nodes say how sessions hang together: which one a subagent was started from, which one a fork left.
// A session that came from another has one record of it, behind its header.
import type { Payload } from '../../event/payload.ts'
import type { Ask, FileMemory, LineMeaning, RecordIn } from '../source.ts'
import { damagedPart, isJson, momentIn, newPayload, nonEmpty, textOfAny, type Writable } from '../values.ts'
import { sessionOfKey, WINDOW } from './rows.ts'

export const isWindow = (row: RecordIn): boolean => row.key.startsWith(WINDOW)

export function windowsOf(ask: Ask, session: string, at: number): readonly RecordIn[] {
  const windows = ask.columns('session_windows')
  if (!windows.has('session_id') || !windows.has('session_key')) return []
  return [...ask.rows(query(windows, ask.columns('session_nodes')), session)].flatMap((row) => recordOf(row, at))
}

// Columns come and go with OpenClaw's versions; those that are not there are null.
function query(windows: ReadonlySet<string>, nodes: ReadonlySet<string>): string {
  const hasNodes = nodes.has('session_key')
  const own = (name: string) => (windows.has(name) ? `w.${name}` : 'NULL')
  const node = (name: string) => (hasNodes && nodes.has(name) ? `n.${name}` : 'NULL')
  const parentKey = ['parent_session_key', 'spawned_by'].map((name) => `${own(name)}, ${node(name)}`).join(', ')
  const parent =
    hasNodes && nodes.has('current_session_id')
      ? `(SELECT p.current_session_id FROM session_nodes p WHERE p.session_key = coalesce(${parentKey}))`
      : 'NULL'
  return (
    `SELECT w.session_id, w.session_key, ${own('reason')} AS reason, ${own('created_at')} AS created_at, ` +
    `coalesce(${parentKey}) AS parent_key, ${parent} AS parent_id, ` +
    `coalesce(${node('fork_source_session_id')}, ${own('previous_session_id')}) AS left_id ` +
    `FROM session_windows w ${hasNodes ? 'LEFT JOIN session_nodes n ON n.session_key = w.session_key ' : ''}` +
    'WHERE w.session_id = ?'
  )
}

const GOES_ON: ReadonlySet<unknown> = new Set(['fork', 'rewind'])

function recordOf(values: Readonly<Record<string, unknown>>, at: number): readonly RecordIn[] {
  const isChild = nonEmpty(values.parent_key) !== undefined
  if (!isChild && !(GOES_ON.has(values.reason) && nonEmpty(values.left_id) !== undefined)) return []
  const value = Object.fromEntries(Object.entries(values).filter(([, each]) => each !== null))
  const text = textOfAny(value)
  const key = `${WINDOW}${String(values.session_id)}/${at}`
  return [{ key, at, text, value, bytes: new TextEncoder().encode(text), damage: null }]
}

// `home`: whose session it is, as the header before it said. Known by its session alone: whom the parent's key leads to may change.
export function translateWindow(
  row: RecordIn,
  home: Pick<LineMeaning, 'session' | 'project'>,
  memory: FileMemory,
): LineMeaning {
  const carried = typeof memory.time === 'string' ? memory.time : null
  const own = WINDOW + sessionOfKey(row.key)
  const meaning = { ...home, agentId: null, nativeId: own, identity: own, memory }
  if (!isJson(row.value)) return { ...meaning, parts: [damagedPart(row)], time: carried }
  const { value } = row
  const payload: Writable<Payload> = newPayload()
  const isChild = nonEmpty(value.parent_key) !== undefined
  const parent = isChild ? (nonEmpty(value.parent_id) ?? nonEmpty(value.parent_key)) : nonEmpty(value.left_id)
  if (parent !== undefined && parent !== home.session) payload.parentSession = parent
  // The call that started it was told this key.
  const key = nonEmpty(value.session_key)
  if (key !== undefined) payload.nativeId = key
  const kind = isChild ? 'system.agent' : 'system.branch'
  return { ...meaning, parts: [{ kind, payload }], time: momentIn(value.created_at) ?? carried }
}
