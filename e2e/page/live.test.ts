// Live, sidebar and shell in a real browser, against an invented machine in which every kind of move happens.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { assertAccessible, launch, missing, open } from './browser.ts'
import { makeWorld } from './scenes.ts'
import { Stub } from './stub.ts'
import { Scene, type World } from './world.ts'

const at = (session: string) => `/live/${encodeURIComponent(session)}`
const LIVE = at('claude-code:0198f2ab-4c11')
const MOVES = at('claude-code:6d6f7665-5000-4000-8000-000000000001')
const options = { skip: missing, timeout: 90_000 }

let browser: Browser
let stub: Stub
let live: Scene
let world: World
before(async () => {
  if (missing) return
  browser = await launch()
  const made = makeWorld(Date.now(), 20)
  live = made.live
  world = made.world
  stub = await Stub.start(made.world)
})
after(async () => {
  await browser?.close()
  await stub?.stop()
})

const row = (page: Page, text: string) => page.locator('.records .row', { hasText: text })
const first = (page: Page) => page.locator('.records [data-event]').first().waitFor()
const params = (page: Page) => Object.fromEntries(new URL(page.url()).searchParams)
const says = (page: Page, text: string) => page.locator('.records').getByText(text, { exact: false }).first()

test('a command’s output is shown in its colours, and does nothing to the page', options, async (t) => {
  const { page, problems } = await open(t, browser, stub.url + MOVES)
  await first(page)
  await page.keyboard.press('g')
  const output = row(page, 'npx vitest --color')
  await output.scrollIntoViewIfNeeded()
  const passed = output.locator('.ink', { hasText: '✓ 12 passed' })
  await passed.waitFor()
  const hues = await output.locator('.ink.fg').evaluateAll((all) => all.map((span) => getComputedStyle(span).color))
  assert.ok(new Set(hues).size > 6, `few colours: ${hues}`)
  assert.equal(await output.locator('.ink.bold', { hasText: 'Test Files' }).count(), 1)
  assert.match((await output.locator('.output').textContent()) ?? '', /\ndownloading 100 %$/)
  assert.ok(!(await page.title()).includes('owned'))
  assert.deepEqual(problems, [])
})

test('code is coloured a moment later, by a worker of this page', options, async (t) => {
  const { page, foreign, problems } = await open(t, browser, stub.url + LIVE)
  await first(page)
  await page.locator('.rail a').first().waitFor()
  await page.keyboard.press('g')
  const word = page.locator('.prose .word-keyword')
  for (let i = 0; i < 12 && (await word.count()) === 0; i++) {
    await page.locator('.records').hover()
    await page.mouse.wheel(0, 600)
    await page.waitForTimeout(80)
  }
  await word.first().waitFor()
  assert.match(
    (await page.locator('.prose .code code').first().textContent()) ?? '',
    /^export const delayMs = \(attempt: number\)/,
  )
  assert.deepEqual([foreign, problems], [[], []])
})

test(
  'moves are told as what they are: queued, refused with a word, counted by the agent, asked, planned',
  options,
  async (t) => {
    const { page } = await open(t, browser, stub.url + MOVES)
    await first(page)
    for (const [text, also] of [
      ['Use Temporal, not a library.', 'queued while it worked'],
      ['git push --force', 'Never force. Open a pull request instead.'],
      ['git push --force', 'refused'],
      ['src/days.ts', '+3'],
      ['Which zone do the tests run in?', 'Lord Howe'],
      ['Days by the calendar', 'Approved'],
    ] as const) {
      const here = row(page, text).filter({ hasText: also }).first()
      for (let i = 0; i < 8 && !(await here.isVisible()); i++) {
        await page.locator('.records').hover()
        await page.mouse.wheel(0, -500)
        await page.waitForTimeout(60)
      }
      assert.ok(await here.isVisible(), `${text}: ${also}`)
    }
  },
)

test('a picture in a transcript is drawn from it when asked for, and from nowhere else', options, async (t) => {
  const { page, foreign, problems } = await open(t, browser, stub.url + MOVES)
  await first(page)
  await page.keyboard.press('g')
  await page.getByRole('button', { name: '1 image' }).click()
  const image = page.locator('.pictures img')
  await image.waitFor()
  assert.ok(await image.evaluate((img: HTMLImageElement) => img.complete && img.src.startsWith('data:image/png')))
  assert.deepEqual([foreign, problems], [[], []])
})

