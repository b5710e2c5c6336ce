// Whatever transcripts say of one another and in whichever order they are read, in whatever pieces, however often: the books are the same;
// and every cut of them adds up to the same whole, down to the single requests.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { CUTS } from '../../folds/cost.ts'
import type { Prices } from '../../folds/ledger.ts'
import { Books, sumOf } from '../../testing/books.ts'
import { type Made, made, timeAt, type Wanted } from '../../testing/made-events.ts'

const PRICES: Prices = {
  edition: 'test',
  of: (model, _at, spent) => (model === 'unknown' ? null : spent.output * 1_003 + spent.input * 7 + 1),
}

// One line of a transcript, before it is known in which transcripts it stands.
const line = fc.record({
  what: fc.constantFrom(
    'prompt',
    'queued',
    'say',
    'say',
    'call',
    'call',
    'loose',
    'account',
    'delegate',
    'progress',
    'heard',
  ),
  id: fc.nat(5),
  agent: fc.constantFrom(null, null, null, 'a1', 'a2', 'acompact-1'),
  output: fc.nat(90),
  model: fc.constantFrom('m1', 'm2', 'unknown'),
  partial: fc.boolean(),
  minutes: fc.integer({ min: 0, max: 3_000 }),
})
type Line = typeof line extends fc.Arbitrary<infer T> ? T : never

const long = (name: string): string => `${name}-`.padEnd(24, '0')

function told(n: number, { what, id, agent, output, model, partial, minutes }: Line, where: Wanted): Made {
  const usage = { input: id, output, cacheRead: 0, cacheWrite5m: 2, cacheWrite1h: 1, webSearches: id % 2 }
  const account = { usage: partial ? { ...usage, partial: true as const } : usage, model }
  const request = { ...account, request: long(`r${id}`) }
  const more = { ...(agent === 'acompact-1' && { hidden: true as const }), ...where.payload }
  const base = { agentId: agent, time: timeAt(minutes * 60_000), text: `${what} ${id}`, ...where }
  const say = (kind: NonNullable<Wanted['kind']>, payload: NonNullable<Wanted['payload']>) =>
    made(n, { ...base, kind, payload: { ...payload, ...more } })
  const tool = (kind: 'run' | 'delegate') => ({
    tool: { name: kind === 'run' ? `Tool${id % 3}` : 'Task', kind, call: long(`c${id}`), input: { value: 1 } },
  })
  switch (what) {
    case 'prompt':
      return say('message.user.prompt', { nativeId: long(`p${id}`) })
    case 'queued':
      return say('message.user.prompt', { nativeId: long(`q${id}`), queued: true })
    case 'call':
      return say('message.assistant.tool_use', { ...request, ...tool('run') })
    case 'delegate':
      return say('message.assistant.tool_use', { ...request, ...tool('delegate'), agentType: `type${id % 2}` })
    case 'loose':
      return say('message.assistant.tool_use', tool('run'))
    case 'account':
      return say('system.usage', account)
    case 'heard':
      return say('message.user.tool_result', { result: { call: long(`c${id}`), failed: false, agentId: `a${id % 3}` } })
    case 'progress':
      return say('progress.agent', { ...request, parentCall: long(`c${id}`) })
    default:
      return say('message.assistant.text', request)
  }
}

// Transcripts: each session's own lines behind a beginning copied from another one, as it was or with one new time, marked or not.
const world = fc
  .record({
    lines: fc.array(line, { minLength: 3, maxLength: 30 }),
    copies: fc.array(fc.record({ upTo: fc.nat(30), at: fc.option(fc.nat(3_000)), marked: fc.boolean() }), {
      maxLength: 2,
    }),
    own: fc.array(line, { maxLength: 6 }),
  })
  .map(({ lines, copies, own }) => [
    lines.map((each, n) => told(n, each, {})),
    ...copies.map(({ upTo, at, marked }, i) => {
      const where: Wanted = { native: `copy${i}`, ...(marked && { payload: { copied: true } }) }
      const moved = at === null ? {} : { minutes: at }
      return [
        ...lines.slice(0, upTo).map((each, n) => told(n, { ...each, ...moved }, where)),
        ...own.map((each, n) => told(1_000 + n, each, { native: `copy${i}` })),
      ]
    }),
  ])

