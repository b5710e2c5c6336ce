// A stand-in for the server while the page is developed and tested: the same questions, answered from an invented world.
// `node e2e/page/stub.ts [port]` serves the built page with it, and lets the session that is going on go on.
import { createReadStream, existsSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join, normalize } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type WebSocket, WebSocketServer } from 'ws'
import { outlineOf } from '../../src/folds/outline.ts'
import type { StoryRecord } from '../../src/folds/record.ts'
import { daySummary } from '../../src/folds/story/story.ts'
import type { FacetsAnswer } from '../../src/wire/facets.ts'
import { type HealthLayer, judge } from '../../src/wire/health.ts'
import type { ServerMessage } from '../../src/wire/live.ts'
import type {
  HealthAnswer,
  RecordsAnswer,
  SearchAnswer,
  SearchHit,
  SessionsAnswer,
  ToolsAnswer,
  TurnsAnswer,
} from '../../src/wire/rest.ts'
import { type DayAnswer, toldTurn } from '../../src/wire/story.ts'
import { checkoutsAnswer, commitsAnswer, turnCommitsAnswer } from './commits.ts'
import { blameAnswer, filesAnswer, touchesAnswer, turnFilesAnswer } from './files.ts'
import { PICTURE_LINE } from './moves.ts'
import { makeWorld } from './scenes.ts'
import { costAnswer, costRequestsAnswer, cursorOf, momentsAnswer, timelineAnswer } from './spent.ts'
import { eventText, LABELS, type Scene, type World } from './world.ts'

const CSP =
  "default-src 'self'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; object-src 'none'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'"
const TYPES: Readonly<Record<string, string>> = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript',
  css: 'text/css',
  svg: 'image/svg+xml',
}

export class Stub {
  readonly url: string
  readonly #server: Server
  readonly #sockets = new WebSocketServer({ noServer: true })
  readonly #world: World
  isRefusing = false
  trouble: HealthLayer[] = [] // layers that health has beside those that are well
  asked: string[] = [] // every path asked for

