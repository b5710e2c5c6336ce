// npm run bench:web: what the page costs, in headless Chromium against an invented machine of 100,000 events in one session and 5,000 sessions.
//   npm run bench:web [-- --runs N] [--events N] [--sessions N]
// Prints a table for bench/README.md. Frames are what requestAnimationFrame sees, and only worth something on a machine that does nothing
// else; beside them stands the longest task of the page in time of the processor, which other programs do not lengthen as much.
import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process'
import { cpus, release } from 'node:os'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { parseArgs } from 'node:util'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { launch, missing } from '../e2e/page/browser.ts'
import { firstView } from '../e2e/page/bundle.ts'

if (missing) throw new Error(missing)
const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '5' },
    events: { type: 'string', default: '100000' },
    sessions: { type: 'string', default: '5000' },
  },
})
const LIVE_RATE = 200
const LIVE_SECONDS = 10
const SCROLL_STEPS = 240

interface Figure {
  readonly what: string
  readonly value: string
  readonly reach: string
}
interface Machine {
  readonly url: string
  readonly session: string
  readonly child: ChildProcessByStdio<Writable, Readable, null>
  next(): Promise<string>
}

async function startMachine(): Promise<Machine> {
  const script = new URL('./web-machine.ts', import.meta.url).pathname
  const child = spawn(process.execPath, [script, values.events, values.sessions], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
  const next = async () => String((await lines.next()).value)
  const [url = '', session = '', records, rows] = (await next()).split(' ')
  console.error(`${records} records in one session, ${rows} sessions`)
  return { url, session, child, next }
}

// Runs in the page before anything of it: when something to read was first painted, and how long every frame took.
function watchPage(): void {
  const state = { paintMs: 0, frames: [] as number[], isWatching: false }
  Object.assign(window, { bench: state })
  const look = () => {
    if (
      document.querySelector('.records [data-event], .now h1') !== null &&
      document.querySelector('.side-row') !== null
    )
      requestAnimationFrame(() => {
        state.paintMs = performance.now()
      })
    else requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
  let last = 0
  const tick = (nowMs: number) => {
    if (state.isWatching && last > 0) state.frames.push(nowMs - last)
    last = state.isWatching ? nowMs : 0
    requestAnimationFrame(tick)
  }
  requestAnimationFrame(tick)
}
interface Bench {
  paintMs: number
  frames: number[]
  isWatching: boolean
}
const benchOf = (page: Page): Promise<Bench> => page.evaluate(() => (window as unknown as { bench: Bench }).bench)
interface Busy {
  readonly frames: readonly number[]
  readonly tasksMs: readonly number[] // time of the processor in the page's main thread, task by task
}
const frames = async (page: Page, work: () => Promise<unknown>): Promise<Busy> => {
  const watch = (isOn: boolean) =>
    page.evaluate((on) => {
      const { bench } = window as unknown as { bench: Bench }
      bench.isWatching = on
      if (on) bench.frames = []
    }, isOn)
  const browser = page.context().browser()!
  await browser.startTracing(page, { categories: ['toplevel', 'devtools.timeline', '__metadata'] })
  await watch(true)
  await work()
  await watch(false)
  return { frames: (await benchOf(page)).frames, tasksMs: tasksIn((await browser.stopTracing()).toString()) }
}

interface TraceEvent {
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly tdur?: number // µs
  readonly args?: { readonly name?: string }
}
function tasksIn(trace: string): readonly number[] {
  const { traceEvents } = JSON.parse(trace) as { traceEvents: readonly TraceEvent[] }
  const mains = new Set(
    traceEvents
      .filter(({ name, args }) => name === 'thread_name' && args?.name === 'CrRendererMain')
      .map(({ pid, tid }) => `${pid}:${tid}`),
  )
  return traceEvents
    .filter(({ name, pid, tid }) => name.endsWith('RunTask') && mains.has(`${pid}:${tid}`))
    .map(({ tdur = 0 }) => tdur / 1_000)
}

async function paint(browser: Browser, url: string): Promise<number> {
  const times: number[] = []
  for (let run = 0; run < Number(values.runs); run++) {
    const context = await newContext(browser)
    const page = await context.newPage()
    await page.goto(url)
    await page.waitForFunction(() => (window as unknown as { bench: Bench }).bench.paintMs > 0)
    times.push((await benchOf(page)).paintMs)
    await context.close()
  }
  return times.toSorted((a, b) => a - b)[times.length >> 1]!
}

async function newContext(browser: Browser): Promise<BrowserContext> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } })
  await context.addInitScript(watchPage)
  return context
}

