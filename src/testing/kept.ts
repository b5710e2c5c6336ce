// What came over a bus as a log holds it: each event once, each session in its own file, in the order of coming.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { TestContext } from 'node:test'
import type { Message } from '../bus/bus.ts'
import { keyOfBytes } from '../consumers/heads.ts'
import { openEventLog } from '../stores/log/log.ts'
import type { EventLog } from '../stores/store.ts'

export function keep(log: EventLog, messages: readonly Message[]): void {
  const once = [...new Map(messages.map((message) => [message.id, message])).values()]
  for (const [session, events] of Map.groupBy(once, ({ data }) => keyOfBytes(data).session))
    log.append(
      session,
      events.map(({ data }) => data),
    )
}

export function keptLog(t: TestContext, messages: readonly Message[]): EventLog {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-kept-'))
  const log = openEventLog(dir)
  t.after(() => {
    log.close()
    rmSync(dir, { recursive: true })
  })
  keep(log, messages)
  return log
}

export const sessionsOf = (messages: readonly Message[]): string[] => [
  ...new Set(messages.map(({ data }) => keyOfBytes(data).session)),
]
