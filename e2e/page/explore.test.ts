// Explore over the real server: a search lands on the event, counts narrow it, two sessions are compared, a session is taken along as a
// file, all of it with the keyboard too; and no violation of accessibility rules in any state.
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { type Running, startCli } from '../../src/testing/cli.ts'
import { eventually, header, type Scenario, scenario, turnRecords } from '../../src/testing/scenario.ts'
import { assertAccessible, launch, missing, open } from './browser.ts'

const options = { skip: missing, timeout: 90_000 }
const [BAKERY, SHOP] = ['example:bakery', 'example:shop'].map(encodeURIComponent)

let browser: Browser
let machine: Scenario
let server: Running
let url: string
before(async () => {
  if (missing) return
  machine = scenario()
  const minute = (n: number, second: number) => new Date(Date.UTC(2026, 2, 14, 10, n, second)).toISOString()
  const oven = '/home/dev/bakery/oven.ts'
  machine.write('bakery', [
    header('bakery'),
    ...turnRecords(1, 'bake a sourdough bread'),
    ...turnRecords(2, 'clean the oven <img src=x onerror=alert(1)>'),
    { id: 'e1', at: minute(0, 1), kind: 'ask', text: 'make the sourdough oven hotter' },
    {
      id: 'e2',
      at: minute(0, 2),
      kind: 'call',
      call: 'k1',
      tool: 'Open',
      does: 'read',
      target: oven,
      input: { path: oven },
      model: 'm1',
    },
    { id: 'e3', at: minute(0, 3), kind: 'result', call: 'k1', text: 'const sourdough = 200' },
    {
      id: 'e4',
      at: minute(0, 4),
      kind: 'call',
      call: 'k2',
      tool: 'Shell',
      does: 'run',
      target: 'bake sourdough',
      input: { command: 'bake sourdough' },
      model: 'm2',
    },
    { id: 'e5', at: minute(0, 5), kind: 'result', call: 'k2', failed: true, exit: 1, text: 'the sourdough burnt' },
    { id: 'e6', at: minute(0, 6), kind: 'say', text: 'It burnt; the sourdough needs less.', model: 'm2', stop: 'stop' },
  ])
  machine.write('shop', [
    header('shop', '/home/dev/shop'),
    ...turnRecords(3, 'bake a sourdough bread, please'),
    ...turnRecords(4, 'sell it'),
    {
      id: 'p1',
      at: minute(5, 1),
      kind: 'say',
      text: 'Sold, for more than it was worth.',
      request: 'sold',
      model: 'claude-sonnet-4-5',
      tokens: { input: 1_000_000, output: 100_000 },
      stop: 'stop',
    },
  ])
  for (let n = 0; n < 40; n++)
    machine.write('long', [
      ...(n === 0 ? [header('long', '/home/dev/long')] : []),
      ...turnRecords(n + 10, `knead number ${n}`),
    ])
  browser = await launch()
  server = startCli(
    [
      'serve',
      '--no-open',
      '--port',
      '0',
      '--data-dir',
      machine.config.dataDir,
      '--watch',
      `example=${machine.sessions}`,
    ],
    { HOME: machine.dir },
  )
  url = (await eventually('it serves', () => /at (http\S+)/.exec(server.stderr())?.[1])) as string
  await eventually('all of it can be searched', async () => {
    const { total } = await facetsOf('kneaded OR number')
    const { events } = await (await fetch(`${url}/api/search/facets?q=`))
      .json()
      .then((all: { looked: number }) => ({ events: all.looked }))
    return total >= 0 && events === 3 + 4 * 5 + 6 + 1 + 40 * 5
  })
})
after(async () => {
  await browser?.close()
  server?.child.kill('SIGINT')
  await server?.done
  machine?.remove()
})

const facetsOf = async (q: string) =>
  (await (await fetch(`${url}/api/search/facets?q=${encodeURIComponent(q)}`)).json()) as { total: number }
const query = (page: Page) => new URL(page.url()).searchParams.get('q')
const facet = (page: Page, name: string) => page.locator('.facets-rail').getByRole('button', { name })

