// What watching costs, counted in bytes read of transcripts: what is appended is read once, beside one look at the last line that was read
// before, which shows that the file is still the same. On any machine a slow design (the whole file for each append) fails here.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Den, record } from '../testing/watching.ts'
import { readsBelow } from '../testing/work-counts.ts'

const skip = process.platform === 'linux' ? false : 'reads are counted by way of /proc'
const LINES = 300

test('each byte that is appended is read once, and the line before it once more', { skip }, async (t) => {
  const den = new Den()
  t.after(() => den.remove())
  const lines = Array.from({ length: LINES }, (_, n) => `${record(n)}\n`)
  den.write('a.jsonl', lines.join('')) // there before anybody looks
  den.watch()
  await den.arrived(LINES)
  const more = Array.from({ length: LINES }, (_, n) => `${record(LINES + n)}\n`)
  const appended = more.join('').length
  const { bytes } = await readsBelow(den.root, async () => {
    for (const [n, line] of more.entries()) {
      den.append('a.jsonl', line)
      if (n % 3 === 0) await den.arrived(LINES + n + 1)
    }
    await den.arrived(2 * LINES)
  })
  assert.ok(bytes >= appended)
  // A system may tell of one append twice: then the last line is looked at again.
  assert.ok(bytes <= 4 * appended, `${bytes} bytes read for ${appended} appended, of a file of ${2 * appended}`)
})

test('what comes in one piece is read in one piece', { skip }, async (t) => {
  const den = new Den()
  t.after(() => den.remove())
  den.write('a.jsonl', `${record(0)}\n`)
  den.watch()
  await den.arrived(1)
  const piece = Array.from({ length: 4_000 }, (_, n) => `${record(n + 1)}\n`).join('')
  const { bytes } = await readsBelow(den.root, async () => {
    den.append('a.jsonl', piece)
    await den.arrived(4_001)
  })
  assert.ok(bytes >= piece.length)
  assert.ok(bytes <= piece.length * 1.1, `${bytes} bytes read for ${piece.length} appended`)
})
