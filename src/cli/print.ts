// How a verb writes to stdout: JSON for scripts, columns for people. Secrets in it are masked; whoever wants the bytes exports them.
// What transcripts say is text for the terminal and never an order to it.
import { maskedJson, maskSecrets } from '../folds/secrets.ts'

export const printJson = (value: unknown): void => void process.stdout.write(`${maskedJson(value, 2)}\n`)
export const printLine = (text = ''): void => void process.stdout.write(`${harmless(maskSecrets(text))}\n`)
export const say = (text: string): void => void process.stderr.write(`${harmless(maskSecrets(text))}\n`)

export interface Marked {
  readonly text: string
  readonly hit: boolean
}
// A line with the hits in bold, on a terminal.
export function printMarked(indent: string, parts: readonly Marked[]): void {
  const [bold, plain] = process.stdout.isTTY ? ['\u001b[1m', '\u001b[0m'] : ['', '']
  const shown = parts.map(({ text, hit }) => (hit ? bold + harmless(text) + plain : harmless(text)))
  process.stdout.write(`${indent}${shown.join('')}\n`)
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: a terminal would follow them: move, colour, set its title, answer
const ORDERS = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/g
const harmless = (text: string): string => text.replaceAll('\r\n', '\n').replace(ORDERS, '\ufffd')

// Rows as columns, each as wide as its widest word; the last is cut to the terminal.
export function printColumns(rows: readonly (readonly string[])[]): void {
  const masked = rows.map((row) => row.map(maskSecrets))
  const widths = masked.reduce<number[]>((most, row) => row.map((word, i) => Math.max(most[i] ?? 0, word.length)), [])
  const room = process.stdout.columns ?? 0
  for (const row of masked) {
    const line = row.map((word, i) => (i === row.length - 1 ? word : word.padEnd(widths[i]!))).join('  ')
    printLine(room > 0 && line.length > room ? `${line.slice(0, room - 1)}…` : line)
  }
}

export const when = (time: string | null): string =>
  time === null ? '—' : `${time.slice(0, 10)} ${time.slice(11, 16)}`
export const some = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

interface Money {
  readonly usd: string | null
  readonly lower_bound: boolean
}
// To the cent, or as much as it takes to see anything; "≥" where it may have been more. What is too little to print is said so, never 0.
export function amountIn({ usd, lower_bound: isLess }: Money, currency: '' | '$'): string | null {
  if (usd === null) return null
  const value = Number(usd)
  const isTiny = value > 0 && value < 0.00005
  const said = isTiny ? `<${currency}0.0001` : `${currency}${value.toFixed(value !== 0 && value < 1 ? 4 : 2)}`
  return `${isLess ? '≥ ' : ''}${said}`
}
export const moneyIn = (money: Money): string => amountIn(money, '$') ?? 'cost unknown'

export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
// Masked before it is cut: half a secret has no mark.
export const oneLine = (text: string, max = 100): string => {
  const line = maskSecrets(text).replace(/\s+/g, ' ').trim()
  return line.length > max ? `${line.slice(0, max - 1)}…` : line
}
