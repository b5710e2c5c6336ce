// Where Claude Code keeps its files and whose each one is, by its path alone.
//   <project>/<session>.jsonl                               a session's main agent
//   <project>/<session>/subagents/**/agent-<id>.jsonl       one of its subagents
//   <project>/<session>/subagents/workflows/<run>/journal.jsonl   a workflow's own notes, of the session: its lines name the subagents
//   <project>/agent-<id>.jsonl                              a subagent, in older versions: only its lines name the session
import { projectOfPath } from '../../event/subject.ts'
import type { FileFacts, FileOwner, Machine, WatchRoot } from '../source.ts'
import { expandHome, rootsOf, withoutEnd } from '../values.ts'
import { isHelper } from './helpers.ts'
import { freshMemory } from './memory.ts'

export function rootsOn({ home, env, platform }: Machine): readonly WatchRoot[] {
  const delimiter = platform === 'win32' ? /[;,]/ : /[:,]/
  const own = (env.CLAUDE_CONFIG_DIR ?? '')
    .split(delimiter)
    .map((path) => withoutEnd(expandHome(path.trim(), home)))
    .filter((path) => path !== '')
  return rootsOf([...own, `${home}/.claude`, `${home}/.config/claude`].map((path) => `${path}/projects`))
}

const END = '.jsonl'
const AGENT_FILE = 'agent-'
const JOURNAL = 'journal'
export const TOOL_OUTPUT = 'tool-results' // holds what tools put out, whatever it is called

export function ownerOf({ path }: FileFacts): FileOwner | null {
  if (!path.endsWith(END)) return null
  const folders = path.split('/')
  const stem = (folders.pop() ?? '').slice(0, -END.length)
  if (stem === '' || folders[2] === TOOL_OUTPUT) return null
  const project = folders.length > 0 && folders[0] !== '' ? projectOfPath(folders[0]!) : null
  const below = folders.indexOf('subagents')
  if (below > 0) {
    const agentId = stem === JOURNAL ? null : agentName(stem)
    return agentsFile(folders[below - 1]!, project, agentId)
  }
  if (stem.startsWith(AGENT_FILE) && stem !== AGENT_FILE) return agentsFile(null, project, agentName(stem))
  // Out of its usual place (a copy, an archive) a file's name says little: the first line that names a session says more.
  const session = folders.length === 1 || UUID.test(stem) ? stem : null
  return { agentId: null, memory: freshMemory({ session, project, agentId: null }) }
}

function agentsFile(session: string | null, project: string | null, agentId: string | null): FileOwner {
  const hidden = agentId !== null && isHelper(agentId)
  return { agentId, memory: freshMemory({ session, project, agentId, hidden }) }
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

export const agentName = (stem: string): string =>
  stem.startsWith(AGENT_FILE) && stem.length > AGENT_FILE.length ? stem.slice(AGENT_FILE.length) : stem

export const stemOf = (path: string): string => {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return name.endsWith(END) ? name.slice(0, -END.length) : name
}
