// What a person gets from commits, in a real browser, against an invented machine.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { assertAccessible, launch, missing, open } from './browser.ts'
import { HOSTILE_SUBJECT, SHOP } from './commits.ts'
import { makeWorld } from './scenes.ts'
import { Stub } from './stub.ts'

const options = { skip: missing, timeout: 90_000 }
const LOG = `/explore/commits?repo=${encodeURIComponent(SHOP)}`
const CHECKOUT = 'claude-code:5b1e77c0-9f64'

let browser: Browser
let stub: Stub
before(async () => {
  if (missing) return
  browser = await launch()
  stub = await Stub.start(makeWorld(Date.now(), 8).world)
})
after(async () => {
  await browser?.close()
  await stub?.stop()
})

const at = (page: Page) => new URL(page.url()).pathname + new URL(page.url()).search
const row = (page: Page, words: string) => page.locator('[data-row]', { hasText: words }).first()

test('from the checkouts to a commit, from it to a turn of its, and back', options, async (t) => {
  const { page, problems, foreign } = await open(t, browser, `${stub.url}/explore`)
  await page.getByRole('link', { name: 'Commits', exact: true }).click()
  await row(page, SHOP).locator('a').click()
  await page.getByRole('heading', { level: 1, name: 'shop' }).waitFor()
  assert.equal(at(page), LOG)
  assert.equal(await page.title(), 'Commits of shop · OpenStory')
  const first = page.locator('.commit').first()
  assert.match(await first.innerText(), /\d+ of \d+ lines by agents|all \d+ lines by agents/)
  await first.locator('h2 a').click()
  await page.getByRole('heading', { name: 'The turns in it' }).waitFor()
  assert.match(at(page), /commit=[0-9a-f]{40}/)
  await page.locator('.commit-prompt').first().click()
  await page.locator('.turn').first().waitFor()
  assert.match(at(page), /^\/story\/.*turn=/)
  await page.goBack()
  await page.getByRole('heading', { name: 'The turns in it' }).waitFor()
  await page.goBack()
  await page.getByRole('heading', { level: 1, name: 'shop' }).waitFor()
  assert.deepEqual([problems, foreign], [[], []])
})

test('commits come a page at a time, and those by hand are there as well', options, async (t) => {
  const { page } = await open(t, browser, stub.url + LOG)
  await page.locator('.commit').nth(9).waitFor()
  assert.equal(await page.locator('.commit').count(), 10)
  while (await page.getByRole('button', { name: 'More commits' }).isVisible()) {
    const before = await page.locator('.commit').count()
    await page.getByRole('button', { name: 'More commits' }).click()
    await page.locator('.commit').nth(before).waitFor()
  }
  await row(page, 'By hand, number 13').waitFor()
  const hostile = row(page, 'by hand')
  assert.equal(await hostile.locator('img').count(), 0, 'what a commit says is text')
  assert.match(await hostile.innerText(), /none of 3 lines is known to be an agent’s/)
  assert.ok((await hostile.locator('h2').textContent())!.includes(HOSTILE_SUBJECT.slice(0, 20)))
})

test('the keys walk the commits, and Enter opens one', options, async (t) => {
  const { page } = await open(t, browser, stub.url + LOG)
  await page.locator('.commit').nth(3).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  const second = page.locator('.commit').nth(1)
  await page.waitForFunction(() => document.activeElement?.classList.contains('commit'))
  const subject = await second.locator('h2').innerText()
  assert.equal(await page.evaluate(() => document.activeElement?.querySelector('h2')?.textContent), subject)
  await page.keyboard.press('Enter')
  await page.getByRole('heading', { level: 1, name: subject }).waitFor()
})

test('an unfolded turn says which commits hold its lines', options, async (t) => {
  const { page } = await open(t, browser, `${stub.url}/story/${encodeURIComponent(CHECKOUT)}`)
  const asked: string[] = []
  page.on('request', (request) => request.url().includes('/commits') && asked.push(request.url()))
  const turn = page.locator('.turn', { hasText: 'changed' }).first()
  await turn.waitFor()
  assert.deepEqual(asked, [], 'nothing is asked before it is unfolded')
  await turn.locator('.unfold').first().click()
  const held = turn.locator('.turn-commits')
  await held.locator('li').first().waitFor()
  assert.match(await held.innerText(), /\d+ lines of this turn · made by it/)
  assert.match(await held.innerText(), /2 later commits changed its files and were not looked at/)
  await held.locator('li a').first().click()
  await page.getByRole('heading', { name: 'The turns in it' }).waitFor()
})

test('a folder that is no checkout here is said in a sentence', options, async (t) => {
  const { page } = await open(t, browser, `${stub.url}/explore/commits?repo=${encodeURIComponent('/home/dev/gone')}`)
  await page.getByText('No session worked in a git checkout at /home/dev/gone').waitFor()
  assert.equal(await page.locator('.notice.bad').count(), 0, 'it is no failure')
})

for (const scheme of ['light', 'dark'] as const)
  test(`commits are for everybody, ${scheme}, wide and narrow`, options, async (t) => {
    const { page } = await open(t, browser, stub.url + LOG, { scheme })
    await page.locator('.commit').first().waitFor()
    for (const width of [1440, 390]) {
      await page.setViewportSize({ width, height: 844 })
      await page.goto(`${stub.url}/explore/commits`)
      await page.locator('.checkouts li').first().waitFor()
      await assertAccessible(page, `the checkouts, ${width}`)
      await page.goto(stub.url + LOG)
      await page.locator('.commit').first().waitFor()
      await assertAccessible(page, `the commits, ${width}`)
      assert.equal(await page.evaluate(() => document.documentElement.scrollWidth > window.innerWidth), false)
      await page.locator('.commit h2 a').first().click()
      await page.getByRole('heading', { name: 'The turns in it' }).waitFor()
      await page.locator('.commit-notes summary').click()
      await assertAccessible(page, `a commit, ${width}`)
    }
  })
