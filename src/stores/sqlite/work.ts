// The work of a session that can have touched certain files: calls whose line says one of their names, commands that can change files
// without naming them, the results of both, what the agent noticed, and where it went. Most lines are passed over after a look at their
// bytes; of what is only needed for its head the line behind it is left away.
import type { DatabaseSync } from 'node:sqlite'
import { HEAD_MARKS_BYTES, headEnd, parseHead } from '../../event/event.ts'
import { changesUnnamed } from '../../folds/provenance/commands.ts'
import type { EventLog } from '../store.ts'

const kindMark = (kind: string) => Buffer.from(`"type":"live.openstory.${kind}"`)
const CALL = kindMark('message.assistant.tool_use')
const RESULT = kindMark('message.user.tool_result')
const RUN = Buffer.from('"kind":"run"')
const ANSWERS = Buffer.from('"result":{"call":"')
const WENT = Buffer.from('"cwd":')
const NOTICED = Buffer.from('"noticed":')

export function workOf(
  db: DatabaseSync,
  log: Pick<EventLog, 'lines'>,
  session: string,
  names: readonly string[],
): string[] {
  const found = db.prepare('SELECT file FROM sessions WHERE id = ?').get(session) as { file: string } | undefined
  if (found === undefined) return []
  const says = saysOneOf(names)
  const answers = new Map<string | null, 'whole' | 'head'>() // by the call's id: how much of its result is asked for
  const texts: string[] = []
  for (const { bytes: line } of log.lines(found.file, 0)) {
    const bytes = Buffer.from(line.buffer, line.byteOffset, line.length)
    const end = headEnd(bytes, HEAD_MARKS_BYTES)
    const head = end < 0 ? bytes : bytes.subarray(0, end)
    const headText = () => (end < 0 ? bytes.toString() : `${head.toString()}}}`)
    if (head.includes(CALL)) {
      const isCommand = head.includes(RUN)
      if (says(bytes) || (isCommand && changesUnnamed(bytes.toString()))) {
        answers.set(parseHead(headText()).payload.tool?.call ?? null, isCommand ? 'head' : 'whole')
        texts.push(bytes.toString())
        continue
      }
    } else if (head.includes(RESULT)) {
      const asked = answers.get(answeredCall(head) ?? parseHead(headText()).payload.result?.call ?? null)
      if (asked !== undefined) {
        texts.push(asked === 'head' ? headText() : bytes.toString())
        continue
      }
    } else if (head.includes(NOTICED) && says(head)) {
      texts.push(bytes.toString())
      continue
    }
    if (head.includes(WENT)) texts.push(headText())
  }
  return texts
}

// The id of the call that a result answers, where it stands first and plain; null: the head must be parsed for it.
function answeredCall(head: Buffer): string | null {
  const at = head.indexOf(ANSWERS)
  if (at < 0) return null
  const start = at + ANSWERS.length
  const id = head.toString('utf8', start, head.indexOf('"', start))
  return id.includes('\\') ? null : id
}

// A name that JSON writes otherwise is not found by its bytes: then every call is looked at.
function saysOneOf(names: readonly string[]): (bytes: Buffer) => boolean {
  if (!names.every((name) => /^[\w .@+=,()[\]{}~#-]+$/.test(name))) return () => true
  const wanted = names.map((name) => Buffer.from(name))
  return (bytes) => wanted.some((name) => bytes.includes(name))
}
