// `openstory serve`: the pipeline, the live hub and the API in front of it.

import { createApi } from '../api/api.ts'
import type { LiveBatch } from '../api/hub.ts'
import { systemClock } from '../base/clock.ts'
import type { Log } from '../base/log.ts'
import type { Bus } from '../bus/bus.ts'
import { broadcastConsumer, readableItems } from '../consumers/broadcast/broadcast.ts'
import { type RunningConsumer, runConsumer } from '../consumers/consumer.ts'
import { openDeadLetters } from '../stores/log/dead-letters.ts'
import { type Asked, askedOf, ownName, reachedAs } from './access.ts'
import { traceOf } from './asking.ts'
import { checkoutsAsked } from './checkouts.ts'
import { commitsAsked, madeByAsked } from './commits-asked.ts'
import type { Config } from './config.ts'
import { exportedLines } from './exported.ts'
import { formatsOf } from './formats.ts'
import { healthOf } from './health.ts'
import { pageDir } from './layout.ts'
import { labelOf, labels, resumeOf } from './machine.ts'
import { type Pipeline, sayRunning, startPipeline } from './pipeline.ts'
import { VERSION } from './version.ts'

export interface Serving {
  readonly url: string
  readonly port: number
  readonly asked: Asked | null // null: nothing is asked of those who read
  readonly pipeline: Pipeline
  stop(): Promise<void>
}

export async function serve(config: Config, log: Log): Promise<Serving> {
  const startedMs = Date.now()
  const pipeline = await startPipeline(config, log)
  try {
    const { bus, reader, layout } = pipeline
    const { lastSeq } = await bus.state()
    const asked = askedOf(config)
    let broadcast: RunningConsumer | null = null
    let url = ''
    const api = createApi({
      reader,
      labels,
      resume: resumeOf,
      version: VERSION,
      pageDir: pageDir(),
      log,
      keys: asked?.keys ?? null,
      allowHosts: config.allowHosts ?? [],
      nowMs: () => systemClock.nowMs(),
      live: {
        seq: lastSeq,
        lastSeq: async () => (await bus.state()).lastSeq,
        replay: (fromSeq, signal) => replay(bus, fromSeq, signal),
      },
      health: () => healthOf({ pipeline, startedMs, broadcast: broadcast?.state() ?? null, hub: api.hub.stats() }),
      formats: () => formatsOf(reader),
      lines: (session, as) => exportedLines(layout, session, as),
      commits: (wish) => commitsAsked(reader, wish),
      madeBy: (wish) => madeByAsked(reader, wish),
      checkouts: () => checkoutsAsked(reader),
      trace: (id) =>
        traceOf(reader, id, {
          broadcastSeq: broadcast?.state().handledSeq ?? null,
          clients: api.hub.stats().clients,
          page: url,
        }),
    })
    const listening = await api.listen(config.port, config.host)
    url = `http://${reachedAs(config.host)}:${listening.port}`
    sayRunning(layout, `http://${ownName(config.host)}:${listening.port}`, asked?.keys.token)
    const consumer = broadcastConsumer({
      listening: () => api.hub.isListening(),
      publish: (batch) => api.hub.publish(batch),
      label: labelOf,
    })
    const dead = openDeadLetters(layout.deadLetters, consumer.name)
    broadcast = await runConsumer(bus, consumer, { log, clock: systemClock, dead })
    pipeline.started.catch((error: Error) =>
      log.error({ why: error.message }, 'serve: a part did not start; see /api/health'),
    )
    return {
      url,
      port: listening.port,
      asked,
      pipeline,
      async stop() {
        await listening.close()
        await broadcast?.stop()
        await pipeline.stop()
      },
    }
  } catch (error) {
    await pipeline.stop()
    throw error
  }
}

// Everything after `fromSeq`, for a client that is behind.
async function* replay(bus: Bus, fromSeq: number, signal: AbortSignal): AsyncIterable<LiveBatch> {
  for await (const messages of bus.read(fromSeq + 1, '>', signal))
    yield { to: messages.at(-1)!.seq, items: readableItems(messages, labelOf) }
}
