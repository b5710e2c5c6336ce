// The promises every source keeps, run over all of them: on invented lines, on lines bent out of shape, and on real transcripts where there are some.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { keepsPromises, lineOf } from '../testing/promises.ts'
import { anything, bent, record, TELLING, TELLING_RECORDS } from '../testing/telling.ts'
import type { FileMemory, LineSource, RecordIn, Source } from './source.ts'
import { SOURCES } from './sources.ts'

const LINE_SOURCES = SOURCES.filter((source): source is LineSource => source.reads === 'lines')

const FILES = [
  'project/0b0e7a4e-0000-4000-8000-000000000001.jsonl',
  'project/0b0e7a4e-0000-4000-8000-000000000001/subagents/agent-a1.jsonl',
  'project/agent-b2.jsonl',
  '--home-dev-app--/2026-01-01T10-00-00-000Z_s1.jsonl',
  'anything.jsonl',
]

for (const source of LINE_SOURCES) {
  test(`${source.agent}: any line at all means something, and nothing is thrown`, () => {
    const lines = fc.array(fc.oneof({ weight: 6, arbitrary: record }, { weight: 1, arbitrary: fc.jsonValue() }), {
      maxLength: 8,
    })
    fc.assert(
      fc.property(fc.constantFrom(...FILES), lines, (path, values) => {
        const file = { root: '/root', path }
        let memory = source.owner(file)?.memory ?? {}
        for (const value of values) {
          const text = JSON.stringify(value)
          memory = keepsPromises(source, lineOf(text), file, memory).memory
        }
      }),
      { numRuns: 500 },
    )
  })

  test(`${source.agent}: a real line bent out of shape still means something`, () => {
    const telling = TELLING[source.agent]
    assert.ok(telling !== undefined, 'a new agent brings a telling line of its own')
    const file = { root: '/root', path: FILES[0]! }
    fc.assert(
      fc.property(fc.constantFrom(...telling), fc.nat(), fc.nat(), anything, anything, (text, at, also, by, and) => {
        const memory = source.translate(lineOf(telling[0]!), file, source.owner(file)!.memory).memory
        keepsPromises(source, lineOf(JSON.stringify(bent(bent(JSON.parse(text), at, by), also, and))), file, memory)
      }),
      { numRuns: 2_000 },
    )
  })

  test(`${source.agent}: bytes that are no JSON object are kept as a damaged line that says why`, () => {
    const file = { root: '/root', path: 'p/s.jsonl' }
    for (const text of ['', '{"torn":', '[]', '"words"', '7', 'null']) {
      const meaning = keepsPromises(source, lineOf(text), file, source.owner(file)!.memory)
      assert.deepEqual(
        meaning.parts.map((part) => part.kind),
        ['system.damaged_line'],
        text,
      )
      assert.ok(meaning.parts[0]!.payload.why)
    }
  })

  test(`${source.agent}: memory from another version or another hand does no harm`, () => {
    const memory = fc.dictionary(
      fc.string(),
      fc.oneof(fc.string(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null)),
    )
    fc.assert(
      fc.property(record, memory, (value, before) => {
        const file = { root: '/root', path: 'p/s.jsonl' }
        source.translate(lineOf(JSON.stringify(value)), file, before)
      }),
    )
  })

  test(`${source.agent}: what it is called is safe in a subject, a file name and an address`, () => {
    assert.match(source.agent, /^[a-z0-9-]+$/)
    const alike = SOURCES.filter(({ agent, reads }) => agent === source.agent && reads === source.reads)
    assert.equal(alike.length, 1, 'one source of a kind')
    assert.equal(source.owner({ root: '/root', path: 'p/notes.txt' }), null, 'not a transcript')
  })

  test(`${source.agent}: looks only where the machine says, and never in the same place twice`, () => {
    const machine = { home: '/home/dev', env: {}, platform: 'linux' }
    const roots = source.roots(machine).map(({ path }) => path)
    assert.deepEqual([...new Set(roots)], roots)
    assert.ok(roots.every((path) => path.startsWith('/home/dev/')))
    for (const name of source.variables) {
      const moved = source.roots({ ...machine, env: { [name]: '/elsewhere' } })
      assert.ok(
        moved.some(({ path }) => path.startsWith('/elsewhere')),
        name,
      )
    }
  })
}

// Records of documents and databases are asked the same as lines.
const recordOf = (value: unknown, at: number): RecordIn => ({ ...lineOf(JSON.stringify(value)), key: `k${at}`, at })
const RECORD_SOURCES = SOURCES.filter((source): source is Exclude<Source, LineSource> => source.reads !== 'lines')
for (const source of RECORD_SOURCES) {
  test(`${source.agent}, ${source.reads}: any record at all means something, and nothing is thrown`, () => {
    const telling = fc
      .tuple(fc.constantFrom(...TELLING_RECORDS), fc.nat(), anything)
      .map(([value, at, by]) => bent(value, at, by))
    const values = fc.array(fc.oneof(record, telling, fc.jsonValue()), { maxLength: 8 })
    fc.assert(
      fc.property(values, (values) => {
        const file = { root: '/root', path: 'x' }
        let memory: FileMemory = { time: null }
        for (const [at, value] of values.entries())
          memory = keepsPromises(source, recordOf(value, at), file, memory).memory
      }),
      { numRuns: 1_000 },
    )
  })

  test(`${source.agent}, ${source.reads}: what is no record is kept as damaged and says why; other files are not its own`, () => {
    const damaged = { ...lineOf('[1'), key: 'k', at: 0 }
    const { parts } = keepsPromises(source, damaged, { root: '/root', path: 'x' }, { time: null })
    assert.deepEqual([parts[0]?.kind, parts[0]?.payload.why], ['system.damaged_line', 'not JSON'])
    assert.equal(source.owner({ root: '/root', path: 'p/notes.txt' }), null)
  })
}

// Real transcripts, kept beside the checkout where they are collected; they are not part of it.
const SHARED = process.env.OPENSTORY_SHARED ?? '../shared'
const CORPORA: Readonly<Record<string, string>> = {
  'claude-code': 'corpus/claude',
  pi: 'corpus/pi',
  openclaw: 'corpus/openclaw',
  codex: 'corpus/codex',
  gemini: 'corpus/gemini',
}

for (const source of LINE_SOURCES) {
  const corpus = CORPORA[source.agent]
  if (corpus === undefined) continue
  const root = join(SHARED, corpus)
  const skip = existsSync(root)
    ? false
    : `SKIPPED: no real transcripts of ${source.agent} at ${root} (set OPENSTORY_SHARED)`

  test(`${source.agent}: keeps every promise on real transcripts, and on the same lines bent out of shape`, {
    skip,
  }, () => {
    const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.jsonl'))
    const bend = fc.sample(fc.tuple(fc.nat(), anything), { numRuns: 2_000, seed: 7 })
    let lines = 0
    for (const path of paths) {
      const file = { root, path }
      let memory = source.owner(file)!.memory
      for (const text of readFileSync(join(root, path), 'utf8').split('\n')) {
        if (text === '') continue
        const line = lineOf(text)
        const meaning = keepsPromises(source, line, file, memory)
        assert.deepEqual(source.translate(lineOf(text), file, memory), meaning, 'the same line means the same')
        if (text.length < 20_000) {
          const [at, value] = bend[lines % bend.length]!
          keepsPromises(source, lineOf(JSON.stringify(bent(line.value, at, value))), file, memory)
        }
        memory = meaning.memory
        lines++
      }
    }
    assert.ok(lines > 100, `${lines} lines`)
  })
}
