// What a person gets from a replay, in a real browser, against an invented machine.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { assertAccessible, launch, missing, open } from './browser.ts'
import { makeWorld } from './scenes.ts'
import { Stub } from './stub.ts'
import { Scene, type World } from './world.ts'

const options = { skip: missing, timeout: 90_000 }
const CHECKOUT = 'claude-code:5b1e77c0-9f64'
const MOVES = 'claude-code:6d6f7665-5000-4000-8000-000000000001'
const LONG = 'claude-code:10000000-4c11'
const LONG_EVENTS = 3_000

let browser: Browser
let stub: Stub
let world: World
before(async () => {
  if (missing) return
  browser = await launch()
  ;({ world } = makeWorld(Date.now(), 8))
  const long = new Scene(world, { id: LONG.slice(12), startMs: Date.now() - 9 * 3_600_000 })
  for (let n = 0; (world.records.get(LONG)?.length ?? 0) < LONG_EVENTS; n++) {
    if (n % 40 === 0) long.prompt(`Part ${n} of the long work`).wait(n % 80 === 0 ? 4 * 60 : 1)
    long.run(`npm test -- part${n}`, `ok ${n}\n`).say(`Part ${n} holds.`, n % 40 === 39)
  }
  stub = await Stub.start(world)
})
after(async () => {
  await browser?.close()
  await stub?.stop()
})

const replay = (session: string, more = '') => `/explore/replay?session=${encodeURIComponent(session)}${more}`
const params = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams)
const shownOf = async (page: Page): Promise<number> =>
  Number((await page.locator('.transport-place span').innerText()).split(' of ')[0]!.replaceAll(',', ''))
const shows = (page: Page, n: number) =>
  page.waitForFunction(
    (wanted) => document.querySelector('.transport-place span')?.textContent?.startsWith(`${wanted} of `),
    n.toLocaleString('en-US'),
  )
const here = (page: Page) => page.locator('.screen .row.at')

test('a session is replayed from Live, from Story and from the palette', options, async (t) => {
  const { page, problems, foreign } = await open(t, browser, `${stub.url}/live/${encodeURIComponent(CHECKOUT)}`)
  await page.getByRole('link', { name: 'Replay' }).click()
  await page.locator('.screen .row').first().waitFor()
  assert.equal(new URL(page.url()).pathname, '/explore/replay')
  assert.equal(params(page).session, CHECKOUT)
  assert.match(await page.title(), /^Replay: .* · OpenStory$/)
  await page.locator('.replay-head').getByRole('link', { name: 'Story' }).click()
  await page.locator('.turn').first().waitFor()
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Sessions, views and actions' }).fill('replay this')
  await page.keyboard.press('Enter')
  await page.locator('.screen .row').first().waitFor()
  await page.getByRole('link', { name: 'Live', exact: true }).first().click()
  await page.locator('.reader').waitFor()
  assert.match(page.url(), new RegExp(encodeURIComponent(CHECKOUT)), 'the tabs lead back to the same session')
  assert.deepEqual([problems, foreign], [[], []])
})

test('it begins with the first prompt, plays record by record to the end, and stops there', options, async (t) => {
  const { page, problems } = await open(t, browser, stub.url + replay(MOVES, '&speed=100'))
  await page.locator('.screen .row').first().waitFor()
  const count = world.records.get(MOVES)!.length
  const first = await shownOf(page)
  assert.ok(first < 4)
  assert.equal(await page.locator('.screen .prompts').count(), 1)
  assert.equal(await page.getByText('npx vitest --color').count(), 0, 'nothing is there before its time')
  await page.keyboard.press(' ')
  await page.getByRole('button', { name: 'Pause' }).waitFor()
  await shows(page, count)
  await page.getByRole('button', { name: 'Play again' }).waitFor()
  await page.waitForFunction((n) => new URL(location.href).searchParams.get('at') === String(n), count)
  await page.locator('.screen').getByText('The clock survives summer time.').waitFor()
  assert.deepEqual(problems, [])
})

