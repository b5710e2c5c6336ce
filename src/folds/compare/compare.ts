// Two sessions side by side: what each is in numbers, the tools and files of both, and the turns that were asked for alike. Pure; the page
// runs it over what it knows of both, so that a session that goes on is compared as it goes on.
import { isPersonsOwn } from '../sentence/main.ts'
import type { SessionRow } from '../session.ts'
import type { Turn } from '../turn/turn.ts'
import { tokensOf } from '../words.ts'
import { aligned, type Pair, wordLikeness } from './align.ts'

export const TURNS_ALIGNED_MAX = 400 // of each; laying them side by side costs one times the other

export type Told = Omit<Turn, 'pending' | 'request' | 'next'>

export interface Side<T extends Told = Told> {
  readonly session: Omit<SessionRow, 'spent'>
  readonly turns: readonly T[] // of subagents too
  readonly tools: readonly { readonly tool: string; readonly calls: number }[]
}

export interface Comparison<T extends Told = Told> {
  readonly facts: readonly Fact[]
  readonly tools: readonly { readonly tool: string; readonly a: number; readonly b: number }[] // the most used of both first
  readonly files: { readonly a: readonly FileOf[]; readonly both: readonly FileOf[]; readonly b: readonly FileOf[] }
  readonly turns: readonly Pair<T>[]
  readonly more: number // turns that are not laid side by side any more
}

// Null: nobody knows.
export interface Fact {
  readonly name: string
  readonly as: 'count' | 'ms' | 'tokens' | 'usd' | 'words'
  readonly a: number | string | null
  readonly b: number | string | null
  readonly isLeast?: readonly [a: boolean, b: boolean] // it may have been more
}

export interface FileOf {
  readonly path: string // as it looks from the session's folder
  readonly a: Deed | null
  readonly b: Deed | null
}
export interface Deed {
  readonly did: 'created' | 'modified' | 'deleted' | 'renamed' | 'read'
  readonly added: number
  readonly removed: number
}

export function compareSessions<T extends Told>(a: Side<T>, b: Side<T>): Comparison<T> {
  const [left, right] = [asked(a.turns), asked(b.turns)]
  const [few, fewer] = [left.slice(0, TURNS_ALIGNED_MAX), right.slice(0, TURNS_ALIGNED_MAX)]
  return {
    facts: factsOf(a, b),
    tools: toolsOf(a.tools, b.tools),
    files: filesOf(a, b),
    turns: alignedTurns(few, fewer),
    more: left.length - few.length + right.length - fewer.length,
  }
}

// What people asked for: a subagent's turns are part of the turn that sent it.
const asked = <T extends Told>(turns: readonly T[]): readonly T[] => turns.filter(({ agentId }) => agentId === null)

function alignedTurns<T extends Told>(a: readonly T[], b: readonly T[]): readonly Pair<T>[] {
  const words = new Map([...a, ...b].map((turn) => [turn, tokensOf(turn.prompt?.text ?? '')]))
  const like = wordLikeness([...words.values()])
  return aligned(a, b, (one, other) => like(words.get(one)!, words.get(other)!))
}

function factsOf(a: Side, b: Side): readonly Fact[] {
  const [left, right] = [sumsOf(a), sumsOf(b)]
  const of = (name: string, as: Fact['as'], pick: (side: Side, sums: Sums) => number | string | null): Fact => ({
    name,
    as,
    a: pick(a, left),
    b: pick(b, right),
  })
  return [
    of('Outcome', 'words', (_, { outcome }) => outcome),
    of('Tests', 'words', (_, { tests }) => tests),
    of('Model', 'words', ({ session }) => session.model),
    of('Branch', 'words', ({ session }) => session.branch),
    of('From first to last', 'ms', ({ session }) => spanOf(session.started, session.ended)),
    of('Worked', 'ms', (_, { workedMs }) => workedMs),
    of('Prompts', 'count', ({ session }) => session.prompts),
    of('Turns', 'count', ({ session }) => session.turns),
    of('Tool calls', 'count', ({ session }) => session.tools),
    of(
      'Subagents',
      'count',
      ({ session }) => session.agents.filter(({ hidden, events }) => !hidden && events > 0).length,
    ),
    of('Errors', 'count', ({ session }) => session.errors),
    of('Files changed', 'count', (_, { changed }) => changed),
    of('Lines added', 'count', (_, { added }) => added),
    of('Lines removed', 'count', (_, { removed }) => removed),
    of('Commits', 'count', (_, { commits }) => commits),
    of('Tokens in', 'tokens', ({ session: { tokens } }) => tokens.input + tokens.cacheRead + tokens.cacheWrite),
    of('Tokens out', 'tokens', ({ session }) => session.tokens.output),
    {
      ...of('Cost', 'usd', ({ session }) => (session.cost.usd === null ? null : Number(session.cost.usd))),
      isLeast: [a.session.cost.lowerBound, b.session.cost.lowerBound],
    },
  ]
}

