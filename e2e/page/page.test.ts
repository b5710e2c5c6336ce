// What a person gets from the page, in a real browser, against an invented machine.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { assertAccessible, launch, missing, open } from './browser.ts'
import { EMPTY, makeWorld } from './scenes.ts'
import { Stub } from './stub.ts'
import { Scene, type World } from './world.ts'

const LIVE = `/live/${encodeURIComponent('claude-code:0198f2ab-4c11')}`
const CHECKOUT = encodeURIComponent('claude-code:5b1e77c0-9f64')
const options = { skip: missing, timeout: 90_000 }

let browser: Browser
let stub: Stub
let world: World
let live: Scene
before(async () => {
  if (missing) return
  browser = await launch()
  ;({ world, live } = makeWorld(Date.now(), 60))
  stub = await Stub.start(world)
})
after(async () => {
  await browser?.close()
  await stub?.stop()
})

const seen = (page: Page) =>
  page.locator('.records [data-event]').evaluateAll((rows) => rows.map((row) => row.getAttribute('data-event')))
const said = (page: Page, text: string) => page.locator('.records').getByText(text, { exact: true })

test('a session that goes on is followed, until the reader scrolls up, and again on a key', options, async (t) => {
  const { page, problems } = await open(t, browser, stub.url + LIVE)
  await said(
    page,
    'The cap holds. Next I make a parked delivery visible on the admin page, so that nobody has to read a log to find it.',
  ).waitFor()
  live.at(Date.now()).say('A word that was not there before.')
  await said(page, 'A word that was not there before.').waitFor()

  await page.locator('.records').hover()
  await page.mouse.wheel(0, -900)
  const follow = page.getByRole('button', { name: /Follow/ })
  await follow.waitFor()
  const top = await page.locator('.records').evaluate((list) => list.scrollTop)
  for (let i = 0; i < 5; i++) live.say(`More, while the reader reads above: ${i}.`)
  await page.waitForTimeout(300)
  assert.ok(
    Math.abs((await page.locator('.records').evaluate((list) => list.scrollTop)) - top) < 2,
    'the page moved under the reader',
  )

  await page.keyboard.press('G')
  await said(page, 'More, while the reader reads above: 4.').waitFor()
  await follow.waitFor({ state: 'detached' })
  live.say('And it goes on.')
  await said(page, 'And it goes on.').waitFor()
  assert.deepEqual(problems, [])
})

test('a result comes in under its call, in the row that was there', options, async (t) => {
  const { page } = await open(t, browser, stub.url + LIVE)
  await page.locator('.records [data-event]').first().waitFor()
  const call = live.at(Date.now()).call('run', 'Bash', 'make slow', { command: 'make slow' })
  const row = page.locator('.row', { hasText: '$ make slow' })
  await row.getByText('no result yet').waitFor()
  live.result(call, 'slow but done', { exit: 0 })
  await row.getByText('slow but done').waitFor()
  assert.equal(await row.count(), 1)
})

test('a cut socket loses no record and doubles none', options, async (t) => {
  const { page } = await open(t, browser, stub.url + LIVE)
  await page.locator('.link-mark.live').waitFor()
  await page.locator('.records [data-event]').first().waitFor()
  stub.isRefusing = true
  stub.cut()
  await page.locator('.link-mark.away').waitFor()
  const before = world.records.get(live.session)!.length
  for (let i = 0; i < 6; i++) live.at(Date.now()).say(`Said in the dark ${i}.`)
  stub.isRefusing = false
  await page.locator('.link-mark.live').waitFor()
  await said(page, 'Said in the dark 5.').waitFor()
  stub.cut()
  live.say('Said after a second cut.')
  await said(page, 'Said after a second cut.').waitFor()
  const ids = await seen(page)
  const due = world.records
    .get(live.session)!
    .slice(before)
    .map((record) => record.id)
  assert.equal(new Set(ids).size, ids.length, 'a record is there twice')
  assert.deepEqual(ids.slice(-due.length), due)
})

test('a stream that no longer joins up is begun again from a snapshot', options, async (t) => {
  const { page } = await open(t, browser, stub.url + LIVE)
  await page.locator('.records [data-event]').first().waitFor()
  stub.shout({ type: 'behind', lag: 40 })
  await page.getByText('40 messages behind').waitFor()
  stub.shout({ type: 'reset', first: world.seq, seq: world.seq })
  await page.locator('.link-mark.live').waitFor()
  live.at(Date.now()).say('After the new beginning.')
  await said(page, 'After the new beginning.').waitFor()
  const ids = await seen(page)
  assert.equal(new Set(ids).size, ids.length)
})

