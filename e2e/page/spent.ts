// Cost and the course of a session on the invented machine: the same questions as the server's, over the requests its events tell of.
import type { Event } from '../../src/event/event.ts'
import { timeOfId } from '../../src/event/ids.ts'
import { type CostRequest, type Cut, MAIN, NO_PROMPT, NO_TOOL, SUM_LENGTH, Totals } from '../../src/folds/cost.ts'
import { dayOf } from '../../src/folds/days.ts'
import { momentsIn } from '../../src/folds/moments.ts'
import { nanoOf, usdOf } from '../../src/folds/money.ts'
import type { MomentsAnswer, MomentTouch } from '../../src/wire/moments.ts'
import type { CostAnswer, CostRequestsAnswer } from '../../src/wire/rest.ts'
import type { TimelineAnswer } from '../../src/wire/timeline.ts'
import type { World } from './world.ts'

const PER_MS = 2_048
const LETTERS: Readonly<Record<string, string>> = {
  'message.user.prompt': 'p',
  'message.user.injected': 'i',
  'message.assistant.text': 'a',
  'message.assistant.thinking': 't',
  'message.assistant.tool_use': 'c',
  'message.user.tool_result': 'r',
  'system.error': 'e',
}
// Nobody knows what this one costs, and of that one only snapshots were written down.
const UNPRICED = 'hermes-4-70b'
const PARTIAL = 'gpt-5.1-codex'
const PRICES = { name: '@pydantic/genai-prices', version: '0.1.8', date: '2026-09-23' }

export const cursorOf = (time: string | null, index: number): number =>
  Date.parse(time ?? '1970-01-01') * PER_MS + (index % PER_MS)

export function timelineAnswer(world: World, session: string): TimelineAnswer {
  const records = world.records.get(session) ?? []
  const cursors = records.map(({ time }, i) => cursorOf(time, i))
  return {
    session,
    count: records.length,
    first: cursors[0] ?? null,
    steps: cursors.slice(1).map((at, i) => at - cursors[i]!),
    per_ms: PER_MS,
    letters: records
      .map(({ kind, agentId }) => {
        const letter = LETTERS[kind] ?? 'n'
        return agentId === null ? letter : letter.toUpperCase()
      })
      .join(''),
    spent: requestsIn(world)
      .filter((request) => request.session === session)
      .toReversed()
      .map(({ time, input, output, cache_read, cache_write_5m: written, usd, lower_bound }) => [
        Date.parse(time ?? ''),
        input,
        output,
        cache_read + written,
        usd === null ? null : nanoOf(usd),
        lower_bound ? 1 : 0,
      ]),
    todos: records.flatMap(({ tool, agentId }, i) =>
      tool?.kind === 'todo' ? [{ cursor: cursors[i]!, agent_id: agentId, call: tool.call, input: tool.input }] : [],
    ),
  }
}

export function momentsAnswer(world: World, session: string): MomentsAnswer {
  const turns = [...(world.turns.get(session)?.values() ?? [])]
  const { spent, todos } = timelineAnswer(world, session)
  const paths = [...new Set(turns.flatMap(({ files, reads }) => [...files, ...reads].map(({ path }) => path)))]
  const touches = turns.flatMap(({ files, reads }) => [
    ...files.flatMap(({ path, change, events }) => events.map((event) => touch(event, path, change))),
    ...reads.map(({ path, event }) => touch(event, path, 'read')),
  ])
  function touch(event: string, path: string, change: MomentTouch[2]): MomentTouch {
    return [timeOfId(event), paths.indexOf(path), change]
  }
  return { session, ...momentsIn(turns), paths, touches: touches.sort((a, b) => a[0] - b[0]), cut: false, spent, todos }
}

interface Priced extends CostRequest {
  readonly project: string
  readonly by: string
  readonly agentType: string | null
}

// The latest first.
function requestsIn(world: World): readonly Priced[] {
  const prompts = new Map<string, string>()
  const out: Priced[] = []
  for (const event of world.events.values()) {
    const { kind, session, agentId, payload } = event
    if (kind === 'message.user.prompt' && agentId === null) prompts.set(session, event.id)
    if (payload.usage !== undefined) out.push(requestOf(world, event, prompts.get(session) ?? null))
  }
  return out.sort((a, b) => ((a.time ?? '') < (b.time ?? '') ? 1 : -1))
}

