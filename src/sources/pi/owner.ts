// Where pi keeps its files and whose each one is, by its path alone; the header line knows better.
//   --<cwd>--/<moment>_<session>.jsonl                 a session; without the folder where a session folder was set
//   --<cwd>--/<moment>_<session>/<agent>.jsonl         a subagent's run, in forks that have subagents
import { projectOfPath } from '../../event/subject.ts'
import { NEW_MEMORY } from '../pi-shape/memory.ts'
import type { FileFacts, FileOwner, Machine, WatchRoot } from '../source.ts'
import { expandHome, nonEmpty, rootsOf, withoutEnd } from '../values.ts'

export function rootsOn({ home, env }: Machine): readonly WatchRoot[] {
  const sessions = nonEmpty(env.PI_CODING_AGENT_SESSION_DIR?.trim())
  const agent = nonEmpty(env.PI_CODING_AGENT_DIR?.trim())
  const own = [
    ...(sessions === undefined ? [] : [withoutEnd(expandHome(sessions, home))]),
    ...(agent === undefined ? [] : [`${withoutEnd(expandHome(agent, home))}/sessions`]),
  ]
  return rootsOf([...own, `${home}/.pi/agent/sessions`, `${home}/.omp/agent/sessions`])
}

const END = '.jsonl'
const MOMENT = /^\d{4}-\d\d-\d\dT[\d-]+Z_(.+)$/

export function ownerOf({ path }: FileFacts): FileOwner | null {
  if (!path.endsWith(END)) return null
  const folders = path.split('/')
  const stem = (folders.pop() ?? '').slice(0, -END.length)
  if (stem === '') return null
  const project = projectOfFolder(folders[0])
  const at = folders.findIndex((folder) => MOMENT.test(folder))
  const session = MOMENT.exec(folders[at] ?? '')?.[1] ?? sessionOf(stem)
  // A subagent's own subagents lie one folder deeper.
  const agentId = at < 0 ? null : [...folders.slice(at + 1), stem].join('/')
  return { agentId, memory: { ...NEW_MEMORY, session, project, agentId } }
}

const sessionOf = (stem: string): string => {
  const after = stem.slice(stem.indexOf('_') + 1)
  return after === '' ? stem : after
}

// `--home-dev-app--` was /home/dev/app, or /home/dev-app: the header's cwd settles it.
const projectOfFolder = (folder: string | undefined): string | null =>
  folder === undefined || folder === '' ? null : projectOfPath(folder.replace(/^-+|-+$/g, ''))

export const sessionOfFile = (path: string): string => {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return sessionOf(name.endsWith(END) ? name.slice(0, -END.length) : name) || 'unnamed'
}
