// Believable events of an invented agent, encoded as the product encodes them: the line stands in them verbatim, long texts are pointed at.
// The same arguments give the same bytes.
import { hash } from 'node:crypto'
import type { Delivered, Message } from '../bus/bus.ts'
import { type Event, encodeEvent, parseEvent } from '../event/event.ts'
import { eventId, sequenceOf } from '../event/ids.ts'
import { type Payload, type ToolUse, wordsAt } from '../event/payload.ts'
import { subjectOf } from '../event/subject.ts'
import { type EventKind, typeOf } from '../event/types.ts'

export interface Made extends Message {
  readonly text: string // the event's JSON, as it stands in the log
  readonly event: Event
}

export interface Wanted {
  readonly kind?: EventKind
  readonly text?: string
  readonly time?: string | null
  readonly agent?: string
  readonly native?: string // the agent's own id of the session
  readonly project?: string
  readonly agentId?: string | null
  readonly payload?: Omit<Payload, 'v' | 'text'>
  readonly line?: object // what else the agent wrote into the line
}

const START_MS = Date.UTC(2026, 2, 14, 9)
export const timeAt = (ms: number): string => new Date(START_MS + ms).toISOString()

// Event number `n` of its session: a second after the one before, unless its time is given.
export function made(n: number, wanted: Wanted = {}): Made {
  const { kind = 'message.user.prompt', agent = 'invented', native = 's1', project = 'home-dev-bakery' } = wanted
  const agentId = wanted.agentId ?? null
  const time = wanted.time === undefined ? timeAt(n * 1_000) : wanted.time
  const session = `${agent}:${native}`
  const words = wanted.text ?? `bread number ${n}`
  // Odd spacing shows whether anybody re-writes what the agent wrote.
  const line = Buffer.from(
    `{ "n":${n},  "text": ${JSON.stringify(words)}, "more":${JSON.stringify(wanted.line ?? {})} }`,
  )
  const sha256 = hash('sha256', line, 'hex')
  const offset = n * 1_000
  const identity = { session, agentId, nativeId: `${kind}-${n}`, offset, sha256 }
  const id = eventId((text) => hash('sha256', text, 'hex'), identity, time, 0)
  const data = encodeEvent({
    id,
    source: `openstory://here/${agent}`,
    type: typeOf(kind),
    time,
    agent,
    session,
    project,
    host: 'here',
    user: 'dev',
    agentId,
    sequence: sequenceOf(offset, 0),
    origin: {
      file: `/home/dev/.${agent}/${native}${agentId === null ? '' : `-${agentId}`}.jsonl`,
      inode: 7,
      offset,
      length: line.length,
      line: n,
      sha256,
    },
    payload: { v: 1, text: wordsAt(words, '/text', true), ...wanted.payload },
    raw: { as: 'json', bytes: line },
  })
  const text = Buffer.from(data).toString()
  return { id, subject: subjectOf({ project, session, agentId }), data, text, event: parseEvent(text) }
}

export function madeTool(
  n: number,
  tool: Omit<ToolUse, 'call' | 'input'> & { input?: object },
  wanted: Wanted = {},
): Made {
  const { input = {}, ...rest } = tool
  return made(n, {
    kind: 'message.assistant.tool_use',
    text: '',
    ...wanted,
    line: { input },
    payload: { tool: { ...rest, call: `c${n}`, input: { at: '/more/input' } }, ...wanted.payload },
  })
}

const usage = { input: 10, output: 20, cacheRead: 30, cacheWrite5m: 40, cacheWrite1h: 0 }

// A prompt, a call with its result, an answer, the end: five events, numbers 5n to 5n + 4.
export function madeTurn(n: number, wanted: Wanted = {}): Made[] {
  const first = n * 5
  const said = { usage, request: `r${n}-${wanted.native ?? 's1'}-${wanted.agentId ?? ''}`, model: 'm1' }
  return [
    made(first, { ...wanted, text: `please bake the bread number ${n}`, payload: { cwd: '/home/dev/bakery' } }),
    madeTool(first + 1, { name: 'Edit', kind: 'edit', target: `src/oven-${n}.ts` }, { ...wanted, payload: said }),
    made(first + 2, {
      ...wanted,
      kind: 'message.user.tool_result',
      text: `${'crust and crumb '.repeat(40)}number ${n}`,
      payload: { result: { call: `c${first + 1}`, failed: n % 3 === 0 } },
    }),
    made(first + 3, {
      ...wanted,
      kind: 'message.assistant.text',
      text: `The bread number ${n} is done.`,
      payload: { ...said, stop: 'end_turn' },
    }),
    made(first + 4, { ...wanted, kind: 'system.turn_complete', text: '', payload: { durationMs: 4_000 } }),
  ]
}

// Two sessions, one of them with a subagent, told in turns that alternate: what a busy quarter of an hour puts on the stream.
export function madeDay(turns: number): Made[] {
  const lanes: readonly Wanted[] = [{}, { agentId: 'helper' }, { native: 's2', project: 'home-dev-cellar' }]
  const titled = made(1_000, { kind: 'system.title', text: '', payload: { title: 'Bread', injected: 'person' } })
  const strange = made(1_001, { kind: 'other.oven_light', text: 'on', native: 's2', project: 'home-dev-cellar' })
  const untimed = made(1_002, { kind: 'system.damaged_line', text: '', time: null, payload: { why: 'not JSON' } })
  const told = Array.from({ length: turns }, (_, n) => lanes.flatMap((lane) => madeTurn(n, lane)))
  return [...told.flat(), titled, strange, untimed]
}

// As the bus hands them out, numbered from `from` on.
export const delivered = (events: readonly Made[], from = 1): Delivered[] =>
  events.map(({ subject, id, data }, i) => ({ subject, id, data, seq: from + i, publishedMs: START_MS + from + i }))
