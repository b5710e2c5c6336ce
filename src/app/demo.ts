// `openstory demo`: an invented agent writes its story into a temporary folder, live, and a server of its own watches it.
// Nothing of the person's own record is touched.
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Clock } from '../base/clock.ts'
import { STORY } from './demo-story.ts'

export interface DemoFolders {
  readonly dataDir: string
  readonly transcripts: string // the example agent's folder
  remove(): void
}

export function demoFolders(): DemoFolders {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-demo-'))
  return {
    dataDir: join(dir, 'data'),
    transcripts: join(dir, 'agent'),
    remove: () => rmSync(dir, { recursive: true, force: true }),
  }
}

export interface Telling {
  readonly session: string
  readonly speed: number // 1 is a believable pace
  readonly clock: Clock
  readonly signal: AbortSignal
}

// A request and a call happen once: told again by another session, they would be taken for a copy and not be counted.
const named = (session: string, record: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(
    ['request', 'call', 'parentCall'].flatMap((name) =>
      typeof record[name] === 'string' ? [[name, `${session}-${record[name]}`]] : [],
    ),
  )

// Writes one session, line by line, as an agent would. Times are those of the writing.
export async function tellStory(transcripts: string, { session, speed, clock, signal }: Telling): Promise<void> {
  const dir = join(transcripts, 'sessions')
  mkdirSync(dir, { recursive: true })
  const file = join(dir, `${session}.jsonl`)
  const at = () => new Date(clock.nowMs()).toISOString()
  const write = (record: object) => appendFileSync(file, `${JSON.stringify(record)}\n`)
  write({ example: 1, session, cwd: '/home/dev/bakery', at: at() })
  for (const [i, { pauseMs, record }] of STORY.entries()) {
    await clock.sleep(pauseMs / speed, signal)
    if (signal.aborted) return
    write({ id: `${session}-${i + 1}`, at: at(), ...record, ...named(session, record) })
  }
}
