// Where pi keeps its files and whose each one is, by its path alone; the header line knows better.
//   --<cwd>--/<moment>_<session>.jsonl                 a session; without the folder where a session folder was set
//   --<cwd>--/<moment>_<session>/<agent>.jsonl         a subagent's run, in forks that have subagents
import { projectOfPath } from '../../event/subject.ts'
import type { FileFacts, FileMemory, FileOwner, Machine, WatchRoot } from '../source.ts'
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

// What is remembered between lines: always the same keys, all plain values.
export interface Memory {
  readonly session: string | null
  readonly project: string | null
  readonly agentId: string | null // of a subagent's file, whose header does not say whose session it is
  readonly time: string | null
  readonly forkedAt: string | null // lines from before this moment were copied from the session forked from
  readonly harness: boolean // version 4
}

const words = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null)

export const readMemory = (memory: FileMemory): Memory => ({
  session: words(memory.session),
  project: words(memory.project),
  agentId: words(memory.agentId),
  time: words(memory.time),
  forkedAt: words(memory.forkedAt),
  harness: memory.harness === true,
})

const END = '.jsonl'
const MOMENT = /^\d{4}-\d\d-\d\dT[\d-]+Z_(.+)$/

export function ownerOf({ path }: FileFacts): FileOwner | null {
  if (!path.endsWith(END)) return null
  const folders = path.split('/')
  const stem = (folders.pop() ?? '').slice(0, -END.length)
  if (stem === '') return null
  const parent = MOMENT.exec(folders.at(-1) ?? '')?.[1]
  const agentId = parent === undefined ? null : stem
  const memory = { session: parent ?? sessionOf(stem), project: projectOfFolder(folders[0]), agentId }
  return { agentId, memory: { ...memory, time: null, forkedAt: null, harness: false } }
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
