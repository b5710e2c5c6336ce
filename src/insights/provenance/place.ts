// Whether a path in a transcript is the file that is asked about, when that stands in another place: another checkout, another machine.
import { isUnder, nameOf } from '../../folds/provenance/path.ts'

export interface Place {
  readonly path: string // from the root
  readonly aliases?: readonly string[] // the same file, by other names: a link leads to it
  readonly root: string | null // of the repository, or the folder it is named from; null: not known
}

const STEPS_TELLING = 3 // `src/web/main.ts`: deep enough to be one file

// `cwd`: where a session that touched it worked.
export function isSameFile({ path, root }: Place, other: string, cwd: string | null): boolean {
  if (root === null || !isUnder(path, root)) return false
  const inside = path.slice(root.length).replace(/^\//, '')
  if (inside === '' || !other.endsWith(inside)) return false
  if (other === inside) return cwd !== null && nameOf(cwd) === nameOf(root) // said from a folder nobody named
  const theirs = other.slice(0, -inside.length - 1)
  if (!other.endsWith(`/${inside}`) || theirs === '') return false
  const isTheirs = cwd !== null && (isUnder(cwd, theirs) || isUnder(theirs, cwd))
  if (!isTheirs) return false
  return nameOf(theirs) === nameOf(root) || isUnder(theirs, root) || inside.split('/').length >= STEPS_TELLING
}
