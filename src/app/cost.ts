// What the command line needs to ask about cost: the question understood, and prices as they are now.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type CostWords, costQuestion } from '../insights/cost/question.ts'
import { openSessionFolds } from '../stores/sqlite/folds.ts'
import { lockFolder } from '../stores/sqlite/lock.ts'
import { storePaths } from '../stores/sqlite/reader.ts'
import type { CostQuery } from '../stores/store.ts'
import { ConfigError } from './config.ts'
import { layoutOf } from './layout.ts'
import { loadPrices } from './prices.ts'

export { PRICE_LIST } from '../insights/cost/edition.ts'

// Throws ConfigError.
export function costQuery(words: CostWords, limit: number): CostQuery {
  const question = costQuestion(words, { limit, offset: 0 }, Date.now())
  if (!question.ok) throw new ConfigError(`--${question.why}`)
  return question.query
}

// Whoever holds the folder sees to it; where nobody does, what was counted is priced as of now.
export async function refreshPrices(dataDir: string): Promise<void> {
  const { sessions } = storePaths(layoutOf(dataDir).store)
  if (!existsSync(sessions)) return
  const prices = await loadPrices(dataDir)
  const lock = lockFolder(join(dataDir, 'lock.sqlite'))
  if (lock === null) return
  try {
    const store = openSessionFolds(sessions, prices)
    const { isPartial } = store
    store.close()
    if (isPartial) throw new ConfigError(`the store in ${dataDir} is not whole; run: openstory reindex`)
  } finally {
    lock.release()
  }
}
