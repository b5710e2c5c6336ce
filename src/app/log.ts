// Log lines go to stderr, one JSON object each; on a terminal, one readable line each. What a path or an error quotes is masked where it
// is a secret, and is never an order to the terminal.
import pino from 'pino'
import type { Log } from '../base/log.ts'
import { maskSecrets } from '../folds/secrets.ts'

const NAMES: Record<number, string> = { 20: 'debug', 30: 'info', 40: 'warn', 50: 'error' }

export function createLog(level: string): Log {
  const terminal = process.stderr.isTTY
  const destination = pino.destination({ fd: 2, sync: true })
  const write = (line: string) => void destination.write(terminal ? readable(maskSecrets(line)) : maskSecrets(line))
  return pino({ level, base: null, timestamp: pino.stdTimeFunctions.isoTime }, { write })
}

function readable(line: string): string {
  const { level, time, msg, ...fields } = JSON.parse(line) as { level: number; time: string; msg: string }
  const more = Object.entries(fields).map(
    ([name, value]) => ` ${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  )
  return `${time.slice(11, 19)} ${NAMES[level] ?? level} ${msg}${more.join('')}`.replace(ORDERS, '\ufffd').concat('\n')
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal would follow them
const ORDERS = /[\x00-\x1f\x7f-\x9f]/g
