// Where Gemini CLI keeps its chats and whose each one is, by its path alone; the first line knows better.
//   <project>/chats/session-<moment>-<8 of the id>.jsonl   a session; `.json` before 0.40, which stays when it is carried on as `.jsonl`
//   <project>/chats/<session>/<agent>.jsonl                a subagent of that session
// <project> is a short name the agent gives a folder, or in older versions the hash of its path. What folder it is stands in files of
// another kind (projects.json, .project_root), which a source does not read: the project is called by that name.
import { projectOfPath } from '../../event/subject.ts'
import type { FileFacts, FileOwner, Machine, WatchRoot } from '../source.ts'
import { expandHome, nonEmpty, rootsOf, withoutEnd } from '../values.ts'
import { freshMemory } from './memory.ts'

export function rootsOn({ home, env }: Machine): readonly WatchRoot[] {
  const own = nonEmpty(env.GEMINI_CLI_HOME?.trim())
  const homes = [...(own === undefined ? [] : [withoutEnd(expandHome(own, home))]), home]
  return rootsOf(homes.map((folder) => `${folder}/.gemini/tmp`))
}

const LINES = '.jsonl'
const DOCUMENT = '.json'
const CHATS = 'chats'

export function ownerOf({ path }: FileFacts): FileOwner | null {
  const stem = stemOf(path, LINES)
  if (stem === null) return null
  const folders = path.split('/').slice(0, -1)
  const chats = folders.lastIndexOf(CHATS)
  const parent = chats >= 0 && chats < folders.length - 1 ? folders.at(-1)! : null
  const project = projectOf(chats > 0 ? folders[chats - 1] : folders[0])
  return {
    agentId: parent === null ? null : stem,
    memory: { ...freshMemory(parent, project, parent === null ? null : stem) },
  }
}

export function documentOwnerOf({ path }: FileFacts): FileOwner | null {
  const folders = path.split('/').slice(0, -1)
  const stem = stemOf(path, DOCUMENT)
  if (stem === null || folders.at(-1) !== CHATS || !stem.startsWith('session-')) return null
  return { agentId: null, memory: { ...freshMemory(null, projectOf(folders.at(-2)), null) } }
}

export const sessionOfFile = (path: string): string => stemOf(path, LINES) ?? stemOf(path, DOCUMENT) ?? 'unnamed'

function stemOf(path: string, end: string): string | null {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name.endsWith(end) && name.length > end.length ? name.slice(0, -end.length) : null
}

const HASH = /^[0-9a-f]{64}$/
const HASH_SHOWN = 12

const projectOf = (folder: string | undefined): string | null =>
  folder === undefined || folder === '' ? null : projectOfPath(HASH.test(folder) ? folder.slice(0, HASH_SHOWN) : folder)
