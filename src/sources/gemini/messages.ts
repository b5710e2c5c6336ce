// One message, and what a copy of it says that no earlier copy did. Each thing is told once: a thought, a text, a call, a result; and
// tokens by how much they grew, so that over all copies the sum is what the last one says.
import type { Payload, Usage } from '../../event/payload.ts'
import { type EventKind, otherKind } from '../../event/types.ts'
import type { Part } from '../source.ts'
import { countIn, isJson, type Json, momentIn, newPayload, nonEmpty, saying, type Writable } from '../values.ts'
import { digest, isKnown, type Page, pageOf, withPage } from './book.ts'
import type { Memory, Said } from './memory.ts'
import { callIdOf, callPart, isOver, resultPart } from './tool-calls.ts'
import { type Words, wordsIn } from './words.ts'

// `carries`: the first part stands in the event that carries the line, and may point into it.
export function messageSays(message: Json, at: string, memory: Memory, carries: boolean): Said {
  const id = nonEmpty(message.id)
  const time = momentIn(message.timestamp)
  const before = id === undefined ? undefined : pageOf(memory, id)
  // Told long ago, and all that could be added was added.
  if (before === undefined && id !== undefined && isKnown(memory, id, time)) return { parts: [], memory }
  const teller = new Teller(message, at, before, memory, carries)
  const page = teller.tell()
  if (id !== undefined) for (const part of teller.parts) (part.payload as Writable<Payload>).nativeId = id
  const model = nonEmpty(message.model) ?? memory.model
  const book = id === undefined ? memory : withPage(memory, id, time, page)
  return { parts: teller.parts, memory: { ...memory, ...book, model } }
}

const EMPTY: Page = { text: '', thoughts: 0, calls: {}, tokens: [] }

class Teller {
  readonly parts: Part[] = []
  readonly #message: Json
  readonly #at: string
  readonly #before: Page
  readonly #isFirst: boolean
  readonly #memory: Memory
  readonly #carries: boolean

  constructor(message: Json, at: string, before: Page | undefined, memory: Memory, carries: boolean) {
    this.#message = message
    this.#at = at
    this.#before = before ?? EMPTY
    this.#isFirst = before === undefined
    this.#memory = memory
    this.#carries = carries
  }

