// How a thread or process of ours and the one who started it talk: a plan in, `ready`, states now and then, `stop`, `stopped`.
import { type MessagePort, parentPort, Worker, workerData } from 'node:worker_threads'
import { type Log, reasonOf } from '../../base/log.ts'

// What every part of ours is started with; plain JSON.
export interface Plan {
  readonly dataDir: string
  readonly bus: string
  readonly logLevel: string
  readonly host: string
}

export type FromThread<State> =
  | { readonly type: 'ready' }
  | { readonly type: 'state'; readonly state: State }
  | { readonly type: 'failed'; readonly why: string }
  | { readonly type: 'log'; readonly level: keyof Log; readonly fields: object; readonly message: string }
  | { readonly type: 'stopped' }

export interface ThreadBody<State> {
  state(): State
  stop(): Promise<void>
}

const STATE_EVERY_MS = 500

// Inside a thread: runs `body`, tells its state when it changes, stops when told.
export async function runThread<State>(body: (plan: Plan, log: Log) => Promise<ThreadBody<State>>): Promise<void> {
  const port = parentPort!
  try {
    const running = await body(
      workerData as Plan,
      toldLog((message) => port.postMessage(message)),
    )
    let told = ''
    const tell = () => {
      const state = running.state()
      const text = JSON.stringify(state)
      if (text !== told) port.postMessage({ type: 'state', state } satisfies FromThread<State>)
      told = text
    }
    const timer = setInterval(tell, STATE_EVERY_MS)
    port.on('message', async (message: { type: string }) => {
      if (message.type !== 'stop') return
      clearInterval(timer)
      await running.stop()
      tell()
      port.postMessage({ type: 'stopped' } satisfies FromThread<State>)
      port.close()
    })
    port.postMessage({ type: 'ready' } satisfies FromThread<State>)
    tell()
  } catch (error) {
    port.postMessage({ type: 'failed', why: reasonOf(error) } satisfies FromThread<State>)
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
  readonly ready: Promise<void>
  state(): State | null
  trouble(): string | null
  stop(): Promise<void>
}

// Outside: starts a module as a thread. Its heap is bounded: a batch is what it needs, the rest would only be garbage kept.
export function startThread<State>(
  name: string,
  module: URL,
  plan: Plan,
  log: Log,
  heapMb: number,
  transfer: Record<string, MessagePort> = {},
): Thread<State> {
  const worker = new Worker(module, {
    workerData: { ...plan, ...transfer },
    transferList: Object.values(transfer) as never[],
    name,
    resourceLimits: { maxOldGenerationSizeMb: heapMb },
  })
  const ready = Promise.withResolvers<void>()
  const stopped = Promise.withResolvers<void>()
  ready.promise.catch(() => undefined) // whoever starts it looks at `ready`
  let state: State | null = null
  let trouble: string | null = null
  const fail = (why: string) => {
    trouble = `${name}: ${why}`
    ready.reject(new Error(trouble))
    stopped.resolve()
  }
  worker.on('message', (message: FromThread<State>) => {
    if (message.type === 'ready') ready.resolve()
    else if (message.type === 'state') state = message.state
    else if (message.type === 'stopped') stopped.resolve()
    else if (message.type === 'log') log[message.level](message.fields, message.message)
    else fail(message.why)
  })
  worker.on('error', (error) => fail(reasonOf(error)))
  worker.on('exit', (code) => (code === 0 ? stopped.resolve() : fail(`its thread ended with code ${code}`)))
  return {
    name,
    ready: ready.promise,
    state: () => state,
    trouble: () => trouble,
    async stop() {
      worker.postMessage({ type: 'stop' })
      await stopped.promise
      await worker.terminate()
    },
  }
}