interface Sums {
  readonly outcome: string | null
  readonly tests: string | null
  readonly workedMs: number
  readonly changed: number
  readonly added: number
  readonly removed: number
  readonly commits: number
}

function sumsOf({ turns }: Side): Sums {
  const main = asked(turns).filter((turn) => !isPersonsOwn({ ...turn, pending: [] }))
  const files = turns.flatMap((turn) => turn.files.filter((file) => !file.aside))
  const sum = (numbers: readonly number[]) => numbers.reduce((all, n) => all + n, 0)
  return {
    outcome: main.at(-1)?.outcome ?? null,
    tests: main.findLast(({ tests }) => tests !== 'none')?.tests ?? null,
    workedMs: sum(main.map(({ durationMs, started, ended }) => durationMs ?? spanOf(started, ended) ?? 0)),
    changed: new Set(files.map(({ path }) => path)).size,
    added: sum(files.map(({ added }) => added)),
    removed: sum(files.map(({ removed }) => removed)),
    commits: sum(turns.map(({ done }) => done.filter(({ deed }) => deed === 'commit').length)),
  }
}

function spanOf(started: string | null, ended: string | null): number | null {
  const ms = started === null || ended === null ? Number.NaN : Date.parse(ended) - Date.parse(started)
  return ms >= 0 ? ms : null
}

function toolsOf(a: Side['tools'], b: Side['tools']): Comparison['tools'] {
  const calls = (tools: Side['tools'], name: string) => tools.find(({ tool }) => tool === name)?.calls ?? 0
  return [...new Set([...a, ...b].map(({ tool }) => tool))]
    .map((tool) => ({ tool, a: calls(a, tool), b: calls(b, tool) }))
    .sort((one, other) => other.a + other.b - (one.a + one.b) || (one.tool < other.tool ? -1 : 1))
}

// Seen from each session's own folder, so that two checkouts of one project have the same files.
function filesOf(a: Side, b: Side): Comparison['files'] {
  const [left, right] = [deedsOf(a), deedsOf(b)]
  const all = [...new Set([...left.keys(), ...right.keys()])]
    .sort()
    .map((path) => ({ path, a: left.get(path) ?? null, b: right.get(path) ?? null }))
    .sort((one, other) => weight(other) - weight(one))
  return {
    a: all.filter((file) => file.b === null),
    both: all.filter((file) => file.a !== null && file.b !== null),
    b: all.filter((file) => file.a === null),
  }
}

// What was changed stands before what was only read.
const weight = ({ a, b }: FileOf): number => (isChange(a) ? 1 : 0) + (isChange(b) ? 1 : 0)
const isChange = (deed: Deed | null): boolean => deed !== null && deed.did !== 'read'

function deedsOf({ session: { cwd }, turns }: Side): ReadonlyMap<string, Deed> {
  const deeds = new Map<string, Deed>()
  for (const turn of turns) {
    for (const file of turn.files) {
      if (file.aside) continue
      const path = fromFolder(file.path, turn.cwd ?? cwd)
      const before = deeds.get(path)
      const isNew = before === undefined || before.did === 'read'
      deeds.set(path, {
        did: isNew || file.change !== 'modified' ? file.change : before.did,
        added: (before?.added ?? 0) + file.added,
        removed: (before?.removed ?? 0) + file.removed,
      })
    }
    for (const { path } of turn.reads) {
      const name = fromFolder(path, turn.cwd ?? cwd)
      if (!deeds.has(name)) deeds.set(name, { did: 'read', added: 0, removed: 0 })
    }
  }
  return deeds
}

const fromFolder = (path: string, cwd: string | null): string =>
  cwd !== null && cwd !== '' && path.startsWith(`${cwd}/`) ? path.slice(cwd.length + 1) : path
