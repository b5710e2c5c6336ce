// The promises of the watcher: nothing lost, nothing twice, whatever happens to the bus, to the files and to itself.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { BusError, type Message } from '../bus/bus.ts'
import { parseEvent } from '../event/event.ts'
import { eventually } from '../testing/scenario.ts'
import { Den, record, records } from '../testing/watching.ts'

function den(t: TestContext): Den {
  const den = new Den()
  t.after(() => den.remove())
  return den
}
const kept = (home: Den) => (existsSync(home.journal) ? readFileSync(home.journal, 'utf8') : '')
const lines = (text: string) => text.split('\n').filter((line) => line !== '')
const full = () => {
  throw new BusError('the disk is full')
}

// What a watcher that nobody disturbs makes of these files.
async function undisturbed(files: Readonly<Record<string, string>>): Promise<string[]> {
  const home = new Den()
  for (const [name, text] of Object.entries(files)) home.write(name, text)
  home.watch()
  await home.caughtUp()
  await home.remove()
  return home.ids().sort()
}

test('a file’s place is kept only after the bus has its events and has them on stable storage', async (t) => {
  const home = den(t)
  home.write('a.jsonl', records(0, 3))
  const flushed = Promise.withResolvers<void>()
  let atFlush = ''
  home.hooks.flush = () => {
    atFlush = `${home.bus.stream.length} events, kept “${kept(home)}”`
    return flushed.promise
  }
  const watcher = home.watch()
  await eventually('the flush', () => atFlush)
  assert.equal(atFlush, '3 events, kept “”')
  assert.equal(watcher.status().caughtUp, false)
  flushed.resolve()
  await home.caughtUp()
  assert.match(kept(home), new RegExp(`"offset":${records(0, 3).length},"line":3,`))
})

test('a place is not kept while the bus refuses, and all is read again by the next watcher', async (t) => {
  const home = den(t)
  home.write('a.jsonl', records(0, 3))
  home.hooks.publish = full
  const watcher = home.watch()
  await eventually('the trouble', () => watcher.status().trouble)
  assert.equal(watcher.status().trouble, 'events wait to be taken by the bus: the disk is full')
  assert.match(home.said.join(), /the bus did not take events; they are sent again until it does/)
  await home.stop()
  assert.deepEqual([kept(home), home.ids()], ['', []])
  home.hooks.publish = () => undefined
  await home.lookOnce()
  assert.deepEqual(home.raws(), lines(records(0, 3)))
})

test('a place is not kept when the flush fails, and is once it succeeds', async (t) => {
  const home = den(t)
  home.write('a.jsonl', records(0, 3))
  let failures = 0
  home.hooks.flush = () => (failures++ < 1 ? full() : undefined)
  home.watch()
  await eventually('the failure', () => failures === 1)
  assert.equal(kept(home), '')
  await home.stop()
  assert.match(kept(home), /"line":3,/)
})

test('what a failing bus took, or took in part, arrives once and in order', async (t) => {
  const home = den(t)
  const long = Array.from({ length: 60 }, (_, n) => `${record(n, `${n} ${'x'.repeat(10_000)}`)}\n`).join('') // three chunks
  home.write('a.jsonl', long)
  let calls = 0
  home.hooks.publish = async (messages: readonly Message[]) => {
    calls++
    if (calls === 1) full()
    if (calls === 2) {
      await home.bus.publish(messages.slice(0, 7))
      full()
    }
  }
  const watcher = home.watch()
  await home.caughtUp()
  assert.deepEqual(home.raws(), lines(long))
  assert.deepEqual([watcher.status().duplicates, watcher.status().trouble], [7, null])
})

const files = {
  'a.jsonl': `{"example":1,"session":"s1","cwd":"/home/dev/app"}\r\n${records(0, 4)}{"no":"id"}\n{"no":"id"}\nnot JSON\n`,
  'p/b.jsonl': `\ufeff${records(4, 6)}{"id":"x"}{"id":"y"} \n\n \n${record(6)}\n`,
}

test('a watcher stopped and started again at every byte makes the events of one undisturbed', async (t) => {
  const home = den(t)
  for (const [name, text] of Object.entries(files)) {
    const bytes = Buffer.from(text)
    for (let end = 0; end < bytes.length; end++) {
      home.append(name, bytes.subarray(end, end + 1))
      await home.lookOnce()
    }
  }
  assert.equal(new Set(home.ids()).size, home.ids().length)
  assert.deepEqual(home.ids().sort(), await undisturbed(files))
  // What the first line said of the session is known to the last one, over all those restarts.
  const events = home.bus.stream.map(({ data }) => parseEvent(Buffer.from(data).toString()))
  for (const { origin, session, project } of events)
    if (origin.file.endsWith('a.jsonl')) assert.deepEqual([session, project], ['example:s1', 'home-dev-app'])
})

