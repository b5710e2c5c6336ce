// An invented machine for the page to be developed and tested against: sessions that never were, folded by the real folds,
// so that every shape is the server's own. Time is counted from `nowMs`; a scene goes forward from when it began.
import { type Event, encodeEvent } from '../../src/event/event.ts'
import type { Payload, ToolKind } from '../../src/event/payload.ts'
import { type EventKind, typeOf } from '../../src/event/types.ts'
import { recordOf, type StoryRecord } from '../../src/folds/record.ts'
import { type Counted, countSession, foldSession, type SessionRow } from '../../src/folds/session.ts'
import { Lanes } from '../../src/folds/turn/lanes.ts'
import type { Touch, Turn } from '../../src/folds/turn/turn.ts'
import { type LiveItem, type SessionSummary, storyOf, summaryOf, type TurnStory } from '../../src/wire/live.ts'

export const LABELS: Readonly<Record<string, string>> = {
  'claude-code': 'Claude Code',
  pi: 'Pi',
  hermes: 'Hermes',
  openclaw: 'OpenClaw',
}

export class World {
  readonly events = new Map<string, Event>()
  readonly records = new Map<string, StoryRecord[]>()
  readonly rows = new Map<string, SessionRow>()
  readonly turns = new Map<string, Map<string, TurnStory>>()
  readonly folded = new Map<string, Turn>()
  readonly touches: Touch[] = []
  readonly log: LiveItem[] = []
  seq = 0
  readonly #open = new Map<string, Turn>()
  readonly #hear = new Set<() => void>()

  onPublish(hear: () => void): () => void {
    this.#hear.add(hear)
    return () => this.#hear.delete(hear)
  }
  sessions(): SessionSummary[] {
    return [...this.rows.values()].map(summaryOf).sort((a, b) => ((a.ended ?? '') < (b.ended ?? '') ? 1 : -1))
  }

