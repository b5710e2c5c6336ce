// The work of a session that can have touched certain files: commands, calls whose line says one of their names, the results of both, and
// what the agent noticed. Lines are read one by one and only as far as it takes to see whether they matter.
import type { DatabaseSync } from 'node:sqlite'
import { parseHead } from '../../event/event.ts'
import type { EventLog, LogPlace } from '../store.ts'

const KINDS = ['message.assistant.tool_use', 'message.user.tool_result', 'message.user.injected']

interface Found {
  readonly kind: string
  readonly file: string
  readonly log_offset: number
  readonly log_length: number
}

const NOTICED = Buffer.from('"noticed":')

export function workOf(
  db: DatabaseSync,
  log: Pick<EventLog, 'read'>,
  session: string,
  names: readonly string[],
): string[] {
  const rows = db
    .prepare(
      `SELECT k.word AS kind, s.file, e.log_offset, e.log_length FROM events e JOIN sessions s ON s.n = e.session JOIN words k ON k.n = e.kind
       WHERE e.session = (SELECT n FROM sessions WHERE id = ?) AND k.word IN (${KINDS.map(() => '?').join(', ')}) ORDER BY e.at`,
    )
    .all(session, ...KINDS) as unknown as Found[]
  const wanted = names.every(isPlain) ? names.map((name) => Buffer.from(name)) : null
  const says = (bytes: Buffer) => wanted === null || wanted.some((name) => bytes.includes(name))
  const calls = new Set<string | null>()
  const texts: string[] = []
  for (const row of rows) {
    const place: LogPlace = { file: row.file, offset: row.log_offset, length: row.log_length }
    const bytes = Buffer.from(log.read(place))
    if (row.kind === 'message.user.injected' && !(bytes.includes(NOTICED) && says(bytes))) continue
    const text = bytes.toString()
    const { tool, result, noticed } = parseHead(text).payload
    if (tool !== undefined && (tool.kind === 'run' || says(bytes))) calls.add(tool.call)
    else if (!(result !== undefined && calls.has(result.call)) && noticed === undefined) continue
    texts.push(text)
  }
  return texts
}

// Written otherwise in JSON, a name is not found by its bytes.
const isPlain = (name: string): boolean => /^[\w .@+=,()[\]{}~#-]+$/.test(name)
