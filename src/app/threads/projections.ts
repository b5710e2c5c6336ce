// The thread of projections: session rows, and what everything cost.
import { workerData } from 'node:worker_threads'
import { foldSessions, projectionsConsumer } from '../../consumers/projections/projections.ts'
import type { Known } from '../../stores/sqlite/database.ts'
import { openSessionFolds } from '../../stores/sqlite/folds.ts'
import type { StorePaths } from '../../stores/sqlite/reader.ts'
import { loadPrices, pricesWrittenMs } from '../prices.ts'
import { runFold } from './fold.ts'
import type { Plan } from './thread.ts'

const { dataDir } = workerData as Plan
let writtenMs = pricesWrittenMs(dataDir)

await runFold({
  name: 'projections',
  open: async ({ sessions }: StorePaths, known: Known) => openSessionFolds(sessions, await loadPrices(dataDir), known),
  fold: foldSessions,
  consumer(parts) {
    const consumer = projectionsConsumer(parts)
    return {
      ...consumer,
      async rest() {
        // A person changed their prices: what was counted costs something else from now on.
        const nowMs = pricesWrittenMs(dataDir)
        if (nowMs !== writtenMs) parts.store.reprice(await loadPrices(dataDir))
        writtenMs = nowMs
        await consumer.rest?.()
      },
    }
  },
})
