// The corner tells how the machine does, and what to do about it, in colour, shape and words.
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Browser } from 'playwright-core'
import type { HealthLayer } from '../../src/wire/health.ts'
import { assertAccessible, launch, missing, open } from './browser.ts'
import { makeWorld } from './scenes.ts'
import { Stub } from './stub.ts'

const options = { skip: missing, timeout: 90_000 }
let browser: Browser
let stub: Stub
before(async () => {
  if (missing) return
  browser = await launch()
  stub = await Stub.start(makeWorld(Date.now(), 5).world)
})
after(async () => {
  await browser?.close()
  await stub?.stop()
})

const aside: HealthLayer = { name: 'patterns', ok: true, says: '2 events set aside; up to date', facts: { dead: 2 } }
const full: HealthLayer = { name: 'persist', ok: false, says: 'persist: ENOSPC: no space left', facts: { retries: 9 } }
const cases = [
  ['well', [], 'Healthy', null],
  ['worth a look', [aside], 'Worth a look', 'openstory retry patterns'],
  ['in trouble', [aside, full], 'Trouble', 'make room on the disk'],
] as const

for (const [what, trouble, word, says] of cases)
  for (const scheme of ['light', 'dark'] as const)
    test(`a machine that is ${what} says so in the corner and what to do on a click, ${scheme}`, options, async (t) => {
      stub.trouble = [...trouble]
      const { page, problems } = await open(t, browser, stub.url, { scheme })
      const corner = page.locator('.health-button')
      await corner.getByText(word, { exact: true }).waitFor()
      await corner.click()
      await page.locator('.health dl').waitFor()
      const verdict = page.locator('.health .verdict')
      if (says === null) assert.equal(await verdict.count(), 0)
      else assert.match(await verdict.locator('li').first().innerText(), new RegExp(says))
      await assertAccessible(page, `health, ${what}`, true, scheme === 'dark')
      assert.deepEqual(problems, [])
    })
