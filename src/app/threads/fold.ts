// What the threads of the folding consumers have in common: a store of their own, made whole from the log where it is not, a guest's
// place on the bus, one consumer.
import { type Clock, systemClock } from '../../base/clock.ts'
import type { Publisher } from '../../bus/bus.ts'
import { type Consumer, runConsumer } from '../../consumers/consumer.ts'
import { type LoggedMessage, loggedMessages } from '../../consumers/from-log.ts'
import { openEventLog } from '../../stores/log/log.ts'
import type { FoldFile } from '../../stores/sqlite/folds.ts'
import { type StorePaths, storePaths } from '../../stores/sqlite/reader.ts'
import { openBus } from '../buses.ts'
import { layoutOf } from '../layout.ts'
import { runThread } from './thread.ts'

interface FoldStore extends FoldFile {
  unannounced(): readonly { readonly id: string }[]
  announced(ids: readonly string[]): void
  close(): void
}

interface FoldThread<Store> {
  readonly open: (paths: StorePaths) => Store | Promise<Store>
  readonly fold: (store: Store, messages: readonly LoggedMessage[]) => void
  readonly consumer: (parts: { store: Store; bus: Publisher; clock: Clock; host: string }) => Consumer
}

export const runFold = <Store extends FoldStore>({ open, fold, consumer }: FoldThread<Store>): Promise<void> =>
  runThread(async (plan, log) => {
    const layout = layoutOf(plan.dataDir)
    const store = await open(storePaths(layout.store))
    if (store.setAside)
      log.warn({ path: store.setAside }, 'store: a corrupt file was set aside; it is made anew from the log')
    if (store.isPartial) makeWhole(store, fold, layout.log)
    const bus = await openBus(plan.bus, layout, 'guest', log)
    const running = await runConsumer(bus, consumer({ store, bus, clock: systemClock, host: plan.host }), {
      log,
      clock: systemClock,
    })
    return {
      state: running.state,
      async stop() {
        await running.stop()
        await bus.close()
        store.close()
      },
    }
  })

// History is no news: its rows are not announced.
function makeWhole<Store extends FoldStore>(store: Store, fold: FoldThread<Store>['fold'], logDir: string): void {
  const log = openEventLog(logDir)
  for (const messages of loggedMessages(log)) fold(store, messages)
  log.close()
  store.announced(store.unannounced().map(({ id }) => id))
  store.whole()
}
