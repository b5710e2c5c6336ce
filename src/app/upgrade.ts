// A data folder that another version made. What a newer one made is refused whole, before anything is touched: what this one does not know
// it cannot keep. What an older one made is taken over: stores are made anew from the log by whoever opens them.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { storePaths } from '../stores/sqlite/reader.ts'
import { foreignSays, foreignStores } from '../stores/sqlite/versions.ts'
import { ConfigError } from './config.ts'
import { type Layout, layoutOf } from './layout.ts'

// Of what has no number of its own: the log, the bus's files and cursors, the watcher's offsets, dead letters. It grows when a version
// lays one of them out so that those before it would misread it. A folder without the file is of the first.
export const FORMAT = 1
const formatFile = ({ dataDir }: Layout) => join(dataDir, 'format')

// Throws ConfigError with one sentence.
export function assertFormat(layout: Layout): void {
  const path = formatFile(layout)
  if (!existsSync(path)) return
  const found = Number(readFileSync(path, 'utf8').trim())
  if (Number.isSafeInteger(found) && found <= FORMAT) return
  throw new ConfigError(
    `${layout.dataDir} was made by a newer OpenStory (format ${readFileSync(path, 'utf8').trim().slice(0, 20)}, this one knows ${FORMAT}); update OpenStory, or choose another folder with --data-dir`,
  )
}

// What a start asks first. Throws ConfigError with one sentence.
export function assertKnown(dataDir: string): void {
  const layout = layoutOf(dataDir)
  assertFormat(layout)
  const foreign = foreignStores(storePaths(layout.store))
  const newer = foreign.find(({ found, known }) => found > known)
  if (newer !== undefined)
    throw new ConfigError(
      `${newer.path} was made by a newer OpenStory (schema ${newer.found}, this one knows ${newer.known}); update OpenStory, or make the store anew from the log with this one: openstory reindex`,
    )
  const older = foreign[0]
  if (older !== undefined && !hasLog(layout))
    throw new ConfigError(
      `${older.path} is of an older OpenStory (schema ${older.found}, this one has ${older.known}), and the log that it would be made anew from is not in ${layout.log}; put the log back there, or move ${layout.store} away`,
    )
}

// One sentence, for who only looks: what, and what to do. Null where this version can ask.
export function foreignIn(dataDir: string): string | null {
  try {
    assertKnown(dataDir)
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  const older = foreignStores(storePaths(layoutOf(dataDir).store))[0]
  return older === undefined ? null : foreignSays(older)
}

// Once the folder is held.
export function sayFormat(layout: Layout): void {
  if (!existsSync(formatFile(layout))) writeFileSync(formatFile(layout), `${FORMAT}\n`, { mode: 0o600 })
}

const hasLog = ({ log }: Layout): boolean =>
  existsSync(log) && readdirSync(log, { recursive: true, encoding: 'utf8' }).some((name) => name.endsWith('.jsonl'))
