// StoreReader over the query thread: questions go out, answers come back by number.
import { Worker } from 'node:worker_threads'
import { reasonOf } from '../base/log.ts'
import { StoreError, type StoreReader } from '../stores/store.ts'
import { beside } from './layout.ts'
import type { Answer, Question } from './threads/query.ts'
import type { Plan } from './threads/thread.ts'

const WAITING_MAX = 1_000

export function startReader(plan: Plan): StoreReader {
  const worker = new Worker(beside(import.meta.url, './threads/query'), {
    workerData: plan,
    name: 'query',
    resourceLimits: { maxOldGenerationSizeMb: 1024 },
  })
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let last = 0
  let ended: string | null = null
  const end = (why: string) => {
    ended = why
    for (const { reject } of waiting.values()) reject(new StoreError(why))
    waiting.clear()
  }
  worker.on('message', (answer: Answer) => {
    const question = waiting.get(answer.n)
    waiting.delete(answer.n)
    if ('why' in answer) question?.reject(new StoreError(answer.why))
    else question?.resolve(answer.value)
  })
  worker.on('error', (error) => end(`the store cannot be asked: ${reasonOf(error)}`))
  worker.on('exit', () => end(ended ?? 'the store is closed'))
  const ask = <T>(method: Question['method'], ...args: readonly unknown[]): Promise<T> => {
    if (ended !== null) return Promise.reject(new StoreError(ended))
    if (waiting.size >= WAITING_MAX) return Promise.reject(new StoreError('too many questions at once; try again'))
    const question = Promise.withResolvers<unknown>()
    waiting.set(++last, question)
    worker.postMessage({ n: last, method, args } satisfies Question)
    return question.promise as Promise<T>
  }
  return {
    sessions: (query) => ask('sessions', query),
    session: (id) => ask('session', id),
    resolveSession: (id) => ask('resolveSession', id),
    records: (session, page) => ask('records', session, page),
    turns: (session) => ask('turns', session),
    sentences: (query) => ask('sentences', query),
    eventText: (id) => ask('eventText', id),
    work: (session, names) => ask('work', session, names),
    timeline: (session, max) => ask('timeline', session, max),
    trace: (id) => ask('trace', id),
    search: (plan, page) => ask('search', plan, page),
    cost: (query) => ask('cost', query),
    costRequests: (query, key) => ask('costRequests', query, key),
    files: (query) => ask('files', query),
    fileHistory: (query) => ask('fileHistory', query),
    turnFiles: (turn) => ask('turnFiles', turn),
    sessionsTouching: (path) => ask('sessionsTouching', path),
    facts: () => ask('facts'),
    drift: () => ask('drift'),
    async close() {
      worker.postMessage('stop')
      if (ended === null) await new Promise((resolve) => worker.once('exit', resolve))
    },
  }
}
