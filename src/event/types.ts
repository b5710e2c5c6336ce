// The closed list of event types, in families, and the pass-through for what the list does not know yet.
// A type is the whole meaning of an event; nothing downstream looks at which agent wrote it.

export const TYPE_PREFIX = 'live.openstory.'

export const EVENT_KINDS = [
  'message.user.prompt', // what a person typed, queued prompts and typed commands included
  'message.user.injected', // written in the person's name by the agent itself: reminders, caveats, summaries
  'message.user.tool_result',
  'message.assistant.text',
  'message.assistant.thinking',
  'message.assistant.tool_use',
  'system.session_start',
  'system.session_end',
  'system.turn_complete',
  'system.compact',
  'system.error',
  'system.hook',
  'system.model_change',
  'system.mode_change',
  'system.local_command',
  'system.title',
  'system.link', // a pull request or page that belongs to the session
  'system.notice',
  'system.agent', // facts of a subagent: what it is called, which call began it
  'system.branch', // the session goes on from an earlier point (rewind, undo), or in another session (fork)
  'system.usage', // tokens that belong to the session or a helper, not to one message
  'system.repeat', // says again, or more fully, what was told before: kept, counted nowhere
  'system.file_replaced', // custody: a watched file shrank or was replaced; what was read before stays
  'system.damaged_line', // custody: bytes that are not a JSON object, kept as they are
  'progress.command',
  'progress.agent',
  'progress.hook',
  'progress.other',
  'file.snapshot',
  'file.output', // what a tool put out, where the agent keeps it in a file of its own
  'queue.enqueue',
  'queue.dequeue',
  'queue.remove',
] as const

export type KnownKind = (typeof EVENT_KINDS)[number]
export type OtherKind = `other.${string}`
export type EventKind = KnownKind | OtherKind

export const typeOf = (kind: EventKind): string => TYPE_PREFIX + kind
export const kindOf = (type: string): string => (type.startsWith(TYPE_PREFIX) ? type.slice(TYPE_PREFIX.length) : type)
export const isOther = (kind: string): boolean => kind.startsWith('other.')

// What an agent calls a thing becomes one safe, short name; the raw line beside it keeps the original.
export function otherKind(name: string): OtherKind {
  const safe = name
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '_')
    .slice(0, 80)
  return `other.${safe === '' ? 'unnamed' : safe}`
}