test(
  'subagents stand under the call that began them, in the page and beside it, also after a reload',
  options,
  async (t) => {
    const { page } = await open(t, browser, stub.url + MOVES)
    const tree = () =>
      page
        .getByRole('list', { name: 'Subagents' })
        .locator('a')
        .evaluateAll((all) => all.map((a) => a.textContent?.replace(/\d+ · .*$/, '')))
    await page.getByRole('list', { name: 'Subagents' }).waitFor()
    const due = ['ExploreFind other clocks', 'level 2, ExploreDoes the alarm rely on it?']
    assert.deepEqual(await tree(), due)
    const line = page.locator('.side .spark').and(page.getByRole('img', { name: /work handed on 2 deep/ }))
    await line.first().waitFor()
    await page.keyboard.press('g')
    await row(page, 'Delegate').filter({ hasText: 'Find other clocks' }).locator('a.began').first().click()
    await page.waitForURL(/agent=agent-outer/)
    await says(page, 'Find every other place').waitFor()
    await page.locator('.row.at, .row', { hasText: 'Read the alarm' }).locator('a.began').click()
    await page.waitForURL(/agent=agent-inner/)
    await page.reload()
    await page.getByRole('list', { name: 'Subagents' }).waitFor()
    assert.deepEqual(await tree(), due)
    await page.getByRole('button', { name: '1 helper' }).click()
    await page.getByRole('list', { name: 'Helpers' }).getByRole('link').click()
    await says(page, 'A summary for the cache.').waitFor()
    await page.goBack()
    await page.waitForURL(/agent=agent-inner/)
  },
)

test('a page that is held still counts what waits and shows all of it when it goes on', options, async (t) => {
  const { page } = await open(t, browser, stub.url + LIVE)
  await first(page)
  await page.keyboard.press('p')
  await page.getByRole('button', { name: /Paused/ }).waitFor()
  for (let i = 1; i <= 3; i++) live.at(Date.now()).say(`While it was held: ${i}.`)
  await page.getByText('3 records waiting').waitFor()
  assert.equal(await page.getByText('While it was held: 1.').count(), 0)
  await page.keyboard.press('p')
  for (let i = 1; i <= 3; i++) await says(page, `While it was held: ${i}.`).waitFor()
  live.say('And on.')
  await says(page, 'And on.').waitFor()
})

test('one key lets go of the end and one key comes back to it', options, async (t) => {
  const { page } = await open(t, browser, stub.url + LIVE)
  await first(page)
  await page.keyboard.press('f')
  const follow = page.getByRole('button', { name: /Follow/ })
  await follow.waitFor()
  const text = 'Long enough to push the end down. '.repeat(40)
  live.at(Date.now()).say(`${text} Not seen yet.`)
  await page.waitForTimeout(200)
  await page.keyboard.press('f')
  await follow.waitFor({ state: 'detached' })
  await says(page, 'Not seen yet.').waitFor()
})

test('keys walk record by record, unfold, and walk turn by turn, all in the address', options, async (t) => {
  const { page } = await open(t, browser, stub.url + LIVE)
  await first(page)
  await page.locator('.rail a').first().waitFor()
  await page.keyboard.press('g')
  await page.locator('.row.marked').waitFor()
  const begin = params(page).event
  const here = page.locator('.row.at')
  for (let i = 0; i < 9 && (await here.locator('.tool-head').count()) === 0; i++) await page.keyboard.press('j')
  await page.waitForFunction(() => document.activeElement?.matches('.row.at'))
  assert.equal(await here.count(), 1)
  const button = here.locator('[aria-expanded]').first()
  const before = await button.getAttribute('aria-expanded')
  await page.keyboard.press('Enter')
  assert.notEqual(await button.getAttribute('aria-expanded'), before)
  await page.keyboard.press('k')
  await page.keyboard.press(']')
  await page.locator('.row.marked', { hasText: 'Cap the delay' }).waitFor()
  assert.notEqual(params(page).event, begin)
  await page.keyboard.press('[')
  await page.locator('.row.marked', { hasText: 'Payment webhooks' }).waitFor()
  await page.goBack()
  await page.locator('.row.marked', { hasText: 'Cap the delay' }).waitFor()
  await page.keyboard.press('G')
  await page.waitForFunction(() => !location.search.includes('event'))
})

