// A line file that its agent packs when nobody writes it any more: the same lines at the same places, and so the same events.
import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { type TestContext, test } from 'node:test'
import { zstdCompressSync } from 'node:zlib'
import { parseEvent } from '../event/event.ts'
import { example } from '../sources/example/source.ts'
import type { FileFacts, LineSource } from '../sources/source.ts'
import { eventually } from '../testing/scenario.ts'
import { Den, record, records } from '../testing/watching.ts'
import type { WatcherParts } from './watcher.ts'

const plain = (file: FileFacts): FileFacts => ({ ...file, path: file.path.replace(/\.zst$/, '') })
const packing: LineSource = {
  ...example,
  owner: (file) => example.owner(plain(file)),
  packed: (path) => (path.endsWith('.zst') ? 'zstd' : null),
  translate: (line, file, memory) => example.translate(line, plain(file), memory),
}
const parts: Partial<WatcherParts> = { sources: [packing] }

function den(t: TestContext): Den {
  const den = new Den()
  t.after(() => den.remove())
  return den
}
const LONG = Array.from({ length: 60 }, (_, n) => `${record(n, `${n} ${'x'.repeat(50_000)}`)}\n`).join('') // three chunks
const TEXT = `{"example":1,"session":"s1","cwd":"/home/dev/app"}\n${records(0, 4)}{"no":"id"}\n{"no":"id"}\nnot JSON\n`
const facts = (home: Den) =>
  home.bus.stream.map(({ data }) => {
    const { id, time, origin } = parseEvent(Buffer.from(data).toString())
    return [id, time, origin.offset, origin.length, origin.line, origin.sha256]
  })

for (const [what, text] of [
  ['short', TEXT],
  ['of several chunks', LONG],
  ['with a line longer than a chunk', `${record(1)}\n${record(2, 'x'.repeat(3_000_000))}\n${record(3)}\n`],
] as const)
  test(`a packed file, ${what}, makes the events of the plain one`, async (t) => {
    const [whole, packed] = [den(t), den(t)]
    whole.write('a.jsonl', text)
    packed.write('a.jsonl.zst', zstdCompressSync(text))
    await whole.lookOnceAndCatchUp(parts)
    await packed.lookOnceAndCatchUp(parts)
    assert.deepEqual(facts(packed), facts(whole))
    assert.deepEqual(packed.raws(), whole.raws())
  })

test('a file that is packed while it is watched is read on where it was, and says nothing twice', async (t) => {
  const home = den(t)
  home.write('a.jsonl', TEXT)
  const watcher = home.watch(parts)
  await home.caughtUp()
  home.write('a.jsonl.zst', zstdCompressSync(TEXT + records(8, 9)))
  rmSync(home.path('a.jsonl'))
  await home.arrived(9)
  await home.caughtUp()
  assert.deepEqual([home.bus.stream.length, watcher.status().duplicates, watcher.status().trouble], [9, 0, null])
})

test('one that holds something else than the plain file did is read from its beginning, and that is told', async (t) => {
  const home = den(t)
  home.write('a.jsonl', records(0, 3))
  await home.lookOnceAndCatchUp(parts)
  rmSync(home.path('a.jsonl'))
  home.write('a.jsonl.zst', zstdCompressSync(records(5, 9)))
  await home.lookOnceAndCatchUp(parts)
  const kinds = home.bus.stream.slice(3).map(({ data }) => parseEvent(Buffer.from(data).toString()).kind)
  assert.deepEqual(kinds, ['system.file_replaced', ...Array(4).fill('message.user.prompt')])
})

test('one that is not whole is named, and read once it is', async (t) => {
  const home = den(t)
  const whole = zstdCompressSync(records(0, 50))
  home.write('a.jsonl.zst', whole.subarray(0, whole.length / 2))
  const watcher = home.watch(parts)
  await eventually('the trouble', () => watcher.status().trouble)
  assert.match(
    watcher.status().trouble!,
    /a\.jsonl\.zst is no whole zstd file \(\w+\); it is tried again when it changes/,
  )
  home.write('a.jsonl.zst', whole)
  await home.arrived(50)
  await home.caughtUp()
  assert.equal(watcher.status().trouble, null)
})
