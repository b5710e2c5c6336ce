// What a person gets from the pages of files, in a real browser, against an invented machine.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { assertAccessible, launch, missing, open } from './browser.ts'
import { makeWorld } from './scenes.ts'
import { Stub } from './stub.ts'
import { Scene, type World } from './world.ts'

const options = { skip: missing, timeout: 90_000 }
const DELIVER = '/home/dev/shop/src/webhooks/deliver.ts'
const FILE = `/explore/file?path=${encodeURIComponent(DELIVER)}`

let browser: Browser
let stub: Stub
let world: World
before(async () => {
  if (missing) return
  browser = await launch()
  ;({ world } = makeWorld(Date.now(), 12))
  const hostile = new Scene(world, { id: 'ba5eba11', startMs: Date.now() - 90 * 60_000 })
  const name = '/home/dev/shop/<img src=x onerror=alert(1)>\u202Efdp.exe'
  hostile
    .prompt('Call it <b>something</b> else')
    .tool('write', 'Write', name, { file_path: name, content: 'x\n' }, 'ok')
  hostile.say('Done.', true)
  stub = await Stub.start(world)
})
after(async () => {
  await browser?.close()
  await stub?.stop()
})

const row = (page: Page, words: string) => page.locator('[data-row]', { hasText: words }).first()
const at = (page: Page) => new URL(page.url()).pathname + new URL(page.url()).search

test(
  'the list of files leads to a file, a file to its turns, a turn’s calls to Live, and back leads back',
  options,
  async (t) => {
    const { page, problems, foreign } = await open(t, browser, `${stub.url}/explore`)
    await page.getByRole('link', { name: 'Files', exact: true }).click()
    await row(page, 'deliver.ts').locator('a').first().click()
    await page.getByRole('heading', { level: 1, name: 'deliver.ts' }).waitFor()
    assert.equal(at(page), FILE)
    assert.equal(await page.title(), 'deliver.ts · OpenStory')
    const turn = row(page, 'Payment webhooks get lost')
    await turn.getByText('changed', { exact: true }).waitFor()
    await turn.locator('.touch-facts a').first().click()
    await page.locator('.row.marked', { hasText: 'deliver.ts' }).first().waitFor()
    await page.goBack()
    await turn.locator('h2 a').click()
    await page.locator('.turn', { hasText: 'webhooks' }).first().waitFor()
    assert.match(at(page), /^\/story\/.*turn=/)
    await page.goBack()
    await page.goBack()
    assert.equal(at(page), '/explore/files')
    assert.deepEqual([problems, foreign], [[], []])
  },
)

test('what narrows the list and a file’s turns stands in the address', options, async (t) => {
  const { page } = await open(t, browser, `${stub.url}/explore/files`)
  const heading = page.getByRole('heading', { level: 1 })
  await row(page, 'deliver.ts').waitFor()
  await page.getByRole('searchbox', { name: 'Only files with these words' }).fill('deliver')
  await page.waitForFunction(() => document.querySelectorAll('[data-row]').length === 1)
  await page.getByRole('button', { name: 'Most lines' }).click()
  assert.equal(at(page), '/explore/files?words=deliver&order=lines')
  await page.reload()
  await page.waitForFunction(() => document.querySelectorAll('[data-row]').length === 1)
  assert.equal(await heading.innerText(), '1 file')

  await page.goto(stub.url + FILE)
  await page.getByRole('button', { name: 'Read', exact: true }).click()
  assert.equal(at(page), `${FILE}&what=read`)
  await page.waitForFunction(() => document.querySelector('[data-row] .is-modified') === null)
  await row(page, 'Payment webhooks get lost').getByText('read', { exact: true }).waitFor()
})

test('a turn’s measures lead to the files it made', options, async (t) => {
  const { page } = await open(t, browser, `${stub.url}/story/${encodeURIComponent('claude-code:0198f2ab-4c11')}`)
  await page.locator('.measures a').first().click()
  await page.getByRole('heading', { level: 1, name: /^One prompt (made|changed)/ }).waitFor()
  await row(page, 'deliver.ts').getByText('changed', { exact: true }).waitFor()
  await row(page, 'webhooks.test.ts').getByText('new', { exact: true }).waitFor()
  await page.getByRole('link', { name: 'Read the turn' }).click()
  await page.locator('.turn').first().waitFor()
})

test('a tool call in Live leads to everything that touched its file', options, async (t) => {
  const { page } = await open(t, browser, `${stub.url}/live/${encodeURIComponent('claude-code:0198f2ab-4c11')}`)
  await page.getByRole('link', { name: 'Everything that touched this file' }).first().click()
  await page.locator('[data-row].touch').first().waitFor()
})

test('j, k and Enter walk files and turns without a mouse', options, async (t) => {
  const { page } = await open(t, browser, `${stub.url}/explore/files`)
  await row(page, 'deliver.ts').waitFor()
  const focused = () => page.evaluate(() => document.activeElement?.querySelector('.file-name b')?.textContent ?? null)
  const names = await page.locator('.file-row .file-name b').allInnerTexts()
  await page.keyboard.press('j')
  await page.keyboard.press('j')
  assert.equal(await focused(), names[1])
  await page.keyboard.press('k')
  assert.equal(await focused(), names[0])
  await page.keyboard.press('G')
  assert.equal(await focused(), names.at(-1))
  await page.keyboard.press('Enter')
  await page.locator('.touch').first().waitFor()
  await page.keyboard.press('j')
  await page.keyboard.press('Enter')
  await page.locator('.turn').first().waitFor()
})

test('a name that is markup, or turns the direction, is letters', options, async (t) => {
  const { page, problems } = await open(t, browser, `${stub.url}/explore/files?words=onerror`)
  await row(page, '<img src=x onerror=alert(1)>[U+202E]fdp.exe').locator('a').first().click()
  await page.getByText('“Call it <b>something</b> else”').waitFor()
  assert.equal(await page.locator('.view img').count(), 0)
  assert.deepEqual(problems, [])
})

test('a file nobody touched and a prompt that is not there are said', options, async (t) => {
  const { page } = await open(t, browser, `${stub.url}/explore/file?path=/no/such.ts`)
  await page.getByText('No agent touched /no/such.ts, as far as the record goes.').waitFor()
  await page.goto(`${stub.url}/explore/files?by-prompt=nobody`)
  await page.getByText('Cannot show the files of this prompt.').waitFor()
})

for (const scheme of ['light', 'dark'] as const)
  test(`the pages of files are for everybody, ${scheme}, wide and narrow`, {
    ...options,
    timeout: 60_000,
  }, async (t) => {
    for (const width of [1440, 390]) {
      const { page } = await open(t, browser, `${stub.url}/explore/files`, { scheme, width })
      await row(page, 'deliver.ts').waitFor()
      await assertAccessible(page, `list ${width}`, false, scheme === 'dark')
      const prompt = world.touches.find(({ path }) => path === DELIVER)!.turn
      for (const path of [FILE, `/explore/files?by-prompt=${prompt}`]) {
        await page.goto(stub.url + path)
        await page.locator('[data-row]').first().waitFor()
        await assertAccessible(page, `${path} ${width}`, false, scheme === 'dark')
      }
      const overflow = await page.evaluate(() => document.querySelector('.explore')!.scrollWidth - window.innerWidth)
      assert.ok(overflow <= 0, `nothing is wider than the page at ${width}`)
    }
  })
