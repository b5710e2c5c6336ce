// The thread of projections: session rows.
import { systemClock } from '../../base/clock.ts'
import { runConsumer } from '../../consumers/consumer.ts'
import { projectionsConsumer } from '../../consumers/projections/projections.ts'
import { openSessionFolds } from '../../stores/sqlite/folds.ts'
import { storePaths } from '../../stores/sqlite/reader.ts'
import { openBus } from '../buses.ts'
import { layoutOf } from '../layout.ts'
import { createLog } from '../log.ts'
import { runThread } from './thread.ts'

await runThread(async (plan) => {
  const log = createLog(plan.logLevel)
  const layout = layoutOf(plan.dataDir)
  const store = openSessionFolds(storePaths(layout.store).sessions)
  if (store.setAside)
    log.error({ path: store.setAside }, 'store: corrupt session rows were set aside; run: openstory reindex')
  const bus = await openBus(plan.bus, layout, 'guest', log)
  const running = await runConsumer(bus, projectionsConsumer({ store, bus, host: plan.host }), {
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
