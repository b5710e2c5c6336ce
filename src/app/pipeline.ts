// Everything behind the doorway, started and stopped in order: lock, bus, consumers, then the watcher, so that nobody publishes before
// those who keep it are there. `serve` and `import` are this with and without an API.
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import type { Log } from '../base/log.ts'
import type { Bus } from '../bus/bus.ts'
import type { ConsumerState } from '../consumers/consumer.ts'
import { lockFolder } from '../stores/sqlite/lock.ts'
import { storePaths } from '../stores/sqlite/reader.ts'
import { StoreError, type StoreReader } from '../stores/store.ts'
import { openBus } from './buses.ts'
import { type Config, ConfigError } from './config.ts'
import { beside, type Layout, layoutOf } from './layout.ts'
import { readOwnPrices } from './prices.ts'
import { type Reader, startReader } from './query.ts'
import { type Plan, type StoreName, startThread, type Thread } from './threads/thread.ts'
import { assertKnown, sayFormat } from './upgrade.ts'
import { type RunningWatcher, startWatcher } from './watcher.ts'

export interface PersistState extends ConsumerState {
  readonly inserted: number // events that were not there before, since the start
  readonly unsynced: number // files of the log that are not on stable storage yet
  readonly unsyncedMs: number // since when
}

export interface SearchState {
  readonly indexed: number
  readonly lag: number // events not indexed yet
  readonly dead: number // events whose words cannot be made
  readonly trouble: string | null
}

export interface Pipeline {
  readonly layout: Layout
  readonly plan: Plan
  readonly bus: Bus
  readonly reader: StoreReader
  readonly persist: Thread<PersistState>
  readonly consumers: readonly Thread<ConsumerState>[] // persist among them
  readonly search: Thread<SearchState>
  watcher(): RunningWatcher | null
  // Resolves when every consumer is ready and the watcher reads.
  readonly started: Promise<void>
  // What folds and indexes begins, where it was held.
  release(): void
  // Nothing more is read and kept: the watcher's process and the thread of persist end.
  endReading(): Promise<void>
  stop(): Promise<void>
}

// One line of a transcript may be 50 MB, and is in memory as bytes, as text and as a value at once. What a thread needs day to day is far less.
const HEAP_MB = 1024

export interface PipelineOptions {
  readonly inBulk?: boolean // an import
  readonly isHeld?: boolean // what folds and indexes waits for release()
}

export async function startPipeline(config: Config, log: Log, options: PipelineOptions = {}): Promise<Pipeline> {
  const layout = layoutOf(config.dataDir)
  // What cannot be right is refused before anything begins.
  assertKnown(config.dataDir)
  readOwnPrices(config.dataDir)
  const release = hold(layout)
  const { dataDir, bus: setting, logLevel } = config
  const plan: Plan = { dataDir, bus: setting, logLevel, host: hostname(), inBulk: options.inBulk ?? false }
  try {
    const bus = await openBus(config.bus, layout, 'holder', log)
    return startParts(config, plan, { layout, bus, release, log, isHeld: options.isHeld ?? false })
  } catch (error) {
    release()
    throw error
  }
}

interface Held {
  readonly layout: Layout
  readonly bus: Bus
  readonly release: () => void // of the folder
  readonly log: Log
  readonly isHeld: boolean
}

