// The real server where others may reach it, and a real browser: nothing without the token, all of it with the cookie, live too; and
// secrets of the record, which are shown at the machine itself alone.
import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { type Running, startCli } from '../../src/testing/cli.ts'
import { eventually } from '../../src/testing/scenario.ts'
import { assertAccessible, launch, missing, open } from './browser.ts'

const options = { skip: missing, timeout: 90_000 }
const SECRET = `gh${'p_'}${'a1B2c3'.repeat(6)}`
const TOKEN = `ost_${'aB3'.repeat(10)}`
const LIVE = `live/${encodeURIComponent('example:s1')}`

const home = mkdtempSync(join(tmpdir(), 'openstory-sign-in-'))
const file = join(home, 'agent/sessions/s1.jsonl')
const write = (line: object) => appendFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), ...line })}\n`)
let browser: Browser
let server: Running
let url: string

function start(name: string, flags: readonly string[], env: Record<string, string> = {}): Running {
  return startCli(['serve', '--no-open', '--port', '0', '--data-dir', join(home, name), ...flags], {
    HOME: home,
    OPENSTORY_EXAMPLE_DIR: join(home, 'agent'),
    ...env,
  })
}
const urlOf = (running: Running): Promise<string> =>
  eventually('the server says where it is', () => /at (http\S+)/.exec(running.stderr())?.[1]) as Promise<string>

before(async () => {
  if (missing) return
  mkdirSync(join(home, 'agent/sessions'), { recursive: true })
  write({ example: 1, session: 's1', cwd: '/home/dev/app' })
  write({ id: 'ask', kind: 'ask', text: `Push it with ${SECRET} please` })
  const tool = { call: 'c1', tool: 'Shell', does: 'run', target: 'push', input: { command: `push --as ${SECRET}` } }
  write({ id: 'call', kind: 'call', ...tool, model: 'm1' })
  write({ id: 'result', kind: 'result', call: 'c1', failed: false, exit: 0, text: `pushed as ${SECRET}` })
  write({ id: 'say', kind: 'say', text: 'Pushed to the bakery.', model: 'm1' })
  browser = await launch(['--host-resolver-rules=MAP story.example 127.0.0.2'])
  server = start('data', ['--host', '127.0.0.2', '--allow-host', 'story.example'], { OPENSTORY_TOKEN: TOKEN })
  url = await urlOf(server)
})
after(async () => {
  await browser?.close()
  server?.child.kill('SIGINT')
  await server?.done
  rmSync(home, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 })
})

test(
  'a page without a cookie asks for the token, says when it is wrong, and with it shows everything, live',
  options,
  async (t) => {
    const { page, foreign } = await open(t, browser, `${url}/${LIVE}`)
    await page.getByRole('heading', { name: 'This record asks for its token.' }).waitFor()
    await assertAccessible(page, 'the form')
    assert.ok(!(await page.content()).includes('bakery'))
    await page.getByLabel('Token').fill('not-the-token-at-all')
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('This is not the token of this server.').waitFor()
    await page.getByLabel('Token').fill(` ${TOKEN} `)
    await page.getByRole('button', { name: 'Sign in' }).click()
    await page.getByText('Pushed to the bakery.').first().waitFor()
    assert.equal(await page.evaluate(() => document.cookie), '', 'no script reads the cookie')
    write({ id: `${Math.random()}`, kind: 'say', text: 'And it goes on.', model: 'm1' })
    await page.getByText('And it goes on.').first().waitFor()
    await page.reload()
    await page.getByText('And it goes on.').first().waitFor()
    assert.deepEqual(foreign, [])
  },
)

test('an address with the token signs in and is not kept: not in the bar, not in the history', options, async (t) => {
  const { page, problems } = await open(t, browser, 'about:blank')
  await page.goto(`${url}/${LIVE}?token=${TOKEN}`)
  await page.getByText('Pushed to the bakery.').first().waitFor()
  assert.equal(page.url(), `${url}/${LIVE}`)
  await page.goBack()
  assert.equal(page.url(), 'about:blank')
  await page.goForward()
  assert.equal(page.url(), `${url}/${LIVE}`)
  assert.deepEqual(problems, [])
})

test('a secret of the record is masked on the page, and shown by a click at this machine alone', options, async (t) => {
  const { page } = await open(t, browser, 'about:blank')
  await page.goto(`${url}/${LIVE}?token=${TOKEN}`)
  await page.getByText('Push it with ghp_•••• (GitHub token) please').first().waitFor()
  await assertAccessible(page, 'a row with masked secrets', false, true)
  assert.ok(!(await page.content()).includes(SECRET))
  const prompt = page.locator('.row.prompts')
  await prompt.getByRole('button', { name: 'Show them' }).click()
  await page.getByText(`Push it with ${SECRET} please`).waitFor()
  assert.equal(await page.getByText(`pushed as ${SECRET}`).count(), 0, 'only there')
  await page.locator('.row.tools').getByRole('button', { name: 'Show them' }).click()
  for (const text of [`push --as ${SECRET}`, `pushed as ${SECRET}`]) await page.getByText(text).waitFor()
  await prompt.getByRole('button', { name: 'Mask them' }).click()
  await page.getByText(`Push it with ${SECRET} please`).waitFor({ state: 'detached' })

  const elsewhere = new URL(url)
  elsewhere.hostname = 'story.example'
  await page.goto(`${elsewhere.origin}/${LIVE}?token=${TOKEN}`)
  await page.getByText('Push it with ghp_•••• (GitHub token) please').first().waitFor()
  assert.equal(await page.getByRole('button', { name: 'Show them' }).count(), 0)
})

const RUNS = /"up to date"|up \d+ s/
test('who sets no token is given one, in a file for its owner alone, that nothing prints', options, async (t) => {
  const given = start('other', ['--host', '127.0.0.3'])
  t.after(async () => {
    given.child.kill('SIGINT')
    await given.done
  })
  const at = await urlOf(given)
  await eventually('it says where the token is', () =>
    given.stderr().includes(`it asks for the token in ${join(home, 'other', 'token')}`),
  )
  assert.equal(statSync(join(home, 'other', 'token')).mode & 0o777, 0o600)
  assert.equal((await fetch(`${at}/api/sessions`)).status, 401)
  const ask = () => startCli(['doctor', '--json', '--data-dir', join(home, 'other')], { HOME: home }).done
  let doctor = await ask()
  for (let i = 0; i < 5 && !RUNS.test(doctor.stdout); i++) doctor = await ask() // a slow machine answers too late at first
  assert.match(doctor.stdout, RUNS, 'our own command line has it')
  assert.ok(!/ost_/.test(given.stderr() + given.stdout() + doctor.stdout + doctor.stderr))
})
