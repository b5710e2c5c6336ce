// What the threads of the folding consumers have in common: a store of their own, made whole from the log where it is not, a guest's
// place on the bus, one consumer.
import { type Clock, systemClock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { Bus, Publisher } from '../../bus/bus.ts'
import { type Consumer, runConsumer } from '../../consumers/consumer.ts'
import { foldLog, type LoggedMessage } from '../../consumers/from-log.ts'
import type { DeadLetters } from '../../stores/dead.ts'
import { openDeadLetters } from '../../stores/log/dead-letters.ts'
import { openEventLog } from '../../stores/log/log.ts'
import type { Known } from '../../stores/sqlite/database.ts'
import type { FoldFile } from '../../stores/sqlite/folds.ts'
import { type StorePaths, storePaths } from '../../stores/sqlite/reader.ts'
import { openBus } from '../buses.ts'
import { layoutOf } from '../layout.ts'
import { standBack } from './priority.ts'
import { runThread } from './thread.ts'

interface FoldStore extends FoldFile {
  unannounced(): readonly { readonly id: string }[]
  announced(ids: readonly string[]): void
  close(): void
}

interface FoldThread<Store> {
  readonly name: string // of the consumer
  readonly open: (paths: StorePaths, known: Known) => Store | Promise<Store>
  readonly fold: (store: Store, messages: readonly LoggedMessage[]) => void
  readonly consumer: (parts: { store: Store; bus: Publisher; clock: Clock; host: string }) => Consumer
}

export const runFold = <Store extends FoldStore>({ name, open, fold, consumer }: FoldThread<Store>): Promise<void> =>
  runThread(async (plan, log, { reason, again, made }) => {
    if (plan.inBulk) standBack()
    const layout = layoutOf(plan.dataDir)
    const dead = openDeadLetters(layout.deadLetters, name)
    // What is tried again stands in the log where it came, so everything is told anew in its order.
    const known: Known = { isCorrupt: reason === 'corrupt', isStale: dead.isAsked() }
    const store = await open(storePaths(layout.store), known)
    if (store.setAside)
      log.warn({ path: store.setAside }, 'store: a corrupt file was set aside; it is made anew from the log')
    const bus = await openBus(plan.bus, layout, 'guest', log)
    if (store.isPartial) {
      const all = consumer({ store, bus, clock: systemClock, host: plan.host })
      await makeWhole({ store, bus, all, dead, fold, logDir: layout.log, log })
      made()
    }
    const running = await runConsumer(bus, consumer({ store, bus, clock: systemClock, host: plan.host }), {
      log,
      clock: systemClock,
      dead,
      onCorrupt: () => again('corrupt'),
      onAsked: () => again('asked'),
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

interface Making<Store> {
  readonly store: Store
  readonly bus: Bus
  readonly all: Consumer
  readonly dead: DeadLetters
  readonly fold: FoldThread<Store>['fold']
  readonly logDir: string
  readonly log: Log
}

// The log ends where persist is, and this consumer may have been further: it begins at the oldest message again, before the log is read,
// so that what comes into the log meanwhile comes from the stream as well. History is no news: its rows are not announced.
async function makeWhole<Store extends FoldStore>(making: Making<Store>): Promise<void> {
  const { store, bus, all, dead, fold, logDir, log } = making
  await bus.forget(all.name)
  await (await bus.consume({ durable: all.name, filter: all.filter })).stop()
  const eventLog = openEventLog(logDir)
  try {
    const folds = [{ consumer: all.name, dead, fold: (some: readonly LoggedMessage[]) => fold(store, some) }]
    const unread = foldLog(eventLog, folds, { clock: systemClock })[0]!.unread
    if (unread > 0)
      log.error(
        { consumer: all.name, events: unread },
        'consumer: set aside events it cannot handle; see openstory doctor',
      )
  } finally {
    eventLog.close()
  }
  store.announced(store.unannounced().map(({ id }) => id))
  store.whole()
}
