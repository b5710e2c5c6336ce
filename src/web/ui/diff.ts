// Line by line, what an edit takes away and what it puts there. Pure; bounded, so that no transcript can hang a page.
export interface DiffLine {
  readonly sign: ' ' | '+' | '-' | '@' // '@': a heading of the patch
  readonly text: string
}

const CELLS_MAX = 250_000

export function diffLines(before: string, after: string): readonly DiffLine[] {
  const [a, b] = [linesOf(before), linesOf(after)]
  let head = 0
  while (head < a.length && head < b.length && a[head] === b[head]) head++
  let tail = 0
  while (tail < a.length - head && tail < b.length - head && a[a.length - 1 - tail] === b[b.length - 1 - tail]) tail++
  return [
    ...signed(' ', a.slice(0, head)),
    ...middle(a.slice(head, a.length - tail), b.slice(head, b.length - tail)),
    ...signed(' ', tail === 0 ? [] : a.slice(-tail)),
  ]
}

const linesOf = (text: string): string[] => (text === '' ? [] : text.replace(/\n$/, '').split('\n'))
const signed = (sign: DiffLine['sign'], lines: readonly string[]): DiffLine[] => lines.map((text) => ({ sign, text }))

// Longest common subsequence; what is too large for it is shown as taken away and put there.
function middle(a: readonly string[], b: readonly string[]): DiffLine[] {
  if (a.length === 0 || b.length === 0 || a.length * b.length > CELLS_MAX) return [...signed('-', a), ...signed('+', b)]
  const width = b.length + 1
  const longest = new Uint32Array((a.length + 1) * width)
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--)
      longest[i * width + j] =
        a[i] === b[j]
          ? longest[(i + 1) * width + j + 1]! + 1
          : Math.max(longest[(i + 1) * width + j]!, longest[i * width + j + 1]!)
  const out: DiffLine[] = []
  let [i, j] = [0, 0]
  while (i < a.length && j < b.length) {
    if (a[i] === b[j]) {
      out.push({ sign: ' ', text: a[i]! })
      i++
      j++
    } else if (longest[(i + 1) * width + j]! >= longest[i * width + j + 1]!) out.push({ sign: '-', text: a[i++]! })
    else out.push({ sign: '+', text: b[j++]! })
  }
  return [...out, ...signed('-', a.slice(i)), ...signed('+', b.slice(j))]
}

// A patch as an agent writes it, headings and all.
export const patchLines = (patch: string): readonly DiffLine[] =>
  linesOf(patch).map((line) => {
    if (/^(?:\+\+\+ |--- |\*\*\* |@@|diff --git |index [0-9a-f]+\.\.)/.test(line)) return { sign: '@', text: line }
    const sign = line[0]
    return sign === '+' || sign === '-' ? { sign, text: line.slice(1) } : { sign: ' ', text: line.replace(/^ /, '') }
  })

export function tally(lines: readonly DiffLine[]): { readonly added: number; readonly removed: number } {
  let [added, removed] = [0, 0]
  for (const { sign } of lines) {
    if (sign === '+') added++
    if (sign === '-') removed++
  }
  return { added, removed }
}
