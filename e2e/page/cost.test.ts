// What a person gets from the pages of cost, in a real browser, against an invented machine.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { assertAccessible, launch, missing, open } from './browser.ts'
import { EMPTY, makeWorld } from './scenes.ts'
import { Stub } from './stub.ts'

const options = { skip: missing, timeout: 90_000 }

let browser: Browser
let stub: Stub
before(async () => {
  if (missing) return
  browser = await launch()
  stub = await Stub.start(makeWorld(Date.now(), 30).world)
})
after(async () => {
  await browser?.close()
  await stub?.stop()
})

const params = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams)
const row = (page: Page, words: string | RegExp) => page.locator('.cost-table tbody tr', { hasText: words }).first()
const whole = (page: Page) => page.locator('.whole-sum b').innerText()

test(
  'it is reached from Explore and the palette, and opens down to the request, which leads to its event',
  options,
  async (t) => {
    const { page, problems, foreign } = await open(t, browser, `${stub.url}/explore`)
    await page.getByRole('navigation', { name: 'Explore' }).getByRole('link', { name: 'Cost' }).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('combobox', { name: 'Sessions, views and actions' }).fill('cost')
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { level: 1, name: /^≥ \$\d+\.\d\d spent$/ }).waitFor()
    assert.equal(await page.title(), 'Cost · OpenStory')
    await page.getByRole('link', { name: 'Session', exact: true }).click()
    await row(page, 'Payment webhooks get lost').locator('a').click()
    await row(page, 'Good. Cap the delay').waitFor()
    await page.locator('.within').getByText('Session Payment webhooks', { exact: false }).waitFor()
    await row(page, 'Payment webhooks get lost').locator('a').click()
    await page.getByRole('heading', { level: 2, name: /^Prompt: Payment webhooks/ }).waitFor()
    await row(page, 'Grep').locator('a').click()
    await page.locator('.row.marked', { hasText: 'deliverWebhook' }).waitFor()
    await page.goBack()
    await page.getByRole('heading', { level: 2, name: /^Prompt:/ }).waitFor()
    await page.goBack()
    await row(page, 'Good. Cap the delay').waitFor()
    assert.deepEqual(Object.keys(params(page)).sort(), ['cut', 'session'])
    assert.deepEqual([problems, foreign], [[], []])
  },
)

test('every cut adds up to the same whole, and says so', options, async (t) => {
  const { page } = await open(t, browser, `${stub.url}/explore/cost`)
  await page.locator('.whole-sum').waitFor()
  const sums = new Set<string>()
  for (const cut of ['Day', 'Project', 'Session', 'Prompt', 'Turn', 'Model', 'Agent', 'Tool', 'Subagent']) {
    await page.locator('.cuts').getByRole('link', { name: cut, exact: true }).click()
    await page.locator('.cost-table thead').getByText(cut, { exact: true }).waitFor()
    await page.getByText('add up to the whole', { exact: false }).waitFor()
    sums.add(await whole(page))
  }
  assert.equal(sums.size, 1, `${[...sums]}`)
  assert.equal(await page.locator('.cost-check.bad').count(), 0)
})

test(
  'what nobody knows is unknown, what may have been more is at least, and what no prompt asked for has its line',
  options,
  async (t) => {
    const { page } = await open(t, browser, `${stub.url}/explore/cost?cut=model`)
    await row(page, 'hermes-4-70b').getByText('unknown').waitFor()
    await row(page, 'gpt-5.1-codex').getByText(/^≥ \$/).waitFor()
    await page.getByText('Nobody knows the price of', { exact: false }).waitFor()
    await page.getByText('genai-prices 0.1.8, of 2026-09-23', { exact: false }).waitFor()
    await page.goto(`${stub.url}/explore/cost?cut=prompt`)
    await row(page, 'Not attributable to a prompt').locator('a').click()
    await page.getByRole('heading', { level: 2, name: /Not attributable/ }).waitFor()
    assert.ok((await page.locator('.requests tbody tr').count()) > 0)
  },
)

