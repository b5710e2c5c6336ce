// The thread of patterns: turns.
import { foldTurns, patternsConsumer } from '../../consumers/patterns/patterns.ts'
import { openTurnFolds } from '../../stores/sqlite/folds.ts'
import type { StorePaths } from '../../stores/sqlite/reader.ts'
import { runFold } from './fold.ts'

await runFold({ open: ({ turns }: StorePaths) => openTurnFolds(turns), fold: foldTurns, consumer: patternsConsumer })
