// What the threads of the folding consumers have in common: a store of their own, a guest's place on the bus, one consumer.
import { systemClock } from '../../base/clock.ts'
import type { Publisher } from '../../bus/bus.ts'
import { type Consumer, runConsumer } from '../../consumers/consumer.ts'
import { type StorePaths, storePaths } from '../../stores/sqlite/reader.ts'
import { openBus } from '../buses.ts'
import { layoutOf } from '../layout.ts'
import { runThread } from './thread.ts'

interface FoldStore {
  readonly setAside: string | null
  close(): void
}

export const runFold = <Store extends FoldStore>(
  open: (paths: StorePaths) => Store,
  consumerOf: (parts: { store: Store; bus: Publisher; host: string }) => Consumer,
): Promise<void> =>
  runThread(async (plan, log) => {
    const layout = layoutOf(plan.dataDir)
    const store = open(storePaths(layout.store))
    if (store.setAside)
      log.error({ path: store.setAside }, 'store: a corrupt file was set aside; run: openstory reindex')
    const bus = await openBus(plan.bus, layout, 'guest', log)
    const running = await runConsumer(bus, consumerOf({ store, bus, host: plan.host }), { log, clock: systemClock })
    return {
      state: running.state,
      async stop() {
        await running.stop()
        await bus.close()
        store.close()
      },
    }
  })
