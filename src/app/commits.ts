// The commits of a git checkout and what of them agents wrote; and the other way, the commits that a turn or a session made, where they
// are now.

import { isAbsolute } from 'node:path'
import { fullPath, isUnder } from '../folds/provenance/path.ts'
import type { Turn } from '../folds/turn/turn.ts'
import type { TraceRecord } from '../insights/provenance/agent-trace.ts'
import { traceRecord } from '../insights/provenance/agent-trace.ts'
import { type Commit, type GitCommit, tellCommit } from '../insights/provenance/commit.ts'
import type { StoreReader } from '../stores/store.ts'
import type { CommitAnswer } from '../wire/commits.ts'
import type { Asking } from './asking.ts'
import { realPlace, repositoryOf } from './blame.ts'
import { ConfigError } from './errors.ts'
import { commitsAt, everyCommit, factsOf, filesAdded } from './git.ts'
import { VERSION } from './version.ts'

export interface Told {
  readonly answer: CommitAnswer
  readonly trace: () => Promise<TraceRecord>
}

export async function checkoutAt(folder: string): Promise<string> {
  const top = await repositoryOf(folder)
  if (top !== null) return top
  throw new ConfigError(`${folder} is in no git checkout, or git is not there; go to one, or name it with --repo`)
}

// A commit (`limit` null) or several, the newest first. Throws ConfigError.
export async function tellCommits(
  asking: Pick<Asking, 'reader'>,
  top: string,
  revs: string,
  limit: number | null,
  offset = 0,
): Promise<Told[]> {
  const commits = await commitsAt(top, revs, limit, offset)
  const names = await namesOf(asking.reader, top)
  const all: Told[] = []
  for (const commit of commits) all.push(await told(asking, { top, names }, commit))
  return all
}

const PAGE = 500

// Under which names sessions that worked in a checkout know it: by its own, or by a link to it. None: no session worked there.
export async function namesOf(reader: StoreReader, top: string): Promise<string[]> {
  const folders = new Set<string>()
  for (let before: string | null = null; ; ) {
    const page = await reader.sessions({ limit: PAGE, ...(before !== null && { before }) })
    for (const { cwd } of page.rows) if (cwd && isAbsolute(cwd)) folders.add(cwd) // not one of another machine's kind
    before = page.next
    if (before === null) break
  }
  const names = new Set<string>()
  const real = fullPath(null, top)
  for (const folder of folders) {
    const place = fullPath(null, await realPlace(folder))
    if (!isUnder(place, real)) continue
    const named = fullPath(null, folder)
    const inside = place.slice(real.length)
    names.add(named.endsWith(inside) ? named.slice(0, named.length - inside.length) : real)
  }
  return [...names].sort()
}

interface Checkout {
  readonly top: string
  readonly names: readonly string[]
}

async function told({ reader }: Pick<Asking, 'reader'>, { top, names }: Checkout, facts: GitCommit): Promise<Told> {
  const commit: Commit = { ...facts, files: await filesAdded(top, facts.sha) }
  const answer = await tellCommit(reader, commit, { top: fullPath(null, top), names })
  return {
    answer,
    async trace() {
      const { makerOf } = await import('../insights/cost/prices.ts')
      const texts = new Map(commit.files.map(({ path, content }) => [path, content]))
      return traceRecord(answer, { version: VERSION, makerOf, textOf: (path) => texts.get(path) ?? null })
    },
  }
}

// A commit that a turn made, and what it is in this checkout now.
export interface MadeCommit {
  readonly turn: string
  readonly event: string
  readonly sha: string | null // as git said when it was made
  readonly subject: string
  readonly now: 'as it was' | 'rewritten' | 'not here'
  readonly told: Told | null
}

const COMMITS_LOOKED_AT = 20_000

type Whose = Pick<Asking, 'reader' | 'sessionId'>

// `id`: of a turn or a prompt, or of a session. The latest `limit` of them. Throws ConfigError.
export async function commitsMadeBy(
  asking: Whose,
  top: string,
  id: string,
  limit = Number.MAX_SAFE_INTEGER,
): Promise<{ readonly count: number; readonly made: readonly MadeCommit[] }> {
  const deeds = (await turnsOf(asking, id)).flatMap((turn) =>
    turn.done.flatMap((done) => (done.deed === 'commit' ? [{ turn, done }] : [])),
  )
  const all = await everyCommit(top, COMMITS_LOOKED_AT)
  const names = await namesOf(asking.reader, top)
  const made: MadeCommit[] = []
  for (const { turn, done } of deeds.slice(-limit)) {
    const { of: subject = '', sha = null, event } = done
    const same = sha === null ? [] : all.filter((each) => each.sha.startsWith(sha))
    const like = same.length === 1 || subject === '' ? [] : all.filter((each) => each.subject === subject)
    const found = same.length === 1 ? same[0]! : like.length === 1 ? like[0]! : null
    const facts = found === null ? [] : await factsOf(top, [found.sha])
    made.push({
      turn: turn.id,
      event,
      sha,
      subject,
      now: found === null ? 'not here' : same.length === 1 || sha === null ? 'as it was' : 'rewritten',
      told: facts[0] === undefined ? null : await told(asking, { top, names }, facts[0]),
    })
  }
  return { count: deeds.length, made }
}

// The turn with the subagents it sent, or all of a session's.
async function turnsOf(asking: Whose, id: string): Promise<readonly Turn[]> {
  const found = await asking.reader.turnFiles(id)
  if (found === null) return asking.reader.turns(await asking.sessionId(id))
  const of = await asking.reader.turns(found.turn.session)
  const sent = new Set(found.turn.agents.flatMap(({ agentId }) => (agentId === null ? [] : [agentId])))
  return of.filter((turn) => turn.id === found.turn.id || (turn.agentId !== null && sent.has(turn.agentId)))
}
