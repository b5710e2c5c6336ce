// One OpenStory a data folder, whatever happens to the one before.
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { lockFolder } from './lock.ts'

// Another process that tries for the lock, says how it went, and holds on to it.
async function other(t: TestContext, path: string): Promise<{ said: string; kill(): Promise<void> }> {
  const program = `
    import { lockFolder } from ${JSON.stringify(new URL('./lock.ts', import.meta.url).href)}
    console.log(lockFolder(${JSON.stringify(path)}) === null ? 'refused' : 'held')
    setInterval(() => {}, 1_000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const kill = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  t.after(kill)
  const [said] = (await once(child.stdout, 'data')) as [Buffer]
  return { said: String(said).trim(), kill }
}

function lockPath(t: TestContext): string {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-lock-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  return join(dir, 'data', 'lock.sqlite')
}

test('a second process is refused while the first holds the folder', async (t) => {
  const path = lockPath(t)
  const lock = lockFolder(path)
  assert.ok(lock !== null)
  const second = await other(t, path)
  assert.equal(second.said, 'refused')
  lock.release()
  assert.equal((await other(t, path)).said, 'held', 'released is free')
})

test('a folder whose process was killed is free at once', async (t) => {
  const path = lockPath(t)
  const first = await other(t, path)
  assert.equal(first.said, 'held')
  assert.equal(lockFolder(path), null)
  await first.kill()
  const mine = lockFolder(path)
  assert.ok(mine !== null)
  mine.release()
})
