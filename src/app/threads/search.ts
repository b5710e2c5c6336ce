// The thread of full text: follows the event index at its own pace. A single event is indexed at once, a backlog in large transactions.
import { type MessagePort, workerData } from 'node:worker_threads'
import { reasonOf } from '../../base/log.ts'
import { openEventLog } from '../../stores/log/log.ts'
import { openReadOnly } from '../../stores/sqlite/database.ts'
import { storePaths } from '../../stores/sqlite/reader.ts'
import { openSearchIndex } from '../../stores/sqlite/search.ts'
import { look } from '../formats.ts'
import { layoutOf } from '../layout.ts'
import { runThread } from './thread.ts'

const EVENTS_MAX = 1_500 // of one transaction; their lines are in memory together
const BURST_EVENTS = 200
const BURST_PAUSE_MS = 100
const LOOK_EVERY_MS = 5_000 // the net below the notifications

await runThread(async (plan, log) => {
  const layout = layoutOf(plan.dataDir)
  const paths = storePaths(layout.store)
  const eventLog = openEventLog(layout.log)
  const events = openReadOnly(paths.events)
  const search = openSearchIndex(paths.search, events, eventLog, look)
  if (search.setAside)
    log.warn({ path: search.setAside }, 'store: a corrupt full text index was set aside; it is made anew from the log')
  const arrivals = (workerData as { arrivals: MessagePort }).arrivals
  let stopped = false
  let indexed = 0
  let lag = 0
  let trouble: string | null = null
  let scheduled = false
  const follow = () => {
    scheduled = false
    if (stopped) return
    try {
      const took = search.follow(EVENTS_MAX)
      indexed += took
      lag = search.lag()
      trouble = null
      if (took >= EVENTS_MAX) schedule()
      else if (took >= BURST_EVENTS)
        setTimeout(schedule, BURST_PAUSE_MS) // let it grow: fewer, larger transactions
      else if (took > 0) schedule()
    } catch (error) {
      trouble = `full text: ${reasonOf(error)}`
      log.warn({ why: reasonOf(error) }, 'search: could not index events; trying again')
    }
  }
  const schedule = () => {
    if (!scheduled) setImmediate(follow)
    scheduled = true
  }
  arrivals.on('message', schedule)
  const timer = setInterval(schedule, LOOK_EVERY_MS)
  schedule()
  return {
    state: () => ({ indexed, lag, trouble }),
    async stop() {
      stopped = true
      clearInterval(timer)
      arrivals.close()
      search.close()
      events.close()
      eventLog.close()
    },
  }
})
