// Which prompt made this file, and which files that prompt made: a file's history, a prompt's files, the list of all, as they are told.
import { timeOfId } from '../../event/ids.ts'
import { usdOf } from '../../folds/money.ts'
import { tell } from '../../folds/sentence/sentence.ts'
import { isAside, together } from '../../folds/turn/files.ts'
import type { Turn } from '../../folds/turn/turn.ts'
import type { FileQuery, FilesQuery, FileTotals, FileTouch, PromptsCost, TouchingTurn } from '../../stores/files.ts'
import type { StoreReader } from '../../stores/store.ts'
import type {
  AskedBy,
  FileAnswer,
  FileChange,
  FilesAnswer,
  FileTurn,
  MadeFile,
  ToldTouch,
  TurnFilesAnswer,
} from '../../wire/files.ts'
import type { BlameReader } from './blame.ts'
import { recounted } from './recount.ts'

type Labels = (agent: string) => string

export async function listFiles(reader: Pick<StoreReader, 'files'>, query: FilesQuery): Promise<FilesAnswer> {
  const { files, count } = await reader.files(query)
  return {
    files: files.map(({ path, change, ...totals }) => ({ path, change, aside: isAside(path), ...toldTotals(totals) })),
    count,
    next: nextOf(query, count),
  }
}

export async function fileHistory(
  reader: Pick<StoreReader, 'fileHistory'> & BlameReader,
  query: FileQuery,
  labelOf: Labels,
): Promise<FileAnswer> {
  const { paths, totals, count, turns: found } = await reader.fileHistory(query)
  const turns = await recounted(reader, found)
  const titles = new Map<string, string | null>()
  for (const { turn } of turns)
    if (!titles.has(turn.session)) titles.set(turn.session, (await reader.session(turn.session))?.title ?? null)
  return {
    paths,
    totals: toldTotals(withRecounted(totals, found, turns)),
    turns: turns.map((each) => fileTurn(each, titles.get(each.turn.session) ?? null, labelOf)),
    count,
    next: nextOf(query, count),
  }
}

// Of a turn or a prompt, with what its subagents did. Null: there is no such turn.
export async function filesOfTurn(
  reader: Pick<StoreReader, 'turnFiles'> & BlameReader,
  id: string,
  labelOf: Labels,
): Promise<TurnFilesAnswer | null> {
  const found = await reader.turnFiles(id)
  if (found === null) return null
  const { turn, root, cost } = found
  const files = filesOf(await recounted(reader, found.turns))
  const made: Record<FileChange, number> = { created: 0, modified: 0, renamed: 0, deleted: 0, read: 0 }
  for (const { change, aside } of files) if (!aside) made[change]++
  return {
    turn: turn.id,
    session: turn.session,
    project: turn.project,
    sentence: tell(turn, labelOf(turn.agent)).text,
    prompt: askedBy(root),
    started: turn.started,
    usd: cost?.usd ?? null,
    lower_bound: cost?.lower_bound ?? false,
    tokens: cost && {
      requests: cost.requests,
      input: cost.input,
      output: cost.output,
      cache_read: cost.cache_read,
      cache_write: cost.cache_write_5m + cost.cache_write_1h,
      lower_bound: cost.partial > 0,
    },
    made,
    files,
  }
}

const nextOf = ({ limit, offset }: { limit: number; offset: number }, count: number): number | null =>
  offset + limit < count ? offset + limit : null

// What the lines of turns that are told here turned out to be counts in the whole as well.
function withRecounted<T extends FileTotals>(
  totals: T,
  before: readonly TouchingTurn[],
  now: readonly TouchingTurn[],
): T {
  const sum = (turns: readonly TouchingTurn[], of: (touch: FileTouch) => number): number =>
    turns.reduce((n, { touches }) => n + touches.reduce((m, touch) => m + of(touch), 0), 0)
  const more = (of: (touch: FileTouch) => number): number => sum(now, of) - sum(before, of)
  return {
    ...totals,
    added: totals.added + more(({ added }) => added),
    removed: totals.removed + more(({ removed }) => removed),
    uncounted: totals.uncounted + more(uncounted),
  }
}

const uncounted = ({ counted }: FileTouch): number => (counted ? 0 : 1)

