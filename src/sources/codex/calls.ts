// What is remembered of tool calls: which were told at all, and of those still open (or running on) what their result does not say itself.
import type { FileChange } from '../../event/payload.ts'
import { isJson } from '../values.ts'
import type { Memory } from './memory.ts'
import { digest } from './twins.ts'

export interface CallNote {
  readonly target?: string // the command, for a later write_stdin to its session
  readonly files?: readonly FileChange[] // what its patch does, if it is applied
  readonly exit?: number
  readonly failed?: boolean
  readonly agentId?: string // the subagent it began
  readonly spawns?: true
  readonly asked?: true // of a client, whose answer comes as an event and not as an item
  readonly running?: string // the session its command goes on in
  readonly writesTo?: string // the session it writes to or looks at
}

const DIGITS = 8
const SEEN_MAX = 400
const NOTES_MAX = 32
const NOTES_CHARS_MAX = 20_000
const FILES_MAX = 40

export function wasTold(memory: Pick<Memory, 'seen'>, call: string | null): boolean {
  if (call === null) return false
  const entry = digest(call)
  for (let at = memory.seen.indexOf(entry); at >= 0; at = memory.seen.indexOf(entry, at + 1))
    if (at % DIGITS === 0) return true
  return false
}

export const nowTold = (memory: Pick<Memory, 'seen'>, call: string): string =>
  wasTold(memory, call) ? memory.seen : (memory.seen + digest(call)).slice(-DIGITS * SEEN_MAX)

export const noteOf = (memory: Pick<Memory, 'calls'>, call: string | null): CallNote | undefined =>
  call === null ? undefined : notesIn(memory.calls).find(([name]) => name === call)?.[1]

// The command that a running session was begun with.
export const commandOf = (memory: Pick<Memory, 'calls'>, session: string): string | undefined =>
  notesIn(memory.calls).find(([, note]) => note.running === session)?.[1].target

// Undefined forgets the call.
export function withNote(memory: Pick<Memory, 'calls'>, call: string, note: CallNote | undefined): string {
  const others = notesIn(memory.calls).filter(([name]) => name !== call)
  if (note === undefined) return written(others)
  return written([
    ...others,
    [call, note.files === undefined ? note : { ...note, files: note.files.slice(0, FILES_MAX) }],
  ])
}

// A session that is over, by whichever call that was learned.
export const withoutSession = (memory: Pick<Memory, 'calls'>, session: string): string =>
  written(notesIn(memory.calls).filter(([, note]) => note.running !== session))

type Notes = readonly (readonly [string, CallNote])[]

function notesIn(calls: string): Notes {
  if (calls === '') return []
  let value: unknown
  try {
    value = JSON.parse(calls)
  } catch {
    return [] // memory of another hand; every line means something without it
  }
  return Array.isArray(value) ? value.filter(isNote) : []
}

const isNote = (value: unknown): value is readonly [string, CallNote] =>
  Array.isArray(value) && typeof value[0] === 'string' && isJson(value[1])

// Over the limit the oldest go first, and those whose command still runs last.
function written(notes: Notes): string {
  let kept = notes
  for (;;) {
    const text = kept.length === 0 ? '' : JSON.stringify(kept)
    if (kept.length <= NOTES_MAX && text.length <= NOTES_CHARS_MAX) return text
    const oldest = kept.findIndex(([, note]) => note.running === undefined)
    const gone = Math.max(0, oldest)
    kept = kept.filter((_, i) => i !== gone)
  }
}