test(
  'which sessions are listed and what is shown of one is in the address, and stays while one moves',
  options,
  async (t) => {
    const { page } = await open(t, browser, stub.url + LIVE)
    await first(page)
    await page.getByRole('combobox', { name: /all agents/ }).selectOption({ label: 'Pi' })
    await page.waitForFunction(
      () => document.querySelectorAll('.side-row').length > 0 && !document.querySelector('.side-row.working'),
    )
    assert.equal(params(page).by, 'pi')
    await page.locator('.side-row', { hasText: 'ledger tests' }).click()
    await page.waitForURL(/c0ffee12/)
    assert.equal(params(page).by, 'pi')
    await page.getByRole('combobox', { name: 'Of which time' }).selectOption({ label: 'Last 15 min' })
    await page.getByRole('button', { name: 'Tools' }).click()
    assert.deepEqual(params(page), { by: 'pi', last: '15m', only: 'tools' })
    await page.reload()
    await page.getByRole('combobox', { name: 'Of which time' }).waitFor()
    assert.equal(await page.getByRole('combobox', { name: /all agents/ }).inputValue(), 'pi')
    assert.equal(await page.locator('.row:not(.tools)').count(), 0)
    await page.getByRole('combobox', { name: /any time/ }).selectOption({ label: 'Last hour' })
    await page.waitForFunction(() => document.querySelectorAll('.side-row').length === 1)
  },
)

test(
  'the palette goes to sessions and does what can be done, by keys alone, and gives the focus back',
  options,
  async (t) => {
    const { page } = await open(t, browser, stub.url + LIVE)
    await first(page)
    const box = page.getByRole('combobox', { name: 'Sessions, views and actions' })
    await page.getByRole('searchbox', { name: /Filter/ }).focus()
    await page.keyboard.press('Control+k')
    await box.waitFor()
    await page.keyboard.type('clock')
    await page.getByRole('option', { name: /summer time/ }).waitFor()
    await page.keyboard.press('Escape')
    await box.waitFor({ state: 'detached' })
    assert.ok(await page.getByRole('searchbox', { name: /Filter/ }).evaluate((el) => el === document.activeElement))
    await page.keyboard.press('Control+k')
    await box.waitFor()
    await page.keyboard.type('ledger mon')
    await page.locator('.palette [role=option]', { hasText: 'ledger' }).first().waitFor()
    await page.keyboard.press('Enter')
    await page.waitForURL(/c0ffee12/)
    await page.locator('.masthead', { hasText: 'ledger tests' }).waitFor()
    await page.keyboard.press('Control+k')
    await page.keyboard.type('pause')
    await page.getByRole('option', { name: /Pause/ }).waitFor()
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: /Paused/ }).waitFor()
  },
)

test('Enter before the palette has its answer takes the answer’s first offer', options, async (t) => {
  const { page } = await open(t, browser, stub.url + LIVE)
  await first(page)
  const answer = Promise.withResolvers<void>()
  await page.route(/sessions\?.*words=/, async (route) => {
    await answer.promise
    const { sessions } = await (await route.fetch({ url: `${stub.url}/api/sessions?words=ledger` })).json()
    const [known] = sessions
    await route.fulfill({
      json: { sessions: [{ ...known, id: 'pi:zinnia', title: 'Only the server knows of zinnias' }], next: null },
    })
  })
  await page.keyboard.press('Control+k')
  await page.keyboard.type('zinnias')
  await page.keyboard.press('Enter')
  answer.resolve()
  await page.waitForURL(/zinnia/)
  await page.locator('dialog.palette').waitFor({ state: 'detached' })
})

test('the command that resumes a session is copied, where its agent has one', options, async (t) => {
  const { page } = await open(t, browser, stub.url + LIVE)
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write'], { origin: stub.url })
  await page.getByRole('button', { name: /Resume/ }).waitFor()
  await page.keyboard.press('y')
  await page.getByRole('button', { name: 'Copied' }).waitFor()
  assert.equal(
    await page.evaluate(() => navigator.clipboard.readText()),
    'cd /home/dev/shop && claude-code --resume 0198f2ab-4c11',
  )
  await page.goto(stub.url + at('hermes:d41d8cd9-8f00'))
  await first(page)
  assert.equal(await page.getByRole('button', { name: /Resume/ }).count(), 0)
})

