// Starts the watcher's process and keeps it running: when it dies, it is started again and reads on from its kept offsets.
import { type ChildProcess, fork } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { type Log, reasonOf } from '../base/log.ts'
import { retryDelayMs } from '../base/retry.ts'
import type { WatcherStatus } from '../watcher/watcher.ts'
import { beside, layoutOf } from './layout.ts'
import type { FromWatcher, WatcherPlan } from './watcher-process.ts'

export interface RunningWatcher {
  status(): WatcherStatus | null
  trouble(): string | null
  isDown(): boolean
  pid(): number | undefined
  stop(): Promise<void>
}

// As in bin/openstory.mjs: one collecting thread, and a young generation of a fixed size, here one that fits what is read at a time. Behind
// it the heap grows by half of what lives in it and not fourfold: 40 MB less in an import, for a twentieth of this process's work.
const HEAP_FLAGS = [
  '--single-threaded-gc',
  '--v8-pool-size=1',
  '--min-semi-space-size=4',
  '--max-semi-space-size=4',
  '--heap-growing-percent=50',
]

// Read anywhere, write only inside the watcher's own folder, start nothing. Node 25 and newer guard the network as well.
export function permissionFlags(writable: string): string[] {
  const flags = ['--permission', '--allow-fs-read=*', `--allow-fs-write=${writable}`]
  return process.allowedNodeEnvironmentFlags.has('--allow-net') ? [...flags, '--allow-net'] : flags
}

export function startWatcher(plan: WatcherPlan, log: Log, preload: readonly string[] = []): RunningWatcher {
  const { watcher: writable } = layoutOf(plan.dataDir)
  let child: ChildProcess | null = null
  let status: WatcherStatus | null = null
  let trouble: string | null = null
  let stopping = false
  let isDown = true
  let attempt = 0
  const exited = Promise.withResolvers<void>()

  const again = () => {
    setTimeout(() => (stopping ? exited.resolve() : start()), retryDelayMs(attempt++, 100, 10_000))
  }
  const start = () => {
    try {
      mkdirSync(writable, { recursive: true, mode: 0o700 })
    } catch (error) {
      trouble = `the watcher could not start: ${reasonOf(error)}` // a full disk: there may be room later
      return again()
    }
    child = fork(fileURLToPath(beside(import.meta.url, './watcher-process')), [], {
      execArgv: [...permissionFlags(writable), ...HEAP_FLAGS, ...preload],
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
      serialization: 'json',
    })
    child.send(plan)
    child.on('message', (message: FromWatcher) => {
      if (message.type === 'status') {
        status = message.status
        isDown = false
        trouble = null
        attempt = 0
      } else if (message.type === 'log') log[message.level](message.fields, message.message)
      else if (message.type === 'failed') trouble = `the watcher could not start: ${message.why}`
    })
    child.on('error', () => undefined) // 'exit' follows, or the send below says it
    child.on('exit', (code, signal) => {
      if (stopping) return exited.resolve()
      isDown = true
      trouble ??= `the watcher ended (${signal ?? code}) and is started again`
      log.warn({ code, signal }, 'watcher: its process ended; it is started again and reads on where it was')
      again()
    })
  }
  start()
  return {
    status: () => status,
    trouble: () => trouble ?? status?.trouble ?? null,
    isDown: () => isDown && trouble !== null,
    pid: () => child?.pid,
    async stop() {
      stopping = true
      if (child?.exitCode === null && child.signalCode === null && child.connected) child.send('stop')
      else exited.resolve()
      await exited.promise
    },
  }
}
