// The real server, killed and started again under an open page: the page catches up by itself and no record is missing or there twice.
import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Running, startCli } from '../../src/testing/cli.ts'
import { eventually } from '../../src/testing/scenario.ts'
import { launch, missing, open } from './browser.ts'

const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })

test('a page outlives its server: what was written meanwhile is there, once', {
  skip: missing,
  timeout: 60_000,
}, async (t) => {
  const home = mkdtempSync(join(tmpdir(), 'openstory-restart-'))
  const port = await freePort()
  mkdirSync(join(home, 'agent/sessions'), { recursive: true })
  const file = join(home, 'agent/sessions/s1.jsonl')
  let n = 0
  const write = (line: object) => appendFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`)
  const say = (count: number) => {
    for (let i = 0; i < count; i++) write({ id: `${++n}`, kind: 'say', text: `Line ${n} of it.`, model: 'm1' })
  }
  write({ example: 1, session: 's1', cwd: '/home/dev/app' })
  write({ id: 'ask', kind: 'ask', text: 'Go on while the server is away' })
  say(3)
  let server: Running
  const start = async () => {
    server = startCli(['serve', '--no-open', '--port', String(port), '--data-dir', join(home, 'data')], {
      HOME: home,
      OPENSTORY_EXAMPLE_DIR: join(home, 'agent'),
    })
    await eventually('the server answers', async () =>
      fetch(`http://127.0.0.1:${port}/api/sessions`).then(
        (answer) => answer.ok,
        () => false,
      ),
    )
  }
  await start()
  const browser = await launch()
  t.after(async () => {
    await browser.close()
    server.child.kill('SIGKILL')
    await server.done
    rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
  })
  const { page } = await open(t, browser, `http://127.0.0.1:${port}/live/${encodeURIComponent('example:s1')}`)
  page.setDefaultTimeout(20_000)
  await page.getByText('Line 3 of it.').waitFor()
  await page.evaluate(() => Object.assign(window, { isSamePage: true }))

  server!.child.kill('SIGKILL')
  await server!.done
  await page.locator('.link-mark.away').waitFor()
  say(40)
  await page.waitForTimeout(600)
  await start()
  say(20)
  await page.getByText(`Line ${n} of it.`).waitFor()
  await page.locator('.link-mark.live').waitFor()

  const seen = new Set<number>()
  const look = async () => {
    const lines = await page.locator('.records .prose').allTextContents()
    assert.equal(new Set(lines).size, lines.length, 'a record is there twice')
    for (const line of lines) seen.add(Number(/\d+/.exec(line)?.[0]))
  }
  await page.locator('.records').hover()
  for (let i = 0; i < 30 && !seen.has(1); i++) {
    await look()
    await page.mouse.wheel(0, -400)
    await page.waitForTimeout(30)
  }
  assert.deepEqual(
    [...seen].sort((a, b) => a - b),
    Array.from({ length: n }, (_, i) => i + 1),
  )
  assert.ok(await page.evaluate(() => 'isSamePage' in window), 'the page was loaded anew')
})
