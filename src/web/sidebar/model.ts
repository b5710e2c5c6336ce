// The list of sessions as rows: those that go on first, then day by day. Pure.
import type { SessionSummary } from '../../wire/live.ts'
import type { ListFilter } from '../state/route.ts'
import { isListed } from '../state/sessions.ts'
import { dayKey, dayName, presenceOf, projectName, titleOf } from '../ui/words.ts'

export type SideRow =
  | { readonly kind: 'head'; readonly key: string; readonly text: string; readonly count: number }
  | { readonly kind: 'session'; readonly key: string; readonly session: SessionSummary }
  | { readonly kind: 'agents'; readonly key: string; readonly session: SessionSummary }
  | { readonly kind: 'more'; readonly key: string }

export interface SideWish {
  readonly nowMs: number
  readonly words: string
  readonly list: ListFilter
  readonly open: string | null // the session whose subagents are shown
  readonly hasMore: boolean
}

export function sideRows(sessions: Iterable<SessionSummary>, wish: SideWish): readonly SideRow[] {
  const needles = wish.words
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const all = [...sessions].filter(
    (row) => isListed(row, wish.list, wish.nowMs) && needles.every((needle) => hayOf(row).includes(needle)),
  )
  const active: SessionSummary[] = []
  const rest: SessionSummary[] = []
  for (const row of all) (presenceOf(row, wish.nowMs) === 'idle' ? rest : active).push(row)
  active.sort(byStart)
  rest.sort(byEnd)
  const rows: SideRow[] = []
  const add = (key: string, text: string, group: readonly SessionSummary[]) => {
    if (group.length === 0) return
    rows.push({ kind: 'head', key: `head:${key}`, text, count: group.length })
    for (const session of group) {
      rows.push({ kind: 'session', key: session.id, session })
      if (session.id === wish.open && session.agents.length > 0)
        rows.push({ kind: 'agents', key: `agents:${session.id}`, session })
    }
  }
  add('active', 'Going on', active)
  for (const [day, group] of Map.groupBy(rest, (row) => dayKey(row.ended)))
    add(day, dayName(group[0]?.ended ?? null, wish.nowMs), group)
  if (wish.hasMore) rows.push({ kind: 'more', key: 'more' })
  return rows
}

// What the list can be narrowed to: agents and projects that are there, by name; two projects of one name say where they are.
export interface Choice {
  readonly value: string
  readonly name: string
}
export function choicesOf(
  sessions: Iterable<SessionSummary>,
  labels: Readonly<Record<string, string>>,
): { readonly agents: readonly Choice[]; readonly projects: readonly Choice[] } {
  const [agents, projects] = [new Map<string, string>(), new Map<string, string>()]
  for (const row of sessions) {
    agents.set(row.agent, labels[row.agent] ?? row.agent)
    if (!projects.has(row.project) || row.cwd !== null) projects.set(row.project, projectName(row))
  }
  const names = Map.groupBy(projects, ([, name]) => name)
  const plain = [...projects].map(([value, name]) => ({
    value,
    name: (names.get(name)?.length ?? 0) > 1 ? `${name} (${value})` : name,
  }))
  return { agents: sorted([...agents].map(([value, name]) => ({ value, name }))), projects: sorted(plain) }
}
const sorted = (choices: readonly Choice[]) => choices.toSorted((a, b) => a.name.localeCompare(b.name))

// By when they began: a list that reorders itself with every line cannot be read.
const byStart = (a: SessionSummary, b: SessionSummary) => compare(b.started, a.started) || compare(a.id, b.id)
const byEnd = (a: SessionSummary, b: SessionSummary) => compare(b.ended, a.ended) || compare(a.id, b.id)
const compare = (a: string | null, b: string | null): number => {
  const [x, y] = [a ?? '', b ?? '']
  return x < y ? -1 : x > y ? 1 : 0
}

const hays = new WeakMap<SessionSummary, string>()
function hayOf(row: SessionSummary): string {
  const known = hays.get(row)
  if (known !== undefined) return known
  const hay = [titleOf(row), projectName(row), row.project, row.agent, row.branch ?? '', row.id]
    .join('\n')
    .toLowerCase()
  hays.set(row, hay)
  return hay
}

// The session before or after the open one, in the order shown; the first where none is open.
export function neighbour(rows: readonly SideRow[], open: string | null, step: 1 | -1): string | null {
  const ids = rows.flatMap((row) => (row.kind === 'session' ? [row.session.id] : []))
  const at = open === null ? -1 : ids.indexOf(open)
  if (at < 0) return ids[0] ?? null
  return ids[at + step] ?? null
}
