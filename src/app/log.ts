// Log lines go to stderr, one JSON object each; on a terminal, one readable line each.
import pino from 'pino'
import type { Log } from '../base/log.ts'

const NAMES: Record<number, string> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' }

export function createLog(level: string): Log {
  const terminal = process.stderr.isTTY
  const stream = terminal
    ? { write: (line: string) => process.stderr.write(readable(line)) }
    : pino.destination({ fd: 2, sync: true })
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, stream)
}

function readable(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as { level: number; time: string; msg: string }
  const more = Object.entries(fields).map(
    ([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return `${time.slice(11, 19)} ${NAMES[level] ?? level} ${msg}${more.join('')}\n`
}
