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

// What may take long waits only for its like: a page of hits never waits for the counts beside it, nor a page of records for a report.
// Both threads are the same, and each is started when it is first asked.
const SLOW: ReadonlySet<Question['method']> = new Set([
  'facets',
  'cost',
  'costRequests',
  'files',
  'fileHistory',
  'turnFiles',
  'sessionsTouching',
  'work',
  'timeline',
  'turns',
  'sentences',
  'drift',
])

export function startReader(plan: Plan, onCorrupt: (stores: readonly StoreName[]) => void): Reader {
  const [quick, slow] = [new Asker(plan, onCorrupt), new Asker(plan, onCorrupt)]
  const ask = <T>(method: Question['method'], ...args: readonly unknown[]): Promise<T> =>
    (SLOW.has(method) ? slow : quick).ask(method, args)
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
    reopen() {
      quick.reopen()
      slow.reopen()
    },
    async close() {
      await Promise.all([quick.close(), slow.close()])
    },
  }
}

// A thread that ends is started again for the next question; what it was asked fails with a reason.
class Asker {
  readonly #plan: Plan
  readonly #onCorrupt: (stores: readonly StoreName[]) => void
  readonly #waiting = new Map<number, PromiseWithResolvers<unknown>>()
  #worker: Worker | null = null
  #last = 0
  #ends = 0
  #isClosed = false
  #why: string | null = null

  constructor(plan: Plan, onCorrupt: (stores: readonly StoreName[]) => void) {
    this.#plan = plan
    this.#onCorrupt = onCorrupt
  }

  ask<T>(method: Question['method'], args: readonly unknown[]): Promise<T> {
    if (this.#isClosed) return Promise.reject(new StoreError('the store is closed'))
    if (this.#waiting.size >= WAITING_MAX)
      return Promise.reject(new StoreError('too many questions at once; try again'))
    if (this.#worker === null && this.#ends > RESTARTS_MAX)
      return Promise.reject(new StoreError(`the store cannot be asked: ${this.#why}; restart OpenStory`))
    this.#worker ??= this.#start()
    const question = Promise.withResolvers<unknown>()
    this.#waiting.set(++this.#last, question)
    this.#worker.postMessage({ n: this.#last, method, args } satisfies Question)
    return question.promise as Promise<T>
  }

  reopen(): void {
    this.#worker?.postMessage('reopen' satisfies ToQuery)
  }

  async close(): Promise<void> {
    this.#isClosed = true
    const ending = this.#worker
    if (ending === null) return
    ending.postMessage('stop' satisfies ToQuery)
    await new Promise((resolve) => ending.once('exit', resolve))
  }

  #start(): Worker {
    const started = new Worker(beside(import.meta.url, './threads/query'), {
      workerData: this.#plan,
      name: 'query',
      resourceLimits: { maxOldGenerationSizeMb: 1024 },
    })
    started.on('message', (answer: Answer) => {
      if ('corrupt' in answer) return this.#onCorrupt(answer.corrupt)
      const question = this.#waiting.get(answer.n)
      this.#waiting.delete(answer.n)
      this.#ends = 0
      if ('why' in answer) question?.reject(new StoreError(answer.why))
      else question?.resolve(answer.value)
    })
    started.on('error', (error) => {
      this.#why = reasonOf(error)
    })
    started.on('exit', () => {
      this.#worker = null
      this.#ends++
      const why = this.#why ?? 'its thread ended'
      const ended = this.#isClosed ? 'the store is closed' : `the store could not be asked: ${why}`
      for (const { reject } of this.#waiting.values()) reject(new StoreError(ended))
      this.#waiting.clear()
    })
    return started
  }
}
