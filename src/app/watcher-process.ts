// The watcher's own process. It runs under Node's permission model: it may read anywhere, write only inside its own folder, and start
// nothing. It ends when the one who started it is gone.
import { userInfo } from 'node:os'
import { reasonOf } from '../base/log.ts'
import { SOURCES } from '../sources/sources.ts'
import { Offsets } from '../watcher/offsets.ts'
import { Watcher, type WatcherStatus } from '../watcher/watcher.ts'
import { openBus } from './buses.ts'
import { layoutOf } from './layout.ts'
import { machine } from './machine.ts'
import { type FromThread, type Plan, toldLog } from './threads/thread.ts'

export interface WatcherPlan extends Plan {
  readonly watch: Readonly<Record<string, readonly string[]>>
}
export type FromWatcher =
  | { readonly type: 'started' }
  | { readonly type: 'status'; readonly status: WatcherStatus }
  | { readonly type: 'failed'; readonly why: string }
  | Extract<FromThread<never>, { type: 'log' }>

const STOP_GRACE_MS = 1_500

const say = (message: FromWatcher) => {
  if (process.connected) process.send?.(message)
}

process.once('message', async (plan: WatcherPlan) => {
  try {
    await start(plan)
    say({ type: 'started' })
  } catch (error) {
    say({ type: 'failed', why: reasonOf(error) })
    process.exit(1)
  }
})

async function start(plan: WatcherPlan): Promise<void> {
  const log = toldLog(say)
  const layout = layoutOf(plan.dataDir)
  const bus = await openBus(plan.bus, layout, 'guest', log)
  const watcher = new Watcher({
    sources: SOURCES,
    machine: machine(),
    extraRoots: plan.watch,
    onlyExtra: Object.keys(plan.watch).length > 0,
    bus,
    offsets: new Offsets(layout.offsets),
    copies: layout.copies,
    place: { host: plan.host, user: userInfo().username },
    log,
    onStatus: (status) => say({ type: 'status', status }),
  })
  const stop = async (graceMs: number) => {
    // A bus that does not answer must not keep this process: what it has not taken is read again at the next start.
    setTimeout(() => void bus.close(), graceMs)
    await watcher.close()
    process.exit(0)
  }
  process.on('message', (message) => message === 'stop' && void stop(STOP_GRACE_MS))
  process.on('disconnect', () => void stop(0)) // whoever started it is gone, and the bus with it
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => undefined) // the one who started it says when
  watcher.start()
}