test('steps go move by move and turn by turn; every place has an address, and back leads out', options, async (t) => {
  const { page } = await open(t, browser, stub.url + replay(MOVES))
  await page.locator('.screen .row').first().waitFor()
  const start = await shownOf(page)
  await page.keyboard.press('ArrowRight')
  await here(page).getByText('The clock adds 24 hours', { exact: false }).waitFor()
  await page.keyboard.press('ArrowRight')
  await here(page).getByText('src/clock.ts').waitFor()
  assert.equal(await here(page).getByText('no result yet').count(), 1, 'its result has not come')
  await page.keyboard.press('ArrowRight')
  await here(page).getByText('1 line').waitFor()
  const at = await shownOf(page)
  assert.equal(params(page).at, String(at))
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await page.keyboard.press('ArrowLeft')
  await shows(page, start)
  await page.keyboard.press('End')
  await shows(page, world.records.get(MOVES)!.length)
  await page.keyboard.press('Home')
  await shows(page, 1)
  await page.goto(stub.url + replay(MOVES, `&at=${at}&speed=2`))
  await here(page).getByText('1 line').waitFor()
  assert.equal(await page.getByRole('button', { name: '2×' }).getAttribute('aria-pressed'), 'true')
  await page.keyboard.press('+')
  assert.equal(await page.getByRole('button', { name: '5×' }).getAttribute('aria-pressed'), 'true')
})

test('an event of Live is where its replay stands', options, async (t) => {
  const event = world.records.get(MOVES)!.find(({ tool }) => tool?.target === 'npx vitest --color')!.id
  const { page } = await open(t, browser, `${stub.url}/live/${encodeURIComponent(MOVES)}?event=${event}`)
  await page.locator('.row.marked').waitFor()
  await page.getByRole('link', { name: 'Replay' }).click()
  await here(page).getByText('npx vitest --color').waitFor()
  assert.equal(params(page).event, undefined)
  assert.match(params(page).at ?? '', /^\d+$/)
})

test(
  'beside the records stands what was so then: the prompt, the to-dos, the files, what was spent',
  options,
  async (t) => {
    const { page } = await open(t, browser, stub.url + replay(MOVES))
    const moment = page.locator('.moment')
    await moment.getByText('Make the clock survive summer time.', { exact: false }).waitFor()
    assert.equal(await moment.locator('.todos li').count(), 0)
    await moment.getByText('Nothing that was written down.').waitFor()
    await page.keyboard.press('End')
    await moment.getByText('1 of 3 done').waitFor()
    await moment.locator('.moment-files li', { hasText: 'src/days.ts' }).getByText('new').waitFor()
    await moment
      .getByText(/^\$\d+\.\d\d/)
      .first()
      .waitFor()
    const all = await moment.locator('.moment-spent b').first().innerText()
    await page.keyboard.press('Home')
    await page.keyboard.press('ArrowRight')
    await page.keyboard.press('ArrowRight')
    await page.waitForFunction((sum) => document.querySelector('.moment-spent b')?.textContent !== sum, all)
    await moment.getByRole('button', { name: /^1 error/ }).click()
    await here(page).getByText('npx vitest --color').waitFor()
  },
)

test('subagents are there while they work, in their place', options, async (t) => {
  const { page } = await open(t, browser, stub.url + replay(MOVES))
  const records = world.records.get(MOVES)!
  const asked = records.findIndex(({ agentId }) => agentId === 'agent-inner')
  await page.goto(stub.url + replay(MOVES, `&at=${asked + 2}`))
  await page.locator('.screen .row.lane').first().waitFor()
  assert.equal(await page.locator('.moment-agents li').count(), 2)
})

