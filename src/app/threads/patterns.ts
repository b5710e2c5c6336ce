// The thread of patterns: turns.
import { foldTurns, patternsConsumer } from '../../consumers/patterns/patterns.ts'
import type { Known } from '../../stores/sqlite/database.ts'
import { openTurnFolds } from '../../stores/sqlite/folds.ts'
import type { StorePaths } from '../../stores/sqlite/reader.ts'
import { runFold } from './fold.ts'

await runFold({
  name: 'patterns',
  open: ({ turns }: StorePaths, known: Known) => openTurnFolds(turns, known),
  fold: foldTurns,
  consumer: patternsConsumer,
})
