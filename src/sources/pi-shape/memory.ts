// What is remembered of a file between its lines: always the same keys, all plain values, and none that grows without end.
import type { FileMemory } from '../source.ts'

export type Memory = {
  readonly session: string | null
  readonly project: string | null
  readonly agentId: string | null // of a subagent's file, whose header does not say whose session it is
  readonly time: string | null
  readonly forkedAt: string | null // lines from before this moment were copied from the session forked from
  readonly harness: boolean // version 4 of pi's harness
  readonly lane: string | null // version 4: the lane of the entry before
  readonly leaf: string | null // the entries the next one may hang on, one a line (tree.ts)
  readonly moment: string | null // own time of the last entry without an id (identity.ts)
  readonly twins: number // entries without an id before it that have the same
  readonly edits: string | null // calls that change files and wait for their result (files.ts)
  readonly touched: string | null // marks of files read or changed so far
  readonly answer: string | null // mark of the last thing said, for agents that say it again
}

export const NEW_MEMORY: Memory = {
  session: null,
  project: null,
  agentId: null,
  time: null,
  forkedAt: null,
  harness: false,
  lane: null,
  leaf: null,
  moment: null,
  twins: 0,
  edits: null,
  touched: null,
  answer: null,
}

const words = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

// Mostly it is what was given back for the line before, and need not be looked at again.
let made: FileMemory | null = null

export function readMemory(memory: FileMemory): Memory {
  return memory === made ? (memory as Memory) : read(memory)
}

export function keepMemory(memory: Memory): FileMemory {
  made = memory
  return memory
}

const read = (memory: FileMemory): Memory => ({
  session: words(memory.session),
  project: words(memory.project),
  agentId: words(memory.agentId),
  time: words(memory.time),
  forkedAt: words(memory.forkedAt),
  harness: memory.harness === true,
  lane: words(memory.lane),
  leaf: words(memory.leaf),
  moment: words(memory.moment),
  twins: typeof memory.twins === 'number' ? memory.twins : 0,
  edits: words(memory.edits),
  touched: words(memory.touched),
  answer: words(memory.answer),
})

// A short mark of a text (FNV-1a, with its length): to see again what was seen before, without keeping it.
export function markOf(text: string): string {
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return `${text.length.toString(36)}.${(hash >>> 0).toString(36)}`
}
