// Short sorted lists that are kept as text, one entry a line.

// Null: it was there already.
export function withLine(list: string, entry: string): string | null {
  if (list === '') return entry
  const entries = list.split('\n')
  return entries.includes(entry) ? null : mergeLines(list, entry)
}

export const mergeLines = (list: string, entry: string): string =>
  list === '' ? entry : [...list.split('\n'), entry].sort().join('\n')

export function withoutLine(list: string, entry: string): string {
  const entries = list.split('\n')
  const at = entries.indexOf(entry)
  return at < 0 ? list : entries.toSpliced(at, 1).join('\n')
}
