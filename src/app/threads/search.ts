// The thread of full text: follows the event index at its own pace. A single event is indexed at once, a backlog in large transactions.
import { reasonOf } from '../../base/log.ts'
import { isCorrupt } from '../../base/passing.ts'
import { retryDelayMs } from '../../base/retry.ts'
import { openDeadLetters } from '../../stores/log/dead-letters.ts'
import { openEventLog } from '../../stores/log/log.ts'
import { isSound, openReadOnly } from '../../stores/sqlite/database.ts'
import { storePaths } from '../../stores/sqlite/reader.ts'
import { openSearchIndex } from '../../stores/sqlite/search.ts'
import { look } from '../formats.ts'
import { layoutOf } from '../layout.ts'
import { unreadBy } from '../unread.ts'
import { channelOf, runThread } from './thread.ts'

const EVENTS_MAX = 1_500 // of one transaction; their lines are in memory together
const BURST_EVENTS = 200
const BURST_PAUSE_MS = 100
const LOOK_EVERY_MS = 5_000 // the net below the notifications

await runThread(async (plan, log, { reason, again, made, corrupt }) => {
  const layout = layoutOf(plan.dataDir)
  const paths = storePaths(layout.store)
  const eventLog = openEventLog(layout.log)
  const dead = openDeadLetters(layout.deadLetters, 'search')
  // Words are found wherever they came: all of it is made anew for what is to be tried again.
  const known = { isCorrupt: reason === 'corrupt', isStale: dead.isAsked() }
  const events = openReadOnly(paths.events)
  const search = openSearchIndex(paths.search, events, eventLog, look, { known, onUnread: unreadBy(dead) })
  if (search.setAside)
    log.warn({ path: search.setAside }, 'store: a corrupt full text index was set aside; it is made anew from the log')
  if (search.fresh) made()
  const arrivals = channelOf(plan, 'arrivals')
  let stopped = false
  let indexed = 0
  let lag = search.lag()
  let trouble: string | null = null
  let failures = 0
  let retrying = dead.isAsked()
  let scheduled = false
  const follow = () => {
    scheduled = false
    if (stopped) return
    try {
      const took = search.follow(EVENTS_MAX)
      indexed += took
      lag = search.lag()
      trouble = null
      failures = 0
      if (took === 0 && retrying) dead.done()
      if (took === 0) retrying = false
      if (took >= EVENTS_MAX) schedule()
      else if (took >= BURST_EVENTS)
        setTimeout(schedule, BURST_PAUSE_MS) // let it grow: fewer, larger transactions
      else if (took > 0) schedule()
    } catch (error) {
      trouble = `full text: ${reasonOf(error)}`
      if (failures === 0) log.warn({ why: reasonOf(error) }, 'search: could not index events; trying again')
      if (isCorrupt(error)) return isSound(paths.events) ? again('corrupt') : corrupt('events')
      setTimeout(schedule, retryDelayMs(failures++))
    }
  }
  const schedule = () => {
    if (!scheduled) setImmediate(follow)
    scheduled = true
  }
  arrivals.onmessage = schedule
  const timer = setInterval(() => (dead.isAsked() && !retrying ? again('asked') : schedule()), LOOK_EVERY_MS)
  schedule()
  return {
    state: () => ({ indexed, lag, trouble, dead: dead.count() }),
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
