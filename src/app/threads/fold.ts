// What the threads of the folding consumers have in common: a store of their own, made whole from the log where it is not, a guest's
// place on the bus, one consumer.
import { type Clock, systemClock } from '../../base/clock.ts'
import type { Log } from '../../base/log.ts'
import type { Bus, Publisher } from '../../bus/bus.ts'
import { type Consumer, type RunningConsumer, runConsumer } from '../../consumers/consumer.ts'
import { foldLog, type LoggedMessage } from '../../consumers/from-log.ts'
import type { DeadLetters } from '../../stores/dead.ts'
import { openDeadLetters } from '../../stores/log/dead-letters.ts'
import { openEventLog } from '../../stores/log/log.ts'
import type { Known } from '../../stores/sqlite/database.ts'
import type { FoldFile } from '../../stores/sqlite/folds.ts'
import { type StorePaths, storePaths } from '../../stores/sqlite/reader.ts'
import { openBus } from '../buses.ts'
import { layoutOf } from '../layout.ts'
import { runThread } from './thread.ts'

interface FoldStore extends FoldFile {
  isHistory(): void
  close(): void
}

interface FoldThread<Store> {
  readonly name: string // of the consumer
  readonly open: (paths: StorePaths, known: Known) => Store | Promise<Store>
  readonly fold: (store: Store, messages: readonly LoggedMessage[]) => void
  readonly consumer: (parts: { store: Store; bus: Publisher | null; clock: Clock; host: string }) => Consumer
}

export const runFold = <Store extends FoldStore>({ name, open, fold, consumer }: FoldThread<Store>): Promise<void> =>
  runThread(async (plan, log, { reason, isHeld, again, made }) => {
    const layout = layoutOf(plan.dataDir)
    const dead = openDeadLetters(layout.deadLetters, name)
    // What is tried again stands in the log where it came, so everything is told anew in its order.
    const known: Known = { isCorrupt: reason === 'corrupt', isStale: dead.isAsked() }
    const store = await open(storePaths(layout.store), known)
    if (store.setAside)
      log.warn({ path: store.setAside }, 'store: a corrupt file was set aside; it is made anew from the log')
    const bus = await openBus(plan.bus, layout, 'guest', log)
    // On a stream of our own nobody listens to an import; on one that others read, they do.
    const told = plan.inBulk && plan.bus === 'embedded' ? null : bus
    const all = consumer({ store, bus: told, clock: systemClock, host: plan.host })
    if (store.isPartial) {
      await makeWhole({ store, bus, all, dead, fold, logDir: layout.log, log })
      made()
    }
    const running = isHeld
      ? await heldConsumer(bus, all)
      : await runConsumer(bus, all, {
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
  await keepPlace(bus, all)
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
  store.isHistory()
  store.whole()
}

// It takes nothing, and what comes meanwhile is for it, too.
async function heldConsumer(bus: Bus, consumer: Consumer): Promise<RunningConsumer> {
  await keepPlace(bus, consumer)
  const state = { name: consumer.name, handledSeq: 0, handled: 0, retries: 0, dead: 0, trouble: null }
  return { state: () => state, stop: async () => undefined }
}

// From here on the stream keeps for a consumer what it has not taken.
async function keepPlace(bus: Bus, { name, filter }: Consumer): Promise<void> {
  await (await bus.consume({ durable: name, filter })).stop()
}
