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
  readonly recent: string | null // where the conversation may go on from, see thread.ts
  readonly chained: boolean // its lines name the line before them
  readonly own: string | null // when something was said last in it under the session's own name
  readonly parentSession: string | null // the session that copied lines last came from
  readonly lanes: string | null // subagents inside this file, see sidechains.ts
  readonly calls: string | null // calls that may have begun one of those
  readonly awaited: string | null // the title of this conversation as of a line still to come: its id and the title
  readonly told: string | null // settings and names told last, see told.ts
  readonly agentType: string | null // of the subagent whose file it is
  readonly hidden: boolean // the file is a helper's of the agent's own
}

export const freshMemory = (file: Pick<Memory, 'session' | 'project' | 'agentId'> & { hidden?: boolean }): FileMemory =>
  ({
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
    recent: null,
    chained: false,
    own: null,
    parentSession: null,
    lanes: null,
    calls: null,
    awaited: null,
    told: null,
    agentType: null,
    hidden: file.hidden === true,
  }) satisfies Memory & FileMemory

const words = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

// The memory made last comes back with the next line and needs no second look.
let last: Memory | null = null

export function made(memory: Memory & FileMemory): FileMemory {
  last = memory
  return memory
}

// Memory comes back from the disk: a value of another kind counts as never remembered.
export const readMemory = (memory: FileMemory): Memory => ((memory as object) === last ? last : checked(memory))

const checked = (memory: FileMemory): Memory => ({
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
  recent: words(memory.recent),
  chained: memory.chained === true,
  own: words(memory.own),
  parentSession: words(memory.parentSession),
  lanes: words(memory.lanes),
  calls: words(memory.calls),
  awaited: words(memory.awaited),
  told: words(memory.told),
  agentType: words(memory.agentType),
  hidden: memory.hidden === true,
})
