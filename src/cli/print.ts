// How a verb writes to stdout: JSON for scripts, columns for people.

export const printJson = (value: unknown): void => void process.stdout.write(`${JSON.stringify(value, null, 2)}\n`)
export const printLine = (text = ''): void => void process.stdout.write(`${text}\n`)
export const say = (text: string): void => void process.stderr.write(`${text}\n`)

// Rows as columns, each as wide as its widest word; the last is cut to the terminal.
export function printColumns(rows: readonly (readonly string[])[]): void {
  const widths = rows.reduce<number[]>((most, row) => row.map((word, i) => Math.max(most[i] ?? 0, word.length)), [])
  const room = process.stdout.columns ?? 0
  for (const row of rows) {
    const line = row.map((word, i) => (i === row.length - 1 ? word : word.padEnd(widths[i]!))).join('  ')
    printLine(room > 0 && line.length > room ? `${line.slice(0, room - 1)}…` : line)
  }
}

export const when = (time: string | null): string =>
  time === null ? '—' : `${time.slice(0, 10)} ${time.slice(11, 16)}`
export const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`
export const oneLine = (text: string, max = 100): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  return line.length > max ? `${line.slice(0, max - 1)}…` : line
}
