// From the write of a line to the frame in which its row is painted: headless Chromium, a session that is looked at, 300 appends at times that
// have nothing to do with frames. The page notes each new row, and when the frame with it has been drawn; clocks are compared before.
import { appendFileSync, mkdirSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'
import { launch, missing } from '../e2e/page/browser.ts'
import { type Figure, timesFigure } from './figure.ts'
import { pause, startProgram } from './program.ts'
import { Dice } from './words.ts'

const APPENDS = 300
const APART_MS = 60 // at least; and up to twice that again
const SETTLE_MS = 2_000
const WAIT_MS_MAX = 10_000

interface Seen {
  readonly seen: [number, number][] // which append, and when it was on the screen
}

export async function pixel(work: string): Promise<Figure[]> {
  if (missing) throw new Error(missing)
  const dir = join(work, 'pixel')
  rmSync(dir, { recursive: true, force: true })
  const sessions = join(dir, 'agent')
  mkdirSync(sessions, { recursive: true })
  const args = ['--data-dir', join(dir, 'data'), '--watch', `example=${sessions}`]
  const program = startProgram(['serve', '--no-open', '--port', '0', ...args], { HOME: dir })
  const url = await program.url
  const file = join(sessions, 's.jsonl')
  const say = (record: object) =>
    appendFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), ...record })}\n`)
  say({ example: 1, session: 's', cwd: '/home/dev/x' })
  say({ id: 'p', kind: 'ask', text: 'Count.' })
  const browser = await launch()
  try {
    const page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    await page.addInitScript(watchRows)
    await page.goto(`${url}/live/example:s`)
    await page.locator('.records [data-event]').first().waitFor()
    await pause(SETTLE_MS)
    const times = await appends(page, say)
    return [timesFigure(`append to a transcript → pixel, ${APPENDS} appends`, times, [25, 60])]
  } finally {
    await browser.close()
    await program.stop()
    rmSync(dir, { recursive: true, force: true })
  }
}

async function appends(page: Page, say: (record: object) => void): Promise<number[]> {
  const aheadMs = await clockOf(page)
  const dice = new Dice(5)
  const written: number[] = []
  for (let i = 0; i < APPENDS; i++) {
    await pause(APART_MS + dice.below(2 * APART_MS))
    written.push(nowMs())
    say({ id: `r${i}`, kind: 'say', text: `Row number ${i} is the one that was just written.` })
  }
  await page.waitForFunction((n) => (window as unknown as { bench: Seen }).bench.seen.length >= n, APPENDS, {
    timeout: WAIT_MS_MAX,
  })
  const seen = await page.evaluate(() => (window as unknown as { bench: Seen }).bench.seen)
  return seen.map(([i, atMs]) => atMs - aheadMs - written[i]!)
}

const nowMs = (): number => performance.timeOrigin + performance.now()

// How far the page's clock is ahead of ours: by the quickest of some questions.
async function clockOf(page: Page): Promise<number> {
  const asked: { readonly tookMs: number; readonly aheadMs: number }[] = []
  for (let i = 0; i < 30; i++) {
    const before = nowMs()
    const there = await page.evaluate(() => performance.timeOrigin + performance.now())
    const after = nowMs()
    asked.push({ tookMs: after - before, aheadMs: there - (before + after) / 2 })
  }
  return asked.toSorted((a, b) => a.tookMs - b.tookMs)[0]!.aheadMs
}

// Runs in the page before anything of it. A task that a frame's callback posts runs when that frame has been drawn: what was put into the page
// by then is on the screen.
function watchRows(): void {
  const bench = { seen: [] as [number, number][] }
  Object.assign(window, { bench })
  const known = new Set<number>()
  let fresh: number[] = []
  const drawn = new MessageChannel()
  drawn.port1.onmessage = () => {
    const now = performance.timeOrigin + performance.now()
    for (const i of fresh) bench.seen.push([i, now])
    fresh = []
  }
  const frame = () => {
    drawn.port2.postMessage(0)
    requestAnimationFrame(frame)
  }
  requestAnimationFrame(frame)
  new MutationObserver((changes) => {
    for (const { target, addedNodes } of changes)
      for (const node of addedNodes.length > 0 ? addedNodes : [target]) {
        const inList = (node instanceof Element ? node : node.parentElement)?.closest('.records') != null
        for (const [, n] of inList ? (node.textContent ?? '').matchAll(/Row number (\d+) is/g) : [])
          if (!known.has(Number(n))) {
            known.add(Number(n))
            fresh.push(Number(n))
          }
      }
  }).observe(document, { subtree: true, childList: true, characterData: true })
}
