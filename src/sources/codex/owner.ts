// Where Codex keeps its rollouts and whose each one is, by its path alone; the first line knows better.
//   sessions/2026/11/01/rollout-<moment>-<thread>.jsonl              a thread
//   sessions/2026/11/01/rollout-<moment>-<thread>_<rollout>.jsonl    the same thread again, from an earlier point on
//   archived_sessions/rollout-<moment>-<thread>.jsonl                moved there by its person
// Each may become `.jsonl.zst` where it lies. It is the same file then: same thread, same memory, same offsets inside.
import type { FileFacts, FileOwner, Machine, WatchRoot } from '../source.ts'
import { expandHome, nonEmpty, rootsOf, withoutEnd } from '../values.ts'
import { freshMemory } from './memory.ts'

export function rootsOn({ home, env }: Machine): readonly WatchRoot[] {
  const own = nonEmpty(env.CODEX_HOME?.trim())
  const homes = [...(own === undefined ? [] : [withoutEnd(expandHome(own, home))]), `${home}/.codex`]
  return rootsOf(homes.flatMap((folder) => [`${folder}/sessions`, `${folder}/archived_sessions`]))
}

const PLAIN = '.jsonl'
const PACKED = '.jsonl.zst'

export const packingOf = (path: string): 'zstd' | null => (path.endsWith(PACKED) ? 'zstd' : null)

export function ownerOf({ path }: FileFacts): FileOwner | null {
  const stem = stemOf(path)
  if (stem === null || stem === '') return null
  const { thread, rollout } = threadOf(stem)
  return { agentId: null, memory: { ...freshMemory(thread, rollout === null ? null : (momentOfId(rollout) ?? 0)) } }
}

export const sessionOfFile = (path: string): string => threadOf(stemOf(path) || 'unnamed').thread

function stemOf(path: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1)
  if (name.endsWith(PACKED)) return name.slice(0, -PACKED.length)
  return name.endsWith(PLAIN) ? name.slice(0, -PLAIN.length) : null
}

const ROLLOUT = /^rollout-\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-(.+)$/
const GENERATION = /^([0-9a-f-]{36})_(.+)$/

function threadOf(stem: string): { readonly thread: string; readonly rollout: string | null } {
  const name = ROLLOUT.exec(stem)?.[1] ?? stem
  const again = GENERATION.exec(name)
  return again === null ? { thread: name, rollout: null } : { thread: again[1]!, rollout: again[2]! }
}

const UUID_7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/

// Codex' ids of threads and turns begin with the millisecond they were made in (UUID version 7); older ones say nothing.
export function momentOfId(id: unknown): number | null {
  const found = typeof id === 'string' ? UUID_7.exec(id) : null
  return found === null ? null : Number.parseInt(found[1]! + found[2]!, 16)
}
