// Loaded before the program (`node --import`), in its main thread and, by inheritance, in every thread: what breaks it on command. The
// program itself knows nothing of this. The main thread hears commands over IPC and shares them with the threads in one piece of memory.
import { createRequire, registerHooks, syncBuiltinESMExports } from 'node:module'
import type * as Threads from 'node:worker_threads'

const require = createRequire(import.meta.url)
const threads = require('node:worker_threads') as typeof Threads
const fs = require('node:fs') as Record<string, (...args: never[]) => unknown>
const sqlite = require('node:sqlite') as { DatabaseSync: { prototype: { exec(sql: string): void } } }

export const THREADS = ['persist', 'patterns', 'projections', 'search', 'query', 'broadcast'] as const
export type ThreadName = (typeof THREADS)[number]

export const FAULTS = ['none', 'stopped', 'slow', 'throwing', 'blocking', 'busy', 'full', 'io', 'crash'] as const
export type Fault = (typeof FAULTS)[number]

export type Command =
  | { readonly do: 'terminate'; readonly thread: ThreadName }
  | { readonly do: 'fault'; readonly thread: ThreadName; readonly fault: Fault }
  | { readonly do: 'clock'; readonly aheadMs: number } // of the real one, in every thread; behind it where below 0
  | { readonly do: 'heaps' }
export type FromFaults =
  | { readonly watcher: number } // its process, each time it is started
  | { readonly heaps: Readonly<Record<string, number>> } // bytes in use, by thread

const KEY = 'openstory torture'
const NAME_OF_MAIN = 'broadcast' // the one consumer of the main thread

// A fault a thread, then how far the clock is ahead.
const memory = threads.isMainThread
  ? new SharedArrayBuffer(THREADS.length * 8 + 8)
  : (threads.getEnvironmentData(KEY) as SharedArrayBuffer)
const shared = new Int32Array(memory, 0, THREADS.length)
const ahead = new Float64Array(memory, THREADS.length * 8, 1)

export const faultOf = (thread: string): Fault => FAULTS[shared[THREADS.indexOf(thread as ThreadName)] ?? 0] ?? 'none'

// Every consumer runs through ours.
const REAL = new URL('../../src/consumers/consumer.ts', import.meta.url).href
const OURS = new URL('./faulty-consumer.ts', import.meta.url).href
registerHooks({
  resolve(specifier, context, next) {
    const found = next(specifier, context)
    return found.url === REAL && context.parentURL !== OURS ? { ...found, url: OURS } : found
  },
})

function hearCommands(): void {
  threads.setEnvironmentData(KEY, memory)
  const workers = new Map<string, Threads.Worker>()
  const Real = threads.Worker
  const Kept = class extends Real {
    constructor(module: string | URL, options: Threads.WorkerOptions = {}) {
      super(module, options)
      workers.set(options.name ?? '', this)
    }
  }
  Object.assign(threads, { Worker: Kept })
  const processes = require('node:child_process') as { fork: (...args: unknown[]) => { pid: number } }
  const fork = processes.fork
  processes.fork = (...args) => {
    const child = fork(...args)
    process.send?.({ watcher: child.pid } satisfies FromFaults)
    return child
  }
  syncBuiltinESMExports()
  process.on('message', (command: Command) => {
    switch (command.do) {
      case 'terminate':
        return void workers.get(command.thread)?.terminate()
      case 'fault':
        return void Atomics.store(shared, THREADS.indexOf(command.thread), FAULTS.indexOf(command.fault))
      case 'clock':
        ahead[0] = command.aheadMs
        return
      case 'heaps':
        void heapsOf(workers).then((heaps) => process.send?.({ heaps } satisfies FromFaults))
    }
  })
  process.on('disconnect', () => process.exit(1)) // whoever tortures it is gone
  process.channel?.unref()
}

async function heapsOf(workers: ReadonlyMap<string, Threads.Worker>): Promise<Record<string, number>> {
  const heaps: Record<string, number> = { main: process.memoryUsage().heapUsed }
  for (const [name, worker] of workers)
    try {
      heaps[name] = (await worker.getHeapStatistics()).used_heap_size
    } catch {
      // it has ended meanwhile, and has none
    }
  return heaps
}

// What asks for the wall clock gets ours. Time that only goes on (performance.now, timers) is not touched: nobody can set it back.
function bendTheClock(): void {
  const Real = Date
  const now = () => Real.now() + ahead[0]!
  class Bent extends Real {
    constructor(...args: unknown[]) {
      super(...((args.length === 0 ? [now()] : args) as [number]))
    }
    static override now = now
  }
  globalThis.Date = Bent as DateConstructor
}

const HERE = threads.isMainThread ? NAME_OF_MAIN : (threads.threadName ?? '')
const system = (code: string, syscall: string) =>
  Object.assign(new Error(`${code}: injected, ${syscall}`), { code, syscall })
const sql = (errcode: number, message: string) =>
  Object.assign(new Error(`${message} (injected)`), { code: 'ERR_SQLITE_ERROR', errcode })

// What a locked file, a full disk and a broken one look like to the program: a commit that fails, half a write.
function breakTheDisk(): void {
  const exec = sqlite.DatabaseSync.prototype.exec
  sqlite.DatabaseSync.prototype.exec = function (text: string) {
    const fault = faultOf(HERE)
    if (fault === 'busy' && text.startsWith('BEGIN')) throw sql(5, 'database is locked')
    if (text === 'COMMIT') {
      if (fault === 'full') throw sql(13, 'database or disk is full')
      if (fault === 'io') throw sql(778, 'disk I/O error')
    }
    return exec.call(this, text)
  }
  const writeSync = fs.writeSync as (...args: unknown[]) => number
  fs.writeSync = ((fd: number, data: Uint8Array | string, offset?: number, length?: number, at?: number) => {
    const fault = faultOf(HERE)
    if (fault === 'io') throw system('EIO', 'write')
    if (fault !== 'full') return writeSync(fd, data, offset, length, at)
    if (typeof data !== 'string' && length !== undefined && length > 1 && at !== undefined)
      writeSync(fd, data, offset, Math.floor(length / 2), at)
    throw system('ENOSPC', 'write')
  }) as never
  syncBuiltinESMExports()
}

// By `node --import`, and not by whoever imports the names.
if (process.execArgv.some((arg) => arg.endsWith('/faults.ts'))) {
  bendTheClock()
  if (threads.isMainThread) hearCommands()
  else breakTheDisk()
}
