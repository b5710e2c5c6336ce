// How a thread or process of ours and the one who started it talk: a plan in, `ready`, states now and then, `stop`, `stopped`.
// A thread that ends before it is told to is started again, later and later, and reads on from what it kept.
import { BroadcastChannel, parentPort, Worker, workerData } from 'node:worker_threads'
import { type Log, reasonOf } from '../../base/log.ts'
import { isPassing } from '../../base/passing.ts'
import { retryDelayMs } from '../../base/retry.ts'
import { StoreError } from '../../stores/store.ts'

// What every part of ours is started with; plain JSON.
export interface Plan {
  readonly dataDir: string
  readonly bus: string
  readonly logLevel: string
  readonly host: string
  readonly inBulk: boolean // an import: nobody waits for what is read first, and nothing found in it is news
}

// Why a thread is begun anew. corrupt: its store is to be set aside and made anew from the log. asked: dead letters are to come again in
// their place. moved: a file it reads is another one now.
export type Reason = 'died' | 'corrupt' | 'asked' | 'moved'

export type StoreName = 'events' | 'search' | 'sessions' | 'turns'

export type FromThread<State> =
  | { readonly type: 'ready' }
  | { readonly type: 'state'; readonly state: State }
  | { readonly type: 'failed'; readonly why: string; readonly lasting: boolean } // lasting: no use to try again
  | { readonly type: 'log'; readonly level: keyof Log; readonly fields: object; readonly message: string }
  | { readonly type: 'made' } // its store is another file than before: whoever has it open opens it anew
  | { readonly type: 'again'; readonly reason: Reason }
  | { readonly type: 'corrupt'; readonly store: StoreName } // of another thread's: it is told
  | { readonly type: 'stopped' }

export interface ThreadBody<State> {
  state(): State
  stop(): Promise<void>
}

// What a thread may tell the one who started it, and why it was started this time.
export interface ThreadParts {
  readonly reason: Reason | null // null: for the first time
  readonly isHeld: boolean // it makes ready for what is to come, and takes nothing
  made(): void
  again(reason: Reason): void
  corrupt(store: StoreName): void
}

const STATE_EVERY_MS = 500

// Inside a thread: runs `body`, tells its state when it changes, stops when told.
export async function runThread<State>(
  body: (plan: Plan, log: Log, parts: ThreadParts) => Promise<ThreadBody<State>>,
): Promise<void> {
  const port = parentPort!
  const say = (message: FromThread<State>) => port.postMessage(message)
  const { reason, isHeld, ...plan } = workerData as Plan & Pick<ThreadParts, 'reason' | 'isHeld'>
  try {
    const parts: ThreadParts = {
      reason,
      isHeld,
      made: () => say({ type: 'made' }),
      again: (why) => say({ type: 'again', reason: why }),
      corrupt: (store) => say({ type: 'corrupt', store }),
    }
    const running = await body(plan, toldLog(say), parts)
    let told = ''
    const tell = () => {
      const state = running.state()
      const text = JSON.stringify(state)
      if (text !== told) say({ type: 'state', state })
      told = text
    }
    const timer = setInterval(tell, STATE_EVERY_MS)
    port.on('message', async (message: { type: string }) => {
      if (message.type === 'tell') return say({ type: 'state', state: running.state() })
      if (message.type !== 'stop') return
      clearInterval(timer)
      await running.stop()
      tell()
      say({ type: 'stopped' })
      port.close()
    })
    say({ type: 'ready' })
    tell()
  } catch (error) {
    say({ type: 'failed', why: reasonOf(error), lasting: error instanceof StoreError && !isPassing(error) })
    port.close()
  }
}

// What a part of ours says goes to the one who started it: one place writes log lines, and no part loads a logger of its own.
export function toldLog(tell: (message: Extract<FromThread<never>, { type: 'log' }>) => void): Log {
  const at = (level: keyof Log) => (fields: object, message: string) => tell({ type: 'log', level, fields, message })
  return { error: at('error'), warn: at('warn'), info: at('info'), debug: at('debug') }
}

export interface Thread<State> {
  readonly name: string
  readonly ready: Promise<void> // of its first start; rejects when that one fails
  readonly up: Promise<void> // it runs, however often it had to be tried
  state(): State | null // as it was told last, a moment ago
  now(): Promise<State | null> // asked anew
  trouble(): string | null // while it does not run
  gaveUp(): string | null // why it is not tried again
  starts(): number
  again(reason: Reason): void
  release(): void // where it was held
  stop(): Promise<void>
}

interface ThreadOptions {
  readonly heapMb: number
  readonly isHeld?: boolean // made ready and ended again, and started when it is released
  readonly onMade?: () => void
  readonly onCorrupt?: (store: StoreName) => void
}

const RESTART_MS_MIN = 100
const RESTART_MS_MAX = 30_000
const RAN_MS = 30_000

// Outside: starts a module as a thread. Its heap is bounded: a batch is what it needs, the rest would only be garbage kept.
export function startThread<State>(
  name: string,
  module: URL,
  plan: Plan,
  log: Log,
  options: ThreadOptions,
): Thread<State> {
  return new Supervised<State>(name, module, plan, log, options)
}

