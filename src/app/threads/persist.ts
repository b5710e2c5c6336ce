// The thread of persist: log, then index. Tells the search thread when there is something new.
import { systemClock } from '../../base/clock.ts'
import { runConsumer } from '../../consumers/consumer.ts'
import { catchUp, persistConsumer } from '../../consumers/persist/persist.ts'
import { openDeadLetters } from '../../stores/log/dead-letters.ts'
import { openEventLog } from '../../stores/log/log.ts'
import { openEventIndex } from '../../stores/sqlite/events.ts'
import { storePaths } from '../../stores/sqlite/reader.ts'
import { openBus } from '../buses.ts'
import { layoutOf } from '../layout.ts'
import type { PersistState } from '../pipeline.ts'
import { channelOf, runThread } from './thread.ts'

await runThread(async (plan, log, { reason, again, made }) => {
  const layout = layoutOf(plan.dataDir)
  const arrivals = channelOf(plan, 'arrivals')
  const eventLog = openEventLog(layout.log)
  const index = openEventIndex(storePaths(layout.store).events, { isCorrupt: reason === 'corrupt' })
  if (index.setAside)
    log.warn({ path: index.setAside }, 'store: a corrupt event index was set aside; it is made anew from the log')
  const mended = catchUp(eventLog, index)
  if (mended.events > 0 || mended.tornBytes > 0)
    log.info(mended, 'store: the log was ahead of its index and is indexed again')
  if (index.fresh) made()
  const bus = await openBus(plan.bus, layout, 'guest', log)
  let inserted = 0
  const persist = persistConsumer({
    log: eventLog,
    index,
    onInserted: (events) => {
      inserted += events
      if (events > 0) arrivals.postMessage(events)
    },
  })
  const { durables } = await bus.state()
  index.begin(durables.find(({ name }) => name === persist.name)?.ackedSeq ?? 0)
  const running = await runConsumer(bus, persist, {
    log,
    clock: systemClock,
    dead: openDeadLetters(layout.deadLetters, persist.name),
    onCorrupt: () => again('corrupt'),
  })
  let sinceMs: number | null = null
  const unsynced = () => {
    const files = eventLog.unsynced()
    sinceMs = files === 0 ? null : (sinceMs ?? systemClock.steadyMs())
    return { unsynced: files, unsyncedMs: sinceMs === null ? 0 : Math.round(systemClock.steadyMs() - sinceMs) }
  }
  return {
    state: (): PersistState => ({ ...running.state(), inserted, ...unsynced() }),
    async stop() {
      await running.stop()
      await bus.close()
      index.close()
      eventLog.close()
      arrivals.close()
    },
  }
})
