// The thread of queries: SqliteReader behind messages. A slow query holds up other queries, and nothing else.
import { parentPort, workerData } from 'node:worker_threads'
import { reasonOf } from '../../base/log.ts'
import { openEventLog } from '../../stores/log/log.ts'
import { SqliteReader, storePaths } from '../../stores/sqlite/reader.ts'
import { layoutOf } from '../layout.ts'
import type { Plan } from './thread.ts'

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
    | 'trace'
    | 'search'
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
export type Answer = { readonly n: number; readonly value: unknown } | { readonly n: number; readonly why: string }

const layout = layoutOf((workerData as Plan).dataDir)
const port = parentPort!
const log = openEventLog(layout.log)
const reader = new SqliteReader(storePaths(layout.store), log)

port.on('message', (question: Question | 'stop') => {
  if (question === 'stop') {
    reader.close()
    log.close()
    port.close()
    return
  }
  const { n, method, args } = question
  try {
    const value = (reader[method] as (...args: readonly unknown[]) => unknown).apply(reader, [...args])
    port.postMessage({ n, value } satisfies Answer)
  } catch (error) {
    port.postMessage({ n, why: reasonOf(error) } satisfies Answer)
  }
})
