// A page that is left open all day: nobody looks, the connection is cut, and not one event is missing afterwards.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser, Page } from 'playwright-core'
import { launch, missing, open } from './browser.ts'
import { makeWorld } from './scenes.ts'
import { Stub } from './stub.ts'
import { Scene, type World } from './world.ts'

let browser: Browser
let stub: Stub
let world: World
before(async () => {
  if (missing) return
  browser = await launch()
  ;({ world } = makeWorld(Date.now(), 8))
  stub = await Stub.start(world)
})
after(async () => {
  await browser?.close()
  await stub?.stop()
})

// What a browser does with a tab that nobody sees: no frames. `sleep` is that, and waking is being seen again.
const fallAsleep = (page: Page, isAsleep: boolean) =>
  page.evaluate((hidden) => {
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => hidden })
    const sleeping = window as unknown as { frames?: FrameRequestCallback[]; draw?: typeof requestAnimationFrame }
    if (hidden) {
      sleeping.draw = window.requestAnimationFrame
      sleeping.frames = []
      window.requestAnimationFrame = (run) => sleeping.frames!.push(run)
    } else {
      window.requestAnimationFrame = sleeping.draw!
      for (const run of sleeping.frames!) window.requestAnimationFrame(run)
    }
    document.dispatchEvent(new Event('visibilitychange'))
  }, isAsleep)

test('a tab that slept while its connection was cut has every event when it is looked at again', {
  skip: missing,
  timeout: 120_000,
}, async (t) => {
  const scene = new Scene(world, { id: '51ee9000', cwd: '/home/dev/shop', startMs: Date.now() - 60_000 })
  scene.prompt('Count sheep.').say('One.')
  const { page } = await open(t, browser, `${stub.url}/live/${encodeURIComponent(scene.session)}`)
  await page.locator('.records').getByText('One.').waitFor()
  await fallAsleep(page, true)
  for (let n = 0; n < 40; n++) scene.at(Date.now()).say(`Sheep ${n} of the first herd.`)
  stub.cut()
  for (let n = 0; n < 400; n++) scene.at(Date.now()).say(`Sheep ${n} of the second herd.`)
  await fallAsleep(page, false)
  await page.locator('.records').getByText('Sheep 399 of the second herd.').waitFor()
  await page.keyboard.press('g')
  await page.locator('.records').getByText('One.').waitFor()
  // Walked from the first to the last: none is missing, none is there twice.
  const said: string[] = []
  await page.locator('.records').evaluate((list) => list.scrollTo(0, 0))
  const until = Date.now() + 60_000
  while (said.at(-1) !== 'Sheep 399 of the second herd.' && Date.now() < until) {
    const texts = await page.locator('.records [data-event] .prose').allInnerTexts()
    for (const text of texts) if (text.startsWith('Sheep') && !said.includes(text)) said.push(text)
    await page.locator('.records').evaluate((list) => list.scrollBy(0, list.clientHeight * 0.7))
    await page.waitForTimeout(30)
  }
  const herd = (name: string, count: number) =>
    Array.from({ length: count }, (_, n) => `Sheep ${n} of the ${name} herd.`)
  assert.deepEqual(said, [...herd('first', 40), ...herd('second', 400)])
})
