// Who speaks in a row that stands under the user's name: the person, or Hermes itself.
import type { EventKind } from '../../event/types.ts'
import { nonEmpty } from '../values.ts'

export interface Spoken {
  readonly kind: EventKind
  readonly injected?: string
  readonly command?: 'slash'
  readonly queued?: true
  readonly text?: string // what the person typed, where that is not the whole text
}

// What a parent agent or a program asks opens a turn as a person does; turns know these two words for it.
const DELEGATED = 'delegated'
const PROGRAM = 'sdk'
const PROGRAMS: ReadonlySet<unknown> = new Set(['cron', 'kanban', 'batch', 'webhook'])

export const COMPACTED = '[CONTEXT COMPACTION'
export const REVIEW = 'Review the conversation above and '

// Texts that Hermes puts into the conversation, by how they begin.
const INJECTED: readonly (readonly [string, string])[] = [
  ['[System: Your previous response was truncated', 'truncated'],
  ['[System note: ', 'system_note'],
  ['[System: ', 'system'],
  ['[SYSTEM: ', 'system'],
  ['[IMPORTANT: You are running as a scheduled cron job', PROGRAM],
  ['[IMPORTANT: Background process', 'background_process'],
  ['[ASYNC DELEGATION', 'async_delegation'],
  [REVIEW, 'review'],
]
const SWITCHED = '[Note: model was just switch'
const OUT_OF_BAND = '[OUT-OF-BAND USER MESSAGE'
const SKILL = /^\[(?:IMPORTANT|SYSTEM): The user has invoked the "([^"]+)" skill/
const INSTRUCTION = /(?:following instruction alongside the skill [a-z]+|^User instruction): (.*)/ms
const RUNTIME_NOTE = /\n\n\[Runtime note: [^\]]*\]\s*$/

// `asked`: the source of the session, and whether it is a subagent's.
export function whoSpeaks(text: string, displayKind: unknown, asked: { source?: unknown; subagent: boolean }): Spoken {
  if (text.startsWith(COMPACTED)) return { kind: 'system.compact' }
  const shown = nonEmpty(displayKind)
  if (shown === 'model_switch') return { kind: 'system.model_change' }
  const begins = INJECTED.find(([start]) => text.startsWith(start))?.[1]
  const skill = SKILL.exec(text)?.[1]
  if (shown !== undefined) return injected(shown === 'hidden' ? (begins ?? shown) : shown)
  if (begins !== undefined && skill === undefined) return injected(begins)
  if (asked.subagent) return injected(DELEGATED)
  if (PROGRAMS.has(asked.source)) return injected(PROGRAM)
  if (skill !== undefined) return skillTyped(skill, text)
  if (text.startsWith(SWITCHED)) return afterNote(text)
  if (text.startsWith(OUT_OF_BAND)) return { kind: 'message.user.prompt', queued: true }
  return { kind: 'message.user.prompt' }
}

const injected = (what: string): Spoken => ({ kind: 'message.user.injected', injected: what })

// `/name words`: the text of the whole skill was put in their place, the words behind it.
function skillTyped(name: string, text: string): Spoken {
  const words = (INSTRUCTION.exec(text)?.[1] ?? '').replace(RUNTIME_NOTE, '').trim()
  return { kind: 'message.user.prompt', command: 'slash', text: `/${name} ${words}`.trim() }
}

// The note stands before what the person typed.
function afterNote(text: string): Spoken {
  const end = text.indexOf(']\n\n')
  const typed = end < 0 ? '' : text.slice(end + 3).trim()
  return typed === '' ? { kind: 'system.model_change' } : { kind: 'message.user.prompt', text: typed }
}
