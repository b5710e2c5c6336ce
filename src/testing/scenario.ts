// A machine of a test: a home with an example agent's transcripts, a data folder, and lines to write into it.
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../app/config.ts'

export interface Scenario {
  readonly dir: string
  readonly sessions: string // where the example agent writes
  readonly config: Config
  // Appends records (as lines) to a session's file; returns the text appended.
  write(session: string, records: readonly object[]): string
  remove(): void
}

export function scenario(): Scenario {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-test-'))
  const sessions = join(dir, 'agent', 'sessions')
  mkdirSync(sessions, { recursive: true })
  return {
    dir,
    sessions,
    config: {
      dataDir: join(dir, 'data'),
      host: '127.0.0.1',
      port: 0,
      bus: 'embedded',
      watch: { example: [sessions] },
      open: false,
      logLevel: 'silent',
    },
    write(session, records) {
      const text = records.map((record) => `${JSON.stringify(record)}\n`).join('')
      appendFileSync(join(sessions, `${session}.jsonl`), text)
      return text
    },
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
}

export const header = (session: string, cwd = '/home/dev/bakery') => ({
  example: 1,
  session,
  cwd,
  at: '2026-03-14T09:00:00.000Z',
})

// A turn of five lines: a prompt, a call with its result, an answer, the end. Its minute is its number.
export function turnRecords(n: number, prompt = `bake the bread number ${n}`): object[] {
  const at = (second: number) => new Date(Date.UTC(2026, 2, 14, 9, n, second)).toISOString()
  return [
    { id: `${n}-1`, at: at(1), kind: 'ask', text: prompt },
    {
      id: `${n}-2`,
      at: at(2),
      kind: 'call',
      call: `c${n}`,
      tool: 'Shell',
      does: 'run',
      target: 'npm test',
      input: { command: 'npm test' },
      model: 'm1',
      request: `r${n}`,
      tokens: { input: 10, output: 20 },
    },
    {
      id: `${n}-3`,
      at: at(3),
      kind: 'result',
      call: `c${n}`,
      failed: false,
      exit: 0,
      text: `${'crust and crumb '.repeat(40)}number ${n}`,
    },
    {
      id: `${n}-4`,
      at: at(4),
      kind: 'say',
      text: `The bread number ${n} is done.`,
      model: 'm1',
      request: `s${n}`,
      tokens: { input: 5, output: 7 },
      stop: 'stop',
    },
    { id: `${n}-5`, at: at(5), kind: 'done', ms: 4_000 },
  ]
}

// Waits until `look` gives something; fails with a sentence when it never does.
export async function eventually<T>(
  what: string,
  look: () => Promise<T | null | undefined | false> | T | null | undefined | false,
  ms = 15_000,
): Promise<T> {
  const until = Date.now() + ms
  for (;;) {
    const found = await look()
    if (found) return found
    if (Date.now() > until) throw new Error(`${what}: not within ${ms} ms`)
    await new Promise((resolve) => setTimeout(resolve, 15))
  }
}
