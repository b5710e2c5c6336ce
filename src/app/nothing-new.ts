// An import that finds nothing new: told from what is on the disk, with no thread, no process and not one byte written. In doubt it is
// none, and everything is started.
import { existsSync } from 'node:fs'
import { hostname, userInfo } from 'node:os'
import { isDrained } from '../bus/embedded/drained.ts'
import { SOURCES } from '../sources/sources.ts'
import { openDeadLetters } from '../stores/log/dead-letters.ts'
import { storePaths } from '../stores/sqlite/reader.ts'
import { restingStore } from '../stores/sqlite/resting.ts'
import { type NothingNew, nothingNew } from '../watcher/nothing-new.ts'
import type { Config } from './config.ts'
import { type Layout, layoutOf } from './layout.ts'
import { machine } from './machine.ts'
import { priceEdition } from './prices.ts'
import { assertKnown } from './upgrade.ts'

const CONSUMERS = ['persist', 'patterns', 'projections'] as const

export interface Standing extends NothingNew {
  readonly sessions: number // in the record
}

// Throws ConfigError where a start would.
export function standing(config: Config): Standing | null {
  const layout = layoutOf(config.dataDir)
  assertKnown(config.dataDir)
  if (config.bus !== 'embedded' || existsSync(layout.running)) return null
  if (!isDrained(layout.bus, CONSUMERS) || isAskedAnew(layout)) return null
  const store = restingStore(storePaths(layout.store))
  if (store === null || store.searchLag > 0 || store.pricedBy !== priceEdition(config.dataDir)) return null
  const found = nothingNew({
    sources: SOURCES,
    machine: machine(),
    extraRoots: config.watch,
    onlyExtra: Object.keys(config.watch).length > 0,
    offsets: layout.offsets,
    place: { host: hostname(), user: userInfo().username },
  })
  return found && { ...found, sessions: store.sessions }
}

// Dead letters that a person wants tried again.
const isAskedAnew = ({ deadLetters }: Layout): boolean =>
  [...CONSUMERS, 'search'].some((name) => openDeadLetters(deadLetters, name).isAsked())