// Read side by side, a few lines of one and then of another; `again` lines before are handed out a second time.
function reading(
  files: readonly (readonly Made[])[],
  turns: readonly { file: number; lines: number; again: number }[],
) {
  const at = files.map(() => 0)
  const batches: Made[][] = []
  for (const { file, lines, again } of turns) {
    const i = file % files.length
    batches.push(files[i]!.slice(Math.max(0, at[i]! - again), at[i]! + lines))
    at[i] = Math.min(files[i]!.length, at[i]! + lines)
  }
  for (const [i, file] of files.entries()) batches.push(file.slice(at[i]))
  return batches
}

const readings = fc.array(fc.record({ file: fc.nat(2), lines: fc.nat(12), again: fc.nat(4) }), { maxLength: 12 })

function booksOf<T>(batches: readonly (readonly Made[])[], look: (books: Books) => T): T {
  const books = new Books(PRICES)
  try {
    for (const batch of batches) books.fold(batch)
    return look(books)
  } finally {
    books.close()
  }
}

test('the books are the same in whichever order transcripts are read', () => {
  fc.assert(
    fc.property(world, readings, readings, (files, first, second) => {
      const [one, other] = [first, second].map((turns) => booksOf(reading(files, turns), (books) => books.everything()))
      assert.deepEqual(other, one)
    }),
    { numRuns: 60 },
  )
})

test('every cut adds up to the same whole, and to the rows of sessions', () => {
  fc.assert(
    fc.property(world, readings, (files, turns) =>
      booksOf(reading(files, turns), (books) => {
        const { total } = books.cost('day')
        for (const by of CUTS) {
          const page = books.cost(by)
          assert.deepEqual(page.total, total, `the whole by ${by}`)
          assert.deepEqual(sumOf(page.rows), sumOf([total]), `the rows by ${by}`)
        }
        const spent = books.rows().map((row) => row.spent)
        assert.equal(
          spent.reduce((sum, { requests }) => sum + requests, 0),
          total.requests,
        )
        assert.equal(BigInt(spent.reduce((sum, { nano }) => sum + nano, 0)), (sumOf([total]) as { nano: bigint }).nano)
      }),
    ),
    { numRuns: 40 },
  )
})

test('every row opens the requests it is made of', () => {
  fc.assert(
    fc.property(world, (files) =>
      booksOf(files, (books) => {
        for (const by of CUTS) {
          const opened = books.cost(by).rows.map((row) => [row, books.requests(by, row.key)] as const)
          for (const [row, { requests, count }] of opened) {
            assert.equal(requests.length, count)
            if (by === 'tool') assert.ok(count >= row.requests, 'one request may have called several')
            else {
              assert.equal(count, row.requests, `${by} ${row.key}`)
              assert.equal(
                requests.reduce((sum, { output }) => sum + output, 0),
                row.output,
              )
            }
          }
        }
      }),
    ),
    { numRuns: 25 },
  )
})

test('new prices give the books that they would have given from the start', () => {
  const other: Prices = { edition: 'other', of: (model, _at, { output }) => (model === 'm1' ? null : output * 3) }
  fc.assert(
    fc.property(world, (files) => {
      const anew = booksOf(files, (books) => {
        books.store.reprice(other)
        return books.everything()
      })
      const books = new Books(other)
      try {
        for (const file of files) books.fold(file)
        assert.deepEqual(anew, books.everything())
      } finally {
        books.close()
      }
    }),
    { numRuns: 25 },
  )
})
