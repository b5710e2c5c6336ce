// Where OpenClaw keeps its files (and kept them, under its older names) and whose each one is, by its path alone.
//   agents/<agent>/sessions/<session>.jsonl                       a session; <session>-topic-<thread>.jsonl one of its topics
//   agents/<agent>/sessions/<session>.jsonl.reset.<moment>[.zst]  what was reset or deleted: the same lines under another name
//   agents/<agent>/sessions/<session>.checkpoint.<id>.jsonl       a session as it was before a compaction: its lines once more
//   agents/<agent>/session-sqlite-import-archive/<key>.<session>.jsonl.imported-<ms>   what went into the database
//   agents/<agent>/agent/openclaw-agent.sqlite                    since 2026.8: all sessions of the agent (table.ts)
import { NEW_MEMORY } from '../pi-shape/memory.ts'
import type { FileFacts, FileOwner, Machine, WatchRoot } from '../source.ts'
import { expandHome, nonEmpty, rootsOf, withoutEnd } from '../values.ts'

export const VARIABLES = ['OPENCLAW_STATE_DIR', 'OPENCLAW_DIR', 'OPENCLAW_HOME'] as const

const NAMES = ['.openclaw', '.clawdbot', '.moltbot']

export function rootsOn({ home, env }: Machine): readonly WatchRoot[] {
  const at = (name: (typeof VARIABLES)[number]): string[] => {
    const path = nonEmpty(env[name]?.trim())
    return path === undefined ? [] : [withoutEnd(expandHome(path, home))]
  }
  const states = [
    ...at('OPENCLAW_STATE_DIR'),
    ...at('OPENCLAW_DIR'),
    // A home to have the folder in, as OpenClaw reads it; the folder itself, as it is often set.
    ...at('OPENCLAW_HOME').flatMap((path) => [`${path}/.openclaw`, path]),
    ...NAMES.map((name) => `${home}/${name}`),
  ]
  // Agents have whole workspaces below them; transcripts lie no deeper than this.
  return rootsOf(states.map((state) => `${state}/agents`)).map((root) => ({ ...root, depth: 2 }))
}

// Folders inside an agent's that are other programs': their files end as ours do.
const FOREIGN: ReadonlySet<string> = new Set(['agent', 'codex-home', 'workspace', 'node_modules', 'cold'])
const MARK = '.jsonl'
const ARCHIVED = ['.reset.', '.deleted.', '.imported-']

export function ownerOf({ path }: FileFacts): FileOwner | null {
  const folders = path.split('/')
  const name = folders.pop() ?? ''
  if (folders.some((folder) => FOREIGN.has(folder))) return null
  const session = sessionIn(name)
  if (session === null) return null
  return { agentId: null, memory: { ...NEW_MEMORY, session, project: projectIn(folders) } }
}

export const sessionOfFile = (path: string): string => {
  const name = path.slice(path.lastIndexOf('/') + 1)
  return (sessionIn(name) ?? name) || 'unnamed'
}

export const isPacked = (path: string): boolean => path.endsWith('.zst')

export const isCheckpoint = (path: string): boolean => checkpointAt(path.slice(path.lastIndexOf('/') + 1)) > 0

// The session a file's name says; its header, where it has one, knows better. Null: no transcript.
function sessionIn(name: string): string | null {
  const end = name.lastIndexOf(MARK)
  if (end <= 0) return null
  const rest = name.slice(end + MARK.length)
  const isOurs = rest === '' || ARCHIVED.some((mark) => rest.startsWith(mark))
  // What went into the database stands under its key, then its name; a key has no dot.
  const dot = name.indexOf('.')
  const stem = name.slice(rest.startsWith('.imported-') && dot < end ? dot + 1 : 0, end)
  if (!isOurs || stem.endsWith('.trajectory')) return null
  const checkpoint = checkpointAt(name)
  return checkpoint > 0 ? stem.slice(0, checkpoint) : stem
}

function checkpointAt(name: string): number {
  return name.endsWith(MARK) ? name.lastIndexOf('.checkpoint.') : -1
}

// A session without a header has no folder it ran in; then it is its agent's.
function projectIn(folders: readonly string[]): string | null {
  const at = folders.findIndex((folder) => folder === 'sessions' || folder === 'session-sqlite-import-archive')
  const agent = at > 0 ? folders[at - 1] : undefined
  return agent === undefined ? null : projectOfAgent(agent)
}

export const projectOfAgent = (agent: string): string => `openclaw-${agent.replace(/[^A-Za-z0-9]/g, '-')}`
