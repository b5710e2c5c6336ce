// Where things are in the data folder, and where the code of our own threads and processes is.
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

export interface Layout {
  readonly dataDir: string
  readonly log: string
  readonly store: string
  readonly scratch: string // what reindex is making; gone when it is done
  readonly bus: string
  readonly watcher: string // the only folder the watcher may write to
  readonly offsets: string
  readonly deadLetters: string // events that a consumer could not handle
  readonly copies: string // of databases that cannot be read where they stand without a trace; gone when they were read
  readonly running: string // who holds the folder, for messages to people
}

export function layoutOf(dataDir: string): Layout {
  const watcher = join(dataDir, 'watcher')
  return {
    dataDir,
    log: join(dataDir, 'log'),
    store: join(dataDir, 'store'),
    scratch: join(dataDir, 'retelling'),
    bus: join(dataDir, 'bus'),
    watcher,
    offsets: join(watcher, 'offsets.jsonl'),
    deadLetters: join(dataDir, 'dead-letters'),
    copies: join(watcher, 'copies'),
    running: join(dataDir, 'running.json'),
  }
}

// A module beside another one: `.ts` in a clone, `.js` in the package, where the tree is the same.
export const beside = (metaUrl: string, name: string): URL =>
  new URL(`${name}${metaUrl.endsWith('.ts') ? '.ts' : '.js'}`, metaUrl)

// The built page: dist/web, from src/app or from dist/app alike.
export const pageDir = (): string => fileURLToPath(new URL('../../dist/web', import.meta.url))