test('a search is answered as it is typed, and a click lands on the event in its place', options, async (t) => {
  const { page } = await open(t, browser, stub.url)
  await page.locator('.side-row').first().waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('opened')
  const hit = page.locator('a.hit', { hasText: 'Load the map when it is opened' })
  await hit.waitFor()
  const word = hit.locator('mark', { hasText: /^opened$/ }) // what was found for the first letters narrows
  await word.first().waitFor()
  assert.equal(new URL(page.url()).search, '?q=opened')
  await hit.click()
  const marked = page.locator('.row.marked')
  await marked.waitFor()
  await page.waitForTimeout(200)
  assert.ok(await marked.getByText('Load the map when it is opened.').isVisible())
  const box = await marked.boundingBox()
  assert.ok(box !== null && box.y > 0 && box.y < 900, 'the event is out of sight')
  await page.goBack()
  await hit.waitFor()
  assert.equal(await page.getByRole('searchbox', { name: 'Search every session' }).inputValue(), 'opened')
})

test('what a transcript says stays text: no element, no title, no request comes of it', options, async (t) => {
  const { page, foreign, problems } = await open(t, browser, `${stub.url}/live/${CHECKOUT}`)
  const answer = page.locator('.row.answers').last()
  await answer.getByText('<script>document.title = "owned"</script>', { exact: false }).waitFor()
  assert.equal(await page.locator('.records img, .records script, .records iframe').count(), 0)
  assert.ok(!(await page.title()).includes('owned'))
  const links = await answer
    .locator('.prose a')
    .evaluateAll((all) => all.map((a) => [a.getAttribute('href'), a.getAttribute('rel'), a.getAttribute('target')]))
  assert.deepEqual(
    links.map(([href]) => href),
    ['https://example.org/xss', 'https://example.org/p.png'],
  )
  assert.ok(links.every(([, rel, target]) => rel === 'noopener noreferrer' && target === '_blank'))
  await page.goto(`${stub.url}/story/${CHECKOUT}`)
  await page.locator('.turn').first().waitFor()
  assert.deepEqual([foreign, problems], [[], []])
})

test('a long session is loaded upward page by page, without a jump', options, async (t) => {
  const long = new Scene(world, { id: 'longer-than-a-page', startMs: Date.now() - 3_600_000 })
  for (let i = 0; i < 500; i++) long.say(`Line ${i} of a long session.`)
  const { page } = await open(t, browser, `${stub.url}/live/${encodeURIComponent(long.session)}`)
  await said(page, 'Line 499 of a long session.').waitFor()
  assert.ok((await seen(page)).length < 120, 'rows out of sight are drawn')
  await page.locator('.records').hover()
  for (let i = 0; i < 60; i++) {
    await page.mouse.wheel(0, -2_000)
    await page.waitForTimeout(40)
    if (await said(page, 'Line 0 of a long session.').isVisible()) break
  }
  assert.ok(await said(page, 'Line 0 of a long session.').isVisible())
  const lines = await page.locator('.records .prose').allTextContents()
  const numbers = lines.map((line) => Number(/\d+/.exec(line)?.[0])).toSorted((a, b) => a - b)
  assert.deepEqual(
    numbers,
    numbers.map((_, i) => i),
    'a line is missing between two pages',
  )
})

test('records of some kinds only, in the address', options, async (t) => {
  const { page } = await open(t, browser, stub.url + LIVE)
  await page.getByRole('button', { name: 'Prompts' }).click()
  await page.waitForFunction(() => document.querySelectorAll('.records .row:not(.prompts)').length === 0)
  assert.ok((await page.locator('.row.prompts').count()) >= 2)
  assert.equal(new URL(page.url()).search, '?only=prompts')
})