class Supervised<State> implements Thread<State> {
  readonly name: string
  readonly #module: URL
  readonly #plan: Plan
  readonly #log: Log
  readonly #options: ThreadOptions
  readonly #ready = Promise.withResolvers<void>()
  readonly #up = Promise.withResolvers<void>()
  readonly #stopped = Promise.withResolvers<void>()
  #worker: Worker | null = null
  #state: State | null = null
  #trouble: string | null = null
  #gaveUp = false
  #isHeld: boolean
  #isResting = false // held, and ready
  #stopping = false
  #starts = 0
  #failures = 0 // since it last ran for a while
  #startedMs = 0
  #isReady = false
  #whenReady: Reason | null = null
  #next: Reason | null = null // it ends for this reason, and is started again at once
  #timer: NodeJS.Timeout | null = null
  #asked: (() => void)[] = []

  constructor(name: string, module: URL, plan: Plan, log: Log, options: ThreadOptions) {
    this.name = name
    this.#module = module
    this.#plan = plan
    this.#log = log
    this.#options = options
    this.#isHeld = options.isHeld ?? false
    for (const { promise } of [this.#ready, this.#up]) promise.catch(() => undefined) // whoever starts it looks at them
    this.#start(null)
  }

  get ready(): Promise<void> {
    return this.#ready.promise
  }
  get up(): Promise<void> {
    return this.#up.promise
  }
  state = () => this.#state
  now(): Promise<State | null> {
    if (this.#worker === null) return Promise.resolve(this.#state)
    const told = new Promise<State | null>((resolve) => this.#asked.push(() => resolve(this.#state)))
    this.#worker.postMessage({ type: 'tell' })
    return told
  }
  trouble = () => this.#trouble
  gaveUp = () => (this.#gaveUp ? this.#trouble : null)
  starts = () => this.#starts

  // While it starts it looks at its store by itself, and is not ended for what others find in it: they may find it again and again.
  // Only what it opened may be gone by then.
  again(reason: Reason): void {
    if (this.#stopping || this.#next !== null) return
    if (!this.#isReady) {
      if (reason === 'moved') this.#whenReady = reason
      return
    }
    this.#next = reason
    void this.#worker?.terminate()
  }

  release(): void {
    this.#isHeld = false
    if (this.#isResting && this.#worker === null) this.#start(null)
  }

  async stop(): Promise<void> {
    this.#stopping = true
    if (this.#timer) clearTimeout(this.#timer)
    for (const never of [this.#ready, this.#up]) never.reject(new Error(`${this.name}: it is stopped`))
    if (this.#worker === null) this.#stopped.resolve()
    this.#worker?.postMessage({ type: 'stop' })
    await this.#stopped.promise
    await this.#worker?.terminate()
  }

  #start(reason: Reason | null): void {
    this.#starts++
    this.#isReady = false
    this.#isResting = false
    this.#whenReady = null
    this.#startedMs = performance.now()
    const worker = new Worker(this.#module, {
      workerData: { ...this.#plan, reason, isHeld: this.#isHeld },
      name: this.name,
      resourceLimits: { maxOldGenerationSizeMb: this.#options.heapMb },
    })
    this.#worker = worker
    let why: string | null = null
    worker.on('message', (message: FromThread<State>) => {
      if (message.type === 'failed') {
        why = message.why
        this.#gaveUp = message.lasting
        void worker.terminate() // what it had opened by then would keep it from ending
      } else this.#hear(message)
    })
    worker.on('error', (error) => {
      why = reasonOf(error)
    })
    worker.on('exit', (code) => this.#ended(why ?? `its thread ended with code ${code}`))
  }

  #hear(message: Exclude<FromThread<State>, { type: 'failed' }>): void {
    switch (message.type) {
      case 'ready':
        this.#trouble = null
        this.#isReady = true
        this.#ready.resolve()
        this.#up.resolve()
        if (this.#isHeld) return this.#rest()
        if (this.#whenReady !== null) this.again(this.#whenReady)
        return
      case 'state':
        this.#state = message.state
        return this.#answer()
      case 'stopped':
        return this.#isResting ? void this.#worker?.terminate() : this.#stopped.resolve()
      case 'log':
        return this.#log[message.level](message.fields, message.message)
      case 'made':
        return this.#options.onMade?.()
      case 'corrupt':
        return this.#options.onCorrupt?.(message.store)
      case 'again':
        return this.again(message.reason)
    }
  }

  #rest(): void {
    this.#isResting = true
    this.#worker?.postMessage({ type: 'stop' })
  }

  #answer(): void {
    for (const answer of this.#asked.splice(0)) answer()
  }

  #ended(why: string): void {
    this.#worker = null
    this.#answer()
    if (this.#stopping) return this.#stopped.resolve()
    if (this.#isResting) return this.#isHeld ? undefined : this.#start(null)
    const reason = this.#next
    this.#next = null
    if (reason !== null) return this.#start(reason)
    this.#trouble = `${this.name}: ${why}${this.#gaveUp ? '' : '; it is started again'}`
    this.#ready.reject(new Error(`${this.name}: ${why}`))
    if (this.#gaveUp) return this.#up.reject(new Error(this.#trouble))
    this.#log.warn({ thread: this.name, why }, 'thread: it ended; it is started again and goes on where it was')
    if (performance.now() - this.#startedMs > RAN_MS) this.#failures = 0
    const delay = retryDelayMs(this.#failures++, RESTART_MS_MIN, RESTART_MS_MAX)
    this.#timer = setTimeout(() => this.#start('died'), delay)
  }
}

// Threads that are told of news by another say and hear it here; each finds it again when it was started anew.
export const channelOf = (plan: Pick<Plan, 'dataDir'>, what: string): BroadcastChannel =>
  new BroadcastChannel(`openstory ${what} ${plan.dataDir}`)
