// The thread of projections: session rows.
import { foldSessions, projectionsConsumer } from '../../consumers/projections/projections.ts'
import { openSessionFolds } from '../../stores/sqlite/folds.ts'
import type { StorePaths } from '../../stores/sqlite/reader.ts'
import { runFold } from './fold.ts'

await runFold({
  open: ({ sessions }: StorePaths) => openSessionFolds(sessions),
  fold: foldSessions,
  consumer: projectionsConsumer,
})
