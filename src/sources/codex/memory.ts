// What is remembered of a rollout between its lines. Always the same keys, all plain values: it is kept beside the file's offset.
import type { FileMemory, Part } from '../source.ts'

export interface Memory {
  readonly session: string // the thread, or the thread that a subagent's thread belongs to
  readonly thread: string | null // this file's own, as its first line says; null before that line
  readonly project: string | null
  readonly agentId: string | null // of a subagent's thread
  readonly agentType: string | null
  readonly time: string | null
  readonly cwd: string | null
  readonly branch: string | null
  readonly version: string | null
  readonly model: string | null
  readonly mode: string | null // effort, approvals, sandbox, as last told
  readonly paginated: boolean
  readonly hidden: boolean // the thread of an agent's own helper
  readonly begun: number | null // milliseconds: turns from before are copies; null where nothing was copied
  readonly copying: boolean // the lines here were copied from another thread
  readonly ownFrom: number | null // the ordinal of the first line that was not
  readonly turn: 'none' | 'begun' | 'prompted'
  readonly total: string | null // tokens of the thread as last told
  readonly account: 'count' | 'record' | null // which of the two accounts told something the other has yet to repeat
  readonly told: string // see twins.ts
  readonly seen: string // see calls.ts
  readonly calls: string // see calls.ts
}

// What a line says, and what is to be remembered of it.
export interface Said {
  readonly parts: readonly Part[]
  readonly changes?: Partial<Memory>
  readonly agentId?: string // the line is about another lane than the file's
}

export const freshMemory = (session: string, begun: number | null): Memory => ({
  session,
  thread: null,
  project: null,
  agentId: null,
  agentType: null,
  time: null,
  cwd: null,
  branch: null,
  version: null,
  model: null,
  mode: null,
  paginated: false,
  hidden: false,
  begun,
  copying: false,
  ownFrom: null,
  turn: 'none',
  total: null,
  account: null,
  told: '',
  seen: '',
  calls: '',
})

const words = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)
const number = (value: unknown): number | null => (typeof value === 'number' ? value : null)
const text = (value: unknown): string => (typeof value === 'string' ? value : '')

// Memory comes back from the disk: a value of another kind counts as never remembered.
export const readMemory = (memory: FileMemory, session: string): Memory => ({
  session: words(memory.session) ?? session,
  thread: words(memory.thread),
  project: words(memory.project),
  agentId: words(memory.agentId),
  agentType: words(memory.agentType),
  time: words(memory.time),
  cwd: words(memory.cwd),
  branch: words(memory.branch),
  version: words(memory.version),
  model: words(memory.model),
  mode: words(memory.mode),
  paginated: memory.paginated === true,
  hidden: memory.hidden === true,
  begun: number(memory.begun),
  copying: memory.copying === true,
  ownFrom: number(memory.ownFrom),
  turn: memory.turn === 'begun' || memory.turn === 'prompted' ? memory.turn : 'none',
  total: words(memory.total),
  account: memory.account === 'count' || memory.account === 'record' ? memory.account : null,
  told: text(memory.told),
  seen: text(memory.seen),
  calls: text(memory.calls),
})
