// Subagents that stand inside their session's own file, as versions up to 2.0 wrote them: lines marked `isSidechain`, told apart only by
// the line each one hangs on. Each gets an id from its first line's, and is joined to the call whose prompt its first line repeats.
import type { Part } from '../source.ts'
import { type Json, jsonIn, nonEmpty } from '../values.ts'
import { blocksOf, textOfBlocks } from './blocks.ts'
import type { Memory } from './memory.ts'

const LANES_MAX = 8 // at work at once; older ones are forgotten first
const LINES_MAX = 24 // of a lane, on which its next line may hang
const CALLS_MAX = 32

type Lane = readonly [id: string, ...lines: string[]]
type Call = readonly [id: string, prompt: string, agentType: string]

export interface SideLine {
  readonly agentId: string
  readonly lanes: string | null
  readonly calls: string | null
  readonly parentCall?: string
  readonly agentType?: string
}

// Whose line of a sidechain this is, in a file that holds more than one agent.
export function sideLine(record: Json, before: Memory): SideLine {
  const named = nonEmpty(record.agentId)
  const text = firstWords(record)
  const begun = text === null ? null : beginning(text, before.calls)
  if (named !== undefined) return { agentId: named, lanes: before.lanes, calls: before.calls, ...begun }
  const lanes = readLanes(before.lanes)
  const uuid = nonEmpty(record.uuid)
  const parent = nonEmpty(record.parentUuid)
  const at = lanes.findIndex((lane) => parent !== undefined && lane.indexOf(parent, 1) > 0)
  if (at < 0 && (text !== null || lanes.length === 0)) {
    const agentId = uuid === undefined ? 'sidechain' : `sidechain-${uuid.slice(0, 36)}`
    if (uuid === undefined) return { agentId, lanes: before.lanes, calls: before.calls, ...begun }
    const lane: Lane = [agentId, uuid]
    return { agentId, lanes: written([...lanes, lane].slice(-LANES_MAX)), calls: before.calls, ...begun }
  }
  // A line that hangs on none of them can only be of the one that spoke last.
  const lane = at < 0 ? lanes.at(-1)! : lanes[at]!
  if (uuid === undefined) return { agentId: lane[0], lanes: before.lanes, calls: before.calls }
  const grown: Lane = [lane[0], ...lane.slice(1).slice(1 - LINES_MAX), uuid]
  return { agentId: lane[0], lanes: written([...lanes.filter((each) => each !== lane), grown]), calls: before.calls }
}

// The task a sidechain begins with: words in the person's place that answer no call.
function firstWords(record: Json): string | null {
  if (record.type !== 'user') return null
  const blocks = blocksOf(record)
  if (blocks === null || blocks.some(({ type }) => type === 'tool_result')) return null
  const { text } = textOfBlocks(blocks)
  return text.startsWith('[Request interrupted') ? null : text
}

function beginning(text: string, told: string | null): Pick<SideLine, 'calls' | 'parentCall' | 'agentType'> | null {
  const calls = readCalls(told)
  const mark = markOf(text)
  const call = calls.find((each) => each[1] === mark) ?? (calls.length === 1 ? calls[0] : undefined)
  if (call === undefined) return null
  const left = calls.filter((each) => each !== call)
  return {
    calls: left.length === 0 ? null : JSON.stringify(left),
    parentCall: call[0],
    ...(call[2] !== '' && { agentType: call[2] }),
  }
}

// Calls of the main agent that may begin a sidechain, until their results are there.
export function callsAfter(parts: readonly Part[], record: Json, told: string | null): string | null {
  if (record.type === 'user') return told === null ? null : withoutAnswered(parts, told)
  const begun = parts.some(({ payload }) => payload.tool?.kind === 'delegate') ? delegating(record) : []
  return begun.length === 0 ? told : JSON.stringify([...readCalls(told), ...begun].slice(-CALLS_MAX))
}

function delegating(record: Json): readonly Call[] {
  return (blocksOf(record) ?? []).flatMap(({ type, value }): Call[] => {
    const input = jsonIn(value.input)
    const id = nonEmpty(value.id)
    const prompt = nonEmpty(input.prompt)
    if (type !== 'tool_use' || id === undefined || prompt === undefined) return []
    return [[id, markOf(prompt), nonEmpty(input.subagent_type) ?? '']]
  })
}

function withoutAnswered(parts: readonly Part[], told: string): string | null {
  const calls = readCalls(told)
  const left = calls.filter(([id]) => !parts.some(({ payload }) => payload.result?.call === id))
  if (left.length === calls.length) return told
  return left.length === 0 ? null : JSON.stringify(left)
}

// A prompt in a few characters: its length and an FNV-1a of its beginning.
function markOf(prompt: string): string {
  const text = prompt.trim()
  let hash = 0x811c9dc5
  for (let i = 0; i < text.length && i < 4_000; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193)
  return `${text.length}:${(hash >>> 0).toString(36)}`
}

const written = (lanes: readonly Lane[]): string => JSON.stringify(lanes)

// Memory is anybody's: what is not what we wrote counts as nothing.
function readLanes(text: string | null): readonly Lane[] {
  return listIn(text).filter((each): each is Lane => Array.isArray(each) && each.length > 1 && each.every(isText))
}
function readCalls(text: string | null): readonly Call[] {
  return listIn(text).filter((each): each is Call => Array.isArray(each) && each.length === 3 && each.every(isText))
}
const isText = (value: unknown): value is string => typeof value === 'string'

function listIn(text: string | null): readonly unknown[] {
  if (text === null) return []
  try {
    const list: unknown = JSON.parse(text)
    return Array.isArray(list) ? list : []
  } catch {
    return [] // written by another hand: the lanes that were open are begun anew
  }
}