test('the time, its zone and what it is of stand in the address and can be let go of', options, async (t) => {
  const { page } = await open(t, browser, `${stub.url}/explore/cost`)
  await page.locator('.days svg').waitFor()
  await page.getByRole('button', { name: '7 days' }).click()
  await page.locator('.cost-said').getByText('the last 7 days').waitFor()
  assert.equal(params(page).since, '7d')
  await page.getByLabel('Time zone of the days').selectOption('Pacific/Auckland')
  await page.waitForFunction(() => new URL(location.href).searchParams.get('tz') === 'Pacific/Auckland')
  assert.ok(stub.asked.some((path) => path.startsWith('/api/cost?') && path.includes('tz=Pacific%2FAuckland')))
  await page.getByText('as a table').click()
  await page.locator('.days-table a').first().click()
  await page.locator('.cost-table thead').getByText('Session', { exact: true }).waitFor()
  assert.equal(params(page).since, params(page).until)
  await page.getByRole('button', { name: 'All time' }).click()
  await page.goto(`${stub.url}/explore/cost?cut=agent`)
  await row(page, 'Claude Code').locator('a').click()
  await page.getByRole('button', { name: /^Agent Claude Code/ }).click()
  await page.waitForFunction(() => !new URL(location.href).searchParams.has('of-agent'))
})

test('j, k and Enter open what a row is made of', options, async (t) => {
  const { page } = await open(t, browser, `${stub.url}/explore/cost?cut=project`)
  await row(page, /./).waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  await page.keyboard.press('k')
  await page.keyboard.press('Enter')
  await page.locator('.cost-table thead').getByText('Session', { exact: true }).waitFor()
  assert.ok(params(page)['of-project'])
})

test('nothing spent is said, and so is a question that failed', options, async (t) => {
  const { page } = await open(t, browser, `${stub.url}/explore/cost?since=1999-01-01&until=1999-01-02`)
  await page.getByText('Nothing was spent then, as far as the record goes.').waitFor()
  await page.route('**/api/cost?*', (route) =>
    route.fulfill({ status: 400, contentType: 'application/json', body: '{"error":"the parameter since is a day"}' }),
  )
  await page.goto(`${stub.url}/explore/cost?since=never`)
  await page.getByText('Cannot show what was spent.').waitFor()
  await page.getByText('the parameter since is a day').waitFor()
  const empty = await Stub.start(EMPTY())
  t.after(() => empty.stop())
  await page.unrouteAll()
  await page.goto(`${empty.url}/explore/cost`)
  await page.getByText('No coding agent has written anything here yet.').waitFor()
})

test('on a narrow page the chosen cut is in sight, and all that narrows the question', options, async (t) => {
  const { page } = await open(t, browser, `${stub.url}/explore/cost?cut=subagent`, { width: 390 })
  await row(page, /./).waitFor()
  const chosen = (await page.locator('.cuts [aria-current]').boundingBox())!
  assert.ok(chosen.x >= 0 && chosen.x + chosen.width <= 390, `the chosen cut stands at ${chosen.x}`)
  await page.goto(`${stub.url}/explore/cost?cut=agent`)
  await row(page, 'Claude Code').locator('a').click()
  await row(page, 'Payment webhooks get lost').locator('a').click()
  await row(page, 'Good. Cap the delay').locator('a').click()
  await page.getByRole('heading', { level: 2, name: /^Prompt:/ }).waitFor()
  for (const chip of await page.locator('.within .chip, .within .chip b').all()) {
    const { x, width } = (await chip.boundingBox())!
    assert.ok(x >= 0 && x + width <= 390, `${await chip.innerText()} ends at ${x + width}`)
  }
  assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 390, 'nothing is wider than the page')
})

for (const scheme of ['light', 'dark'] as const)
  test(`the pages of cost are for everybody, ${scheme}, wide and narrow`, options, async (t) => {
    for (const width of [1440, 390]) {
      const { page } = await open(t, browser, `${stub.url}/explore/cost?cut=prompt`, { scheme, width })
      for (const path of ['?cut=prompt', '?cut=model', '?cut=model&row=claude-sonnet-4-5']) {
        await page.goto(`${stub.url}/explore/cost${path}`)
        await row(page, /./).waitFor()
        await page.locator('.days svg, .requests').first().waitFor()
        await assertAccessible(page, `${path} ${width}`, false, scheme === 'dark')
        const overflow = await page.evaluate(() => document.querySelector('.explore')!.scrollWidth - window.innerWidth)
        assert.ok(overflow <= 0, `nothing is wider than the page at ${width}`)
      }
    }
  })
