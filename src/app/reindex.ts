// `openstory reindex`: events of an older vocabulary made anew from their lines, and the store made anew from the log; both beside the old
// ones, and put in their places when they are whole. When it fails everything is as it was; when it is killed, the log is whole, and the
// next reindex (or the next start, as for the store) goes on from there.
import { existsSync, renameSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { systemClock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import { foldLog, type LogFold } from '../consumers/from-log.ts'
import { foldTurns } from '../consumers/patterns/patterns.ts'
import { catchUp } from '../consumers/persist/persist.ts'
import { foldSessions } from '../consumers/projections/projections.ts'
import type { Prices } from '../folds/ledger.ts'
import { SOURCES } from '../sources/sources.ts'
import type { DeadLetter, DeadLetters } from '../stores/dead.ts'
import { openDeadLetters } from '../stores/log/dead-letters.ts'
import { openEventLog } from '../stores/log/log.ts'
import { LogRewriter } from '../stores/log/rewrite.ts'
import { openReadOnly } from '../stores/sqlite/database.ts'
import { openEventIndex } from '../stores/sqlite/events.ts'
import { openSessionFolds, openTurnFolds } from '../stores/sqlite/folds.ts'
import { lockFolder } from '../stores/sqlite/lock.ts'
import { type StorePaths, storePaths } from '../stores/sqlite/reader.ts'
import { openSearchIndex } from '../stores/sqlite/search.ts'
import { openBus } from './buses.ts'
import { type Config, ConfigError } from './config.ts'
import { look } from './formats.ts'
import { type Layout, layoutOf } from './layout.ts'
import { machine } from './machine.ts'
import { loadPrices } from './prices.ts'
import { type Retold, retell } from './retell/retell.ts'
import { unreadBy } from './unread.ts'
import { assertFormat } from './upgrade.ts'

export interface Reindexed {
  readonly events: number
  readonly retold: Retold
  readonly seconds: number
}

export interface Progress {
  readonly doing: 'telling' | 'folding'
  readonly done: number // lines told anew, events folded
}

// `fromRaw`: events of the vocabulary of today are made anew as well.
export async function reindex(
  config: Config,
  log: Log,
  onProgress: (progress: Progress) => void,
  { fromRaw = false }: { readonly fromRaw?: boolean } = {},
): Promise<Reindexed> {
  const from = performance.now()
  const layout = layoutOf(config.dataDir)
  if (!existsSync(layout.log)) throw new ConfigError(`there is no log at ${layout.log}; run: openstory import`)
  assertFormat(layout) // a newer store alone is no reason: this is the way out of it
  const lock = lockFolder(join(layout.dataDir, 'lock.sqlite'))
  if (lock === null) throw new ConfigError(`another OpenStory uses ${layout.dataDir}; stop it first`)
  try {
    const bus = await openBus(config.bus, layout, 'holder', log)
    const { durables } = await bus.state()
    await bus.close()
    const ackedSeq = durables.find(({ name }) => name === 'persist')?.ackedSeq ?? 0
    const rewriter = new LogRewriter(layout.log)
    const prices = await loadPrices(config.dataDir)
    const retold = tellAnew(config, layout, rewriter, fromRaw, onProgress)
    const events = inPlace(layout, rewriter, retold, (paths) =>
      rebuild(layout, paths, prices, ackedSeq, (done) => onProgress({ doing: 'folding', done })),
    )
    return { events, retold, seconds: Math.round(performance.now() - from) / 1000 }
  } finally {
    lock.release()
  }
}

// Beside the log; nothing is in its place yet.
function tellAnew(
  config: Config,
  layout: Layout,
  rewriter: LogRewriter,
  all: boolean,
  onProgress: (progress: Progress) => void,
): Retold {
  rewriter.clear()
  rmSync(layout.scratch, { recursive: true, force: true })
  const log = openEventLog(layout.log)
  const scratch = openEventLog(layout.scratch)
  try {
    const known = { sources: SOURCES, machine: machine(), watch: config.watch }
    return retell({
      log,
      scratch,
      rewriter,
      known,
      all,
      onProgress: (done) => onProgress({ doing: 'telling', done }),
    })
  } catch (error) {
    rewriter.clear()
    throw error
  } finally {
    log.close()
    scratch.close()
    rmSync(layout.scratch, { recursive: true, force: true })
  }
}

// The old store goes before the first file of the log does: its rows point into the files as they were, and whoever finds none makes one.
function inPlace(layout: Layout, rewriter: LogRewriter, retold: Retold, build: (paths: StorePaths) => number): number {
  const next = `${layout.store}.next`
  const old = `${layout.store}.old`
  for (const left of [next, old]) rmSync(left, { recursive: true, force: true })
  const setAside = () => {
    if (existsSync(layout.store)) renameSync(layout.store, old)
  }
  let events: number
  try {
    if (retold.files > 0) {
      setAside()
      rewriter.replace()
    }
    events = build(storePaths(next))
  } catch (error) {
    rewriter.restore()
    if (existsSync(old)) renameSync(old, layout.store)
    throw error
  }
  setAside()
  renameSync(next, layout.store)
  rmSync(old, { recursive: true, force: true })
  rewriter.settle()
  return events
}

function rebuild(
  layout: Layout,
  paths: StorePaths,
  prices: Prices,
  ackedSeq: number,
  onProgress: (events: number) => void,
): number {
  const log = openEventLog(layout.log)
  const index = openEventIndex(paths.events)
  const { events } = catchUp(log, index)
  index.begin(ackedSeq)
  const sessions = openSessionFolds(paths.sessions, prices)
  const turns = openTurnFolds(paths.turns)
  const folds = [
    deadFold(layout, 'projections', (messages) => foldSessions(sessions, messages)),
    deadFold(layout, 'patterns', (messages) => foldTurns(turns, messages)),
  ]
  const folded = foldLog(log, folds, { clock: systemClock, onProgress })
  for (const [i, { dead }] of folds.entries()) settleLetters(dead, folded[i]!.missing)
  sessions.whole()
  turns.whole()
  sessions.announced(sessions.unannounced().map(({ id }) => id))
  turns.announced(turns.unannounced().map(({ id }) => id))
  const reading = openReadOnly(paths.events)
  const unread = deadSearch(layout)
  const search = openSearchIndex(paths.search, reading, log, look, { onUnread: unread.onUnread })
  while (search.follow(SEARCH_BATCH) > 0);
  settleLetters(unread.dead, [])
  for (const part of [search, sessions, turns, index]) part.close()
  reading.close()
  log.close()
  return events
}

// Everything is told anew: what was set aside is tried as well, and what still cannot be handled is set aside again.
function deadFold({ deadLetters }: Layout, consumer: string, fold: LogFold['fold']): LogFold {
  const dead = openDeadLetters(deadLetters, consumer)
  dead.ask()
  return { consumer, dead, fold }
}

function deadSearch({ deadLetters }: Layout) {
  const dead = openDeadLetters(deadLetters, 'search')
  dead.ask()
  return { dead, onUnread: unreadBy(dead) }
}

function settleLetters(dead: DeadLetters, missing: readonly DeadLetter[]): void {
  dead.add(missing)
  dead.done()
}

const SEARCH_BATCH = 2_000
