// What happened to files in a turn: each file once, under the name it has at the end.
import type { FileChange } from '../../event/payload.ts'
import { wholePath } from './paths.ts'
import { type Change, type FileFact, MAX, type OpenTurn, type Touch } from './turn.ts'

// A plan, a memory, a scratch file: written on the way, no part of the work. Known by where it stands: in a hidden folder of the home
// that an agent keeps for itself, or in a folder for temporary files.
const ASIDE =
  /(?:^|\/)(?:tmp|temp|scratchpad|scratch)\/|^\/(?:private\/)?(?:tmp|var\/folders)\/|\/\.[a-z]+\/(?:plans|memory|memories|projects|todos|scratch)\/|(?:^|\/)\.[a-z]+\/plans\//i
export const isAside = (path: string): boolean => ASIDE.test(path)

// A name that only the shell knows, or none that a person would call a file.
export const isNameless = (path: string): boolean =>
  path === '' || /[$*?{}`\n]/.test(path) || path === '.' || path === '..' || path === '/'

interface Told {
  readonly path: string
  readonly change: Change
  readonly from?: string | undefined
  readonly added?: number | undefined
  readonly removed?: number | undefined
  readonly whole?: Touch['whole']
}

export function changeFile(turn: OpenTurn, told: Told, by: FileFact['by'], event: string): void {
  const path = told.path.slice(0, MAX.path)
  touch(turn, { ...told, path }, by, event)
  const known =
    turn.files.find((file) => samePath(turn, file.path, path)) ??
    (told.from === undefined ? undefined : turn.files.find((file) => samePath(turn, file.path, told.from!)))
  if (known !== undefined) return changeAgain(turn, known, { ...told, path }, event)
  if (turn.files.length >= MAX.files) {
    turn.filesMore++
    return
  }
  turn.files.push({
    path,
    change: told.change,
    ...(told.from !== undefined && { from: told.from.slice(0, MAX.path) }),
    added: told.added ?? 0,
    removed: told.removed ?? 0,
    by,
    ...(isAside(path) && { aside: true }),
    events: [event],
  })
}

function touch(turn: OpenTurn, told: Omit<Told, 'change'> & Pick<Touch, 'change'>, by: FileFact['by'], event: string) {
  if (told.path === '') return
  turn.touched ??= []
  turn.touched.push({
    turn: turn.id,
    path: wholePath(turn.cwd, told.path),
    change: told.change,
    ...(told.from !== undefined && { from: wholePath(turn.cwd, told.from.slice(0, MAX.path)) }),
    added: told.added ?? 0,
    removed: told.removed ?? 0,
    by,
    event,
    ...(told.whole !== undefined && { whole: told.whole }),
  })
}

// What two changes of one file are together; null: it came and went.
export function together(before: Change, next: Change): Change | null {
  if (next === 'deleted') return before === 'created' ? null : 'deleted'
  if (next === 'renamed') return before === 'created' ? 'created' : 'renamed'
  return before === 'deleted' ? 'modified' : before
}

function changeAgain(turn: OpenTurn, known: FileFact, told: Told, event: string): void {
  known.added += told.added ?? 0
  known.removed += told.removed ?? 0
  if (known.events.length < MAX.events) known.events.push(event)
  const change = together(known.change, told.change)
  // What was made and is gone again is nothing anybody finds.
  if (change === null) {
    turn.files.splice(turn.files.indexOf(known), 1)
    return
  }
  known.change = change
  if (told.change !== 'renamed') return
  if (change === 'renamed') known.from ??= known.path
  known.path = told.path
  if (isAside(told.path)) known.aside = true
  else delete known.aside
}

// The same file may be named from the root or from where the agent is.
export function samePath(turn: Pick<OpenTurn, 'cwd'>, a: string, b: string): boolean {
  return a === b || fullPath(turn, a) === fullPath(turn, b) || (turn.cwd === null && (isEndOf(a, b) || isEndOf(b, a)))
}
// Where the agent is may not be known: a relative path that a full one ends with is taken to be the same file.
const isEndOf = (end: string, path: string): boolean =>
  path.startsWith('/') && !end.startsWith('/') && end.includes('.') && path.endsWith(`/${end.replace(/^\.\//, '')}`)
const fullPath = ({ cwd }: Pick<OpenTurn, 'cwd'>, path: string): string =>
  cwd === null || path.startsWith('/') || path.startsWith('~') ? path : `${cwd}/${path.replace(/^\.\//, '')}`

export function readFile(turn: OpenTurn, path: string, by: FileFact['by'], event: string): void {
  if (isNameless(path)) return
  touch(turn, { path: path.slice(0, MAX.path), change: 'read' }, by, event)
  if (turn.reads.some((read) => samePath(turn, read.path, path))) return
  if (turn.reads.length >= MAX.reads) turn.readsMore++
  else turn.reads.push({ path: path.slice(0, MAX.path), event })
}

export function changeFiles(turn: OpenTurn, changes: readonly FileChange[], event: string): void {
  for (const { path, change, from, added, removed } of changes)
    changeFile(turn, { path, change, from, added, removed }, 'tool', event)
}

// Lines added and removed between two texts, by what is left when equal beginnings and ends are taken off.
export function lineCounts(before: string, after: string): { added: number; removed: number } {
  const old = before === '' ? [] : before.split('\n')
  const now = after === '' ? [] : after.split('\n')
  let start = 0
  while (start < old.length && start < now.length && old[start] === now[start]) start++
  let end = 0
  while (
    end < old.length - start &&
    end < now.length - start &&
    old[old.length - 1 - end] === now[now.length - 1 - end]
  )
    end++
  return { added: now.length - start - end, removed: old.length - start - end }
}
