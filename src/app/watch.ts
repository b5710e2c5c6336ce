// The stream as it flows, for `openstory watch`: beside a server that runs, or with a pipeline of its own when none does.
import type { Log } from '../base/log.ts'
import type { Bus } from '../bus/bus.ts'
import { openBus } from './buses.ts'
import type { Config } from './config.ts'
import { layoutOf } from './layout.ts'
import { isHeld, startPipeline } from './pipeline.ts'

export interface Following {
  readonly from: number | null // null: from now on
  readonly filter: string
  readonly signal: AbortSignal
}

export async function* follow(config: Config, log: Log, following: Following): AsyncIterable<Uint8Array> {
  const layout = layoutOf(config.dataDir)
  if (isHeld(layout)) {
    const bus = await openBus(config.bus, layout, 'guest', log)
    yield* read(bus, following)
    return bus.close()
  }
  const pipeline = await startPipeline(config, log)
  yield* read(pipeline.bus, following)
  await pipeline.stop()
}

async function* read(bus: Bus, { from, filter, signal }: Following): AsyncIterable<Uint8Array> {
  const start = from ?? (await bus.state()).lastSeq + 1
  for await (const messages of bus.read(start, filter, signal)) for (const { data } of messages) yield data
}
