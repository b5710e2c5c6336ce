// Where Hermes keeps what it remembers, and whose each file is by its path alone.
//   <home>/state.db, <home>/profiles/<name>/state.db            every session of a profile, since 2025 and the only form since September 2026
//   <home>/sessions/session_<id>.json                           older: one document a session, written anew after each turn
//   <home>/sessions/<id>.jsonl                                  older: what came through a messenger, a line a message
// The home holds much more (a checkout of Hermes itself, logs, skills), so it is never looked through whole.
import type { FileFacts, FileOwner, Machine, WatchRoot } from '../source.ts'
import { expandHome, nonEmpty, withoutEnd } from '../values.ts'

function homes({ home, env, platform }: Machine): readonly string[] {
  const own = nonEmpty(env.HERMES_HOME?.trim())
  const local = nonEmpty(env.LOCALAPPDATA?.trim())
  return [
    ...(own === undefined ? [] : [withoutEnd(expandHome(own, home))]),
    ...(platform === 'win32' && local !== undefined ? [`${withoutEnd(local)}/hermes`] : []),
    `${home}/.hermes`,
  ].filter((path, i, all) => all.indexOf(path) === i)
}

export const databaseRoots = (machine: Machine): readonly WatchRoot[] =>
  homes(machine).flatMap((home) => [
    { path: home, depth: 0 },
    { path: `${home}/profiles`, depth: 1 },
  ])

export const sessionRoots = (machine: Machine): readonly WatchRoot[] =>
  homes(machine).flatMap((home) => [
    { path: `${home}/sessions`, depth: 0 },
    { path: `${home}/profiles`, depth: 2 },
  ])

const nameOf = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

const NEW_FILE: FileOwner = { agentId: null, memory: { session: null, project: null, time: null } }

export const databaseOwner = ({ path }: FileFacts): FileOwner | null =>
  nameOf(path) === 'state.db' ? { agentId: null, memory: { time: null } } : null

const SNAPSHOT = /^session_.+\.json$/
export const snapshotOwner = ({ path }: FileFacts): FileOwner | null => (SNAPSHOT.test(nameOf(path)) ? NEW_FILE : null)

export const gatewayOwner = ({ path }: FileFacts): FileOwner | null => (path.endsWith('.jsonl') ? NEW_FILE : null)

// What a file is called when it does not say itself which session it holds.
export const sessionOfPath = (path: string): string =>
  nameOf(path)
    .replace(/^session_/, '')
    .replace(/\.jsonl?$/, '') || 'unnamed'
