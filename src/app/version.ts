import { readFileSync } from 'node:fs'

// Of package.json, which lies two folders up from src/app and from dist/app alike.
export const VERSION = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as { version: string }
).version