test('a search lands on the event, with its context open and marked, and back is where one was', options, async (t) => {
  const { page, foreign, problems } = await open(t, browser, `${url}/explore`)
  await page.locator('.table-row').nth(1).waitFor()
  await page.keyboard.press('/')
  await page.keyboard.type('burnt')
  const hit = page.locator('a.hit', { hasText: 'the sourdough burnt' })
  await hit.waitFor()
  assert.equal(await hit.locator('mark').textContent(), 'burnt')
  await page.getByRole('heading', { name: '2 events in 1 session' }).waitFor()
  await hit.click()
  const marked = page.locator('.row.marked')
  await marked.getByText('the sourdough burnt').waitFor()
  assert.ok(await marked.getByText('$ bake sourdough').isVisible(), 'a result stands under its call')
  await page.goBack()
  await hit.waitFor()
  assert.ok(await hit.evaluate((link) => link === document.activeElement), 'the hit one came from is not at hand')
  assert.deepEqual([foreign, problems], [[], []])
})

test('what is folded for everyone else is open for whoever came to see it', options, async (t) => {
  const { page } = await open(t, browser, `${url}/explore?q=${encodeURIComponent('"const sourdough"')}`)
  await page.locator('a.hit', { hasText: 'const sourdough = 200' }).click()
  await page.locator('.row.marked').getByText('const sourdough = 200').waitFor()
  await page.keyboard.press('Escape')
  assert.ok(await page.getByText('const sourdough = 200').isVisible(), 'it folds under the reader')
})

test('each count is what one gets by pressing it, and the address has it all', options, async (t) => {
  const { page } = await open(t, browser, `${url}/explore?q=sourdough`)
  const shell = facet(page, 'Shell')
  await shell.waitFor()
  const count = Number(await shell.locator('.facet-count').evaluate((element) => element.firstChild?.textContent))
  assert.equal(count, 2)
  await shell.click()
  await page.getByRole('heading', { name: '2 events in 1 session' }).waitFor()
  assert.equal(query(page), 'sourdough tool:=Shell')
  await page.locator('.facets-rail').getByRole('button', { name: 'Shell', pressed: true }).waitFor()
  assert.ok(await facet(page, 'Open').isVisible(), 'what else there was to choose is gone')
  await facet(page, 'Errors only').click()
  await page.getByRole('heading', { name: '1 event in 1 session' }).waitFor()
  await page.waitForFunction(() => document.querySelectorAll('a.hit').length === 1)
  await page.reload()
  await page.getByRole('heading', { name: '1 event in 1 session' }).waitFor()
  await page.getByRole('button', { name: 'Tool Shell' }).click()
  await page.waitForFunction(() => new URL(location.href).searchParams.get('q') === 'sourdough is:error')
  await page.goBack()
  await page.waitForFunction(() => new URL(location.href).searchParams.get('q') === 'sourdough tool:=Shell is:error')
})

test('what a session cost narrows a search, with its counts, in the address', options, async (t) => {
  const { page } = await open(t, browser, `${url}/explore?q=bread`)
  await page.locator('.facets-rail').getByRole('heading', { name: 'Session cost' }).waitFor()
  const costOf = (name: string) => page.locator('.facets-rail').getByRole('list', { name })
  const over = costOf('Session cost').getByRole('button', { name: 'Over $1' })
  const count = Number(await over.locator('.facet-count').evaluate((element) => element.firstChild?.textContent))
  await over.click()
  await page.getByRole('heading', { name: new RegExp(`^${count} events? in 1 session$`) }).waitFor()
  assert.equal(query(page), 'bread cost:>1')
  await page.getByText('of sessions that cost >1', { exact: false }).waitFor()
  await page.locator('.group h2', { hasText: 'please' }).waitFor()
  await page.reload()
  await page.getByRole('button', { name: 'Session cost Over $1' }).click()
  await page.waitForFunction(() => new URL(location.href).searchParams.get('q') === 'bread')
  await page.goBack()
  await costOf('Session cost').getByRole('button', { name: 'Over $1', pressed: true }).waitFor()
})

