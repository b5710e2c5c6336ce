// What a person gets from the Story view, in a real browser, against an invented machine.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Locator, Page } from 'playwright-core'
import { launch, missing, open } from './browser.ts'
import { delegation, makeWorld } from './scenes.ts'
import { Stub } from './stub.ts'
import { Scene, type World } from './world.ts'

const options = { skip: missing, timeout: 90_000 }
const storyOf = (session: string) => `/story/${encodeURIComponent(session)}`
const DELEGATION = storyOf('claude-code:de1e9a7e')
const DAY_MS = 24 * 60 * 60_000

let browser: Browser
let stub: Stub
let world: World
let live: Scene
before(async () => {
  if (missing) return
  browser = await launch()
  ;({ world, live } = makeWorld(Date.now(), 12))
  delegation(new Scene(world, { id: 'de1e9a7e', branch: 'main', startMs: Date.now() - 3 * DAY_MS }))
  stub = await Stub.start(world)
})
after(async () => {
  await browser?.close()
  await stub?.stop()
})

const card = (page: Page, words: string) => page.locator('.turn', { hasText: words }).first()
// What comes in above moves a card, and a press and a release that hit different places are no click: as anyone would, it is pressed again.
const PRESSES_MAX = 5
async function unfold(turn: Locator): Promise<void> {
  const button = turn.locator(':scope > .turn-body > .unfold')
  for (let n = 0; n < PRESSES_MAX; n++) {
    await button.click()
    const open = turn.locator(':scope > .turn-body > .unfold[aria-expanded="true"]')
    if (
      await open.waitFor({ timeout: 4_000 }).then(
        () => true,
        () => false,
      )
    )
      return
  }
  assert.fail(`${PRESSES_MAX} presses did not unfold ${await turn.getAttribute('data-turn')}`)
}
const isSeen = (page: Page, selector: string) =>
  page.waitForFunction((selector) => {
    const box = document.querySelector(selector)?.getBoundingClientRect()
    return box !== undefined && box.top >= 0 && box.top < window.innerHeight
  }, selector)
const focused = (page: Page) => page.evaluate(() => document.activeElement?.getAttribute('data-stop'))
const turnsOf = (session: string) => [...world.turns.get(session)!.values()]

test('a story is read, and unfolded down to a subagent’s subagent', options, async (t) => {
  const { page, problems, foreign } = await open(t, browser, stub.url + DELEGATION)
  await page.locator('.whole').getByText('You asked Claude', { exact: false }).waitFor()
  assert.equal(await page.locator('.turn').count(), 2, 'subagents’ turns stand inside the turn that sent them')
  const first = page.locator('.turn').first()
  assert.deepEqual(
    [
      await first.locator('.subject').first().innerText(),
      await first.locator('.branches i').allInnerTexts(),
      await first.locator('.branches .end').innerText(),
    ],
    ['Claude', ['and', 'and', 'running', 'because'], 'answered'],
  )
  assert.equal(await first.locator('h2').count(), 1)
  await first.locator('.fact', { hasText: 'pay.ts' }).waitFor()
  await first.locator('.fact', { hasText: 'commit “Pay through the new billing API”' }).waitFor()
  await first.locator('.fact', { hasText: 'npm test' }).getByText('88 passed').waitFor()

  await unfold(first)
  const surveyor = card(page, 'The Surveyor agent').locator('.turn.nested').first()
  await surveyor.locator('.subject', { hasText: 'The Surveyor agent' }).waitFor()
  await unfold(surveyor)
  const reader = surveyor.locator('.turn.nested')
  await reader.locator('.subject', { hasText: 'The Reader agent' }).waitFor()
  await unfold(reader)
  await reader.getByText('Only pay.ts calls it, in one place at the very bottom.').last().waitFor()
  const call = reader.locator('.tool-head', { hasText: 'src/invoices/pay.ts' })
  await call.first().waitFor() // the answer's words stand in its sentence as well, before its records are there
  assert.equal(await call.count(), 1)
  // It stands under the call that sent it, and before what the parent did next.
  const order = await surveyor.evaluate((element) =>
    [...element.querySelectorAll('.tool-head, .turn.nested, .cycle.last')].map((each) =>
      each.className.split(' ').at(-1),
    ),
  )
  assert.ok(order.indexOf('nested') > order.indexOf('tool-head'))
  assert.deepEqual([problems, foreign], [[], []])
})

