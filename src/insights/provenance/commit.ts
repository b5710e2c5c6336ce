// What of a commit agents wrote: each added line laid over what the file was when the commit was made, with the prompts behind it and what
// those cost. By content alone, so a rebase, a squash or an amend takes nothing away as long as the lines are there.

import { nanoOf, usdOf } from '../../folds/money.ts'
import { type Confidence, linesOfText } from '../../folds/provenance/blame.ts'
import { fullPath } from '../../folds/provenance/path.ts'
import type { Turn } from '../../folds/turn/turn.ts'
import type { StoreReader } from '../../stores/store.ts'
import type { BlameLine } from '../../wire/blame.ts'
import type { CommitAnswer, CommitFile, CommitPrompt, CommitRange, LineShare, MadeBy } from '../../wire/commits.ts'
import { type BlameReader, blameFile, ELSEWHERE } from './blame.ts'

export type CommitReader = BlameReader & Pick<StoreReader, 'turnFiles'>

// What git says of a commit.
export interface GitCommit {
  readonly sha: string
  readonly parents: readonly string[]
  readonly author: string
  readonly authored: string // RFC 3339, UTC
  readonly committed: string
  readonly subject: string
}

export interface Commit extends GitCommit {
  readonly files: readonly {
    readonly path: string // from the root
    readonly from: string | null
    readonly added: readonly number[] // 1-based
    readonly content: string | null
    readonly skipped: string | null
  }[]
}

// `top`: where the repository stands, by its real name; `names`: as sessions know it, by a link to it as well.
export async function tellCommit(
  reader: CommitReader,
  commit: Commit,
  { top, names }: { readonly top: string; readonly names: readonly string[] },
): Promise<CommitAnswer> {
  const until = afterSecond(commit.committed)
  const files: CommitFile[] = []
  const all: BlameLine[] = []
  const notes: string[] = []
  let elsewhere = 0
  for (const { path, from, added, content, skipped } of commit.files) {
    if (content === null || added.length === 0) {
      if (skipped !== null) notes.push(`${path} is ${skipped}; its lines were not looked at`)
      files.push({ path, from, skipped, ...shareOf([]), ranges: [] })
      continue
    }
    const aliases = names.map((name) => fullPath(name, path))
    const question = {
      path: fullPath(top, path),
      aliases,
      root: top,
      text: content,
      source: 'revision',
      until,
    } as const
    const blamed = await blameFile(reader, question)
    const lines = added.map((line) => blamed?.lines[line - 1] ?? nobodys(line, linesOfText(content)[line - 1] ?? ''))
    if (lines.some((line) => line.elsewhere !== null)) elsewhere++
    for (const note of blamed?.notes ?? []) if (!note.startsWith(ELSEWHERE)) notes.push(`${path}: ${note}`)
    files.push({ path, from, skipped: null, ...shareOf(lines), ranges: rangesOf(lines) })
    all.push(...lines)
  }
  if (elsewhere > 0)
    notes.push(
      `${elsewhere} of ${files.length} files were written in another checkout, so none of those lines is exact`,
    )
  const lines = shareOf(all)
  const prompts = await promptsOf(reader, all)
  return {
    commit: commit.sha,
    parents: commit.parents,
    subject: commit.subject,
    author: commit.author,
    authored: commit.authored,
    committed: commit.committed,
    lines,
    share: lines.added === 0 ? null : Math.round((lines.agent / lines.added) * 10_000) / 10_000,
    ...spentOn(prompts),
    prompts,
    sessions: counted(all, ({ session, agent }) => ({ session: session!, agent: agent! })),
    models: counted(all, ({ agent, model }) => ({ agent: agent!, model })),
    made_by: await makersOf(reader, commit),
    files,
    notes,
  }
}

// Git counts in whole seconds: what was done in the same one may be in the commit.
const afterSecond = (time: string): string => new Date(Date.parse(time) + 1_000).toISOString()

function shareOf(lines: readonly BlameLine[]): LineShare {
  const of = (wanted: Confidence) => lines.filter(({ confidence }) => confidence === wanted).length
  const [exact, moved, inferred, unknown] = [of('exact'), of('moved'), of('inferred'), of('unknown')]
  return { added: lines.length, agent: exact + moved + inferred, exact, moved, inferred, unknown }
}

const nobodys = (line: number, text: string): BlameLine => ({
  line,
  text,
  turn: null,
  session: null,
  prompt: null,
  agent: null,
  model: null,
  time: null,
  confidence: 'unknown',
  event: null,
  prompt_event: null,
  agent_id: null,
  elsewhere: null,
})

