// Reading Live and Story: code in its colours, an outline at every width, keys that are told, sessions that are only subagents'.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { assertAccessible, launch, missing, open } from './browser.ts'
import { makeWorld } from './scenes.ts'
import { Stub } from './stub.ts'
import { Scene, type World } from './world.ts'

const options = { skip: missing, timeout: 40_000 }
const SHOP = 'claude-code:0198f2ab-4c11'
const CODE = 'claude-code:c0de0000-1111'
const ALONE = 'claude-code:a10ne000-2222'

let browser: Browser
let stub: Stub
let world: World
before(async () => {
  if (missing) return
  browser = await launch()
  ;({ world } = makeWorld(Date.now(), 6))
  const code = new Scene(world, { id: CODE.slice(12), startMs: Date.now() - 3_600_000 })
  const path = '/home/dev/shop/src/clock.ts'
  const before = '// the old way\nexport const tomorrow = (now: number) => now + 24\n'
  const after = "// by the calendar\nexport const tomorrow = (now: number) => days(now, '1')\n"
  code
    .prompt('Keep time')
    .tool(
      'read',
      'Read',
      path,
      { file_path: path },
      '     1→// the old way\n     2→export const DAY = 24\n\n<note>two lines</note>',
    )
    .tool(
      'edit',
      'Edit',
      path,
      { file_path: path, old_string: before, new_string: after },
      'The file has been updated.',
    )
    .say('Done.', true)
  const alone = new Scene(world, { id: ALONE.slice(12), startMs: Date.now() - 7_200_000 })
  alone.add('message.user.injected', { text: 'Find clocks', injected: 'delegated', agentType: 'Explore' }, 'agent-1')
  alone.say('There is one.', true, 'agent-1')
  stub = await Stub.start(world)
})
after(async () => {
  await browser?.close()
  await stub?.stop()
})

const at = (view: string, session: string) => `${stub.url}/${view}/${encodeURIComponent(session)}`
const wordsOf = (page: Page, of: string) =>
  page.locator(of).evaluateAll((all) => all.map((span) => `${span.className} ${span.textContent}`))

for (const scheme of ['light', 'dark'] as const)
  test(`a change and what was read are coloured as the language they are in, ${scheme}`, options, async (t) => {
    const { page, problems } = await open(t, browser, at('live', CODE), { scheme })
    await page.locator('.diff .word-keyword').first().waitFor()
    const changed = await wordsOf(page, '.diff [class^="word-"]')
    for (const word of [
      'word-comment // the old way',
      'word-keyword export',
      "word-string '1'",
      'word-comment // by the calendar',
    ])
      assert.ok(changed.includes(word), `${word} of ${changed}`)
    assert.match(await page.locator('.diff .removed').first().innerText(), /the old way/)
    await page.locator('.tool-head', { hasText: 'Read' }).click()
    await page.locator('.output .word-keyword').first().waitFor()
    const read = await wordsOf(page, '.output [class^="word-"]')
    assert.ok(read.includes('word-number 24') && read.includes('word-comment // the old way'), `${read}`)
    assert.equal(await page.locator('.output .line-number').first().textContent(), '     1→')
    assert.match((await page.locator('.output pre').first().textContent()) ?? '', /\n<note>two lines<\/note>$/)
    await assertAccessible(page, `code, ${scheme}`, false, scheme === 'dark')
    assert.deepEqual(problems, [])
  })

test('a wheel that turns over code, output or a change moves the page', options, async (t) => {
  const { page } = await open(t, browser, at('live', SHOP), { height: 500 })
  const output = page.locator('.records .output pre').last()
  await output.waitFor()
  await output.hover()
  const top = () => page.locator('.records').evaluate((list) => list.scrollTop)
  const before = await top()
  await page.mouse.wheel(0, -200)
  await page.waitForFunction((from) => document.querySelector('.records')!.scrollTop < from - 50, before)
})

test('the outline is there at every width: beside the story, or a bar that opens it', options, async (t) => {
  for (const width of [390, 900, 1100, 1179, 1200, 1440]) {
    const { page } = await open(t, browser, at('story', SHOP), { width })
    await page.locator('.turn').first().waitFor()
    const bar = page.locator('.outline-open')
    if (width >= 1180) {
      await page.locator('nav.outline .outline-line').first().waitFor()
      assert.equal(await bar.count(), 0)
      continue
    }
    await bar.click()
    await page.locator('dialog .outline-line').nth(1).click()
    await page.waitForFunction(() => new URL(location.href).searchParams.has('turn'))
    assert.equal(await page.locator('dialog[open]').count(), 0)
  }
})

test('what can be done in a story is in the palette and on the sheet of keys', options, async (t) => {
  const { page } = await open(t, browser, at('story', SHOP))
  await page.locator('.turn').first().waitFor()
  await page.keyboard.press('?')
  await page.locator('dialog').getByText('In a story').waitFor()
  await page.locator('dialog').getByText('In a replay').waitFor()
  await page.keyboard.press('Escape')
  await page.keyboard.press('Control+k')
  await page.getByRole('combobox', { name: 'Sessions, views and actions' }).fill('next turn')
  await page.keyboard.press('Enter')
  await page.waitForFunction(() => new URL(location.href).searchParams.has('turn'))
})

test('a session of subagents only says what it is and whose', options, async (t) => {
  const { page } = await open(t, browser, at('story', ALONE))
  await page.getByText('The session of a subagent (Explore). The one who sent it left no transcript here.').waitFor()
})

test('a turn that only repeats another session’s is not told, although the stream brings it', options, async (t) => {
  const { page } = await open(t, browser, at('story', CODE))
  await page.locator('.turn').first().waitFor()
  const [own] = world.turns.get(CODE)!.values()
  const old = {
    ...own!,
    id: '0'.repeat(32),
    started: '2026-01-01T00:00:00.000Z',
    sentence: 'A repeat of another session.',
  }
  const fresh = { ...own!, id: 'f'.repeat(32), started: new Date().toISOString(), sentence: 'Something new.' }
  const items = [old, fresh].map((turn, i) => ({ seq: world.seq + 1 + i, kind: 'turn' as const, turn }))
  stub.shout({ type: 'batch', to: world.seq + 2, items })
  await page.waitForFunction(() => document.querySelectorAll('.turn').length === 2)
  assert.equal(await page.getByRole('heading', { name: 'A repeat of another session.' }).count(), 0)
})