function startParts(config: Config, plan: Plan, { layout, bus, release, log, isHeld }: Held): Pipeline {
  // Made when it is first asked, and not before there is a store.
  let reader: Promise<Reader> | null = null
  const reopen = () =>
    void reader?.then(
      (it) => it.reopen(),
      () => undefined,
    )
  const threads = startThreads(plan, { layout, log, isHeld, reopen })
  let opened: Reader | null = null // which may never be: a store that cannot be written does not come up
  let watcher: RunningWatcher | null = null
  let stopping = false
  const readerNow = () => {
    reader ??= (threads.storesExist ? threads.begun : threads.up).then(() => {
      if (stopping) throw new StoreError('the store is closed')
      opened = startReader(plan, threads.onCorrupt)
      return opened
    })
    reader.catch(() => undefined) // whoever asked hears of it
    return reader
  }
  const started = threads.ready.then(() => undefined)
  started.catch(() => undefined) // whoever started the pipeline looks at it
  const watching = threads.up.then(() => {
    if (!stopping) watcher = startWatcher({ ...plan, watch: config.watch }, log)
  })
  watching.catch(() => undefined) // a part gave up, and says so
  return {
    layout,
    plan,
    bus,
    reader: lateReader(readerNow),
    persist: threads.persist,
    consumers: threads.consumers,
    search: threads.search,
    watcher: () => watcher,
    started,
    release: threads.release,
    async endReading() {
      await watcher?.stop()
      await threads.persist.stop()
    },
    async stop() {
      stopping = true
      await threads.ready.catch(() => undefined) // what did not start has nothing to stop
      await watcher?.stop()
      // Readers first: SQLite puts a write-ahead log away when its last writer closes, and only then.
      await opened?.close()
      await threads.search.stop()
      await Promise.all(threads.consumers.map((thread) => thread.stop()))
      await bus.close()
      release()
    },
  }
}

interface Starting extends Pick<Held, 'layout' | 'log' | 'isHeld'> {
  readonly reopen: () => void
}

function startThreads(plan: Plan, { layout, log, isHeld, reopen }: Starting) {
  const module = (name: string) => beside(import.meta.url, `./threads/${name}`)
  const paths = storePaths(layout.store)
  const storesExist = [paths.events, paths.search, paths.sessions, paths.turns].every((path) => existsSync(path))
  const begun: Promise<unknown> = Promise.resolve()
  const owners: Partial<Record<StoreName, Thread<unknown>>> = {}
  // Found by one who only reads it: its owner sets it aside and makes it anew.
  const onCorrupt = (stores: readonly StoreName[]) => {
    for (const store of stores) owners[store]?.again('corrupt')
  }
  const start = <State>(name: string, onMade: () => void, held = isHeld) =>
    startThread<State>(name, module(name), plan, log, {
      heapMb: HEAP_MB,
      isHeld: held,
      onMade,
      onCorrupt: (store) => onCorrupt([store]),
    })
  const onPersistMade = () => {
    reopen()
    search.again('moved') // it reads the file that was there before
  }
  const persist = start<PersistState>('persist', onPersistMade, false)
  const projections = start<ConsumerState>('projections', reopen)
  const patterns = start<ConsumerState>('patterns', reopen)
  // On the first start the index that search follows must be there before it. It follows that from wherever it is, and so is not even
  // begun while it is held.
  const released = Promise.withResolvers<void>()
  if (!isHeld) released.resolve()
  const search = lateThread(
    'search',
    Promise.all([storesExist ? begun : persist.up, released.promise]).then(() =>
      start<SearchState>('search', reopen, false),
    ),
  )
  const consumers = [persist, patterns, projections]
  const all = isHeld ? consumers : [...consumers, search]
  Object.assign(owners, { events: persist, search, sessions: projections, turns: patterns })
  return {
    persist,
    consumers,
    search,
    storesExist,
    begun,
    onCorrupt,
    release() {
      released.resolve()
      for (const thread of consumers) thread.release()
    },
    ready: Promise.all(all.map((thread) => thread.ready)),
    up: Promise.all(all.map((thread) => thread.up)),
  }
}

function lateThread<State>(name: string, starting: Promise<Thread<State>>): Thread<State> {
  let thread: Thread<State> | null = null
  let stopping = false
  const started = starting.then((it) => {
    thread = it
    if (stopping) void it.stop()
  })
  const later = (when: 'ready' | 'up') => {
    const promise = started.then(() => thread![when])
    promise.catch(() => undefined) // whoever starts it looks at it
    return promise
  }
  return {
    name,
    ready: later('ready'),
    up: later('up'),
    state: () => thread?.state() ?? null,
    now: async () => (await thread?.now()) ?? null,
    trouble: () => thread?.trouble() ?? null,
    gaveUp: () => thread?.gaveUp() ?? null,
    starts: () => thread?.starts() ?? 0,
    again: (reason) => thread?.again(reason),
    release: () => thread?.release(),
    async stop() {
      stopping = true // what it waits for may never come
      await thread?.stop()
    },
  }
}