test('a clause opens the events behind it, has an address, and back leads back', options, async (t) => {
  const { page } = await open(t, browser, stub.url + DELEGATION)
  const clause = page.locator('.turn').first().locator('.branches .running a')
  await clause.click()
  const marked = page.locator('.row.marked')
  await marked.getByText('npm test').first().waitFor()
  await isSeen(page, '.row.marked')
  assert.equal(await clause.getAttribute('aria-current'), 'true')
  const address = page.url()
  await page.goBack()
  await marked.first().waitFor({ state: 'detached' })
  assert.equal(new URL(page.url()).search, '')

  // A subagent's clause, from its address alone: everything around it opens.
  const inner = turnsOf('claude-code:de1e9a7e').find(({ agentId }) => agentId === 'b2')!
  await page.goto(`${stub.url}${DELEGATION}?turn=${inner.id}&event=${inner.answerEvent}`)
  await page.locator('.turn.nested .turn.nested .row.marked').waitFor()
  await isSeen(page, '.turn.nested .turn.nested .row.marked')

  // An event far behind what is shown at once is fetched for.
  await page.goto(address)
  await marked.first().waitFor()
  const long = turnsOf('claude-code:de1e9a7e').at(-1)!
  await page.goto(`${stub.url}${DELEGATION}?turn=${long.id}&event=${long.answerEvent}`)
  await marked.getByText('none of them is about billing', { exact: false }).waitFor()
  await isSeen(page, '.row.marked')
})

test('a file’s mark leads to the file’s page, and what was done to it to the call that did it', options, async (t) => {
  const { page } = await open(t, browser, stub.url + DELEGATION)
  const mark = page.locator('.turn').first().locator('.fact.of-file', { hasText: 'pay.ts' }).first()
  await mark.getByRole('link', { name: 'pay.ts', exact: true }).click()
  await page.waitForFunction(() => location.pathname === '/explore/file')
  await page.getByRole('heading', { level: 1, name: 'pay.ts' }).waitFor()
  await page.goBack()
  await mark.getByRole('link', { name: /by this call$/ }).click()
  await page.locator('.row.marked').getByText('pay.ts').first().waitFor()
  assert.equal(new URL(page.url()).pathname, DELEGATION)
})

test('a menu that was opened before the turns came stays open when they come', options, async (t) => {
  const { page } = await open(t, browser, stub.url)
  const turns = Promise.withResolvers<void>()
  await page.route(/\/turns(\?|$)/, async (route) => {
    await turns.promise
    await route.continue()
  })
  await page.goto(stub.url + DELEGATION)
  await page.getByRole('button', { name: /^More for/ }).click()
  const compare = page.getByRole('menuitem', { name: 'Compare with …' })
  await compare.waitFor()
  turns.resolve()
  await page.locator('.turn').first().waitFor()
  assert.ok(await compare.isVisible())
  assert.equal(await page.locator('.to-end').count(), 0, 'what was there from the beginning is no news')
})

test('a story that was read stays when it cannot be asked for again', options, async (t) => {
  const scene = new Scene(world, { id: 'cafe0001', cwd: '/home/dev/shop', startMs: Date.now() })
  scene.prompt('Sharpen the pencils').say('They are sharp.', true)
  const { page } = await open(t, browser, stub.url + storyOf('claude-code:cafe0001'))
  await card(page, 'They are sharp.').waitFor()
  let refused = 0
  await page.route(/\/turns(\?|$)/, (route) => {
    refused++
    return route.abort()
  })
  scene.at(Date.now()).prompt('And the crayons') // a turn that is not listed is asked for once more
  const until = Date.now() + 20_000
  while (refused < 2 && Date.now() < until) await page.waitForTimeout(50) // and again when that fails
  assert.equal(refused, 2)
  await page.waitForTimeout(300)
  assert.equal(await page.getByText('The story could not be read').count(), 0)
  assert.ok(await card(page, 'And the crayons').isVisible())
})