  publish(event: Event): void {
    this.events.set(event.id, event)
    const row = countSession(foldSession(this.rows.get(event.session), event), countsOf(event))
    this.rows.set(event.session, row)
    const records = this.records.get(event.session) ?? []
    this.records.set(event.session, records)
    const record = recordOf(event)
    records.push(record)
    this.log.push({ seq: ++this.seq, kind: 'record', record, project: event.project })
    this.#fold(event)
    this.log.push({ seq: ++this.seq, kind: 'session', session: summaryOf(row) })
    for (const hear of this.#hear) hear()
  }
  #fold(event: Event): void {
    const lanes = new Lanes({ openTurn: (lane) => this.#open.get(lane), placeOf: () => null })
    lanes.add(event)
    this.touches.push(...lanes.touches)
    const told = this.turns.get(event.session) ?? new Map<string, TurnStory>()
    this.turns.set(event.session, told)
    for (const some of lanes.turns.values()) {
      const story = storyOf(some, LABELS[some.agent] ?? some.agent)
      told.set(some.id, story)
      this.folded.set(some.id, some)
      this.log.push({ seq: ++this.seq, kind: 'turn', turn: story })
    }
    for (const [lane, id] of lanes.open) this.#open.set(lane, this.folded.get(id)!)
  }
}

// In this world no line is ever copied and every request is told once, so that an event counts for itself; a token costs a little.
const NANO_A_TOKEN = 3_000
function countsOf({ kind, agentId, payload: { usage, tool, queued } }: Event): Counted {
  const isPrompt = kind === 'message.user.prompt' && agentId === null
  const [input, output, cacheRead] = [usage?.input ?? 0, usage?.output ?? 0, usage?.cacheRead ?? 0]
  return {
    prompts: isPrompt ? 1 : 0,
    turns: isPrompt && !queued ? 1 : 0,
    tools: tool ? 1 : 0,
    requests: usage ? 1 : 0,
    input,
    output,
    cacheRead,
    cacheWrite: usage ? usage.cacheWrite5m + usage.cacheWrite1h : 0,
    nano: input * NANO_A_TOKEN + output * NANO_A_TOKEN * 5 + cacheRead * 300,
    unpriced: 0,
    partial: 0,
  }
}

export interface SceneWish {
  readonly id: string
  readonly agent?: string
  readonly cwd?: string
  readonly branch?: string
  readonly model?: string
  readonly startMs: number
}

// One session being written, line by line.
export class Scene {
  readonly session: string
  readonly #world: World
  readonly #wish: SceneWish
  #ms: number
  #line = 0

  constructor(world: World, wish: SceneWish) {
    this.#world = world
    this.#wish = wish
    this.session = `${wish.agent ?? 'claude-code'}:${wish.id}`
    this.#ms = wish.startMs
  }

  wait(seconds: number): this {
    this.#ms += seconds * 1_000
    return this
  }
  at(ms: number): this {
    this.#ms = ms
    return this
  }

  add(kind: EventKind, payload: Omit<Payload, 'v'>, agentId: string | null = null): string {
    const { agent = 'claude-code', cwd = '/home/dev/shop', branch, startMs: _ } = this.#wish
    const line = ++this.#line
    // As real ids are: the time in front, then what tells it from all others.
    const own = this.#wish.id
      .replace(/[^a-f0-9]/g, '')
      .slice(0, 13)
      .padEnd(13, '0')
    const id = `${this.#ms.toString(16).padStart(12, '0')}${own}e${String(line).padStart(6, '0')}`
    const project = cwd.replace(/[^A-Za-z0-9]/g, '-').replace(/^-+/, '')
    this.#world.publish({
      id,
      source: `openstory://desk/${agent}`,
      type: typeOf(kind),
      kind,
      time: new Date(this.#ms).toISOString(),
      subject: `${project}/${this.session}`,
      agent,
      session: this.session,
      project,
      host: 'desk',
      user: 'dev',
      agentId,
      sequence: String(line * 100).padStart(14, '0'),
      origin: {
        file: `/home/dev/.agents/${this.#wish.id}.jsonl`,
        inode: 1,
        offset: line * 100,
        length: 99,
        line,
        sha256: '0'.repeat(64),
      },
      payload: { v: 1, cwd, ...(branch !== undefined && { branch }), ...payload },
      rawIn: null,
      raw: undefined,
    })
    this.#ms += 1_700
    return id
  }

  prompt(text: string, more: Omit<Payload, 'v'> = {}): this {
    this.add('message.user.prompt', { text, ...more })
    return this
  }
  think(text: string, agentId: string | null = null): this {
    this.add('message.assistant.thinking', { text, ...this.#model() }, agentId)
    return this
  }
  say(text: string, isEnd = false, agentId: string | null = null): this {
    this.add('message.assistant.text', { text, stop: isEnd ? 'end_turn' : 'tool_use', ...this.#model() }, agentId)
    return this
  }
  note(kind: EventKind, text: string, more: Omit<Payload, 'v'> = {}): this {
    this.add(kind, { text, ...more })
    return this
  }
  call(kind: ToolKind, name: string, target: string, input: unknown, agentId: string | null = null): string {
    const call = `call_${this.#wish.id}_${this.#line + 1}`
    this.add(
      'message.assistant.tool_use',
      { tool: { name, kind, call, input: { value: input }, target }, ...this.#model() },
      agentId,
    )
    return call
  }
  result(
    call: string,
    text: string,
    more: { failed?: boolean; exit?: number; agentId?: string } = {},
    agentId: string | null = null,
  ): this {
    this.add('message.user.tool_result', { text, result: { call, failed: false, ...more } }, agentId)
    return this
  }
  tool(
    kind: ToolKind,
    name: string,
    target: string,
    input: unknown,
    output: string,
    more: { failed?: boolean; exit?: number } = {},
    agentId: string | null = null,
  ): this {
    const call = this.call(kind, name, target, input, agentId)
    return this.wait(kind === 'run' ? 3 : 0).result(call, output, more, agentId)
  }
  run(command: string, output: string, more: { failed?: boolean; exit?: number; note?: string } = {}): this {
    const { note, ...rest } = more
    return this.tool(
      'run',
      'Bash',
      command,
      { command, ...(note !== undefined && { description: note }) },
      output,
      rest,
    )
  }

  #model(): Pick<Payload, 'model' | 'usage' | 'request'> {
    const n = this.#line
    return {
      model: this.#wish.model ?? 'claude-sonnet-4-5',
      request: `req_${this.#wish.id}_${n}`,
      usage: { input: 40 + n, output: 180 + n * 7, cacheRead: 11_000 + n * 900, cacheWrite5m: 1_200, cacheWrite1h: 0 },
    }
  }
}

// The event as the server would give it: in this world few events have a line of their own.
export const eventText = (event: Event, line?: object): string =>
  new TextDecoder().decode(
    encodeEvent({
      ...event,
      raw:
        line === undefined
          ? { as: 'in', id: event.id }
          : { as: 'json', bytes: new TextEncoder().encode(JSON.stringify(line)) },
    }),
  )
