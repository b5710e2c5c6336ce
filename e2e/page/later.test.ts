// How much the page loads before anything is seen, and how the rest of it comes.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import { launch, missing, open } from './browser.ts'
import { firstView } from './bundle.ts'
import { makeWorld } from './scenes.ts'
import { Stub } from './stub.ts'

const options = { skip: missing, timeout: 90_000 }
const FIRST_VIEW_MAX = 150_000
const WITH_WORKER_MAX = 250_000

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

test('the first view stays within its budget of bytes', options, () => {
  const { page, worker } = firstView()
  assert.ok(page > 50_000 && worker > 10_000, 'it was looked at')
  assert.ok(page <= FIRST_VIEW_MAX, `${page} bytes before anything is drawn; the budget is ${FIRST_VIEW_MAX}`)
  assert.ok(page + worker <= WITH_WORKER_MAX, `${page + worker} bytes with the worker; the limit is ${WITH_WORKER_MAX}`)
})

test(
  'every other place comes by itself while nothing is asked of the page, and is there when the server is not',
  options,
  async (t) => {
    const { page } = await open(t, browser, stub.url)
    const wanted = ['story', 'search', 'files', 'compare', 'replay', 'cost']
    await page.waitForFunction(
      (names) => {
        const come = performance.getEntriesByType('resource').map(({ name }) => new URL(name).pathname)
        return names.every((name) => come.some((path) => path.startsWith(`/assets/${name}-`)))
      },
      wanted,
      { timeout: 75_000 },
    )
    stub.isRefusing = true
    t.after(() => {
      stub.isRefusing = false
    })
    await page.getByRole('link', { name: 'Story', exact: true }).click()
    await page.locator('.day, .notice, h1').first().waitFor()
    assert.equal(await page.getByText('could not be loaded').count(), 0)
  },
)

test('a part of the page that cannot be loaded says so, and what helps', options, async (t) => {
  const { page } = await open(t, browser, `${stub.url}/live`)
  await page.route(/\/assets\/compare-.*\.js$/, (route) => route.abort())
  await page.goto(`${stub.url}/explore/compare`)
  await page.getByRole('alert').getByText('could not be loaded').waitFor()
  await page.unroute(/\/assets\/compare-.*\.js$/)
  await page.getByRole('button', { name: 'Load the page anew' }).click()
  await page.locator('.compare').first().waitFor()
  assert.equal(await page.getByText('could not be loaded').count(), 0)
})
