// `openstory import`: everything the watcher sees goes through the same pipeline as live, until it is kept, folded and searchable.
import { availableParallelism } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../base/log.ts'
import { storePaths } from '../stores/sqlite/reader.ts'
import { restingStore } from '../stores/sqlite/resting.ts'
import type { Damage, WatcherStatus } from '../watcher/watcher.ts'
import type { Config } from './config.ts'
import { layoutOf } from './layout.ts'
import { type Standing, standing } from './nothing-new.ts'
import type { Pipeline } from './pipeline.ts'

export interface ImportResult {
  readonly files: number
  readonly lines: number
  readonly events: number
  readonly sessions: number
  readonly damaged: number
  readonly unknown: number
  readonly bytes: number
  readonly seconds: number
}

export interface Imported {
  readonly result: ImportResult
  readonly damage: readonly Damage[]
  readonly torn: readonly Damage[]
}

export interface Progress {
  readonly files: number
  readonly waiting: number
  readonly bytes: number
  readonly events: number
  readonly behind: number // events on the stream not yet kept, plus not yet searchable
}

const STAGED_PROCESSORS_MAX = 3 // with more of them all at once is faster
const LOOK_EVERY_MS = 25
const TELL_EVERY_MS = 500

export async function importAll(
  config: Config,
  log: Log,
  onProgress: (progress: Progress) => void,
  stages: Stages = stagesOf(config),
): Promise<Imported> {
  const from = performance.now()
  const secondsNow = () => Math.round(performance.now() - from) / 1000
  const still = standing(config)
  if (still !== null) return nothingRead(still, secondsNow())
  const { startPipeline } = await import('./pipeline.ts')
  const { isStaged, streamBytesMax } = stages
  const pipeline = await startPipeline(config, log, { inBulk: true, isHeld: isStaged })
  let read: WatcherStatus
  let events: number
  try {
    await pipeline.started
    const look = looker(pipeline, onProgress)
    const reading = isStaged ? await keepFirst(pipeline, look, streamBytesMax) : null
    read = await look(({ status, behind }) => status.caughtUp && behind === 0)
    await reading?.ended
    // Nobody watches while importing: the live place would keep the whole stream for nobody.
    await pipeline.bus.forget('broadcast')
    events = (await pipeline.persist.now())?.inserted ?? 0
  } finally {
    await pipeline.stop()
  }
  const { lines, files, bytes, damaged, unknown, damage, torn } = read
  const sessions = await sessionsIn(config.dataDir)
  return { result: { files, lines, events, sessions, damaged, unknown, bytes, seconds: secondsNow() }, damage, torn }
}

// On a small machine an import goes in two stages: everything is read and kept; then it is folded and indexed, while nothing is read any
// more. Threads that would only wait for each other's processor are not in memory together, and what they take comes in full batches.
export interface Stages {
  readonly isStaged: boolean
  readonly streamBytesMax: number // what the second stage may be behind; beyond it both go on together
}

const stagesOf = ({ bus }: Config): Stages => ({
  isStaged: bus === 'embedded' && availableParallelism() <= STAGED_PROCESSORS_MAX,
  streamBytesMax: 1024 * 1024 * 1024,
})

async function keepFirst(
  pipeline: Pipeline,
  look: LookUntil,
  streamBytesMax: number,
): Promise<{ readonly ended: Promise<void> }> {
  let isAll = false
  await look(({ status, kept, busBytes }) => {
    isAll = status.caughtUp && kept
    return isAll || busBytes > streamBytesMax
  })
  // What is kept comes to the disk meanwhile: nobody waits for that.
  const ended = isAll ? pipeline.endReading() : Promise.resolve()
  ended.catch(() => undefined) // whoever waits for it is told
  pipeline.release()
  return { ended }
}

function nothingRead({ files, torn, sessions }: Standing, seconds: number): Imported {
  const result = { files, lines: 0, events: 0, sessions, damaged: 0, unknown: 0, bytes: 0, seconds }
  return { result, damage: [], torn }
}

// The store was closed, and stays so where it is whole: a plain question would leave side files of its own.
async function sessionsIn(dataDir: string): Promise<number> {
  const resting = restingStore(storePaths(layoutOf(dataDir).store))
  if (resting !== null) return resting.sessions
  const { openAsking } = await import('./asking.ts')
  const asking = openAsking(dataDir)
  try {
    return (await asking.reader.facts()).sessions
  } finally {
    asking.close()
  }
}

interface Seen {
  readonly status: WatcherStatus
  readonly kept: boolean // all of the stream is in the log
  readonly behind: number // events on the stream not taken by everyone, and those not searchable
  readonly busBytes: number
}

async function seenOf(pipeline: Pipeline): Promise<Seen> {
  const status = pipeline.watcher()!.status()!
  const { durables, bytes, lastSeq } = await pipeline.bus.state()
  const lags = new Map(durables.map(({ name, lag }) => [name, lag]))
  const lag = Math.max(0, ...pipeline.consumers.map(({ name }) => lags.get(name) ?? 0))
  const unsearched = (await pipeline.search.now())?.lag ?? 0
  // What it took since it began, or before.
  const kept = lags.get('persist') === 0 || ((await pipeline.persist.now())?.handledSeq ?? 0) >= lastSeq
  return { status, kept, behind: lag + unsearched, busBytes: bytes }
}

type LookUntil = (is: (seen: Seen) => boolean) => Promise<WatcherStatus>

// Looks again and again, tells how far it is, and throws when a part has given up.
function looker(pipeline: Pipeline, onProgress: (progress: Progress) => void): LookUntil {
  let toldMs = 0
  return async (is) => {
    for (;;) {
      await sleep(LOOK_EVERY_MS)
      const failed = [...pipeline.consumers, pipeline.search].find((thread) => thread.gaveUp() !== null)
      if (failed) throw new Error(failed.gaveUp()!)
      const status = pipeline.watcher()?.status() ?? null
      const tell = Date.now() - toldMs > TELL_EVERY_MS
      if (status === null || !(status.caughtUp || tell)) continue
      const seen = await seenOf(pipeline)
      if (tell) {
        toldMs = Date.now()
        const { files, waiting, bytes, events } = seen.status
        onProgress({ files, waiting, bytes, events, behind: seen.behind })
      }
      if (is(seen)) return seen.status
    }
  }
}
