// Lines of type `user`: what a person typed, what a tool answered, and what Claude Code wrote in the person's name.
import type { Payload } from '../../event/payload.ts'
import type { Part } from '../source.ts'
import { type Json, jsonIn, nonEmpty, saying, type Writable } from '../values.ts'
import { type Block, blocksOf, imagesIn, textOfBlocks } from './blocks.ts'
import { type Speech, speechIn } from './prompts.ts'
import { resultPart } from './results.ts'

export interface Lane {
  readonly isSub: boolean // the line belongs to a subagent: whoever prompts it is no person
  readonly due: string | null // a queued prompt that was told when it was queued
}

// Null: nothing in the line is a message.
export function userParts(record: Json, lane: Lane): readonly Part[] | null {
  const blocks = blocksOf(record)
  if (blocks === null) return null
  let results = 0
  for (const block of blocks) if (block.type === 'tool_result') results++
  return results === 0 ? [spokenPart(record, blocks, lane)] : resultParts(record, blocks, results)
}

export const hasResult = (parts: readonly Part[]): boolean => parts[0]?.kind === 'message.user.tool_result'

function resultParts(record: Json, blocks: readonly Block[], results: number): readonly Part[] {
  const parts: Part[] = []
  // What a line records beside its results is of one result; of several, nobody knows which.
  const line = results === 1 ? record : null
  for (const block of blocks) {
    const carries = parts.length === 0
    if (block.type === 'tool_result') parts.push(resultPart(block, line, carries))
    // Words beside a result: what the person added when allowing or refusing it. They steer the work but begin nothing.
    else if (block.text !== undefined) parts.push(injectedPart(block, carries))
  }
  return parts
}

function injectedPart(block: Block, carries: boolean): Part {
  const text = block.text ?? ''
  const speech = speechIn(text)
  const part = saying('message.user.injected', text, block.pointer, carries)
  const payload: Writable<Payload> = part.payload
  payload.injected = speech.by === 'agent' ? speech.injected : 'feedback'
  return part
}

function spokenPart(record: Json, blocks: readonly Block[], lane: Lane): Part {
  const heard = listen(blocks)
  const injected = injectedBy(record, lane, heard)
  const part =
    injected === undefined
      ? saying('message.user.prompt', heard.text, heard.pointer)
      : saying('message.user.injected', heard.whole.text, heard.whole.pointer)
  const payload: Writable<Payload> = part.payload
  if (injected !== undefined) payload.injected = injected
  else if (heard.command !== undefined) payload.command = heard.command
  const images = imagesIn(blocks)
  if (images > 0) payload.images = images
  return part
}

interface Heard {
  readonly text: string // the person's own words
  readonly pointer: string | null
  readonly command: 'slash' | 'shell' | undefined
  readonly injected: string | undefined // when no word is the person's
  readonly whole: { readonly text: string; readonly pointer: string | null }
}

function listen(blocks: readonly Block[]): Heard {
  const whole = textOfBlocks(blocks)
  const own: { text: string; pointer: string | null }[] = []
  let injected: string | undefined
  let isPrompt = false
  for (const block of blocks) {
    if (block.text === undefined) continue
    const speech: Speech = speechIn(block.text)
    if (speech.by === 'agent') {
      injected ??= speech.injected
      continue
    }
    if ('command' in speech)
      return { text: speech.text, pointer: null, command: speech.command, injected: undefined, whole }
    isPrompt = true
    own.push({ text: speech.text, pointer: speech.text === block.text ? block.pointer : null })
  }
  const said = own.filter(({ text }) => text !== '')
  const text = said.length === 1 ? said[0]!.text : said.map((each) => each.text).join('\n')
  const pointer = said.length === 1 ? said[0]!.pointer : null
  return { text, pointer, command: undefined, injected: isPrompt ? undefined : injected, whole }
}

// What the line itself says of its author comes before what the words look like.
function injectedBy(record: Json, lane: Lane, heard: Heard): string | undefined {
  if (record.isCompactSummary === true) return 'compact_summary'
  if (record.isMeta === true) return heard.injected ?? 'meta'
  if (heard.injected !== undefined) return heard.injected
  if (record.isVisibleInTranscriptOnly === true) return 'transcript_only'
  if (record.turnCompanion === true) return 'turn_companion'
  const origin = nonEmpty(jsonIn(record.origin).kind)
  if (origin !== undefined && origin !== 'human') return origin.replaceAll('-', '_')
  if (nonEmpty(record.planContent) !== undefined) return 'plan'
  if (lane.isSub) return 'delegated'
  if (lane.due !== null && heard.text === lane.due) return 'queued'
  if (origin === undefined && byProgram(record)) return 'sdk'
  return undefined
}

// A program drove the session; no person typed this.
const byProgram = (record: Json): boolean =>
  record.promptSource === 'sdk' ||
  record.promptSource === 'system' ||
  (typeof record.entrypoint === 'string' && record.entrypoint.startsWith('sdk'))
