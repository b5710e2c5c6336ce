// What the agent wrote is given back as it wrote it: invented files of every ill shape, and every session there is of the real ones.
import assert from 'node:assert/strict'
import { copyFileSync, existsSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { type TestContext, test } from 'node:test'
import { claudeCode } from '../sources/claude-code/source.ts'
import { SOURCES } from '../sources/sources.ts'
import { corpusHome, noCorpus, plainBytes } from '../testing/corpus.ts'
import { keptLog, sessionsOf } from '../testing/kept.ts'
import { Den, rawBytesIn, record, records } from '../testing/watching.ts'
import { fileOf } from '../watcher/look.ts'
import { type NativeFile, nativeFiles } from './native.ts'

function den(t: TestContext): Den {
  const den = new Den()
  t.after(() => den.remove())
  return den
}

const textOf = ({ read }: NativeFile): string =>
  [...read()].map((line) => `${Buffer.from(line).toString('latin1')}\n`).join('')
const given = (t: TestContext, home: Den, session: string) =>
  nativeFiles(keptLog(t, home.bus.stream), session).map((file) => ({
    file: file.file.slice(home.root.length + 1),
    lines: file.lines,
    text: textOf(file),
  }))

const odd = '{ "id":"7",  "kind":"say", "text":"caf\\u00e9 \u00e9",\t"n":1.0, "n":2e3 }'
const shapes: readonly (readonly [string, string | Buffer, string])[] = [
  ['spaces, escapes and keys that stand twice', `${odd}\n`, `${Buffer.from(odd).toString('latin1')}\n`],
  ['a line that is no JSON', `oops\n${record(1)}\n`, `oops\n${record(1)}\n`],
  ['a torn line in the middle', `{"id":"5\n${record(1)}\n`, `{"id":"5\n${record(1)}\n`],
  ['bytes that are no UTF-8', Buffer.from('{"id":"\xff\xfe\n', 'latin1'), '{"id":"\xff\xfe\n'],
  ['JSON in Latin-1', Buffer.from('{"kind":"say","text":"caf\xe9"}\n', 'latin1'), '{"kind":"say","text":"caf\xe9"}\n'],
  ['line ends of Windows and blank lines', `${record(1)}\r\n\r\n \n${record(2)}\r\n`, `${record(1)}\n${record(2)}\n`],
  ['no line end at the end', `${record(1)}\n${record(2)}`, records(1, 3)],
  [
    'a line that speaks of our own marks',
    '{"kind":"say","text":",\\"raw\\":1}}"}\n',
    '{"kind":"say","text":",\\"raw\\":1}}"}\n',
  ],
]
for (const [what, bytes, want] of shapes)
  test(`${what}: given back byte for byte`, async (t) => {
    const home = den(t)
    home.write('s1.jsonl', bytes)
    await home.lookOnce()
    assert.deepEqual(given(t, home, 'example:s1'), [
      { file: 's1.jsonl', lines: want.split('\n').length - 1, text: want },
    ])
  })

test('a line of several events is given once', async (t) => {
  const home = den(t)
  const said = [
    { type: 'thinking', thinking: 'hm' },
    { type: 'text', text: 'so' },
    { type: 'tool_use', id: 'c', name: 'Bash', input: {} },
  ]
  const line = `${JSON.stringify({ type: 'assistant', uuid: 'u', message: { content: said } })}\n`
  home.write('p/s1.jsonl', line)
  await home.lookOnce({ sources: [claudeCode], extraRoots: { 'claude-code': [home.root] } })
  assert.equal(home.bus.stream.length, 3)
  assert.equal(given(t, home, 'claude-code:s1')[0]?.text, line)
})

test('a file that was replaced and read again gives no line twice, and keeps what is no longer in it', async (t) => {
  const home = den(t)
  home.write('s1.jsonl', records(0, 4))
  home.watch()
  await home.arrived(4)
  home.write('new', records(0, 3) + records(7, 9))
  renameSync(home.path('new'), home.path('s1.jsonl'))
  await home.arrived(7)
  await home.caughtUp()
  assert.deepEqual(given(t, home, 'example:s1'), [{ file: 's1.jsonl', lines: 6, text: records(0, 4) + records(7, 9) }])
})

test('the file with most of the main agent’s lines comes first, the others by path, and a copied line stands where it was read first', async (t) => {
  const home = den(t)
  const head = '{"example":1,"session":"s1"}\n'
  home.write('z.jsonl', head + records(0, 5))
  home.watch()
  await home.caughtUp()
  home.write('y.jsonl', head + records(0, 2) + records(8, 9))
  home.write('b.jsonl', head + records(5, 7))
  await home.arrived(6 + 1 + 2)
  await home.caughtUp()
  const files = given(t, home, 'example:s1')
  assert.deepEqual(
    files.map(({ file }) => file),
    ['z.jsonl', 'b.jsonl', 'y.jsonl'],
  )
  assert.deepEqual(
    files.map(({ text }) => text),
    [head + records(0, 5), records(5, 7), records(8, 9)],
  )
})

test('real sessions: what is given back of each is what its files hold, and nothing is missing', {
  skip: noCorpus,
}, async (t) => {
  const home = corpusHome()
  const reading = den(t)
  t.after(() => home.remove())
  const known = new Set<string>()
  let repeated = 0 // lines that stand in two files, of which the log has one event
  reading.hooks.publish = (messages) => {
    for (const { id, data } of messages) {
      if (rawBytesIn(data) === null) continue
      if (known.has(id)) repeated++
      known.add(id)
    }
  }
  reading.watch({ sources: SOURCES, machine: home.machine, extraRoots: {}, onlyExtra: false })
  await reading.caughtUp()
  const log = keptLog(t, reading.bus.stream)
  const back = new Map<string, Buffer[][]>() // file → per session, the lines given for it
  for (const session of sessionsOf(reading.bus.stream))
    for (const { file, read } of nativeFiles(log, session))
      back.set(file, [...(back.get(file) ?? []), [...read()].map((line) => Buffer.from(line))])
  const everywhere = new Set([...back.values()].flat(2).map((line) => line.toString('latin1')))
  let lines = 0
  for (const job of home.lineFiles) {
    const file = fileOf(job)
    const wanted = linesIn(plainBytes(job))
    const sessions = back.get(file) ?? []
    back.delete(file)
    lines += wanted.length
    const { wrong, elsewhere } = differences(wanted, sessions, everywhere)
    assert.deepEqual(wrong, [], file)
    repeated -= elsewhere
  }
  assert.ok(lines > 5_000, `${lines} lines`)
  for (const job of home.files) {
    const { source } = job
    if (source.reads !== 'documents') continue
    const wanted = [...source.records(readFileSync(fileOf(job)), job)].map(({ bytes }) => Buffer.from(bytes))
    const { wrong, elsewhere } = differences(wanted, back.get(fileOf(job)) ?? [], everywhere)
    assert.deepEqual(wrong, [], fileOf(job))
    repeated -= elsewhere
    back.delete(fileOf(job))
  }
  const databases = home.files.filter(({ source }) => source.reads === 'tables').map(fileOf)
  for (const file of databases) {
    const given = (back.get(file) ?? []).flat()
    assert.ok(given.length > 0, file)
    for (const row of given) assert.equal(typeof JSON.parse(row.toString()), 'object', file)
    const rows = new Set(given.map((row) => JSON.stringify(JSON.parse(row.toString()))))
    for (const row of rowsIn(t, file)) assert.ok(rows.has(row) || everywhere.has(row), `${file}: ${row.slice(0, 80)}`)
    back.delete(file)
  }
  assert.deepEqual([...back.keys()], [], 'nothing is given that no file holds')
  assert.equal(repeated, 0, 'a line that is given elsewhere is one that was read twice')
})

// The rows of a database as anybody would read them, from a copy: those that hold a line of their own as that line.
function rowsIn(t: TestContext, file: string): string[] {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-rows-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  for (const side of ['', '-wal']) if (existsSync(file + side)) copyFileSync(file + side, join(dir, `x.db${side}`))
  const db = new DatabaseSync(join(dir, 'x.db'))
  const tables = db
    .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`)
    .all()
    .map(({ name }) => String(name))
  const rows = tables.includes('transcript_events')
    ? db
        .prepare('SELECT event_json FROM transcript_events')
        .all()
        .map(({ event_json }) => JSON.stringify(JSON.parse(String(event_json))))
    : ['messages', 'sessions'].flatMap((table) =>
        db
          .prepare(`SELECT * FROM ${table}`)
          .all()
          .map((row) => JSON.stringify(row)),
      )
  db.close()
  assert.ok(rows.length > 0, file)
  return rows
}

// Cut as anybody would cut it: whole lines that are not blank, and a last one without its end when it is an object.
function linesIn(bytes: Buffer): Buffer[] {
  const text = bytes.toString('latin1').replace(/^\xef\xbb\xbf/, '')
  const lines = text.split('\n')
  const last = lines.pop() ?? ''
  if (isObject(last)) lines.push(last)
  return lines
    .map((line) => line.replace(/\r$/, ''))
    .filter((line) => /[^ \t\r]/.test(line))
    .map((line) => Buffer.from(line, 'latin1'))
}

function isObject(line: string): boolean {
  try {
    return typeof JSON.parse(line) === 'object'
  } catch {
    return false // torn: it waits for its end
  }
}

// Each session's lines go through the file's from front to back; together they leave none over but those that were given where they stood
// first (a file and a database may hold the same line). Objects glued on one line are given one by one.
function differences(
  wanted: readonly Buffer[],
  sessions: readonly (readonly Buffer[])[],
  everywhere: ReadonlySet<string>,
): { readonly wrong: string[]; readonly elsewhere: number } {
  const open = new Map(wanted.map((line, i) => [i, line]))
  const wrong: string[] = []
  for (const lines of sessions) {
    let at = 0
    for (const line of lines) {
      while (at < wanted.length && !open.get(at)?.subarray(0, line.length).equals(line)) at++
      const here = open.get(at)
      if (here === undefined) {
        wrong.push(`given and not there, or out of order: ${line.toString().slice(0, 100)}`)
        break
      }
      const rest = here.subarray(line.length)
      const blanks = rest.length - rest.toString('latin1').trimStart().length
      if (rest.length === blanks) open.delete(at)
      else open.set(at, rest.subarray(blanks))
    }
  }
  let elsewhere = 0
  for (const [i, line] of open)
    if (everywhere.has(line.toString('latin1'))) elsewhere++
    else wrong.push(`line ${i + 1} is missing: ${line.toString().slice(0, 100)}`)
  return { wrong, elsewhere }
}
