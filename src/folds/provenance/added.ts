// Which lines a commit added to each file, read from what git says: the list of files (`--raw -z`) and the patch without lines around it
// (`-p -U0 --full-index`). A merge has a column for each parent; it added what none of them has. Pure.

export interface ChangedFile {
  readonly path: string
  readonly from: string | null // its path before, where git calls it a renaming or a copy
  readonly blob: string // its content in the commit
  readonly key: string // its section in the patch
}

const NO_BLOB = /^0+$/
const SUBMODULE = '160000'

// Files that the commit has, without links into other repositories; removed ones are not in it.
export function changedFiles(raw: string): ChangedFile[] {
  const words = raw.split('\0')
  const files: ChangedFile[] = []
  for (let i = 0; i < words.length; ) {
    const head = words[i++]!
    if (!head.startsWith(':')) continue
    const parents = head.length - head.replace(/^:+/, '').length
    const columns = head.slice(parents).split(' ')
    const mode = columns[parents]!
    const blobs = columns.slice(parents + 1, 2 * parents + 2)
    const status = columns.at(-1)!
    const first = words[i++] ?? ''
    const isMoved = parents === 1 && /^[RC]/.test(status)
    const path = isMoved ? (words[i++] ?? '') : first
    const blob = blobs.at(-1)!
    if (mode === SUBMODULE || NO_BLOB.test(blob)) continue
    files.push({ path, from: isMoved ? first : null, blob, key: `${blobs.slice(0, -1).join(',')}..${blob}` })
  }
  return files
}

const INDEX = /^index ([0-9a-f,]+\.\.[0-9a-f]+)/
const HUNK = /^(@@+) .*?\+(\d+)(?:,\d+)? @@/

// By section: the lines of the new content that are new, 1-based. Equal contents have equal sections.
export function addedLines(patch: string): ReadonlyMap<string, readonly number[]> {
  const added = new Map<string, number[]>()
  let lines: number[] = []
  let columns = 0 // 0: not inside a hunk
  let at = 0
  for (const text of patch.split('\n')) {
    const hunk = HUNK.exec(text)
    if (hunk !== null) {
      columns = hunk[1]!.length - 1
      at = Number(hunk[2])
      continue
    }
    const prefix = text.slice(0, columns)
    if (columns > 0 && /^[-+ ]+$/.test(prefix)) {
      if (prefix.includes('-')) continue
      if (!prefix.includes(' ')) lines.push(at)
      at++
      continue
    }
    if (text.startsWith('\\')) continue // no end of line at the end of the file
    columns = 0
    const index = INDEX.exec(text)
    if (index === null) continue
    lines = []
    added.set(index[1]!, lines)
  }
  return added
}
