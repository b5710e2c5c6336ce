// What runs our threads, over bodies that fail as a machine makes them fail.
import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { eventually } from '../../testing/scenario.ts'
import { startThread, type Thread } from './thread.ts'

const quiet = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {} }
const OURS = new URL('./thread.ts', import.meta.url).href

// A body that opens what keeps a thread alive, and begins only once there is a file `room`.
const body = `
import { appendFileSync, existsSync } from 'node:fs'
import { channelOf, runThread } from ${JSON.stringify(OURS)}
await runThread(async (plan, _, { isHeld }) => {
  const note = (what) => appendFileSync(plan.dataDir + '/notes', what + ' ')
  note(isHeld ? 'held' : 'free')
  const open = channelOf(plan, 'held open')
  open.onmessage = () => {}
  if (!existsSync(plan.dataDir + '/room'))
    throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC', syscall: 'write' })
  return { state: () => 'works', stop: async () => { open.close(); note('ended') } }
})`

function started(
  t: TestContext,
  { isHeld = false, hasRoom = false } = {},
): { readonly dir: string; readonly thread: Thread<string> } {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-thread-'))
  if (hasRoom) writeFileSync(join(dir, 'room'), '')
  const plan = { dataDir: dir, bus: 'embedded', logLevel: 'warn', host: 'here', inBulk: false }
  const module = new URL(`data:text/javascript,${encodeURIComponent(body)}`)
  const thread = startThread<string>('persist', module, plan, quiet, { heapMb: 64, isHeld })
  t.after(async () => {
    await thread.stop()
    rmSync(dir, { recursive: true, force: true })
  })
  return { dir, thread }
}

test('a thread that fails while it starts is started again, whatever it had opened by then', async (t) => {
  const { dir, thread } = started(t)
  await eventually('it is tried more than once', () => thread.starts() > 2)
  assert.match(thread.trouble()!, /^persist: ENOSPC.*; it is started again$/)
  assert.equal(thread.gaveUp(), null)
  writeFileSync(join(dir, 'room'), '')
  await thread.up
  assert.equal(await thread.now(), 'works')
  assert.equal(thread.trouble(), null)
})

test('a thread that never came up can be stopped, and whoever waits for it is told', async (t) => {
  const { thread } = started(t)
  await eventually('it failed', () => thread.trouble() !== null)
  const told = assert.rejects(thread.up, /persist: it is stopped/)
  await thread.stop()
  await told
})

test('a held thread makes ready and ends, and is started when it is released, before or after', async (t) => {
  for (const when of ['at rest', 'at once']) {
    const { dir, thread } = started(t, { isHeld: true, hasRoom: true })
    const notes = () => readFileSync(join(dir, 'notes'), 'utf8')
    await thread.up
    if (when === 'at rest') await eventually('it rests', () => notes() === 'held ended ')
    thread.release()
    await eventually('it runs', () => notes() === 'held ended free ')
    assert.equal(await thread.now(), 'works')
    assert.equal(thread.starts(), 2)
    assert.equal(thread.trouble(), null)
    await thread.stop()
  }
})
