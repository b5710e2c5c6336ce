// `openstory reindex`: the store made anew from the log, beside the old one, and put in its place when it is whole.
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Log } from '../base/log.ts'
import { loggedMessages } from '../consumers/from-log.ts'
import { foldTurns } from '../consumers/patterns/patterns.ts'
import { catchUp } from '../consumers/persist/persist.ts'
import { foldSessions } from '../consumers/projections/projections.ts'
import { openEventLog } from '../stores/log/log.ts'
import { openReadOnly } from '../stores/sqlite/database.ts'
import { openEventIndex } from '../stores/sqlite/events.ts'
import { openSessionFolds, openTurnFolds } from '../stores/sqlite/folds.ts'
import { lockFolder } from '../stores/sqlite/lock.ts'
import { type StorePaths, storePaths } from '../stores/sqlite/reader.ts'
import { openSearchIndex } from '../stores/sqlite/search.ts'
import type { EventLog } from '../stores/store.ts'
import { openBus } from './buses.ts'
import { type Config, ConfigError } from './config.ts'
import { look } from './formats.ts'
import { layoutOf } from './layout.ts'

export interface Reindexed {
  readonly events: number
  readonly seconds: number
}

const SEARCH_BATCH = 2_000

export async function reindex(config: Config, log: Log, onProgress: (events: number) => void): Promise<Reindexed> {
  const from = performance.now()
  const layout = layoutOf(config.dataDir)
  if (!existsSync(layout.log)) throw new ConfigError(`there is no log at ${layout.log}; run: openstory import`)
  const lock = lockFolder(join(layout.dataDir, 'lock.sqlite'))
  if (lock === null) throw new ConfigError(`another OpenStory uses ${layout.dataDir}; stop it first`)
  const next = `${layout.store}.next`
  const old = `${layout.store}.old`
  try {
    rmSync(next, { recursive: true, force: true })
    const bus = await openBus(config.bus, layout, 'holder', log)
    const { durables } = await bus.state()
    await bus.close()
    const events = rebuild(
      openEventLog(layout.log),
      storePaths(next),
      durables.find(({ name }) => name === 'persist')?.ackedSeq ?? 0,
      onProgress,
    )
    rmSync(old, { recursive: true, force: true })
    if (existsSync(layout.store)) renameSync(layout.store, old)
    renameSync(next, layout.store)
    rmSync(old, { recursive: true, force: true })
    return { events, seconds: Math.round(performance.now() - from) / 1000 }
  } finally {
    lock.release()
  }
}

function rebuild(log: EventLog, paths: StorePaths, ackedSeq: number, onProgress: (events: number) => void): number {
  const index = openEventIndex(paths.events)
  const { events } = catchUp(log, index)
  index.begin(ackedSeq)
  const sessions = openSessionFolds(paths.sessions)
  const turns = openTurnFolds(paths.turns)
  let folded = 0
  for (const batch of loggedMessages(log)) {
    foldSessions(sessions, batch)
    foldTurns(turns, batch)
    folded += batch.length
    onProgress(folded)
  }
  sessions.whole()
  turns.whole()
  sessions.announced(sessions.unannounced().map(({ id }) => id))
  turns.announced(turns.unannounced().map(({ id }) => id))
  const reading = openReadOnly(paths.events)
  const search = openSearchIndex(paths.search, reading, log, look)
  while (search.follow(SEARCH_BATCH) > 0);
  for (const part of [search, sessions, turns, index]) part.close()
  reading.close()
  log.close()
  return events
}