test('what a turn cost narrows a search beside what its session did', options, async (t) => {
  const { page } = await open(t, browser, `${url}/explore?q=bread`)
  const turns = page.locator('.facets-rail').getByRole('list', { name: 'Turn cost' })
  const over = turns.getByRole('button', { name: 'Over $1' })
  const count = Number(await over.locator('.facet-count').evaluate((element) => element.firstChild?.textContent))
  await over.click()
  await page.getByRole('heading', { name: new RegExp(`^${count} events? in 1 session$`) }).waitFor()
  assert.equal(query(page), 'bread turn:>1')
  await page.getByText('in turns that cost >1', { exact: false }).waitFor()
  await page.getByRole('button', { name: 'Turn cost Over $1' }).click()
  await page.waitForFunction(() => new URL(location.href).searchParams.get('q') === 'bread')
})

test('nothing found says what would be found without a part of it', options, async (t) => {
  const { page } = await open(t, browser, `${url}/explore?q=${encodeURIComponent('sourdough agent:=nobody')}`)
  await page.getByRole('heading', { name: 'Nothing found' }).waitFor()
  await page.getByRole('button', { name: 'without agent' }).click()
  await page.locator('a.hit').first().waitFor()
  assert.equal(query(page), 'sourdough')
})

test('an answer that failed is said, and asked for again', options, async (t) => {
  const { page } = await open(t, browser, `${url}/explore`)
  await page.locator('.table-row').nth(1).waitFor()
  await page.route('**/api/search?**', (route) =>
    route.fulfill({ status: 500, contentType: 'application/json', body: '{"error":"The oven is out."}' }),
  )
  await page.keyboard.press('/')
  // All at once: typed letter by letter, the first half of the word could be the one whose answer failed.
  await page.getByRole('searchbox', { name: 'Search every session' }).fill('rye')
  await page.getByText('The oven is out.').waitFor()
  await page.unroute('**/api/search?**')
  await page.keyboard.press('Escape')
  await page.waitForTimeout(300)
  assert.equal(query(page), 'rye', 'leaving the box took the words with it')
  await page.getByRole('button', { name: 'Try again' }).click()
  await page.getByRole('heading', { name: 'Nothing found' }).waitFor()
})

test('keys walk what was found, open it and lead back to the words', options, async (t) => {
  const { page } = await open(t, browser, `${url}/explore?q=sourdough`)
  await page.locator('a.hit').first().waitFor()
  const at = () => page.evaluate(() => (document.activeElement as HTMLElement | null)?.dataset.hit ?? null)
  const ids = await page.locator('a.hit').evaluateAll((all) => all.map((hit) => (hit as HTMLElement).dataset.hit))
  await page.keyboard.press('j')
  assert.equal(await at(), ids[0])
  await page.keyboard.press('j')
  assert.equal(await at(), ids[1])
  await page.keyboard.press('k')
  assert.equal(await at(), ids[0])
  await page.keyboard.press('Escape')
  assert.ok(
    await page
      .getByRole('searchbox', { name: 'Search every session' })
      .evaluate((box) => box === document.activeElement),
  )
  await page.keyboard.press('Enter')
  assert.equal(await at(), ids[0], 'Enter in the box goes to the first')
  await page.keyboard.press('Enter')
  await page.waitForURL(`**/live/${BAKERY}?event=${ids[0]}`)
  await page.locator('.row.marked').waitFor()
})

