// The product as a person meets it: the demo's agent writes, the real server watches, a real browser looks.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { type Running, startCli } from '../src/testing/cli.ts'
import { eventually } from '../src/testing/scenario.ts'
import { assertAccessible, launch, missing, open } from './page/browser.ts'

const options = { skip: missing, timeout: 90_000 }
const SESSION = `${encodeURIComponent('example:demo-1')}`

let browser: Browser
let demo: Running
let url: string
before(async () => {
  if (missing) return
  browser = await launch()
  demo = startCli(['demo', '--no-open', '--once', '--speed', '6'])
  url = (await eventually('the demo serves', () => /at (http\S+)/.exec(demo.stderr())?.[1])) as string
})
after(async () => {
  await browser?.close()
  demo?.child.kill('SIGINT')
  await demo?.done
})

test('a session is followed from its first line to its last, and nothing leaves the machine', options, async (t) => {
  const { page, foreign, problems } = await open(t, browser, `${url}/live/${SESSION}`)
  await page.getByText('The pickup slot test is flaky', { exact: false }).first().waitFor()
  await page.getByText('Committed as', { exact: false }).last().waitFor({ timeout: 30_000 })
  const { records } = (await (await fetch(`${url}/api/sessions/${SESSION}/records?limit=1000`)).json()) as {
    records: { id: string }[]
  }
  assert.equal(new Set(records.map(({ id }) => id)).size, records.length)
  assert.deepEqual(foreign, [])
  assert.deepEqual(problems, [])
})

test('its turns are told as sentences with the reason in the person’s words', options, async (t) => {
  const { page, problems } = await open(t, browser, `${url}/story/${SESSION}`)
  await page
    .getByText('fixed the failing tests (edited slots.js and slots.test.js)', { exact: false })
    .first()
    .waitFor()
  await page.getByText('yes, and mention the timezone in the message', { exact: false }).first().waitFor()
  assert.deepEqual(problems, [])
})

test('what was said is found by a word, and a click leads to it', options, async (t) => {
  const { page } = await open(t, browser, `${url}/explore?q=Auckland`)
  const hit = page.locator('mark', { hasText: 'Auckland' }).first()
  await hit.waitFor()
  await hit.click()
  await page.waitForURL(/\/live\/.*event=[0-9a-f]{32}/)
  await page.getByText('Auckland', { exact: false }).first().waitFor()
  await page.goBack()
  await page.waitForURL(/\/explore\?q=Auckland/)
})

for (const scheme of ['light', 'dark'] as const)
  test(`every view of the real thing is free of accessibility violations, ${scheme}`, options, async (t) => {
    const paths = ['/', `/live/${SESSION}`, `/story/${SESSION}`, '/explore?q=pickup']
    // In the dark the colours are another, and the page tests look at those of every view.
    for (const path of scheme === 'light' ? paths : paths.slice(0, 2)) {
      const { page } = await open(t, browser, url + path, { scheme })
      await page.locator('main').waitFor()
      await page.waitForTimeout(300)
      await assertAccessible(page, path, path === '/', scheme === 'dark')
    }
  })