test('a long turn comes in pages, when they are asked for', options, async (t) => {
  const { page } = await open(t, browser, stub.url + DELEGATION)
  const long = turnsOf('claude-code:de1e9a7e').at(-1)!
  const second = `[data-turn="${long.id}"]`
  const unfolded = page.locator(`${second} .unfolded`)
  await page.locator('.whole').getByText('You asked Claude', { exact: false }).waitFor()
  await page.locator(`${second} .fact`).first().waitFor()
  stub.asked.length = 0
  await unfold(page.locator(second))
  await unfolded.waitFor()
  await page.getByText('of 302 events', { exact: false }).waitFor()
  const pages = () => stub.asked.filter((path) => path.includes('/records')).length
  assert.ok(pages() <= 4, `${pages()} pages were asked for`)
  await page.getByRole('button', { name: 'Show more' }).click()
  await page.locator(`${second} .cycle.last`).getByText('none of them', { exact: false }).waitFor()
  assert.equal(await page.locator(`${second} .tool`).count(), 150)
})

test('by keyboard alone: to a turn, into it, down to a subagent and out again', options, async (t) => {
  const { page } = await open(t, browser, stub.url + DELEGATION)
  const [first, , , last] = turnsOf('claude-code:de1e9a7e')
  await page.locator('.turn').first().waitFor()
  await page.keyboard.press('j')
  await page.waitForFunction((id) => document.activeElement?.getAttribute('data-stop') === id, first!.id)
  assert.equal(new URL(page.url()).searchParams.get('turn'), first!.id)
  await page.keyboard.press(']')
  await page.waitForFunction((id) => document.activeElement?.getAttribute('data-stop') === id, last!.id)
  await page.keyboard.press('[')
  await page.waitForFunction((id) => document.activeElement?.getAttribute('data-stop') === id, first!.id)
  await page.keyboard.press('Enter')
  await page.locator('.step').first().waitFor()
  await page.locator('.turn.nested').waitFor()
  for (let i = 0; i < 3; i++) await page.keyboard.press('j')
  const surveyor = turnsOf('claude-code:de1e9a7e').find(({ agentId }) => agentId === 'b1')!
  assert.equal(await focused(page), surveyor.id)
  await page.keyboard.press('Enter')
  await page.locator('.turn.nested .step').first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Escape')
  assert.equal(await focused(page), surveyor.id)
  await page.keyboard.press('Escape')
  await page.waitForFunction((id) => document.activeElement?.getAttribute('data-stop') === id, first!.id)
  await page.keyboard.press('Escape')
  assert.equal(await focused(page), null)
  assert.equal(new URL(page.url()).search, '')
  // Keys rest while someone types.
  await page.keyboard.press('/')
  await page.keyboard.type('j]')
  assert.equal(await page.getByRole('searchbox', { name: 'Search every session' }).inputValue(), 'j]')
})

test('the outline leads to a turn and says where one is; narrow, it is a bar and a sheet', options, async (t) => {
  const { page } = await open(t, browser, stub.url + DELEGATION)
  const lines = page.locator('.outline-line')
  await lines.nth(1).click()
  await page.locator('.outline-line[aria-current="location"]', { hasText: 'answered' }).waitFor()
  const [, , , last] = turnsOf('claude-code:de1e9a7e')
  await isSeen(page, `[data-turn="${last!.id}"]`)
  await page.setViewportSize({ width: 390, height: 844 })
  await page.locator('.outline').waitFor({ state: 'detached' })
  await page.getByRole('button', { name: /of 2/ }).click()
  await page.locator('dialog[open] .outline-line').first().click()
  await page.locator('dialog[open]').waitFor({ state: 'detached' })
  await page.locator('.outline-bar').getByText('1 of 2').waitFor()
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  assert.ok(width <= 390, `the page is ${width} px wide`)
})