test('two sessions are compared: chosen from a menu and a list, aligned by what was asked', options, async (t) => {
  const { page, problems } = await open(t, browser, `${url}/story/${BAKERY}`)
  await page.getByRole('button', { name: /^More for/ }).click()
  await page.getByRole('menuitem', { name: 'Compare with …' }).press('Enter')
  await page.getByRole('searchbox', { name: 'Find the session for B' }).fill('sourdough bread, please')
  await page.locator('.compare-picker a', { hasText: 'please' }).click()
  await page.waitForURL(
    (address) => address.searchParams.get('a') === 'example:bakery' && address.searchParams.get('b') === 'example:shop',
  )
  const rows = page.locator('.compare-turns > li')
  await rows.first().waitFor()
  assert.match(await rows.nth(0).innerText(), /bake a sourdough bread.*bake a sourdough bread, please/s)
  const calls = page.locator('.compare-fact', { hasText: 'Shell' }).locator('dd')
  assert.deepEqual(await calls.allInnerTexts(), ['3', '2'])
  await page.locator('.compare-list', { hasText: 'Only in A · 1' }).getByText('oven.ts').waitFor()
  await page.getByRole('button', { name: 'Change the sides' }).click()
  await page.waitForURL((address) => address.searchParams.get('a') === 'example:shop')
  await page.getByText('Only in B · 1').waitFor()
  await page.goBack()
  await page.getByText('Only in A · 1').waitFor()
  assert.deepEqual(problems, [])
})

test('the missing one of two sessions is taken from the list beside it, too', options, async (t) => {
  const { page } = await open(t, browser, `${url}/explore/compare?a=${BAKERY}`)
  await page.locator('.compare-picker').waitFor()
  await page.locator('.side-row', { hasText: 'please' }).click()
  await page.locator('.compare-turns > li').first().waitFor()
})

test('a session is taken along as a file, in each of its formats', options, async (t) => {
  const { page, foreign, problems } = await open(t, browser, `${url}/live/${BAKERY}`)
  const beginnings = [
    ['Markdown', '.md', /^# bake a sourdough bread\n/],
    ['One HTML file', '.html', /^<!doctype html>/],
    ['CloudEvents', '.cloudevents.jsonl', /^\{"specversion":"1\.0"/],
    ['As the agent wrote it', '.jsonl', /^\{"example":1/],
  ] as const
  for (const [name, ending, begin] of beginnings) {
    await page.getByRole('button', { name: /^More for/ }).click()
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByRole('menuitem', { name }).click()])
    assert.equal(file.suggestedFilename(), `2026-03-14 bake-a-sourdough-bread${ending}`)
    assert.match(readFileSync(await file.path(), 'utf8'), begin)
  }
  assert.equal(new URL(page.url()).pathname, `/live/${BAKERY}`)
  const html = await (await fetch(`${url}/api/sessions/${BAKERY}/export?format=html`)).text()
  await page.goto('about:blank')
  await page.setContent(html)
  await page.getByRole('heading', { name: 'clean the oven <img' }).waitFor()
  assert.equal(await page.locator('img, script').count(), 0)
  await assertAccessible(page, 'the exported file')
  assert.deepEqual([foreign, problems], [[], []])
})

const PLACES = [
  ['results', '/explore?q=sourdough', 'a.hit'],
  [
    'results that are narrowed',
    `/explore?q=${encodeURIComponent('sourdough tool:=Shell is:error')}`,
    '.facet-row[aria-pressed=true]',
  ],
  ['nothing found', '/explore?q=zzzz', '.nothing'],
  ['comparing, one missing', `/explore/compare?a=${BAKERY}`, '.compare-picker a'],
  ['comparing', `/explore/compare?a=${BAKERY}&b=${SHOP}`, '.compare-turns article'],
] as const
for (const scheme of ['light', 'dark'] as const)
  test(`no violation of accessibility rules in Explore, ${scheme}`, { ...options, timeout: 90_000 }, async (t) => {
    for (const width of scheme === 'light' ? [1440, 390] : [1440]) {
      const { page } = await open(t, browser, url, { scheme, width })
      for (const [what, path, sign] of PLACES) {
        await page.goto(url + path)
        await page.locator(sign).first().waitFor({ state: 'attached' })
        if (width === 390 && path.includes('q=sour')) await page.locator('.facets-fold summary').click()
        await page.waitForTimeout(150)
        await assertAccessible(page, `${what}, ${width} px`, false, scheme === 'dark')
      }
      await page.goto(`${url}/live/${BAKERY}`)
      await page.getByRole('button', { name: /^More for/ }).click()
      await assertAccessible(page, `the menu, ${width} px`, false, scheme === 'dark')
    }
  })
