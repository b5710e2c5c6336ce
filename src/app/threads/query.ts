// The thread of queries: SqliteReader behind messages. A slow query holds up other queries, and nothing else.
// The store is opened when it is first asked, anew when it was made anew, and anew after it could not be read.
import { parentPort, workerData } from 'node:worker_threads'
import { reasonOf } from '../../base/log.ts'
import { isCorrupt } from '../../base/passing.ts'
import { openEventLog } from '../../stores/log/log.ts'
import { isSound } from '../../stores/sqlite/database.ts'
import { SqliteReader, storePaths } from '../../stores/sqlite/reader.ts'
import { layoutOf } from '../layout.ts'
import type { Plan, StoreName } from './thread.ts'

export interface Question {
  readonly n: number
  readonly method:
    | 'sessions'
    | 'session'
    | 'resolveSession'
    | 'records'
    | 'turns'
    | 'sentences'
    | 'eventText'
    | 'work'
    | 'timeline'
    | 'outline'
    | 'moments'
    | 'trace'
    | 'search'
    | 'tools'
    | 'facets'
    | 'cost'
    | 'costRequests'
    | 'files'
    | 'fileHistory'
    | 'turnFiles'
    | 'sessionsTouching'
    | 'facts'
    | 'drift'
  readonly args: readonly unknown[]
}
export type ToQuery = Question | 'reopen' | 'stop'
export type Answer =
  | { readonly n: number; readonly value: unknown }
  | { readonly n: number; readonly why: string }
  | { readonly corrupt: readonly StoreName[] }

const layout = layoutOf((workerData as Plan).dataDir)
const paths = storePaths(layout.store)
const port = parentPort!
const log = openEventLog(layout.log)
let reader: SqliteReader | null = null

const close = () => {
  reader?.close()
  reader = null
}

port.on('message', (question: ToQuery) => {
  if (question === 'reopen') return close()
  if (question === 'stop') {
    close()
    log.close()
    port.close()
    return
  }
  const { n, method, args } = question
  try {
    reader ??= new SqliteReader(paths, log)
    const value = (reader[method] as (...args: readonly unknown[]) => unknown).apply(reader, [...args])
    port.postMessage({ n, value } satisfies Answer)
  } catch (error) {
    const corrupt = isCorrupt(error) ? corruptStores(error) : []
    if (corrupt.length === 0) return port.postMessage({ n, why: reasonOf(error) } satisfies Answer)
    close()
    port.postMessage({ corrupt } satisfies Answer)
    const why = `the store is corrupt (${corrupt.join(', ')}); it is being made anew from the log, ask again in a moment`
    port.postMessage({ n, why } satisfies Answer)
  }
})

const CORRUPT_VTAB = 267 // of FTS5's own making: the pages are sound and what stands in them is not

function corruptStores(error: unknown): StoreName[] {
  if ((error as { errcode?: number }).errcode === CORRUPT_VTAB) return ['search']
  return (['events', 'search', 'sessions', 'turns'] as const).filter((name) => !isSound(paths[name]))
}
