// Whose file is which: the folders sources look in, the files in them that are theirs, and how far each was read.
import type { Machine, Source, WatchRoot } from '../sources/source.ts'
import type { FinderParts } from './find.ts'
import { fileOf, freshPlace, type Job } from './look.ts'
import type { FilePlace, KnownPlaces } from './offsets.ts'
import { plainNameOf } from './packed.ts'
import { databaseOf } from './readers.ts'

export interface WhereToLook {
  readonly sources: readonly Source[]
  readonly machine: Machine
  readonly extraRoots?: Readonly<Record<string, readonly string[]>> // agent → folders, beside (or instead of) its own
  readonly onlyExtra?: boolean
}

// Sources that look in the same folders: they share one look and one watch on each.
export interface Together {
  readonly sources: readonly Source[]
  readonly finding: Pick<FinderParts, 'roots' | 'depthOf' | 'wants'>
}

export function togetherOf(where: WhereToLook): Together[] {
  const alike = Map.groupBy(where.sources, (source) => JSON.stringify([...rootsOf(where, source)]))
  return [...alike.values()]
    .map((sources) => {
      const depths = rootsOf(where, sources[0]!)
      return {
        sources,
        finding: {
          roots: [...depths.keys()],
          depthOf: (root: string) => depths.get(root),
          wants: (path: string) => sources.some((source) => jobFor(source, '', path) !== null),
        },
      }
    })
    .filter(({ finding }) => finding.roots.length > 0)
}

// Folder → how far below it is looked.
function rootsOf(where: WhereToLook, source: Source): ReadonlyMap<string, number | undefined> {
  const own: readonly WatchRoot[] = where.onlyExtra ? [] : source.roots(where.machine)
  const depths = new Map(own.map(({ path, depth }) => [path, depth]))
  for (const path of where.extraRoots?.[source.agent] ?? []) depths.set(path, undefined)
  return depths
}

// Null where the file is not this source's. What stands beside a database is a change of the database.
export function jobFor(source: Source, root: string, path: string): Job | null {
  const own = source.reads === 'tables' ? databaseOf(path) : path
  return source.owner({ root, path: own }) === null ? null : { source, root, path: own }
}

export function placeOf(known: KnownPlaces, job: Job): FilePlace {
  const file = fileOf(job)
  const place = known.get(job.source.agent, file)
  if (place !== undefined) return place
  // Packed in place of a plain file: read on behind what was read of that.
  const isPacked = job.source.reads === 'lines' && job.source.packed?.(job.path) != null
  const plain = isPacked ? known.get(job.source.agent, plainNameOf(file)) : undefined
  return plain === undefined ? freshPlace(job, 0) : { ...plain, file, inode: 0 }
}
