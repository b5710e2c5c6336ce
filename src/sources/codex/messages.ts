// What was said: prompts, answers, thoughts. Each stands in the file as an item for the model and as an event for the person; see twins.ts.
import type { Payload } from '../../event/payload.ts'
import { otherKind } from '../../event/types.ts'
import type { Part } from '../source.ts'
import { type Json, newPayload, nonEmpty, saying, type Writable } from '../values.ts'
import type { Memory, Said } from './memory.ts'
import { type ShellRun, type Speech, speechIn } from './prompts.ts'
import { type Content, contentAt, joined, marked, repeat, sayingAll, type TextAt } from './texts.ts'
import { hear, type Teller } from './twins.ts'

export function messageItem(payload: Json, at: string, memory: Memory): Said {
  const content = contentAt(payload.content, `${at}/content`)
  switch (payload.role) {
    case 'assistant':
      return answer(content, 'item', nonEmpty(payload.phase), memory)
    case 'user':
      return userSaid(content, 'item', memory)
    case 'developer':
    case 'system':
      return { parts: [injectedPart(content, contextName(content) ?? payload.role)] }
    default:
      return { parts: [{ kind: otherKind(`message.${nonEmpty(payload.role) ?? 'nobody'}`), payload: newPayload() }] }
  }
}

// An item tells for the model and may be anything; an event is made of what a person typed, but for older versions' context.
export function userSaid(content: Content, by: Teller, memory: Memory): Said {
  const own: TextAt[] = []
  let injected: string | undefined
  let shell: ShellRun | undefined
  for (const { text, pointer } of content.texts) {
    const speech: Speech = speechIn(text, by === 'item')
    if (speech.by === 'codex') injected ??= speech.injected
    else if ('shell' in speech) shell ??= speech.shell
    else own.push({ text: speech.text, pointer: speech.text === text ? pointer : '' })
  }
  if (shell !== undefined && own.length === 0) return shellRan(shell, by, memory)
  if (own.length === 0 && injected !== undefined) return { parts: [injectedPart(content, injected)] }
  const { isTwin, told } = hear(memory.told, 'prompt', by, joined(own))
  if (isTwin) return { parts: [repeat()], changes: { told } }
  return prompt(own, content.images, { ...memory, told })
}

function prompt(own: readonly TextAt[], images: number, memory: Memory): Said {
  const isSub = memory.agentId !== null
  const kind = isSub ? 'message.user.injected' : 'message.user.prompt'
  const part = own.length === 1 && own[0]!.pointer === '' ? saying(kind, own[0]!.text, null) : sayingAll(kind, own)
  const payload: Writable<Payload> = part.payload
  if (isSub)
    payload.injected = 'delegated' // whoever prompts a subagent is no person
  else if (memory.turn === 'prompted') payload.queued = true
  if (images > 0) payload.images = images
  return { parts: [part], changes: { told: memory.told, turn: memory.turn === 'none' ? 'none' : 'prompted' } }
}

// A command the person ran with `!`: what they typed, and what came of it.
export function shellRan({ command, output, exit }: ShellRun, by: Teller, memory: Memory): Said {
  const { isTwin, told } = hear(memory.told, 'shell', by, command)
  if (isTwin) return { parts: [repeat()], changes: { told } }
  const typed = saying('message.user.prompt', `! ${command}`, null)
  ;(typed.payload as Writable<Payload>).command = 'shell'
  const came = saying('message.user.tool_result', output, null)
  const result = { call: null, failed: exit !== undefined && exit !== 0 }
  ;(came.payload as Writable<Payload>).result = exit === undefined ? result : { ...result, exit }
  return { parts: [typed, came], changes: { told } }
}

const injectedPart = (content: Content, injected: string): Part =>
  marked(sayingAll('message.user.injected', content.texts), injected)

function contextName({ texts }: Content): string | undefined {
  const speech = texts[0] === undefined ? undefined : speechIn(texts[0].text, true)
  return speech?.by === 'codex' ? speech.injected : undefined
}

export function answer(content: Content, by: Teller, phase: string | undefined, memory: Memory): Said {
  const { isTwin, told } = hear(memory.told, 'text', by, joined(content.texts))
  if (isTwin) return { parts: [repeat()], changes: { told } }
  const part = sayingAll('message.assistant.text', content.texts)
  const payload: Writable<Payload> = part.payload
  if (memory.model !== null) payload.model = memory.model
  if (content.images > 0) payload.images = content.images
  if (phase === 'final_answer') payload.stop = phase // the only sign of an end in the answer itself
  return { parts: [part], changes: { told } }
}

export function reasoningItem(payload: Json, at: string, memory: Memory): Said {
  const summary = contentAt(payload.summary, `${at}/summary`).texts
  const texts = [...summary, ...contentAt(payload.content, `${at}/content`).texts]
  // Where every item has its twin, the twin of an encrypted one may hold what can be read of it.
  if (texts.length === 0 && memory.paginated) return { parts: [repeat()] }
  return thought(texts, 'item', memory)
}

// An item holds all sections of a thought, an event may hold one: told is what was not told yet.
export function thought(texts: readonly TextAt[], by: Teller, memory: Memory): Said {
  let told = memory.told
  const fresh: TextAt[] = []
  for (const each of texts) {
    const heard = hear(told, 'reasoning', by, each.text)
    told = heard.told
    if (!heard.isTwin) fresh.push(each)
  }
  if (texts.length > 0 && fresh.length === 0) return { parts: [repeat()], changes: { told } }
  return { parts: [sayingAll('message.assistant.thinking', fresh)], changes: { told } }
}

// One agent to another. Nobody typed it.
export function agentSaid(payload: Json, at: string, by: Teller, memory: Memory): Said {
  const content = contentAt(payload.content, `${at}/content`)
  const { isTwin, told } = hear(memory.told, 'agent', by, joined(content.texts))
  if (isTwin) return { parts: [repeat()], changes: { told } }
  // What a subagent's turn begins with is its task.
  const isTask = memory.agentId !== null && memory.turn === 'begun'
  const part = injectedPart(content, isTask ? 'delegated' : 'agent_message')
  return { parts: [part], changes: { told, turn: isTask ? 'prompted' : memory.turn } }
}