test(
  'everything is reached by the keyboard alone: past the list, into the session, through its filters',
  options,
  async (t) => {
    const { page } = await open(t, browser, stub.url + LIVE)
    await first(page)
    await page.keyboard.press('Tab')
    assert.equal(await page.evaluate(() => document.activeElement?.className), 'skip')
    await page.keyboard.press('Enter')
    const met = new Set<string>()
    for (let i = 0; i < 14; i++) {
      await page.keyboard.press('Tab')
      met.add(
        await page.evaluate(() => {
          const here = document.activeElement
          const style = here && getComputedStyle(here)
          if (style?.outlineStyle === 'none') return `no outline: ${here?.className}`
          return here?.getAttribute('aria-label') ?? here?.textContent?.trim() ?? ''
        }),
      )
    }
    assert.ok(met.has('Prompts') && met.has('Records of the session, oldest first'), [...met].join(', '))
    assert.deepEqual(
      [...met].filter((what) => what.startsWith('no outline')),
      [],
    )
  },
)

test(
  'what is written to hurt does nothing: escapes, turned directions, five million characters on a line',
  options,
  async (t) => {
    const { page, foreign, problems } = await open(t, browser, stub.url + LIVE)
    await first(page)
    const evil = new Scene(world, { id: 'e1e1e1e1-0000-4000-8000-000000000001', startMs: Date.now() })
    evil.prompt('\u202Eevil\u001b[2J <img src=x onerror="document.title=1"> \u0007')
    evil.run('cat dump', `${'A'.repeat(5_000_000)}\u001b]0;owned\u0007\u202Etxt.exe`)
    const side = page.locator('.side-row', { hasText: 'evil' })
    await side.waitFor()
    assert.ok((await side.boundingBox())!.width < 300, 'a title is wider than its place')
    await side.click()
    await row(page, 'cat dump')
      .getByRole('button', { name: /Show it whole/ })
      .first()
      .click()
    await page.getByText('more characters in this line').waitFor({ timeout: 20_000 })
    await page.keyboard.press('p')
    await page.getByRole('button', { name: /Paused/ }).waitFor()
    assert.equal(await page.locator('.records img').count(), 0)
    assert.ok(!/owned|^1/.test(await page.title()))
    assert.deepEqual([foreign, problems], [[], []])
  },
)

test('the keys come up although they were asked for in the moment the palette closes', options, async (t) => {
  const { page } = await open(t, browser, stub.url + MOVES)
  await first(page)
  await page.keyboard.press('Control+k')
  await page.locator('.palette [role=option]').first().waitFor()
  await page.evaluate(() => {
    document.querySelector<HTMLDialogElement>('dialog[open]')!.close()
    document.body.dispatchEvent(new KeyboardEvent('keydown', { key: '?', bubbles: true }))
  })
  await page.getByRole('dialog', { name: 'Keys' }).waitFor()
  await page.waitForTimeout(100) // the palette has said by now that it closed
  assert.equal(await page.getByRole('dialog', { name: 'Keys' }).isVisible(), true)
})

for (const scheme of ['light', 'dark'] as const)
  test(`no violation of accessibility rules in what comes over the page, ${scheme}`, options, async (t) => {
    const { page } = await open(t, browser, stub.url + MOVES, { scheme })
    const isDark = scheme === 'dark'
    await first(page)
    await page.keyboard.press('g')
    await page.keyboard.press('p')
    await row(page, 'npx vitest --color').first().scrollIntoViewIfNeeded()
    await assertAccessible(page, 'every move, paused', true, isDark)
    await page.keyboard.press('Control+k')
    await page.locator('.palette [role=option]').first().waitFor()
    await assertAccessible(page, 'the palette', false, isDark)
    await page.keyboard.press('Escape')
    await page.keyboard.press('?')
    await page.locator('dialog[open]').waitFor()
    await assertAccessible(page, 'the keys', false, isDark)
  })
