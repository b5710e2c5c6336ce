// The lines of a file on the page: whose each is, told in a sentence, one step from its turn.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { assertAccessible, launch, missing, open } from './browser.ts'
import { Stub } from './stub.ts'
import { Scene, World } from './world.ts'

const options = { skip: missing, timeout: 30_000 }
const OVEN = '/home/dev/shop/src/oven.ts'
const at = (path: string) => `/explore/file?path=${encodeURIComponent(path)}&what=lines`

const MADE = `// How hot the oven is.
export interface Oven {
  readonly heat: number
  readonly isLit: boolean
}

export const cold = { heat: 20, isLit: false }

export function heatUp(oven: Oven, degrees: number): Oven {
  return { ...oven, heat: oven.heat + degrees, isLit: true }
}
`

function linesWorld(): World {
  const world = new World()
  const now = Date.now()
  const first = new Scene(world, { id: 'ba5eba11', startMs: now - 26 * 3_600_000 })
  first.prompt('Make an oven that can be heated up')
  first.tool('write', 'Write', OVEN, { file_path: OVEN, content: MADE }, 'File created.')
  first.say('The oven is made.', true)
  const next = new Scene(world, { id: 'c0ffee11', agent: 'pi', model: 'gpt-5', startMs: now - 40 * 60_000 })
  next.prompt('An oven must never be hotter than 300 degrees')
  const LIMIT = 'heat: Math.min(300, oven.heat + degrees)'
  next.tool('edit', 'Edit', OVEN, { path: OVEN, old_string: 'heat: oven.heat + degrees', new_string: LIMIT }, 'Edited.')
  const SAFE = '\nexport const isSafe = (oven: Oven): boolean => oven.heat <= 300\n'
  next.tool(
    'edit',
    'Edit',
    OVEN,
    { path: OVEN, old_string: 'isLit: true }\n}\n', new_string: `isLit: true }\n}\n${SAFE}` },
    'Edited.',
  )
  next.run('npx prettier --write src/oven.ts', 'src/oven.ts 12ms')
  next.tool('edit', 'Edit', OVEN, { path: OVEN, old_string: 'heat: 20,', new_string: 'heat: 21,' }, 'Edited.')
  next.say('It is safe now.', true)
  const other = '/home/dev/shop/docs/oven.ts'
  const glimpsed = '/home/dev/shop/src/big.ts'
  const long = '/home/dev/shop/src/long.ts'
  const bytes = '/home/dev/shop/src/bytes.bin'
  next.prompt('And what else there is')
  next.tool('write', 'Write', other, { path: other, content: 'export {}\n' }, 'ok')
  next.tool('edit', 'Edit', glimpsed, { path: glimpsed, old_string: 'a', new_string: 'b' }, 'ok')
  const lines = Array.from({ length: 1_500 }, (_, i) => `export const loaf${i} = ${i}`)
  next.tool('write', 'Write', long, { path: long, content: `${lines.join('\n')}\n` }, 'ok')
  next.tool('write', 'Write', bytes, { path: bytes, content: 'a\u0000b\n' }, 'ok')
  next.say('That is all.', true)
  return world
}

let browser: Browser
let stub: Stub
before(async () => {
  if (missing) return
  browser = await launch()
  stub = await Stub.start(linesWorld())
})
after(async () => {
  await browser?.close()
  await stub?.stop()
})

const run = (page: Page, words: string) => page.locator('.blame-run', { hasText: words }).first()

