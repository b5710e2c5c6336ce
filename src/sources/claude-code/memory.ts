// What is remembered of a file between its lines. Always the same keys, all plain values: it is kept beside the file's offset.
import type { FileMemory } from '../source.ts'

export interface Memory {
  readonly session: string | null // the session the file belongs to; null until a line names it
  readonly project: string | null
  readonly agentId: string | null
  readonly time: string | null
  readonly cwd: string | null
  readonly branch: string | null
  readonly version: string | null
  readonly attaches: boolean // this version writes attachments, so a queued prompt will come as one
  readonly busy: boolean // the main agent has a tool at work, or its result and no answer yet
  readonly queue: string | null // queued prompts not yet delivered, see queue.ts
  readonly due: string | null // a queued prompt told already, whose delivery is still to come
}

export const freshMemory = (file: Pick<Memory, 'session' | 'project' | 'agentId'>): FileMemory => ({
  session: file.session,
  project: file.project,
  agentId: file.agentId,
  time: null,
  cwd: null,
  branch: null,
  version: null,
  attaches: false,
  busy: false,
  queue: null,
  due: null,
})

const words = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

// Memory comes back from the disk: a value of another kind counts as never remembered.
export const readMemory = (memory: FileMemory): Memory => ({
  session: words(memory.session),
  project: words(memory.project),
  agentId: words(memory.agentId),
  time: words(memory.time),
  cwd: words(memory.cwd),
  branch: words(memory.branch),
  version: words(memory.version),
  attaches: memory.attaches === true,
  busy: memory.busy === true,
  queue: words(memory.queue),
  due: words(memory.due),
})
