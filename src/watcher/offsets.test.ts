// The journal of how far files were read survives what may happen to it; at worst something is read twice.
import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import fc from 'fast-check'
import { type FilePlace, Offsets } from './offsets.ts'

const place = (file: string, offset: number, change: Partial<FilePlace> = {}): FilePlace => ({
  file,
  agent: 'example',
  inode: 7,
  offset,
  line: offset / 10,
  last: { offset: offset - 10, length: 9, sha256: 'ab'.repeat(32) },
  lane: { session: 's1', project: 'p', agentId: null, time: null },
  memory: { session: 's1', words: 'Zeile\n“ü”', n: 1, yes: true, none: null },
  ...change,
})

function journal(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-offsets-'))
  t.after(() => rmSync(dir, { recursive: true }))
  return join(dir, 'kept', 'offsets.jsonl')
}
function within<T>(path: string, work: (offsets: Offsets) => T): T {
  const offsets = new Offsets(path)
  try {
    return work(offsets)
  } finally {
    offsets.close()
  }
}
const everything = (path: string) => within(path, (offsets) => [...offsets.all()])

test('what was kept is there after a restart, to the last word of its memory', (t) => {
  const path = journal(t)
  assert.deepEqual(everything(path), [])
  const kept = [place('/a', 10), place('/b', 20, { last: null, lane: null })]
  within(path, (offsets) => offsets.save(kept))
  assert.deepEqual(everything(path), kept)
})

test('the newest place of a file counts, at once and after a restart', (t) => {
  const path = journal(t)
  within(path, (offsets) => {
    offsets.save([place('/a', 10), place('/a', 20)])
    offsets.save([place('/a', 5)])
    assert.equal(offsets.get('example', '/a')?.offset, 5)
  })
  assert.deepEqual(everything(path), [place('/a', 5)])
})

test('one file read for two agents has two places', (t) => {
  const path = journal(t)
  within(path, (offsets) => offsets.save([place('/a', 10), place('/a', 20, { agent: 'other' })]))
  within(path, (offsets) => {
    assert.equal(offsets.get('example', '/a')?.offset, 10)
    assert.equal(offsets.get('other', '/a')?.offset, 20)
    assert.equal(offsets.get('third', '/a'), undefined)
  })
})

test('a journal torn anywhere holds an older place, and takes the next one', (t) => {
  const path = journal(t)
  within(path, (offsets) => offsets.save([place('/a', 10), place('/b', 10), place('/a', 20)]))
  const whole = readFileSync(path)
  for (let length = 0; length <= whole.length; length += 7) {
    writeFileSync(path, whole)
    truncateSync(path, length)
    within(path, (offsets) => {
      for (const { file, offset } of offsets.all()) assert.ok([10, 20].includes(offset), `${file} at ${offset}`)
      offsets.save([place('/c', 30)])
    })
    within(path, (offsets) =>
      assert.deepEqual(offsets.get('example', '/c'), place('/c', 30), `torn after ${length} bytes`),
    )
  }
})

test('what is no place in the journal is passed over, and what stands around it is kept', (t) => {
  const path = journal(t)
  within(path, (offsets) => offsets.save([place('/a', 10)]))
  appendFileSync(path, Buffer.from('null\n[]\n{"file":1}\n\xff\xfe\n\n', 'latin1'))
  within(path, (offsets) => offsets.save([place('/b', 10)]))
  assert.deepEqual(everything(path), [place('/a', 10), place('/b', 10)])
})

test('the journal stays small, however often a file is read', (t) => {
  const path = journal(t)
  within(path, (offsets) => {
    for (let n = 1; n <= 500; n++) offsets.save([place('/a', n * 10), place('/b', n)])
  })
  assert.ok(readFileSync(path, 'utf8').split('\n').length < 130)
  assert.deepEqual(everything(path), [place('/a', 5_000), place('/b', 500)])
})

test('a journal read again is the journal that was kept, whatever was saved and however often it was opened', (t) => {
  const path = journal(t)
  const saves = fc.array(fc.tuple(fc.constantFrom('/a', '/b', '/c'), fc.nat(1_000)), { maxLength: 150 })
  fc.assert(
    fc.property(fc.array(saves, { minLength: 1, maxLength: 3 }), (lives) => {
      rmSync(path, { force: true })
      const want = new Map<string, FilePlace>()
      for (const life of lives)
        within(path, (offsets) => {
          offsets.save(life.map(([file, offset]) => place(file, offset)))
          for (const [file, offset] of life) want.set(file, place(file, offset))
        })
      assert.deepEqual(new Map(everything(path).map((kept) => [kept.file, kept])), want)
    }),
    { numRuns: 40 },
  )
})

test('of files that are gone the newest are remembered, of files that are there all', (t) => {
  const path = journal(t)
  const there = `${path}.there`
  within(path, (offsets) => {
    writeFileSync(there, '')
    offsets.save([place(there, 10)])
    for (let n = 0; n < 3_000; n++) offsets.save([place(`/gone-${n}`, 10)])
    for (let n = 0; n < 10_000; n++) offsets.save([place('/last', 10 + n)]) // the journal is made anew
  })
  const kept = new Set(everything(path).map(({ file }) => file))
  assert.ok(kept.size <= 1_002, `${kept.size} files`)
  for (const file of [there, '/last', '/gone-2999']) assert.ok(kept.has(file), file)
})