function requestOf(world: World, event: Event, prompt: string | null): Priced {
  const { payload, agentId, session } = event
  const { input, output, cacheRead, cacheWrite5m, cacheWrite1h } = payload.usage!
  const model = payload.model ?? null
  const usd = model === UNPRICED ? null : usdOf(input * 3_000 + output * 15_000 + cacheRead * 300)
  return {
    event: event.id,
    session,
    agent_id: agentId,
    time: event.time,
    model,
    prompt: agentId === null ? prompt : null,
    tools: payload.tool ? [payload.tool.name] : [],
    input,
    output,
    cache_write_5m: cacheWrite5m,
    cache_write_1h: cacheWrite1h,
    cache_read: cacheRead,
    web_searches: 0,
    usd,
    recorded_usd: null,
    computed_usd: usd,
    lower_bound: usd === null || model === PARTIAL,
    partial: model === PARTIAL,
    project: event.project,
    by: event.agent,
    agentType: world.rows.get(session)?.agents.find(({ id }) => id === agentId)?.type ?? null,
  }
}

function keyOf(request: Priced, cut: Cut, zone: string): string {
  switch (cut) {
    case 'day':
      return dayOf(Date.parse(request.time ?? ''), zone)
    case 'session':
      return request.session
    case 'project':
      return request.project
    case 'model':
      return request.model ?? '(no model named)'
    case 'agent':
      return request.by
    case 'prompt':
    case 'turn':
      return request.prompt ?? NO_PROMPT
    case 'tool':
      return request.tools[0] ?? NO_TOOL
    case 'subagent':
      return request.agent_id === null ? MAIN : (request.agentType ?? 'Subagent')
  }
}

function sumOf({ input, output, cache_read, cache_write_5m, cache_write_1h, usd, lower_bound, agent_id }: Priced) {
  const nano = usd === null ? 0 : nanoOf(usd)
  const sum = new Array<number>(SUM_LENGTH).fill(0)
  const isPartial = lower_bound && usd !== null
  const values = [
    1,
    input,
    output,
    cache_read,
    cache_write_5m,
    cache_write_1h,
    0,
    nano,
    usd === null ? 1 : 0,
    isPartial ? 1 : 0,
  ]
  for (const [i, value] of values.entries()) sum[i] = value
  if (agent_id !== null) sum.splice(SUM_LENGTH - 2, 2, 1, nano)
  return sum
}

function asked(world: World, query: URLSearchParams) {
  const cut = (query.get('by') ?? 'day') as Cut
  const zone = query.get('tz') ?? 'UTC'
  const [since, until] = [query.get('since') ?? '', query.get('until') ?? '~']
  const is = (name: string, value: string) => query.get(name) === null || query.get(name) === value
  const requests = requestsIn(world).filter((request) => {
    const day = keyOf(request, 'day', zone)
    return (
      day >= (/^\d+d$/.test(since) ? dayOf(Date.now() - Number.parseInt(since, 10) * 864e5, zone) : since) &&
      day <= until &&
      is('project', request.project) &&
      is('agent', request.by) &&
      is('session', request.session)
    )
  })
  return { cut, zone, requests, limit: Number(query.get('limit') ?? 100), offset: Number(query.get('offset') ?? 0) }
}

export function costAnswer(world: World, query: URLSearchParams): CostAnswer {
  const { cut, zone, requests, limit, offset } = asked(world, query)
  const [rows, whole] = [new Totals(), new Totals()]
  whole.row('total')
  for (const request of requests) {
    rows.add(keyOf(request, cut, zone), sumOf(request))
    whole.add('total', sumOf(request))
  }
  const keys = rows.keys(cut)
  const unknown = requests.filter(({ usd }) => usd === null).length
  return {
    by: cut,
    tz: zone,
    rows: keys.slice(offset, offset + limit).map((key) => ({ ...rows.row(key), ...named(world, cut, key) })),
    count: keys.length,
    total: whole.row('total'),
    unknown_models: unknown === 0 ? [] : [{ model: UNPRICED, requests: unknown }],
    prices: PRICES,
  }
}

function named(world: World, cut: Cut, key: string): object {
  if (cut === 'session') return { text: world.rows.get(key)?.title ?? undefined }
  const event = cut === 'prompt' || cut === 'turn' ? world.events.get(key) : undefined
  if (event === undefined) return {}
  const text = typeof event.payload.text === 'string' ? event.payload.text : ''
  return { text, session: event.session, time: event.time, asked_by: 'person' }
}

export function costRequestsAnswer(world: World, query: URLSearchParams): CostRequestsAnswer {
  const { cut, zone, requests, limit, offset } = asked(world, query)
  const key = query.get('key')
  const mine = requests.filter((request) => key === null || keyOf(request, cut, zone) === key)
  return {
    requests: mine.slice(offset, offset + limit).map(({ project: _, by: __, agentType: ___, ...request }) => request),
    count: mine.length,
  }
}
