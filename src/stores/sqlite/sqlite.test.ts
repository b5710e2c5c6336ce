// SQLite over real files keeps the store contract; and what only its own files can suffer.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openEventLog } from '../log/log.ts'
import { type StoreFixture, storeContract } from '../store.contract.ts'

import { openReadOnly } from './database.ts'
import { openEventIndex } from './events.ts'
import { openSessionFolds, openTurnFolds } from './folds.ts'
import { promised } from './promised.ts'
import { SqliteReader, storePaths } from './reader.ts'
import { openSearchIndex } from './search.ts'

async function openStore(): Promise<StoreFixture> {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-store-'))
  const paths = storePaths(join(dir, 'store'))
  const log = openEventLog(join(dir, 'log'))
  const index = openEventIndex(paths.events)
  const following = openReadOnly(paths.events)
  const search = openSearchIndex(paths.search, following, log)
  const [sessions, turns] = [openSessionFolds(paths.sessions), openTurnFolds(paths.turns)]
  const reader = new SqliteReader(paths, log)
  return {
    log,
    index,
    search,
    sessions,
    turns,
    reader: promised(reader),
    async destroy() {
      for (const part of [reader, search, following, sessions, turns, index, log]) part.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

storeContract('sqlite', openStore)