async function scroll(page: Page, over: string, step: number): Promise<Busy> {
  await page.locator(over).hover()
  return frames(page, async () => {
    for (let i = 0; i < SCROLL_STEPS; i++) {
      await page.mouse.wheel(0, step)
      await page.waitForTimeout(16)
    }
  })
}

async function heapMb(page: Page): Promise<number> {
  const cdp = await page.context().newCDPSession(page)
  await cdp.send('HeapProfiler.collectGarbage')
  await cdp.send('Performance.enable')
  const { metrics } = await cdp.send('Performance.getMetrics')
  return (metrics.find(({ name }) => name === 'JSHeapUsedSize')?.value ?? 0) / 2 ** 20
}

function told({ frames: all, tasksMs }: Busy, limitMs: number): string {
  const sorted = all.toSorted((a, b) => a - b)
  const at = (part: number) => (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0).toFixed(0)
  const over = all.filter((ms) => ms > limitMs).length
  return `p50 ${at(0.5)}, p99 ${at(0.99)}, longest ${at(1)} ms; ${over} of ${all.length} over ${limitMs} ms; longest task ${Math.max(0, ...tasksMs).toFixed(0)} ms`
}

function bundle(): Figure {
  const { page, worker } = firstView()
  const kb = (bytes: number) => `${(bytes / 1_000).toFixed(0)} kB`
  return {
    what: 'bundle of the first view, gzip',
    value: `${kb(page)} before anything is drawn, ${kb(page + worker)} with the worker that reads Markdown`,
    reach: '≤ 250 kB',
  }
}

async function measure(): Promise<Figure[]> {
  const machine = await startMachine()
  const browser = await launch()
  const figures: Figure[] = []
  try {
    const session = `${machine.url}/live/${machine.session}`
    for (const [what, url] of [
      ['the front page, 5,000 sessions behind it', machine.url],
      ['a session of 100,000 events', session],
    ] as const)
      figures.push({
        what: `first meaningful paint: ${what}`,
        value: `${(await paint(browser, url)).toFixed(0)} ms`,
        reach: '≤ 1,000 ms',
      })
    const page = await (await newContext(browser)).newPage()
    await page.goto(session)
    await page.locator('.records [data-event]').first().waitFor()
    await page.waitForTimeout(1_000)
    const up = await scroll(page, '.records', -700)
    figures.push({
      what: 'scrolling up the session, frames',
      value: told(up, 50),
      reach: 'none over 50 ms',
    })
    const list = await scroll(page, '.side-list', 700)
    figures.push({ what: 'scrolling the list of sessions, frames', value: told(list, 50), reach: 'none over 50 ms' })
    await page.keyboard.press('G')
    await page.waitForTimeout(500)
    const live = await frames(page, async () => {
      machine.child.stdin.write(`${LIVE_RATE} ${LIVE_SECONDS}\n`)
      console.error(await machine.next())
    })
    figures.push({
      what: `${LIVE_RATE} events a second for ${LIVE_SECONDS} s, followed: frames`,
      value: told(live, 100),
      reach: 'none over 100 ms',
    })
    figures.push({
      what: 'JavaScript heap after all of that',
      value: `${(await heapMb(page)).toFixed(0)} MB`,
      reach: '≤ 250 MB',
    })
  } finally {
    await browser.close()
    machine.child.kill()
  }
  return [...figures, bundle()]
}

const figures = await measure()
const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], { encoding: 'utf8' }).trim()
console.log(
  `\n${new Date().toISOString().slice(0, 10)} · ${commit} · ${cpus().length} × ${cpus()[0]?.model} · Linux ${release()} · Node ${process.versions.node}\n`,
)
console.log('| what | measured | reach |\n| --- | --- | --- |')
for (const { what, value, reach } of figures) console.log(`| ${what} | ${value} | ${reach} |`)