test('what nobody would wait through is a beat, and is said', options, async (t) => {
  const { page } = await open(t, browser, stub.url + replay(LONG, '&at=250'))
  await page
    .locator('.screen .gap')
    .getByText(/^4 min( \d+ s)? later$/)
    .first()
    .waitFor()
  const records = world.records.get(LONG)!
  const prompt = records.findIndex(({ text }) => text === 'Part 80 of the long work')
  await page.goto(stub.url + replay(LONG, `&at=${prompt + 1}&speed=1`))
  await page.locator('.screen .row').first().waitFor()
  const from = await page.evaluate(() => performance.now())
  await page.keyboard.press(' ')
  await page
    .locator('.transport-said')
    .getByText(/^4 min( \d+ s)? pass$/)
    .waitFor()
  await shows(page, prompt + 2)
  assert.ok((await page.evaluate(() => performance.now())) - from < 30_000, 'four minutes did not take four minutes')
})

test('a long session is asked for by pages, wherever one goes on its line', options, async (t) => {
  stub.asked = []
  const { page, problems } = await open(t, browser, stub.url + replay(LONG))
  await page.locator('.screen .row').first().waitFor()
  const track = (await page.locator('.track').boundingBox())!
  await page.mouse.click(track.x + track.width * 0.7, track.y + 12)
  await page.waitForFunction(() => Number(new URL(location.href).searchParams.get('at')) > 1_000)
  const at = await shownOf(page)
  const { text } = world.records
    .get(LONG)!
    .slice(0, at)
    .findLast(({ kind }) => kind.endsWith('.text'))!
  await page.locator('.screen').getByText(text, { exact: true }).waitFor()
  assert.ok(stub.asked.filter((path) => path.includes('limit=200')).length < 12, 'only what is needed was asked for')
  // And back through what came before it.
  const rows = await page.locator('.screen .row').first().getAttribute('data-event')
  await page.locator('.screen .records').hover()
  for (let i = 0; i < 12; i++) {
    await page.mouse.wheel(0, -900)
    await page.waitForTimeout(40)
  }
  await page.waitForFunction((id) => document.querySelector('.screen .row')?.getAttribute('data-event') !== id, rows)
  await page.getByRole('button', { name: 'To the moment' }).click()
  await page.locator('.screen').getByText(text, { exact: true }).waitFor()
  assert.deepEqual(problems, [])
})

test('a session that is not there is said, and without one the latest are offered', options, async (t) => {
  const { page } = await open(t, browser, stub.url + replay('claude-code:nobody'))
  await page.getByText('This session cannot be replayed.').waitFor()
  await page.goto(`${stub.url}/explore`)
  await page.getByRole('navigation', { name: 'Explore' }).getByRole('link', { name: 'Replay' }).click()
  await page.locator('.replay-choice a', { hasText: 'Payment webhooks' }).click()
  await page.locator('.screen .row').first().waitFor()
})

test('space presses the button one stands on, and keys rest in a box', options, async (t) => {
  const { page } = await open(t, browser, stub.url + replay(MOVES))
  await page.locator('.screen .row').first().waitFor()
  const start = await shownOf(page)
  await page.getByRole('button', { name: 'Next move' }).focus()
  await page.keyboard.press(' ')
  await shows(page, start + 1)
  await page.getByRole('searchbox', { name: 'Search every session' }).focus()
  await page.keyboard.press('End')
  assert.equal(await shownOf(page), start + 1)
  await page.getByRole('slider', { name: 'Place in the session' }).focus()
  await page.keyboard.press('ArrowRight')
  await shows(page, start + 2)
  assert.match((await page.getByRole('slider').getAttribute('aria-valuetext')) ?? '', /turn 1 of \d/)
})

for (const scheme of ['light', 'dark'] as const)
  test(`a replay is for everybody, ${scheme}, wide and narrow`, options, async (t) => {
    for (const width of [1440, 1000, 390]) {
      const { page } = await open(t, browser, stub.url + replay(MOVES, '&at=43'), { scheme, width })
      await page.locator('.screen .row').first().waitFor()
      await page.locator('.moment .todos li').first().waitFor()
      await assertAccessible(page, `replay ${width}`, false, scheme === 'dark')
      const overflow = await page.evaluate(() => document.querySelector('.replay')!.scrollWidth - window.innerWidth)
      assert.ok(overflow <= 0, `nothing is wider than the page at ${width}`)
    }
  })
