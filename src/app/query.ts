// StoreReader over the query thread: questions go out, answers come back by number.
import { Worker } from 'node:worker_threads'
import { reasonOf } from '../base/log.ts'
import { StoreError, type StoreReader } from '../stores/store.ts'
import { beside } from './layout.ts'
import type { Answer, Question, ToQuery } from './threads/query.ts'
import type { Plan, StoreName } from './threads/thread.ts'

const WAITING_MAX = 1_000
const RESTARTS_MAX = 5 // in a row, nothing answered in between

export interface Reader extends StoreReader {
  // A file of the store is another one now.
  reopen(): void
}

// A thread that ends is started again for the next question; what it was asked fails with a reason.
export function startReader(plan: Plan, onCorrupt: (stores: readonly StoreName[]) => void): Reader {
  const waiting = new Map<number, PromiseWithResolvers<unknown>>()
  let worker: Worker | null = null
  let last = 0
  let ends = 0
  let closed = false
  let why: string | null = null
  const start = () => {
    const started = new Worker(beside(import.meta.url, './threads/query'), {
      workerData: plan,
      name: 'query',
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    })
    started.on('message', (answer: Answer) => {
      if ('corrupt' in answer) return onCorrupt(answer.corrupt)
      const question = waiting.get(answer.n)
      waiting.delete(answer.n)
      ends = 0
      if ('why' in answer) question?.reject(new StoreError(answer.why))
      else question?.resolve(answer.value)
    })
    started.on('error', (error) => {
      why = reasonOf(error)
    })
    started.on('exit', () => {
      worker = null
      ends++
      const ended = closed ? 'the store is closed' : `the store could not be asked: ${why ?? 'its thread ended'}`
      for (const { reject } of waiting.values()) reject(new StoreError(ended))
      waiting.clear()
    })
    return started
  }
  worker = start()
  const ask = <T>(method: Question['method'], ...args: readonly unknown[]): Promise<T> => {
    if (closed) return Promise.reject(new StoreError('the store is closed'))
    if (waiting.size >= WAITING_MAX) return Promise.reject(new StoreError('too many questions at once; try again'))
    if (worker === null && ends > RESTARTS_MAX)
      return Promise.reject(new StoreError(`the store cannot be asked: ${why}; restart OpenStory`))
    worker ??= start()
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
    timeline: (session, max, part) => ask('timeline', session, max, part),
    outline: (session) => ask('outline', session),
    moments: (session) => ask('moments', session),
    trace: (id) => ask('trace', id),
    search: (plan, page) => ask('search', plan, page),
    tools: (session) => ask('tools', session),
    facets: (plan, nowMs) => ask('facets', plan, nowMs),
    cost: (query) => ask('cost', query),
    costRequests: (query, key) => ask('costRequests', query, key),
    files: (query) => ask('files', query),
    fileHistory: (query) => ask('fileHistory', query),
    turnFiles: (turn) => ask('turnFiles', turn),
    sessionsTouching: (path) => ask('sessionsTouching', path),
    facts: () => ask('facts'),
    drift: () => ask('drift'),
    reopen: () => worker?.postMessage('reopen' satisfies ToQuery),
    async close() {
      closed = true
      const ending = worker
      if (ending === null) return
      ending.postMessage('stop' satisfies ToQuery)
      await new Promise((resolve) => ending.once('exit', resolve))
    },
  }
}
