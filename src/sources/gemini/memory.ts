// What is remembered of a chat between its lines. Always the same keys, all plain values: it is kept beside the file's offset.
import type { FileMemory, Part } from '../source.ts'

export interface Memory {
  readonly session: string | null
  readonly project: string | null
  readonly agentId: string | null
  readonly time: string | null
  readonly opened: boolean // its first line was read
  readonly model: string | null
  readonly known: string // which messages were told, see book.ts
  readonly forgotTo: string | null // messages up to this moment may be told and forgotten
  readonly pages: string // what was told of the newest, see book.ts
}

// What a line says, and what is to be remembered of it.
export interface Said {
  readonly parts: readonly Part[]
  readonly memory: Memory
}

export const freshMemory = (session: string | null, project: string | null, agentId: string | null): Memory => ({
  session,
  project,
  agentId,
  time: null,
  opened: false,
  model: null,
  known: '',
  forgotTo: null,
  pages: '',
})

const words = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

// Memory comes back from the disk: a value of another kind counts as never remembered.
export const readMemory = (memory: FileMemory): Memory => ({
  session: words(memory.session),
  project: words(memory.project),
  agentId: words(memory.agentId),
  time: words(memory.time),
  opened: memory.opened === true,
  model: words(memory.model),
  known: text(memory.known),
  forgotTo: words(memory.forgotTo),
  pages: text(memory.pages),
})
