// Whose a file of the log is: the source that reads it, and where the folder ends that it was found in. An event says only the whole path.
import type { Machine, Source } from '../../sources/source.ts'

export interface Owned {
  readonly source: Source
  readonly root: string
  readonly path: string
}

export interface Known {
  readonly sources: readonly Source[]
  readonly machine: Machine
  readonly watch: Readonly<Record<string, readonly string[]>> // agent → folders
}

// All that could be, likeliest first: below a folder where the agent's files are on this machine; then below any, since the log may come
// from another one.
export function ownersOf({ sources, machine, watch }: Known, agent: string, file: string): Owned[] {
  return sources
    .filter((source) => source.agent === agent && (source.retells ?? source.reads === 'lines'))
    .flatMap((source) => {
      const known = [...(watch[agent] ?? []), ...source.roots(machine).map(({ path }) => path)]
      const roots = [...known.filter((root) => file.startsWith(`${root}/`)), ...foldersOf(file)]
      return roots.map((root) => ({ source, root, path: file.slice(root.length + 1) }))
    })
    .filter(({ source, root, path }) => source.owner({ root, path }) !== null)
}

// The deepest last: a file is seldom found in its own folder alone.
function foldersOf(file: string): string[] {
  const folders: string[] = []
  for (let cut = file.indexOf('/', 1); cut >= 0; cut = file.indexOf('/', cut + 1)) folders.push(file.slice(0, cut))
  return folders
}