function rangesOf(lines: readonly BlameLine[]): CommitRange[] {
  const ranges: CommitRange[] = []
  for (const { line, confidence, turn, session, agent, model, event, time } of lines) {
    const last = ranges.at(-1)
    if (last !== undefined && last.to === line - 1 && last.confidence === confidence && last.event === event)
      ranges[ranges.length - 1] = { ...last, to: line }
    else ranges.push({ from: line, to: line, confidence, turn, session, agent, model, event, time })
  }
  return ranges
}

// By lines, most first; of as many, in the order in which they come.
function counted<T extends object>(lines: readonly BlameLine[], of: (line: BlameLine) => T): (T & { lines: number })[] {
  const rows = new Map<string, T & { lines: number }>()
  for (const line of lines) {
    if (line.confidence === 'unknown') continue
    const what = of(line)
    const key = JSON.stringify(what)
    rows.set(key, { ...what, lines: (rows.get(key)?.lines ?? 0) + 1 })
  }
  return [...rows.values()].sort((a, b) => b.lines - a.lines)
}

async function promptsOf(reader: CommitReader, lines: readonly BlameLine[]): Promise<CommitPrompt[]> {
  const byTurn = Map.groupBy(
    lines.filter(({ turn }) => turn !== null),
    ({ turn }) => turn!,
  )
  const prompts = new Map<string, CommitPrompt>()
  for (const [id, own] of byTurn) {
    // Behind a compaction the prompt is the one before it.
    const found = await reader.turnFiles(id)
    const turn = found?.root ?? found?.turn ?? null
    const key = turn?.id ?? id
    const first = own[0]!
    prompts.set(key, {
      turn: key,
      session: turn?.session ?? first.session!,
      agent: turn?.agent ?? first.agent!,
      event: turn === null ? first.prompt_event : (turn.prompt?.event ?? null),
      text: turn === null ? first.prompt : (turn.prompt?.text ?? null),
      started: turn?.started ?? null,
      lines: (prompts.get(key)?.lines ?? 0) + own.length,
      usd: found?.cost?.usd ?? null,
      lower_bound: found?.cost?.lower_bound ?? false,
      output_tokens: found?.cost?.output ?? null,
    })
  }
  return [...prompts.values()].sort((a, b) => compare(a.started ?? '', b.started ?? '') || compare(a.turn, b.turn))
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

// Null where of no prompt anybody knows what it cost; a part of them makes it a lower bound.
function spentOn(prompts: readonly CommitPrompt[]): { usd: string | null; lower_bound: boolean } {
  const known = prompts.flatMap(({ usd }) => (usd === null ? [] : [usd]))
  if (known.length === 0) return { usd: null, lower_bound: false }
  const usd = usdOf(known.reduce((sum, each) => sum + nanoOf(each), 0))
  return { usd, lower_bound: known.length < prompts.length || prompts.some(({ lower_bound }) => lower_bound) }
}

const TURN_MS_MAX = 12 * 60 * 60_000 // a turn that made the commit began no earlier
const SLACK_MS = 2_000
const TURNS_MAX = 500

// The author's time outlives rebase and amend, so it says when the turn was at work that made the commit first.
async function makersOf(reader: CommitReader, { sha, subject, authored }: Commit): Promise<MadeBy[]> {
  const ms = Date.parse(authored)
  const iso = (at: number) => new Date(at).toISOString()
  const { turns } = await reader.sentences({
    since: iso(ms - TURN_MS_MAX),
    until: iso(ms + SLACK_MS),
    limit: TURNS_MAX,
  })
  const wasAtWork = ({ started, ended }: Turn) =>
    started !== null && ended !== null && Date.parse(started) <= ms + SLACK_MS && Date.parse(ended) >= ms - SLACK_MS
  const made = turns.flatMap((turn) =>
    turn.done.flatMap((done): MadeBy[] => {
      if (done.deed !== 'commit') return []
      const isIt = done.sha !== undefined && sha.startsWith(done.sha)
      const isLike = !isIt && done.of === subject && wasAtWork(turn)
      if (!isIt && !isLike) return []
      const rewritten = isLike && done.sha !== undefined
      return [{ turn: turn.id, session: turn.session, event: done.event, sha: done.sha ?? null, rewritten }]
    }),
  )
  const sure = made.filter(({ rewritten }) => !rewritten)
  return (sure.length > 0 ? sure : made).sort((a, b) => compare(a.event, b.event))
}