test('a running turn grows in place, a new one appears, and nothing moves under the reader', options, async (t) => {
  const { page } = await open(t, browser, stub.url + storyOf(live.session))
  const running = page.locator('.turn.is-running')
  await page.locator('.turn').first().waitFor()
  await page.keyboard.press('G')
  await running.locator('.end', { hasText: 'is still working' }).waitFor()
  await unfold(running)
  await running.locator('.step').first().waitFor()
  const call = live.at(Date.now()).call('run', 'Bash', 'make slow', { command: 'make slow' })
  await running.locator('.branches', { hasText: 'is running make slow' }).waitFor()
  await running.locator('.tool', { hasText: '$ make slow' }).getByText('no result yet').waitFor()
  await page.locator('.turns').evaluate((list) => list.scrollTo(0, 0))
  await page.waitForTimeout(150)
  live.result(call, 'slow but done', { exit: 0 }).say('All is parked as it should be.', true)
  live.at(Date.now()).prompt('And one more thing.')
  await page.getByRole('button', { name: /A new turn/ }).waitFor()
  assert.equal(await page.locator('.turns').evaluate((list) => list.scrollTop), 0, 'the page moved under the reader')
  await page.locator('.outline-line').nth(2).waitFor()
  await page.getByRole('button', { name: /A new turn/ }).click()
  await page.locator('.turn', { hasText: 'And one more thing.' }).waitFor()
  await page.getByRole('button', { name: /A new turn/ }).waitFor({ state: 'detached' })
})

test(
  'a day shows every session of it, grows while it lasts, and leads to the days before and after',
  options,
  async (t) => {
    const { page, problems } = await open(t, browser, `${stub.url}/story`)
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor()
    await page.locator('.day-session', { hasText: 'Payment webhooks' }).waitFor()
    await page.locator('.day-paragraph').first().getByText('session', { exact: false }).first().waitFor()
    const fresh = new Scene(world, { id: 'f4e54000', cwd: '/home/dev/shop', startMs: Date.now() })
    fresh.prompt('Something new today.').say('Done with something new.', true)
    await page.locator('.day-session', { hasText: 'Something new today.' }).waitFor()
    const { pathname } = new URL(page.url())
    await page.getByRole('link', { name: /Previous day/ }).click()
    await page.waitForFunction(() => /^\?day=\d{4}-\d\d-\d\d$/.test(location.search))
    assert.equal(pathname, '/story')
    await page.keyboard.press(']')
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor()
    await page.goBack()
    await page.goBack()
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor()
    await page.locator('.day-session', { hasText: 'Something new today.' }).getByText('Claude answered').click()
    await page.locator('.turn .subject').first().waitFor()
    await page.locator('.turns-day a').click()
    await page.getByRole('heading', { level: 1, name: 'Today' }).waitFor()
    assert.deepEqual(problems, [])
  },
)

test('what a transcript says stays text in a story', options, async (t) => {
  const { page, foreign, problems } = await open(t, browser, stub.url + DELEGATION)
  await page.keyboard.press('G')
  const last = page.locator('.turn').last()
  await unfold(last)
  await last.getByText('<img src=x', { exact: false }).first().waitFor()
  await last.locator('.step').first().waitFor()
  assert.equal(await page.locator('.story img, .story script, .story iframe').count(), 0)
  assert.ok(!(await page.title()).includes('owned'))
  assert.deepEqual([foreign, problems], [[], []])
})

for (const scheme of ['light', 'dark'] as const)
  test(`no violation of accessibility rules in a story or a day, ${scheme}, wide and narrow`, options, async (t) => {
    const inner = turnsOf('claude-code:de1e9a7e').find(({ agentId }) => agentId === 'b2')!
    const place = `${stub.url}${DELEGATION}?turn=${inner.id}&event=${inner.answerEvent}`
    const { page } = await open(t, browser, place, { scheme })
    const look = (what: string) => assertAccessible(page, what, scheme === 'dark')
    await page.locator('.row.marked').waitFor()
    await isSeen(page, '.row.marked')
    await look('unfolded')
    await page.setViewportSize({ width: 390, height: 844 })
    await look('unfolded, narrow')
    await page.getByRole('button', { name: /of 2/ }).click()
    await page.locator('dialog[open]').waitFor()
    await look('outline, narrow')
    await page.goto(`${stub.url}/story`)
    await page.locator('.day-session').first().waitFor()
    await look('a day, narrow')
    await page.setViewportSize({ width: 1440, height: 900 })
    await look('a day')
  })

// In the dark nothing but the colours is another. The list of sessions is looked at beside other views.
async function assertAccessible(page: Page, what: string, onlyColours: boolean): Promise<void> {
  const builder = new AxeBuilder({ page }).exclude('.side')
  const { violations } = await (onlyColours ? builder.withRules(['color-contrast']) : builder).analyze()
  assert.deepEqual(
    violations.map(({ id, nodes }) => `${what}: ${id}: ${nodes.map((node) => node.target.join(' ')).join('; ')}`),
    [],
  )
}