// Questions asked before the store is there wait for it.
function lateReader(now: () => Promise<StoreReader>): StoreReader {
  const late =
    <A extends unknown[], R>(call: (reader: StoreReader, ...args: A) => Promise<R>) =>
    async (...args: A): Promise<R> =>
      call(await now(), ...args)
  return {
    sessions: late((reader, query) => reader.sessions(query)),
    session: late((reader, id) => reader.session(id)),
    resolveSession: late((reader, id) => reader.resolveSession(id)),
    records: late((reader, session, page) => reader.records(session, page)),
    tools: late((reader, session) => reader.tools(session)),
    facets: late((reader, plan, nowMs) => reader.facets(plan, nowMs)),
    turns: late((reader, session) => reader.turns(session)),
    sentences: late((reader, query) => reader.sentences(query)),
    eventText: late((reader, id) => reader.eventText(id)),
    work: late((reader, session, names) => reader.work(session, names)),
    timeline: late((reader, session, max, part) => reader.timeline(session, max, part)),
    outline: late((reader, session) => reader.outline(session)),
    moments: late((reader, session) => reader.moments(session)),
    trace: late((reader, id) => reader.trace(id)),
    search: late((reader, plan, page) => reader.search(plan, page)),
    cost: late((reader, query) => reader.cost(query)),
    costRequests: late((reader, query, key) => reader.costRequests(query, key)),
    files: late((reader, query) => reader.files(query)),
    fileHistory: late((reader, query) => reader.fileHistory(query)),
    turnFiles: late((reader, turn) => reader.turnFiles(turn)),
    sessionsTouching: late((reader, path) => reader.sessionsTouching(path)),
    facts: late((reader) => reader.facts()),
    drift: late((reader) => reader.drift()),
    close: async () => undefined, // the pipeline closes it
  }
}

// One OpenStory a data folder.
function hold(layout: Layout): () => void {
  try {
    mkdirSync(layout.dataDir, { recursive: true, mode: 0o700 })
  } catch (cause) {
    throw new ConfigError(
      `the data folder ${layout.dataDir} cannot be made (${(cause as NodeJS.ErrnoException).code}); choose another with --data-dir`,
      { cause },
    )
  }
  const lock = lockFolder(join(layout.dataDir, 'lock.sqlite'))
  if (lock === null)
    throw new ConfigError(
      `another OpenStory uses ${layout.dataDir}${whoRuns(layout)}; stop it, or choose another folder with --data-dir`,
    )
  sayFormat(layout)
  writeFileSync(layout.running, JSON.stringify({ pid: process.pid }), { mode: 0o600 })
  return () => {
    rmSync(layout.running, { force: true })
    lock.release()
  }
}

// Whether another process holds the folder now.
export function isHeld(layout: Layout): boolean {
  const lock = existsSync(layout.dataDir) ? lockFolder(join(layout.dataDir, 'lock.sqlite')) : null
  lock?.release()
  return existsSync(layout.dataDir) && lock === null
}

export interface WhoRuns {
  readonly pid: number
  readonly url?: string
  readonly token?: string // what the server asks for; the file is the owner's alone
}

export function readRunning(layout: Layout): WhoRuns | null {
  try {
    return JSON.parse(readFileSync(layout.running, 'utf8')) as WhoRuns
  } catch {
    return null // nobody, or just now
  }
}

export function sayRunning(layout: Layout, url: string, token?: string): void {
  const who: WhoRuns = { pid: process.pid, url, ...(token !== undefined && { token }) }
  writeFileSync(layout.running, JSON.stringify(who), { mode: 0o600 })
}

function whoRuns(layout: Layout): string {
  const who = readRunning(layout)
  return who === null ? '' : ` (process ${who.pid}${who.url ? `, ${who.url}` : ''})`
}
