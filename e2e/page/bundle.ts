// What the first view of the page loads, by the gzip: what index.html names, and the worker that reads Markdown, which starts with the page.
// All else comes when somebody goes there, or when nothing else is to be done.
import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const ASSETS = new URL('../../dist/web/assets/', import.meta.url)
const INDEX = new URL('../../dist/web/index.html', import.meta.url)

export interface Bundle {
  readonly page: number // bytes: script and style before anything is drawn
  readonly worker: number
}

export function firstView(): Bundle {
  const index = readFileSync(INDEX, 'utf8')
  const names = readdirSync(ASSETS)
  const bytes = (some: readonly string[]) =>
    some.reduce((sum, name) => sum + gzipSync(readFileSync(new URL(name, ASSETS))).length, 0)
  return {
    page: bytes(names.filter((name) => index.includes(name))),
    worker: bytes(names.filter((name) => name.startsWith('markdown-worker'))),
  }
}