test('keys move between sessions and views, and rest while someone types', options, async (t) => {
  const { page } = await open(t, browser, stub.url)
  await page.locator('.side-row').first().waitFor()
  await page.keyboard.press('j')
  await page.locator('.side-row[aria-current="page"]').waitFor()
  const first = page.url()
  await page.keyboard.press('J')
  await page.waitForFunction((url) => location.href !== url, first)
  await page.keyboard.press('K')
  await page.waitForFunction((url) => location.href === url, first)
  await page.keyboard.press('2')
  await page.locator('.story').waitFor()
  await page.getByRole('searchbox', { name: /Filter/ }).fill('')
  await page.keyboard.type('jk?')
  assert.equal(await page.locator('dialog[open]').count(), 0)
  await page.keyboard.press('Escape')
  await page.keyboard.press('?')
  await page.locator('dialog[open]').waitFor()
  await page.keyboard.press('Escape')
  await page.locator('dialog[open]').waitFor({ state: 'detached' })
})

test('news in a session that is not open is counted, and read by opening it', options, async (t) => {
  const { page } = await open(t, browser, `${stub.url}/live/${encodeURIComponent('pi:c0ffee12-77aa')}`)
  const row = page.locator('.side-row', { hasText: 'Payment webhooks' })
  await row.waitFor()
  await page.waitForTimeout(100)
  live.at(Date.now()).say('News.')
  await row.locator('.side-unread').waitFor()
  await row.click()
  await row.locator('.side-unread').waitFor({ state: 'detached' })
})

test('on a narrow page the sessions are a drawer that opens, closes and gives the focus back', options, async (t) => {
  const { page } = await open(t, browser, stub.url + LIVE, { width: 390, height: 844 })
  await page.locator('.masthead').waitFor()
  assert.ok(!(await page.locator('.side-row').first().isVisible()))
  const wide = await page.evaluate(() => document.documentElement.scrollWidth)
  assert.ok(wide <= 390, `the page is ${wide} px wide`)
  const button = page.getByRole('button', { name: 'Sessions' })
  await button.click()
  await page.locator('.side.open .side-row').first().waitFor()
  await page.keyboard.press('Escape')
  await page.locator('.side.open').waitFor({ state: 'detached' })
  assert.ok(await button.evaluate((el) => el === document.activeElement))
  await button.click()
  await page.locator('.side-row', { hasText: 'ledger tests' }).click()
  await page.locator('.masthead', { hasText: 'ledger tests' }).waitFor()
  await page.locator('.side.open').waitFor({ state: 'detached' })
})

test('a machine without transcripts, and a server that is gone, say what is so', options, async (t) => {
  const empty = await Stub.start(EMPTY())
  t.after(() => empty.stop())
  const { page } = await open(t, browser, empty.url)
  await page.getByText('openstory demo').waitFor()
  await page.locator('.watching').getByText('transcripts in').waitFor()
  empty.isRefusing = true
  let tries = 0
  await page.route('**/api/**', (route) => {
    tries++
    return route.abort()
  })
  empty.isRefusing = false
  await page.reload()
  await page.getByRole('heading', { name: 'OpenStory does not answer.' }).waitFor()
  // Pressed while the server is still away: it tries by itself as well, and then there is no button any more.
  const before = tries
  await page.getByRole('button', { name: 'Try now' }).click()
  while (tries === before) await page.waitForTimeout(20)
  await page.unroute('**/api/**')
  await page.getByText('openstory demo').waitFor({ timeout: 30_000 })
})

const PLACES = [
  ['what is going on', '/'],
  ['Live', LIVE],
  ['Story', LIVE.replace('live', 'story')],
  ['every session', '/explore'],
  ['search results', '/explore?q=the'],
  ['nothing found', '/explore?q=zzzz'],
] as const
for (const scheme of ['light', 'dark'] as const)
  test(`no violation of accessibility rules anywhere, ${scheme}`, { ...options }, async (t) => {
    // In the dark nothing but the colours is another.
    for (const width of scheme === 'light' ? [1440, 390] : [1440]) {
      const { page } = await open(t, browser, stub.url, { scheme, width })
      // Narrow, only what is laid out anew.
      for (const [what, path] of width === 390 ? PLACES.slice(1, 3) : scheme === 'dark' ? PLACES.slice(0, 5) : PLACES) {
        await page.goto(stub.url + path)
        await page.locator('h1').first().waitFor()
        await page.waitForTimeout(150)
        await assertAccessible(page, `${what}, ${width} px`, path === '/', scheme === 'dark')
      }
      if (width === 390) await page.getByRole('button', { name: 'Sessions' }).click()
      await page.locator('.health-button').click()
      await page.locator('.health dl').waitFor()
      await assertAccessible(page, `health, ${width} px`, true, scheme === 'dark')
    }
  })
