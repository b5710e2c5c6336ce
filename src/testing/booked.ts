// A home folder in the books: every transcript in it, read as the watcher reads it and counted as the consumer counts it.
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Message } from '../bus/bus.ts'
import { foldSessions } from '../consumers/projections/projections.ts'
import type { Prices } from '../folds/ledger.ts'
import { SOURCES } from '../sources/sources.ts'
import { Books } from './books.ts'
import { Den } from './watching.ts'

const BATCH = 700

export async function booked(home: string, prices?: Prices): Promise<Books> {
  const den = new Den()
  const sent: Message[] = []
  den.hooks.publish = (messages) => void sent.push(...messages)
  const machine = { home, env: {}, platform: process.platform }
  den.watch({ sources: SOURCES, machine, extraRoots: {}, onlyExtra: false })
  await den.caughtUp()
  await den.stop()
  await den.remove()
  const books = new Books(prices)
  for (let at = 0; at < sent.length; at += BATCH) foldSessions(books.store, sent.slice(at, at + BATCH))
  return books
}

// Lines of JSON, written as an agent writes them.
export function writeLines(file: string, lines: readonly object[]): void {
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
}