test('a file’s page leads to its lines, and a line to the turn that made it', options, async (t) => {
  const { page, problems, foreign } = await open(
    t,
    browser,
    `${stub.url}/explore/file?path=${encodeURIComponent(OVEN)}`,
  )
  await page.getByRole('button', { name: 'Lines', exact: true }).click()
  const limited = run(page, 'Math.min(300')
  await limited.getByText('An oven must never be hotter than 300 degrees').waitFor()
  assert.equal(new URL(page.url()).searchParams.get('what'), 'lines')
  assert.match(await run(page, 'How hot the oven is').innerText(), /Make an oven that can be heated up/)
  await limited.getByRole('link').click()
  await page.locator('.turn', { hasText: '300 degrees' }).first().waitFor()
  assert.match(new URL(page.url()).pathname, /^\/story\//)
  await page.goBack()
  await limited.waitFor()
  assert.deepEqual([problems, foreign], [[], []])
})

test('what is pointed at is told in a sentence, and all lines of its turn are shown', options, async (t) => {
  const { page } = await open(t, browser, stub.url + at(OVEN))
  await run(page, 'How hot the oven is').hover()
  const told = page.locator('.blame-told')
  await told.getByText(/^Claude wrote oven\.ts/).waitFor()
  await told.getByText(/claude-sonnet-4-5/).waitFor()
  assert.ok((await page.locator('.blame-run.is-of-it').count()) >= 2)
})

test('lines are walked with j and k, and Enter opens the turn', options, async (t) => {
  const { page } = await open(t, browser, stub.url + at(OVEN))
  await run(page, 'How hot the oven is').waitFor()
  await page.keyboard.press('j')
  await page
    .locator('.blame-told')
    .getByText(/^Claude wrote oven\.ts/)
    .waitFor()
  await page.keyboard.press('Enter')
  await page.locator('.turn').first().waitFor()
})

test('how sure it is whose a line is stands beside it in a word', options, async (t) => {
  const { page } = await open(t, browser, stub.url + at(OVEN))
  await run(page, 'How hot the oven is').getByText('inferred', { exact: true }).waitFor() // a formatter went over it
  await run(page, 'heat: 21').getByText('exact', { exact: true }).waitFor()
  await page
    .locator('.blame-legend')
    .getByText(/\d+ exact/)
    .waitFor()
})

const states: readonly (readonly [string, string, RegExp])[] = [
  ['whose content is not known', '/home/dev/shop/src/big.ts', /^What stood in it is not known/],
  ['that is no text', '/home/dev/shop/src/bytes.bin', /^It is no text/],
  ['that nobody touched', '/no/such.ts', /^No agent touched \/no\/such\.ts/],
  ['whose name is that of two', 'oven.ts', /^Which of them/],
]
for (const [what, path, words] of states)
  test(`a file ${what} is said to be one`, options, async (t) => {
    const { page } = await open(t, browser, stub.url + at(path))
    await page.getByText(words).waitFor()
  })

test('of a long file the beginning is shown, and the rest when it is asked for', options, async (t) => {
  const { page } = await open(t, browser, stub.url + at('/home/dev/shop/src/long.ts'))
  await page.getByText('loaf999 ').waitFor()
  assert.equal(await page.locator('.blame-line').count(), 1_000)
  await page.getByRole('button', { name: 'More lines, 500 are left' }).click()
  await page.getByText('loaf1499 ').waitFor()
})

for (const scheme of ['light', 'dark'] as const)
  test(`lines are for everybody, ${scheme}, wide and narrow`, { ...options, timeout: 60_000 }, async (t) => {
    for (const width of [1440, 390]) {
      const { page } = await open(t, browser, stub.url + at(OVEN), { scheme, width })
      await run(page, 'How hot the oven is').hover()
      await page
        .locator('.blame-told')
        .getByText(/^Claude wrote oven\.ts/)
        .waitFor()
      if (process.env.SHOTS) await page.screenshot({ path: `${process.env.SHOTS}/lines-${scheme}-${width}.png` })
      await assertAccessible(page, `lines ${width}`, false, scheme === 'dark')
      const overflow = await page.evaluate(() => document.querySelector('.explore')!.scrollWidth - window.innerWidth)
      assert.ok(overflow <= 0, `nothing is wider than the page at ${width}`)
    }
  })
