// A real headless Chromium for the page's tests; without one they are skipped by name, loudly.
import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import type { TestContext } from 'node:test'
import { AxeBuilder } from '@axe-core/playwright'
import { type Browser, chromium, type Page } from 'playwright-core'

const PATH = process.env.CHROMIUM ?? '/usr/bin/chromium'
const PAGE = new URL('../../dist/web/index.html', import.meta.url)

export const missing: string | false = !existsSync(PATH)
  ? `Chromium is not installed: ${PATH} is not there (set CHROMIUM to its path)`
  : !existsSync(PAGE)
    ? 'the page is not built: run "vite build" first'
    : false

export const launch = (more: readonly string[] = []): Promise<Browser> =>
  chromium.launch({
    executablePath: PATH,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--no-first-run',
      ...more,
    ],
  })

export interface Opened {
  readonly page: Page
  readonly foreign: readonly string[] // requests that would have left the machine
  readonly problems: readonly string[] // errors in the console, broken policies included
}

export async function open(
  t: TestContext,
  browser: Browser,
  url: string,
  look: { scheme?: 'light' | 'dark'; width?: number; height?: number } = {},
): Promise<Opened> {
  const { scheme = 'light', width = 1440, height = 900 } = look
  const context = await browser.newContext({
    viewport: { width, height },
    colorScheme: scheme,
    reducedMotion: 'reduce',
  })
  t.after(() => context.close())
  const page = await context.newPage()
  page.setDefaultTimeout(25_000) // a slow machine is no failure
  const foreign: string[] = []
  const problems: string[] = []
  const own = new URL(url).host
  page.on('request', (request) => {
    if (new URL(request.url()).host !== own && !request.url().startsWith('data:')) foreign.push(request.url())
  })
  page.on('pageerror', (error) => problems.push(error.message))
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text())
  })
  await page.goto(url)
  return { page, foreign, problems }
}

// The list of sessions is the same beside every view: looking at it once is enough, and most of the work. In the other scheme
// nothing but the colours is another.
export async function assertAccessible(page: Page, what: string, withSide = false, coloursOnly = false): Promise<void> {
  const all = new AxeBuilder({ page })
  const builder = coloursOnly ? all.withRules(['color-contrast']) : all
  const { violations } = await (withSide ? builder : builder.exclude('.side')).analyze()
  const told = violations.map(
    ({ id, nodes }) =>
      `${id}: ${nodes
        .slice(0, 3)
        .map((node) => `${node.target} ${node.any[0]?.message ?? ''}`)
        .join(' | ')}`,
  )
  assert.deepEqual(told, [], what)
}