const toldTotals = ({ nano, lowerBound, ...totals }: FileTotals & PromptsCost) => ({
  turns: totals.turns,
  sessions: totals.sessions,
  prompts: totals.prompts,
  changes: totals.changes,
  reads: totals.reads,
  added: totals.added,
  removed: totals.removed,
  uncounted: totals.uncounted,
  first: totals.first,
  last: totals.last,
  changed: totals.changed,
  usd: nano === null ? null : usdOf(nano),
  lower_bound: lowerBound,
})

function fileTurn({ turn, root, cost, touches }: TouchingTurn, title: string | null, labelOf: Labels): FileTurn {
  const changes = touches.filter(({ change }) => change !== 'read')
  const came = netOf(touches)
  return {
    turn: turn.id,
    session: turn.session,
    title,
    project: turn.project,
    agent: turn.agent,
    agent_id: turn.agentId,
    agent_type: turn.agentType,
    started: turn.started,
    ended: turn.ended,
    running: turn.outcome === 'running',
    sentence: tell(turn, labelOf(turn.agent)).text,
    prompt: askedBy(root),
    usd: cost?.usd ?? null,
    lower_bound: cost?.lower_bound ?? false,
    output_tokens: cost?.output ?? null,
    change: came ?? changes.at(-1)?.change ?? 'read',
    added: changes.reduce((sum, { added }) => sum + added, 0),
    removed: changes.reduce((sum, { removed }) => sum + removed, 0),
    uncounted: changes.reduce((sum, touch) => sum + uncounted(touch), 0),
    reads: touches.length - changes.length,
    touches: touches.map(toldTouch),
  }
}

// What all changes to one file, under whichever names, came to; null: it came and went, or was only read.
function netOf(touches: readonly FileTouch[]): FileChange | null {
  let net: Exclude<FileChange, 'read'> | null = null
  for (const { change } of touches) if (change !== 'read') net = net === null ? change : together(net, change)
  return net
}

const toldTouch = ({ path, from, change, added, removed, counted, by, event, time }: FileTouch): ToldTouch => ({
  path,
  from: from ?? null,
  change,
  added,
  removed,
  counted,
  by,
  event,
  time,
})

const askedBy = (root: Turn | null): AskedBy | null =>
  root?.prompt ? { turn: root.id, event: root.prompt.event, text: root.prompt.text, by: root.prompt.by } : null

interface Making {
  path: string
  from: string | null
  change: FileChange
  added: number
  removed: number
  uncounted: number
  reads: number
  agents: (string | null)[]
  events: string[]
}

// Each file once, under the name it has at the end; what was made and is gone again is no file of the prompt's, as in the turn itself.
export function filesOf(turns: readonly TouchingTurn[]): MadeFile[] {
  const all = turns.flatMap(({ turn, touches }) => touches.map((touch) => ({ touch, agentId: turn.agentId })))
  all.sort((a, b) => timeOfId(a.touch.event) - timeOfId(b.touch.event)) // what is of one moment stays as it came
  const files = new Map<string, Making>()
  for (const { touch, agentId } of all) {
    const { path, from, change } = touch
    const known = files.get(path) ?? (from === undefined ? undefined : files.get(from))
    const file = known ?? nothingMade(path)
    if (file.path !== path) files.delete(file.path)
    if (from !== undefined) files.delete(from)
    file.path = path
    if (!file.agents.includes(agentId)) file.agents.push(agentId)
    file.events.push(touch.event)
    if (change === 'read') file.reads++
    else {
      const net = file.change === 'read' ? change : together(file.change, change)
      if (net === null) {
        files.delete(path)
        continue
      }
      file.change = net
      file.from = net === 'renamed' ? (file.from ?? from ?? null) : null
      file.added += touch.added
      file.removed += touch.removed
      file.uncounted += uncounted(touch)
    }
    files.set(path, file)
  }
  const list = [...files.values()].map((file) => ({ ...file, aside: isAside(file.path) }))
  return [...list.filter(({ change }) => change !== 'read'), ...list.filter(({ change }) => change === 'read')]
}

const nothingMade = (path: string): Making => ({
  path,
  from: null,
  change: 'read',
  added: 0,
  removed: 0,
  uncounted: 0,
  reads: 0,
  agents: [],
  events: [],
})
