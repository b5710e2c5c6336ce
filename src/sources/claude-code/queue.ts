// Prompts given while the agent is at work. A prompt counts once, at the line where the agent takes it:
//   newer versions write a queued_command attachment, or after a dequeue an ordinary user line;
//   older ones (no attachments) write no line at all for a prompt that is taken in the middle of a turn: then the queue's own line is the prompt.
// Which of the two it will be is not known when it is queued. While a tool is at work it is taken with the tool's result, so it is told
// at once; otherwise it waits for its `remove` or `dequeue`. A prompt told at once and delivered again all the same is known by its words.
import type { Part } from '../source.ts'
import { type Json, saying, type Writable } from '../values.ts'
import type { Memory } from './memory.ts'
import { type Speech, speechIn } from './prompts.ts'

const KEPT_MAX = 16
const TEXT_MAX = 8_000
const TOLD = '+'
const WAITING = '-'
const BETWEEN = '\u0000'

export interface QueueAfter {
  readonly parts: readonly Part[]
  readonly queue: string | null
  readonly due: string | null
}

export function queueParts(record: Json, memory: Memory): QueueAfter | null {
  switch (record.operation) {
    case 'enqueue':
      return enqueued(record.content, memory)
    case 'dequeue':
      return taken(memory, 'queue.dequeue')
    case 'remove':
      return taken(memory, 'queue.remove')
    case 'popAll': // taken back into the editor: not sent
      return { parts: [saying('queue.remove', undefined, null)], queue: null, due: null }
    default:
      return null
  }
}

function enqueued(content: unknown, memory: Memory): QueueAfter {
  const text = typeof content === 'string' ? content : ''
  const speech = speechIn(text)
  const isPrompt = speech.by === 'person' && text !== ''
  const waits = itemsOf(memory.queue)
  const fits = text.length <= TEXT_MAX && waits.length < KEPT_MAX && !text.includes(BETWEEN)
  const tellNow = isPrompt && !memory.attaches && (memory.busy || !fits)
  const item = (tellNow || !isPrompt ? TOLD : WAITING) + text
  const queue = fits && text !== '' && !memory.attaches ? [...waits, item].join(BETWEEN) : memory.queue
  if (!tellNow) return { parts: [saying('queue.enqueue', text, '/content')], queue, due: memory.due }
  // The prompt stands first, so that its event is the one that carries the line.
  return {
    parts: [queuedPrompt(speech, text, '/content'), saying('queue.enqueue', undefined, null)],
    queue,
    due: memory.due,
  }
}

function taken(memory: Memory, kind: 'queue.dequeue' | 'queue.remove'): QueueAfter {
  const [first, ...rest] = itemsOf(memory.queue)
  const left = { queue: rest.length > 0 ? rest.join(BETWEEN) : null }
  const part = saying(kind, undefined, null)
  if (first === undefined) return { parts: [part], queue: memory.queue, due: memory.due }
  const text = first.slice(1)
  if (first.startsWith(TOLD)) return { parts: [part], ...left, due: text }
  // Dequeued, it comes as a user line of its own. Removed, nothing else will say it.
  if (kind === 'queue.dequeue' || memory.attaches) return { parts: [part], ...left, due: memory.due }
  return { parts: [part, queuedPrompt(speechIn(text), text, null)], ...left, due: text }
}

const itemsOf = (queue: string | null): readonly string[] => (queue === null ? [] : queue.split(BETWEEN))

function queuedPrompt(speech: Speech, text: string, pointer: string | null): Part {
  const own = speech.by === 'person' ? speech.text : text
  const part = saying('message.user.prompt', own, own === text ? pointer : null)
  const payload: Writable<Part['payload']> = { ...part.payload, queued: true }
  if ('command' in speech) payload.command = speech.command
  return { kind: part.kind, payload }
}
