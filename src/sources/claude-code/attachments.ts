// Lines of type `attachment`: what Claude Code puts beside the conversation for the model to read, and prompts that waited in the queue.
import type { Payload } from '../../event/payload.ts'
import type { EventKind } from '../../event/types.ts'
import type { Part } from '../source.ts'
import { type Json, jsonIn, lineOf, nonEmpty, saying, type Writable } from '../values.ts'
import { blocksIn, imagesIn, textOfBlocks } from './blocks.ts'
import { speechIn } from './prompts.ts'
import type { Lane } from './user-lines.ts'

export function attachmentPart(record: Json, lane: Lane): Part {
  const attachment = jsonIn(record.attachment)
  const type = nonEmpty(attachment.type) ?? 'attachment'
  if (type === 'queued_command') return queuedCommand(attachment, lane)
  if (type.startsWith('hook_') || type.startsWith('async_hook_response')) return hook(attachment)
  const key = TEXTS.find((name) => nonEmpty(attachment[name]) !== undefined)
  const part =
    key === undefined
      ? rendered(record)
      : saying('message.user.injected', attachment[key] as string, `/attachment/${key}`)
  const payload: Writable<Payload> = part.payload
  payload.injected = type
  const edited = type === 'edited_text_file' ? nonEmpty(attachment.filename) : undefined
  if (edited !== undefined) payload.noticed = edited
  return part
}
const TEXTS = ['content', 'text', 'snippet', 'filename', 'path', 'description', 'condition', 'planFilePath'] as const

// The words the model was given for it, where newer versions keep them.
function rendered(record: Json): Part {
  const first: unknown = Array.isArray(record.rendered) ? record.rendered[0] : undefined
  return saying('message.user.injected', nonEmpty(jsonIn(first).content), '/rendered/0/content')
}

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
  const speech = speechIn(whole.text, attachment.commandMode === 'bash')
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
  if (attachment.isMeta === true) return 'meta'
  const origin = nonEmpty(jsonIn(attachment.origin).kind)
  if (origin !== undefined && origin !== 'human') return origin.replaceAll('-', '_')
  const mode = nonEmpty(attachment.commandMode)
  if (mode !== undefined && mode !== 'prompt' && mode !== 'bash') return mode.replaceAll('-', '_')
  if (lane.isSub) return 'delegated'
  return lane.due !== null && text === lane.due ? 'queued' : undefined
}
