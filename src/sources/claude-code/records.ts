// The other lines of a session: attachments, titles, links, modes, snapshots.
import type { Payload } from '../../event/payload.ts'
import { type EventKind, otherKind } from '../../event/types.ts'
import type { Part } from '../source.ts'
import { type Json, jsonIn, lineOf, newPayload, nonEmpty, saying, type Writable } from '../values.ts'
import { blocksIn, imagesIn, textOfBlocks } from './blocks.ts'
import { speechIn } from './prompts.ts'
import type { Lane } from './user-lines.ts'

export function recordPart(type: string, record: Json): Part {
  switch (type) {
    case 'ai-title':
      return title(record.aiTitle, true)
    case 'summary': // often of another session, whose conversation this one continued
      return title(record.summary, true)
    case 'custom-title':
      return title(record.customTitle, false)
    case 'pr-link':
      return link(record.prUrl)
    case 'frame-link':
      return link(record.frameUrl)
    case 'mode':
      return saying('system.mode_change', nonEmpty(record.mode), '/mode')
    case 'permission-mode':
      return saying('system.mode_change', nonEmpty(record.permissionMode), '/permissionMode')
    case 'file-history-snapshot':
      return saying('file.snapshot', undefined, null)
    case 'file-history-delta':
      return saying('file.snapshot', nonEmpty(record.trackingPath), '/trackingPath')
    case 'agent-name':
      return saying('system.notice', nonEmpty(record.agentName), '/agentName')
    case 'relocated':
      return saying('system.notice', nonEmpty(record.relocatedCwd), '/relocatedCwd')
    case 'last-prompt': // repeats a prompt that has its own line: nothing to say again
    case 'bridge-session':
    case 'worktree-state':
      return withInjected(saying('system.notice', undefined, null), type.replaceAll('-', '_'))
    case 'started': // of a workflow's journal
    case 'result':
      return nonEmpty(record.agentId) === undefined ? unknown(type) : saying('progress.agent', type, null)
    default:
      return unknown(type)
  }
}

const unknown = (type: string): Part => ({ kind: otherKind(type), payload: newPayload() })

function withInjected(part: Part, injected: string): Part {
  const payload: Writable<Payload> = part.payload
  payload.injected = injected
  return part
}

function title(value: unknown, byAgent: boolean): Part {
  const payload = newPayload()
  const text = nonEmpty(value)
  if (text !== undefined) payload.title = text
  if (byAgent) payload.injected = 'agent'
  return { kind: 'system.title', payload }
}

function link(value: unknown): Part {
  const payload = newPayload()
  const url = nonEmpty(value)
  if (url !== undefined) payload.url = url
  return { kind: 'system.link', payload }
}

export function attachmentPart(record: Json, lane: Lane): Part {
  const attachment = jsonIn(record.attachment)
  const type = nonEmpty(attachment.type) ?? 'attachment'
  if (type === 'queued_command') return queuedCommand(attachment, lane)
  if (type.startsWith('hook_') || type === 'async_hook_response') return hook(attachment)
  const key = TEXTS.find((name) => nonEmpty(attachment[name]) !== undefined)
  const part =
    key === undefined
      ? saying('message.user.injected', undefined, null)
      : saying('message.user.injected', attachment[key] as string, `/attachment/${key}`)
  return withInjected(part, type)
}
const TEXTS = ['content', 'text', 'snippet', 'filename', 'path', 'description', 'planFilePath'] as const

function hook(attachment: Json): Part {
  for (const key of ['content', 'stderr', 'stdout'] as const) {
    const text = nonEmpty(attachment[key])
    if (text !== undefined) return saying('system.hook', text, `/attachment/${key}`)
  }
  const list = blocksIn(attachment.content, '/attachment/content') ?? []
  const whole = textOfBlocks(list)
  if (whole.text !== '') return saying('system.hook', whole.text, whole.pointer)
  const said = [attachment.hookName, jsonIn(attachment.blockingError).blockingError, attachment.command]
  return saying('system.hook', lineOf(said.filter((each) => typeof each === 'string').join(' ')), null)
}

// A prompt given while the agent was at work, at the moment the agent takes it; or a message of the agent's own that waited likewise.
function queuedCommand(attachment: Json, lane: Lane): Part {
  const blocks = blocksIn(attachment.prompt, '/attachment/prompt') ?? []
  const whole = textOfBlocks(blocks)
  const speech = speechIn(whole.text)
  const injected = queuedBy(attachment, lane, speech.by === 'agent' ? speech.injected : undefined, whole.text)
  const kind: EventKind = injected === undefined ? 'message.user.prompt' : 'message.user.injected'
  const own = injected === undefined && speech.by === 'person' ? speech.text : whole.text
  const part = saying(kind, own, own === whole.text ? whole.pointer : null)
  const payload: Writable<Payload> = part.payload
  if (injected !== undefined) payload.injected = injected
  else payload.queued = true
  if (injected === undefined && 'command' in speech) payload.command = speech.command
  const images = imagesIn(blocks)
  if (images > 0) payload.images = images
  return part
}

function queuedBy(attachment: Json, lane: Lane, said: string | undefined, text: string): string | undefined {
  if (said !== undefined) return said
  const origin = nonEmpty(jsonIn(attachment.origin).kind)
  if (origin !== undefined && origin !== 'human') return origin.replaceAll('-', '_')
  const mode = nonEmpty(attachment.commandMode)
  if (mode !== undefined && mode !== 'prompt' && mode !== 'bash') return mode.replaceAll('-', '_')
  if (lane.isSub) return 'delegated'
  return lane.due !== null && text === lane.due ? 'queued' : undefined
}