test('a watcher that forgets where it was, at any point, loses nothing and doubles nothing', async (t) => {
  const home = den(t)
  const journals = ['']
  for (const [name, text] of Object.entries(files))
    for (let at = 0; at < text.length; at += 37) {
      home.append(name, text.slice(at, at + 37))
      await home.lookOnce()
      journals.push(kept(home))
      if (at % 3 === 0) writeFileSync(home.journal, journals[(at * 7) % journals.length]!)
    }
  await home.lookOnce()
  assert.deepEqual(home.ids().sort(), await undisturbed(files))
})

test('files that grow while they are watched, piece by piece, make the events of files read whole', async (t) => {
  const home = den(t)
  home.watch()
  const [[first, a], [second, b]] = Object.entries(files) as [[string, string], [string, string]]
  for (let at = 0; at < Math.max(a.length, b.length); at += 11) {
    home.append(first, a.slice(at, at + 11))
    home.append(second, b.slice(at, at + 11))
    await new Promise((resolve) => setImmediate(resolve))
  }
  const want = await undisturbed(files)
  await home.arrived(want.length)
  assert.deepEqual(home.ids().sort(), want)
})

test('what was read is not read again: a second watcher sends nothing', async (t) => {
  const home = den(t)
  for (const [name, text] of Object.entries(files)) home.write(name, text)
  home.watch()
  await home.caughtUp()
  await home.stop()
  home.hooks.publish = (messages) => assert.deepEqual(messages, [])
  const watcher = home.watch()
  await home.caughtUp()
  assert.deepEqual([watcher.status().events, watcher.status().files], [0, 2])
})

test('what changed just now goes before the backlog, all of it', async (t) => {
  const home = den(t)
  for (let n = 0; n < 20; n++) home.write(`old-${n}.jsonl`, records(n * 10, n * 10 + 2))
  const gate = Promise.withResolvers<void>()
  home.hooks.publish = () => gate.promise
  const watcher = home.watch()
  const many = Array.from({ length: 40 }, (_, n) => `${record(1_000 + n, 'x'.repeat(10_000))}\n`).join('') // two chunks
  home.write('now.jsonl', many)
  await eventually('the new file is seen', () => watcher.status().files === 21)
  gate.resolve()
  await home.caughtUp()
  const order = home.bus.stream.map(({ data }) => (Buffer.from(data).includes('now.jsonl') ? 'now' : 'old'))
  assert.equal(order.length, 80)
  assert.ok(order.lastIndexOf('now') < 40 + 3 * 2, 'only what was on its way went before')
})

test('the backlog is read newest first', async (t) => {
  const home = den(t)
  for (const [n, seconds] of [30, 10, 20].entries()) {
    home.write(`${seconds}.jsonl`, records(n, n + 1))
    utimesSync(home.path(`${seconds}.jsonl`), 1, seconds)
  }
  home.watch()
  await home.arrived(3)
  const order = home.bus.stream.map(({ data }) => parseEvent(Buffer.from(data).toString()).origin.file.slice(-8, -6))
  assert.deepEqual(order, ['30', '20', '10'])
})

test('a burst of 500 files, each written in several goes, arrives whole', async (t) => {
  const home = den(t)
  home.watch()
  for (const from of [0, 2, 4])
    for (let n = 0; n < 500; n++) home.append(`p${n % 9}/${n}.jsonl`, records(from, from + 2))
  await home.arrived(3_000)
  const perFile = new Map<string, string[]>()
  for (const { data } of home.bus.stream) {
    const { origin, payload } = parseEvent(Buffer.from(data).toString())
    perFile.set(origin.file, [...(perFile.get(origin.file) ?? []), `${origin.line} ${payload.nativeId}`])
  }
  assert.equal(perFile.size, 500)
  for (const order of perFile.values()) assert.deepEqual(order, ['1 0', '2 1', '3 2', '4 3', '5 4', '6 5'])
})

test('watching leaves no trace in the watched folder', async (t) => {
  const home = den(t)
  for (const [name, text] of Object.entries(files)) home.write(name, text)
  const look = () =>
    readdirSync(home.root, { recursive: true, encoding: 'utf8' })
      .sort()
      .map((name) => {
        const { mtimeMs, ctimeMs, size, ino, mode } = statSync(home.path(name))
        return [name, mtimeMs, ctimeMs, size, ino, mode]
      })
  const before = look()
  home.watch()
  await home.caughtUp()
  await home.stop()
  assert.deepEqual(look(), before)
})
