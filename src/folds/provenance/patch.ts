// Patches in the forms agents write and record them, read into one: whole files made, removed or moved, and hunks of lines.
//   *** Begin Patch / *** Update File: a / @@ … · unified diff (--- a, +++ b, @@ -1,2 +1,3 @@) · lists of hunks with `lines` ·
//   lines that begin with their sign and their number (`+ 12 text`). Pure; what is not understood is no patch.
import { fieldsIn } from '../input.ts'

export interface Hunk {
  readonly at: number | null // 1-based line of the file before, where it says so
  readonly to: number | null // and of the file after
  readonly after: string | null // it stands behind a line that has this in it
  readonly before: readonly string[] // lines that were there, with those around
  readonly now: readonly string[]
}

export type FilePatch =
  | { readonly path: string; readonly is: 'made'; readonly text: string }
  | { readonly path: string; readonly is: 'removed' }
  | { readonly path: string; readonly is: 'changed'; readonly to: string | null; readonly hunks: readonly Hunk[] }

const FILES_MAX = 500

export function readPatch(text: string): readonly FilePatch[] {
  const lines = text.split(/\r?\n/)
  const found = lines.some((line) => SECTION.test(line)) ? sections(lines) : unified(lines)
  return found.slice(0, FILES_MAX)
}

const SECTION = /^\*\*\* (Add|Update|Delete) File: (.+)$/
const MOVED = /^\*\*\* Move to: (.+)$/

function sections(lines: readonly string[]): FilePatch[] {
  const files: FilePatch[] = []
  for (let at = 0; at < lines.length; at++) {
    const head = SECTION.exec(lines[at]!)
    if (head === null) continue
    const [path, body] = [head[2]!.trim(), bodyFrom(lines, at + 1)]
    if (head[1] === 'Delete') files.push({ path, is: 'removed' })
    else if (head[1] === 'Add') {
      const added = body.filter((line) => line.startsWith('+')).map((line) => line.slice(1))
      files.push({ path, is: 'made', text: added.length === 0 ? '' : `${added.join('\n')}\n` })
    } else {
      const to = MOVED.exec(body[0] ?? '')?.[1]?.trim() ?? null
      files.push({ path, is: 'changed', to, hunks: hunksIn(to === null ? body : body.slice(1)) })
    }
  }
  return files
}

function bodyFrom(lines: readonly string[], start: number): readonly string[] {
  let end = start
  while (end < lines.length && !/^\*\*\* (?:(?:Add|Update|Delete) File: |End Patch)/.test(lines[end]!)) end++
  return lines.slice(start, end)
}

const RANGE = /^@@+ -(\d+)(?:,\d+)? \+(\d+)(?:,\d+)? @@/

// Hunks begin with `@@`, numbered or with words of a line above; the first may stand without.
function hunksIn(lines: readonly string[]): Hunk[] {
  const hunks: Hunk[] = []
  let [at, to, after] = [null as number | null, null as number | null, null as string | null]
  let [before, now] = [[] as string[], [] as string[]]
  let hollow = 0 // lines without even a blank, at the end: the end of the text, or a blank that an editor took away
  const close = () => {
    const [b, n] = [before.slice(0, before.length - hollow), now.slice(0, now.length - hollow)]
    if (b.length > 0 || n.length > 0) hunks.push({ at, to, after, before: b, now: n })
    ;[at, to, after, before, now, hollow] = [null, null, null, [], [], 0]
  }
  for (const line of lines) {
    if (line.startsWith('@@')) {
      close()
      const range = RANGE.exec(line)
      at = range ? Number(range[1]) : null
      to = range ? Number(range[2]) : null
      after = range ? null : line.replace(/^@@+\s?/, '').replace(/\s*@@$/, '') || null
      continue
    }
    if (line.startsWith('***') || line.startsWith('\\')) continue // end of file; no newline at its end
    const [sign, text] = [line[0] ?? '', line.slice(1)]
    if (sign === '+') now.push(text)
    else if (sign === '-') before.push(text)
    else if (sign === ' ' || (sign === '' && (before.length > 0 || now.length > 0))) both(before, now, text)
    else continue
    hollow = sign === '' ? hollow + 1 : 0
  }
  close()
  return hunks
}

const both = (before: string[], now: string[], text: string) => {
  before.push(text)
  now.push(text)
}

function unified(lines: readonly string[]): FilePatch[] {
  const files: FilePatch[] = []
  for (let at = 0; at < lines.length; at++) {
    if (!lines[at]!.startsWith('--- ') || !lines[at + 1]?.startsWith('+++ ')) continue
    const [from, to] = [nameIn(lines[at]!), nameIn(lines[at + 1]!)]
    let end = at + 2
    while (end < lines.length && !/^(?:--- |diff --git )/.test(lines[end]!)) end++
    const hunks = hunksIn(lines.slice(at + 2, end))
    if (to === null && from !== null) files.push({ path: from, is: 'removed' })
    else if (from === null && to !== null)
      files.push({ path: to, is: 'made', text: `${hunks.flatMap(({ now }) => now).join('\n')}\n` })
    else if (from !== null && to !== null) files.push({ path: from, is: 'changed', to: from === to ? null : to, hunks })
    at = end - 1
  }
  return files
}

// `--- a/src/x.ts\t2026-…`; /dev/null: no file.
function nameIn(line: string): string | null {
  const name = line.slice(4).split('\t')[0]!.trim()
  if (name === '/dev/null') return null
  return /^[ab]\//.test(name) ? name.slice(2) : name
}

// Hunks as an agent recorded them beside a result: a list of them, or one text.
export function recordedHunks(value: unknown): readonly Hunk[] {
  if (typeof value === 'string') return NUMBERED.test(value) ? numbered(value.split('\n')) : hunksIn(value.split('\n'))
  if (!Array.isArray(value)) return []
  return value.flatMap((each): Hunk[] => {
    const { lines, oldStart, newStart } = fieldsIn(each)
    if (!Array.isArray(lines) || !lines.every((line) => typeof line === 'string')) return []
    const [hunk] = hunksIn(lines.map((line) => (line === '' ? ' ' : line)))
    return hunk === undefined ? [] : [{ ...hunk, at: numberIn(oldStart), to: numberIn(newStart) }]
  })
}

const numberIn = (value: unknown): number | null => (typeof value === 'number' ? value : null)

const NUMBERED = /^[ +-]\s*\d+ /m

function numbered(lines: readonly string[]): Hunk[] {
  const hunks: Hunk[] = []
  let [at, before, now] = [null as number | null, [] as string[], [] as string[]]
  for (const line of [...lines, '...']) {
    const read = /^([ +-])\s*(\d+) (.*)$/s.exec(line)
    if (read === null) {
      if (before.length > 0 || now.length > 0) hunks.push({ at, to: null, after: null, before, now })
      ;[at, before, now] = [null, [], []]
      continue
    }
    const [, sign, number, text] = read
    if (sign !== '+') at ??= Number(number)
    if (sign !== '+') before.push(text!)
    if (sign !== '-') now.push(text!)
  }
  return hunks
}