  private constructor(world: World, server: Server) {
    this.#world = world
    this.#server = server
    this.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    server.on('request', (request: IncomingMessage, response: ServerResponse) => this.#answer(request, response))
    server.on('upgrade', (request, socket, head) => {
      if (this.isRefusing) return socket.destroy()
      this.#sockets.handleUpgrade(request, socket, head, (ws) => this.#follow(ws))
    })
  }
  static async start(world: World, port = 0): Promise<Stub> {
    const server = createServer()
    await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
    return new Stub(world, server)
  }
  async stop(): Promise<void> {
    this.cut()
    this.#server.closeAllConnections()
    await new Promise((resolve) => this.#server.close(resolve))
  }
  cut(): void {
    for (const socket of this.#sockets.clients) socket.terminate()
  }
  shout(message: ServerMessage): void {
    for (const socket of this.#sockets.clients) socket.send(JSON.stringify(message))
  }

  #follow(socket: WebSocket): void {
    let sent: number | null = null
    const send = (message: ServerMessage) => socket.send(JSON.stringify(message))
    const catchUp = () => {
      if (sent === null || socket.readyState !== socket.OPEN) return
      const items = this.#world.log.slice(sent).slice(0, 200)
      if (items.length === 0) return
      sent += items.length
      send({ type: 'batch', to: sent, items })
      catchUp()
    }
    socket.on('message', (data) => {
      const { from } = JSON.parse(String(data)) as { from: number | null }
      sent = from ?? this.#world.seq
      send({ type: 'welcome', seq: this.#world.seq, from: sent })
      catchUp()
    })
    socket.on('close', this.#world.onPublish(catchUp))
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.url)
    this.asked.push(url.pathname + url.search)
    if (this.isRefusing) return void request.socket.destroy()
    if (!url.pathname.startsWith('/api/')) return sendFile(url.pathname, response)
    const answer = await this.#api(url.pathname.slice(5).split('/').map(decodeURIComponent), url.searchParams)
    response.writeHead(answer === null ? 404 : 200, { 'content-type': 'application/json' })
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer ?? { error: missingSays(url) }))
  }

  #api([first, id = '', what]: string[], query: URLSearchParams): object | string | null {
    if (first === 'files') return id === 'touches' ? touchesAnswer(this.#world, query) : filesAnswer(this.#world, query)
    if (first === 'blame') return blameAnswer(this.#world, query)
    if (first === 'turns' && what === 'commits') return turnCommitsAnswer(this.#world, id, query)
    if (first === 'turns') return turnFilesAnswer(this.#world, id)
    if (first === 'checkouts') return checkoutsAnswer(this.#world)
    if (first === 'commits') return commitsAnswer(this.#world, id, query)
    if (first === 'cost') return id === '' ? costAnswer(this.#world, query) : costRequestsAnswer(this.#world, query)
    const limit = Number(query.get('limit') ?? 100)
    if (first === 'health') return this.#health()
    if (first === 'search' && id === 'facets') return facets(this.#world, query.get('q') ?? '')
    if (first === 'search') return search(this.#world, query.get('q') ?? '', limit, Number(query.get('offset') ?? 0))
    if (first === 'events') {
      const event = this.#world.events.get(id)
      return event === undefined ? null : eventText(event, event.payload.images ? PICTURE_LINE : undefined)
    }
    if (first === 'day') return day(this.#world, query.get('since') ?? '', query.get('until') ?? '')
    if (first !== 'sessions') return null
    if (id === '') return sessions(this.#world, query, limit)
    const row = this.#world.sessions().find((session) => session.id === id)
    if (row === undefined) return null
    if (what === 'records') return records(this.#world, id, query, limit)
    if (what === 'timeline') {
      const answer = timelineAnswer(this.#world, id)
      return query.get('more') === '0' ? { ...answer, spent: [], todos: [] } : answer
    }
    if (what === 'outline') return { turns: outlineOf([...(this.#world.turns.get(id)?.values() ?? [])]) }
    if (what === 'moments') return momentsAnswer(this.#world, id)
    if (what === 'tools') return { tools: tools(this.#world.records.get(id) ?? []) } satisfies ToolsAnswer
    if (what === 'turns') return { turns: [...(this.#world.turns.get(id)?.values() ?? [])] } satisfies TurnsAnswer
    return { ...row, resume: row.agent === 'hermes' ? null : `cd ${row.cwd} && ${row.agent} --resume ${row.native}` }
  }

  #health(): HealthAnswer {
    const layers = [...this.#layers(), ...this.trouble]
    const { colour, sentences, layers: judged } = judge(layers)
    return {
      ok: layers.every(({ ok }) => ok),
      version: '0.1.0',
      uptimeS: Math.round(process.uptime()),
      dataDir: '/home/dev/.local/share/openstory',
      colour,
      sentences,
      layers: layers.map((layer, i) => ({ ...layer, ...judged[i]! })),
    }
  }

  #layers(): HealthLayer[] {
    const { events, rows, seq } = this.#world
    return [
      {
        name: 'watcher',
        ok: true,
        says: `${rows.size} transcripts in ~/.claude/projects, ~/.pi/agent/sessions`,
        facts: { behind: 0 },
      },
      { name: 'bus', ok: true, says: 'embedded, durable', facts: { seq } },
      { name: 'store', ok: true, says: 'SQLite with full text', facts: { events: events.size } },
      { name: 'live', ok: true, says: `${this.#sockets.clients.size} pages follow`, facts: {} },
    ]
  }
}

function sessions(world: World, query: URLSearchParams, limit: number): SessionsAnswer {
  const words = (query.get('words') ?? '').toLowerCase()
  const agent = query.get('agent')
  const all = world
    .sessions()
    .filter(
      (row) =>
        `${row.title}\n${row.project}\n${row.id}`.toLowerCase().includes(words) &&
        (agent === null || row.agent === agent),
    )
  const from = Number(query.get('before') ?? 0)
  const next = from + limit < all.length ? String(from + limit) : null
  return { sessions: all.slice(from, from + limit), next, total: all.length, seq: world.seq, labels: LABELS }
}

function day(world: World, since: string, until: string): DayAnswer {
  const turns = [...world.folded.values()].filter(({ started }) => started !== null)
  const within = turns.filter(({ started }) => started! >= since && started! < until)
  const projects = Map.groupBy(within, (turn) => turn.project)
  return {
    projects: [...projects].map(([project, some]) => {
      const sessions = [...Map.groupBy(some, (turn) => turn.session)].map(([id, own]) => ({
        id,
        title: world.rows.get(id)?.title ?? null,
        agent: own[0]!.agent,
        label: LABELS[own[0]!.agent] ?? '',
        turns: own,
      }))
      return {
        project,
        cwd: some[0]!.cwd,
        story: daySummary(sessions),
        sessions: sessions.map(({ label, ...rest }) => ({
          ...rest,
          turns: rest.turns.map((turn) => toldTurn(turn, label)),
        })),
      }
    }),
    more: false,
    previous:
      turns
        .map(({ started }) => started!)
        .filter((at) => at < since)
        .sort()
        .at(-1) ?? null,
    next:
      turns
        .map(({ started }) => started!)
        .filter((at) => at >= until)
        .sort()[0] ?? null,
  }
}

function records(world: World, id: string, query: URLSearchParams, limit: number): RecordsAnswer {
  const agent = query.get('agent')
  const all = (world.records.get(id) ?? [])
    .map((record, i) => ({ record, cursor: cursorOf(record.time, i) }))
    .filter(({ record }) => agent === null || (agent === 'main' ? record.agentId === null : record.agentId === agent))
  const [after, before, around] = [query.get('after'), query.get('before'), query.get('around')]
  let from = Math.max(0, all.length - limit)
  let to = all.length
  if (after !== null) {
    from = all.findIndex(({ cursor }) => cursor > Number(after))
    from = from < 0 ? all.length : from
    to = Math.min(all.length, from + limit)
  } else if (before !== null) {
    to = all.filter(({ cursor }) => cursor < Number(before)).length
    from = Math.max(0, to - limit)
  } else if (around !== null) {
    const at = all.findIndex(({ record }) => record.id === around)
    if (at >= 0) {
      from = Math.max(0, at - (limit >> 1))
      to = Math.min(all.length, from + limit)
    }
  }
  const page = all.slice(from, to)
  return {
    records: page.map(({ record }) => record),
    cursors: page.map(({ cursor }) => cursor),
    more: { before: from > 0, after: to < all.length },
    seq: world.seq,
  }
}

function search(world: World, q: string, limit: number, offset: number): SearchAnswer {
  const words = q
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '' && !word.includes(':'))
    .map((word) => word.replace(/["*]/g, ''))
  const all: SearchHit[] = []
  for (const row of world.sessions())
    for (const record of (world.records.get(row.id) ?? []).toReversed()) {
      const hay = `${record.text} ${record.tool?.target ?? ''} ${record.tool ? JSON.stringify(record.tool.input) : ''}`
      if (words.every((word) => hay.toLowerCase().includes(word)))
        all.push(hitOf(record, hay, words[0] ?? '', row.title, row.project))
    }
  const next = offset + limit < all.length ? offset + limit : null
  return {
    hits: all.slice(offset, offset + limit),
    next,
    understood: words.map((word) => `“${word}”`).join(' and '),
    tookMs: 0.7,
  }
}

// Counts as the server would give them, of agents only.
function facets(world: World, q: string): FacetsAnswer {
  const { hits, understood } = search(world, q, 100_000, 0)
  const agents = Map.groupBy(hits, ({ agent }) => agent)
  const sessions = Map.groupBy(hits, ({ session }) => session)
  const failed = hits.filter(({ kind }) => kind === 'system.error').length
  const one = { about: null, active: false }
  return {
    total: hits.length,
    sessions: sessions.size,
    looked: hits.length,
    cut: false,
    facets: [
      {
        filter: 'agent',
        values: [...agents].map(([agent, some]) => ({
          ...one,
          value: `=${agent}`,
          label: LABELS[agent] ?? agent,
          count: some.length,
        })),
        left: 0,
      },
      { filter: 'turn', values: [{ ...one, value: '>1', label: 'Over $1', count: hits.length }], left: 0 },
      {
        filter: 'is',
        values: failed > 0 ? [{ ...one, value: 'error', label: 'Errors only', count: failed }] : [],
        left: 0,
      },
    ],
    bySession: Object.fromEntries([...sessions].map(([id, some]) => [id, some.length])),
    times:
      hits.length === 0
        ? null
        : { fromMs: Date.now() - 3_600_000, widthMs: 360_000, counts: [1, 0, 4, 2, 9, 3, 0, 0, 1, 2] },
    understood,
    tookMs: 0.4,
  }
}

function tools(records: readonly StoryRecord[]): ToolsAnswer['tools'] {
  const byName = Map.groupBy(
    records.filter((record) => record.tool),
    (record) => record.tool!.name,
  )
  return [...byName].map(([tool, some]) => ({ tool, calls: some.length })).sort((a, b) => b.calls - a.calls)
}

function hitOf(record: StoryRecord, hay: string, word: string, title: string | null, project: string): SearchHit {
  const at = Math.max(0, hay.toLowerCase().indexOf(word))
  const from = Math.max(0, at - 60)
  return {
    event: record.id,
    session: record.session,
    sessionTitle: title,
    agent: record.agent,
    project,
    time: record.time,
    kind: record.kind,
    tool: record.tool?.name ?? null,
    snippet: [
      { text: (from > 0 ? '… ' : '') + hay.slice(from, at), hit: false },
      { text: hay.slice(at, at + word.length), hit: true },
      { text: hay.slice(at + word.length, at + 160), hit: false },
    ],
    score: 1,
  }
}

function sendFile(path: string, response: ServerResponse): void {
  const root = join(import.meta.dirname, '../../dist/web')
  const wanted = join(root, normalize(path))
  const file = /\.\w+$/.test(path) && wanted.startsWith(root) && existsSync(wanted) ? wanted : join(root, 'index.html')
  response.writeHead(200, {
    'content-type': TYPES[file.split('.').at(-1) ?? ''] ?? 'application/octet-stream',
    'content-security-policy': CSP,
    'x-content-type-options': 'nosniff',
  })
  createReadStream(file).pipe(response)
}

// The session that is going on, step by step, for as long as someone watches.
export function playOn(scene: Scene, step: number): void {
  scene.at(Date.now())
  const n = step % 4
  if (n === 0) scene.think('A parked delivery needs a reason and a button.')
  if (n === 1)
    scene.run(`npm test -- parked --run ${step}`, `ok 1 - step ${step}\n# pass 1\n`, { note: 'Check the parked page' })
  if (n === 2)
    scene.tool(
      'edit',
      'Edit',
      '/home/dev/shop/src/admin/parked.tsx',
      {
        file_path: '/home/dev/shop/src/admin/parked.tsx',
        old_string: `const step = ${step - 1}`,
        new_string: `const step = ${step}`,
      },
      'The file has been updated.',
    )
  if (n === 3) scene.say(`Step ${step} holds. On to the next.`)
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const { world, live } = makeWorld(Date.now(), Number(process.env.CROWD ?? 240))
  const stub = await Stub.start(world, Number(process.argv[2] ?? 3102))
  console.error(`the invented machine is at ${stub.url}`)
  let step = 0
  setInterval(() => playOn(live, ++step), Number(process.env.STEP_MS ?? 3_000))
}

const missingSays = ({ searchParams }: URL): string =>
  searchParams.has('repo')
    ? `no session worked in a git checkout at "${searchParams.get('repo')}"; /api/sessions tells where they worked`
    : 'There is no such session or event here.'
