// `openstory import`: everything the watcher sees goes through the same pipeline as live, until it is kept, folded and searchable.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Log } from '../base/log.ts'
import type { Damage, WatcherStatus } from '../watcher/watcher.ts'
import type { Config } from './config.ts'
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

const LOOK_EVERY_MS = 25
const TELL_EVERY_MS = 500

export async function importAll(config: Config, log: Log, onProgress: (progress: Progress) => void): Promise<Imported> {
  const from = performance.now()
  const secondsNow = () => Math.round(performance.now() - from) / 1000
  const still = standing(config)
  if (still !== null) return nothingRead(still, secondsNow())
  const { startPipeline } = await import('./pipeline.ts')
  const pipeline = await startPipeline(config, log, { inBulk: true })
  try {
    await pipeline.started
    const status = await untilDone(pipeline, onProgress)
    const { sessions } = await pipeline.reader.facts()
    // Nobody watches while importing: the live place would keep the whole stream for nobody.
    await pipeline.bus.forget('broadcast')
    const { lines, files, bytes, damaged, unknown, damage, torn } = status
    const events = (await pipeline.persist.now())?.inserted ?? 0
    const seconds = secondsNow()
    return { result: { files, lines, events, sessions, damaged, unknown, bytes, seconds }, damage, torn }
  } finally {
    await pipeline.stop()
  }
}

function nothingRead({ files, torn, sessions }: Standing, seconds: number): Imported {
  const result = { files, lines: 0, events: 0, sessions, damaged: 0, unknown: 0, bytes: 0, seconds }
  return { result, damage: [], torn }
}

async function untilDone(pipeline: Pipeline, onProgress: (progress: Progress) => void): Promise<WatcherStatus> {
  let toldMs = 0
  for (;;) {
    await sleep(LOOK_EVERY_MS)
    const failed = [...pipeline.consumers, pipeline.search].find((thread) => thread.gaveUp() !== null)
    if (failed) throw new Error(failed.gaveUp()!)
    const status = pipeline.watcher()?.status() ?? null
    if (status === null) continue
    const read = status.caughtUp
    const tell = Date.now() - toldMs > TELL_EVERY_MS
    if (!read && !tell) continue
    const state = await pipeline.bus.state()
    const lag = Math.max(0, ...state.durables.filter(({ name }) => name !== 'broadcast').map((durable) => durable.lag))
    // The reader is asked only at the end: it takes memory that an import has better use for.
    const behind = lag + ((await pipeline.search.now())?.lag ?? 0)
    if (tell) {
      toldMs = Date.now()
      onProgress({ files: status.files, waiting: status.waiting, bytes: status.bytes, events: status.events, behind })
    }
    if (read && behind === 0 && (await pipeline.reader.facts()).searchLag === 0) return pipeline.watcher()!.status()!
  }
}