  // The parts so far decide whether another one stands in the event that carries the line.
  #pointing(): boolean {
    return this.#carries && this.parts.length === 0
  }

  tell(): Page {
    const type = nonEmpty(this.#message.type) ?? 'untyped'
    if (type === 'gemini' || type === 'model') return this.#model()
    const content = this.#content()
    const text = digestOf(content)
    if (text !== this.#before.text || this.#isFirst) {
      const part = this.#isFirst
        ? spoken(type, content, this.#memory, this.#pointing())
        : grownText(content, this.#pointing())
      this.parts.push(part)
    }
    return { ...this.#before, text }
  }

  #content(): Words {
    const key = this.#message.content === undefined ? 'parts' : 'content'
    return wordsIn(this.#message[key], `${this.#at}/${key}`)
  }

  #model(): Page {
    const thoughts = this.#thoughts()
    const text = this.#text()
    const calls = this.#calls()
    const tokens = this.#tokens()
    if (this.parts.length === 0 && this.#isFirst) this.parts.push(saying('message.assistant.text', undefined, null))
    const model = nonEmpty(this.#message.model)
    const first: Writable<Payload> | undefined = this.parts[0]?.payload
    if (first !== undefined && model !== undefined) first.model = model
    return { text, thoughts, calls, tokens }
  }

  #thoughts(): number {
    const thoughts: readonly unknown[] = Array.isArray(this.#message.thoughts) ? this.#message.thoughts : []
    for (const [i, thought] of thoughts.entries()) {
      if (i < this.#before.thoughts || !isJson(thought)) continue
      const words = [thought.subject, thought.description, thought.summary].flatMap((each) => nonEmpty(each) ?? [])
      const only = thought.subject === undefined && words.length === 1 && words[0] === thought.description
      const pointer = only ? `${this.#at}/thoughts/${i}/description` : null
      this.parts.push(saying('message.assistant.thinking', words.join('\n'), pointer, this.#pointing()))
    }
    return Math.max(this.#before.thoughts, thoughts.length)
  }

  #text(): string {
    const content = this.#content()
    const text = digestOf(content)
    if (text === '' || text === this.#before.text) return text === '' ? this.#before.text : text
    const isNew = this.#before.text === ''
    this.parts.push(
      isNew ? worded('message.assistant.text', content, this.#pointing()) : grownText(content, this.#pointing()),
    )
    return text
  }

  #calls(): Page['calls'] {
    const list: readonly unknown[] = Array.isArray(this.#message.toolCalls) ? this.#message.toolCalls : []
    const calls: Record<string, 'open' | 'done'> = Object.assign(Object.create(null), this.#before.calls)
    for (const [i, call] of list.entries()) {
      if (!isJson(call)) continue
      const id = callIdOf(call, i)
      const pointer = `${this.#at}/toolCalls/${i}`
      if (calls[id] === undefined) this.parts.push(callPart(call, id, pointer, this.#pointing()))
      if (calls[id] !== 'done' && isOver(call)) {
        this.parts.push(resultPart(call, id, pointer, this.#pointing()))
        calls[id] = 'done'
      } else calls[id] ??= 'open'
    }
    return { ...calls }
  }

  #tokens(): readonly number[] {
    const { tokens } = this.#message
    if (!isJson(tokens)) return this.#before.tokens
    const now = countedIn(tokens)
    const was = this.#before.tokens
    const grown = now.map((count, i) => Math.max(0, count - countIn(was[i])))
    if (was.length > 0 && grown.every((count) => count === 0)) return was
    // Often the tokens come first and what they were for in the next copy.
    if (this.parts.length === 0) this.parts.push({ kind: 'system.usage', payload: newPayload() })
    const payload: Writable<Payload> = this.parts[0]!.payload
    payload.usage = usageOf(grown)
    // What is only added to a request told before must not be taken for a repetition of it.
    const id = nonEmpty(this.#message.id)
    if (was.length === 0 && id !== undefined) payload.request = id
    return now.map((count, i) => Math.max(count, countIn(was[i])))
  }
}

// Input includes what came from the cache; thoughts are put out beside the output, what tools put in beside the input.
const countedIn = (tokens: Json): readonly [input: number, output: number, cacheRead: number] => [
  Math.max(0, countIn(tokens.input) - countIn(tokens.cached)) + countIn(tokens.tool),
  countIn(tokens.output) + countIn(tokens.thoughts),
  countIn(tokens.cached),
]

const usageOf = ([input = 0, output = 0, cacheRead = 0]: readonly number[]): Usage => ({
  input,
  output,
  cacheRead,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
})

const digestOf = ({ text, images }: Words): string => (text === '' && images === 0 ? '' : digest(`${images} ${text}`))

const grownText = (content: Words, carries: boolean): Part => worded('system.repeat', content, carries)

function worded(kind: EventKind, { text, pointer, images }: Words, carries: boolean): Part {
  const part = saying(kind, text, pointer, carries)
  if (images > 0) (part.payload as Writable<Payload>).images = images
  return part
}

function spoken(type: string, content: Words, memory: Memory, carries: boolean): Part {
  switch (type) {
    case 'user':
      return userSpoke(content, memory, carries)
    case 'error':
      return worded('system.error', content, carries)
    case 'info':
    case 'warning':
      return noticed(type, content, carries)
    default:
      return worded(otherKind(`message.${type}`), content, carries)
  }
}

const OPENINGS: readonly (readonly [string, string])[] = [
  ['<session_context>', 'session_context'],
  ['<state_snapshot>', 'compact_summary'],
  ['This is the Gemini CLI. We are setting up the context', 'session_context'],
  ['<hook_context>', 'hook'],
]

function userSpoke(content: Words, memory: Memory, carries: boolean): Part {
  const start = content.text.trimStart()
  const injected = OPENINGS.find(([opening]) => start.startsWith(opening))?.[1]
  const isSub = memory.agentId !== null // whoever prompts a subagent is no person
  if (injected === undefined && !isSub && !content.isAnswer) return worded('message.user.prompt', content, carries)
  const part = worded('message.user.injected', content, carries)
  const payload: Writable<Payload> = part.payload
  payload.injected = injected ?? (content.isAnswer ? 'tool_response' : 'delegated')
  const cwd = injected === 'session_context' ? workspaceIn(content.text) : undefined
  if (cwd !== undefined) payload.cwd = cwd
  return part
}

const WORKSPACES = '- **Workspace Directories:**'

// The first of the folders it lists; the session is told nowhere else where it runs.
function workspaceIn(text: string): string | undefined {
  const at = text.indexOf(WORKSPACES)
  const line =
    at < 0
      ? undefined
      : text
          .slice(at + WORKSPACES.length)
          .split('\n', 2)[1]
          ?.trim()
  return line?.startsWith('- ') && !line.startsWith('- **') ? nonEmpty(line.slice(2).trim()) : undefined
}

function noticed(type: string, content: Words, carries: boolean): Part {
  if (content.text.startsWith('Chat history compressed')) return worded('system.compact', content, carries)
  const isStop = content.text === 'Request cancelled.'
  const part = worded(isStop ? 'message.user.injected' : 'system.notice', content, carries)
  ;(part.payload as Writable<Payload>).injected = isStop ? 'interrupt' : type
  return part
}
