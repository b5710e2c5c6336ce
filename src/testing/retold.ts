// Logs told anew, for tests: a log with what a bus carried, and what `openstory reindex` makes of it.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import { type Retold, retell } from '../app/retell/retell.ts'
import type { Message } from '../bus/bus.ts'
import type { Source } from '../sources/source.ts'
import { SOURCES } from '../sources/sources.ts'
import { openEventLog } from '../stores/log/log.ts'
import { LogRewriter } from '../stores/log/rewrite.ts'
import { keep } from './kept.ts'

const elsewhere = { home: '/nowhere', env: {}, platform: process.platform }

export function logWith(t: TestContext, messages: readonly Message[]): string {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-retell-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  const log = openEventLog(dir)
  keep(log, messages)
  log.close()
  return dir
}

interface Wanted {
  readonly sources?: readonly Source[]
  readonly watch?: Readonly<Record<string, readonly string[]>>
  readonly all?: boolean
}

export function retellIn(
  t: TestContext,
  dir: string,
  { sources = SOURCES, watch = {}, all = false }: Wanted = {},
): Retold {
  const log = openEventLog(dir)
  const scratchDir = mkdtempSync(join(tmpdir(), 'openstory-retell-'))
  const scratch = openEventLog(scratchDir)
  t.after(() => {
    scratch.close()
    rmSync(scratchDir, { recursive: true, force: true })
  })
  const rewriter = new LogRewriter(dir)
  const known = { sources, machine: elsewhere, watch }
  const retold = retell({ log, scratch, rewriter, known, all, onProgress: () => {} })
  rewriter.replace()
  rewriter.settle()
  log.close()
  return retold
}
