// A day, or any other span of time, told: for each project a paragraph and the turns that began in it, oldest first, and when something
// happened last before it and first after it. Whoever asks says when a day begins and ends: it is theirs, not the server's.
import { daySummary } from '../folds/story/story.ts'
import type { Turn } from '../folds/turn/turn.ts'
import type { StoreReader } from '../stores/store.ts'
import type { DayAnswer, DayProject } from '../wire/story.ts'
import { toldTurn } from '../wire/story.ts'

const PAGE = 500
export const DAY_TURNS_MAX = 2_000

type Reader = Pick<StoreReader, 'session' | 'sentences'>

export async function tellDay(
  reader: Reader,
  labelOf: (agent: string) => string,
  { since, until }: { readonly since: string; readonly until: string },
): Promise<DayAnswer> {
  const { turns, more } = await turnsBetween(reader, since, until)
  const [before, after] = await Promise.all([
    reader.sentences({ until: since, limit: 1 }),
    reader.sentences({ since: until, limit: 1, oldest: true }),
  ])
  return {
    projects: await projectsOf(reader, labelOf, turns),
    more,
    previous: before.turns[0]?.started ?? null,
    next: after.turns[0]?.started ?? null,
  }
}

async function turnsBetween(reader: Reader, since: string, until: string): Promise<{ turns: Turn[]; more: boolean }> {
  const turns: Turn[] = []
  for (let before: string | null = null; ; ) {
    const page = await reader.sentences({ since, until, limit: PAGE, ...(before !== null && { before }) })
    turns.push(...page.turns)
    if (page.next === null || turns.length >= DAY_TURNS_MAX) return { turns: turns.reverse(), more: page.next !== null }
    before = page.next
  }
}

// A subagent may work in a folder of its own; it belongs where its session does.
async function projectsOf(
  reader: Reader,
  labelOf: (agent: string) => string,
  turns: readonly Turn[],
): Promise<DayProject[]> {
  const sessions = []
  for (const [id, own] of Map.groupBy(turns, (turn) => turn.session)) {
    const row = await reader.session(id)
    sessions.push({
      id,
      label: labelOf(own[0]!.agent),
      title: row?.title ?? null,
      project: row?.project ?? own[0]!.project,
      cwd: row?.cwd ?? null,
      turns: own,
    })
  }
  const byProject = Map.groupBy(sessions, ({ project }) => project)
  return [...byProject].map(([project, some]) => ({
    project,
    cwd: some.find(({ cwd }) => cwd !== null)?.cwd ?? null,
    story: daySummary(some),
    sessions: some.map(({ id, title, label, turns: own }) => ({
      id,
      title,
      agent: own[0]!.agent,
      turns: own.map((turn) => toldTurn(turn, label)),
    })),
  }))
}
