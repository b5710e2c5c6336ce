// The subagents of a session as a tree: each under the agent whose call began it, at any depth. Pure.
import type { Activity } from '../../folds/activity.ts'
import type { AgentRow } from '../../folds/session.ts'

export interface AgentNode {
  readonly agent: AgentRow
  readonly depth: number // 1: begun by the main agent
  readonly call: string | null
}
export interface AgentTree {
  readonly work: readonly AgentNode[] // in the order of a walk: a child stands right after its parent and that one's other children
  readonly helpers: readonly AgentRow[] // an agent's own: named apart, nobody asked for them
  readonly untold: number // only their results are known: no transcript of theirs was found
}

export function treeOf(agents: readonly AgentRow[]): AgentTree {
  const told = agents.filter(({ events }) => events > 0)
  const work = told.filter(({ hidden }) => !hidden).sort(byStart)
  const caller = new Map<string, string>() // call → who made it
  for (const { id, calls } of work) for (const call of calls) caller.set(call, id)
  const children = Map.groupBy(work, ({ id, parentCall }) => {
    const parent = parentCall === null ? undefined : caller.get(parentCall)
    return parent === id ? undefined : parent
  })
  const nodes: AgentNode[] = []
  const placed = new Set<string>()
  const place = (agent: AgentRow, depth: number): void => {
    if (placed.has(agent.id)) return
    placed.add(agent.id)
    nodes.push({ agent, depth, call: agent.parentCall })
    for (const child of children.get(agent.id) ?? []) place(child, depth + 1)
  }
  for (const agent of children.get(undefined) ?? []) place(agent, 1)
  for (const agent of work) place(agent, 1) // transcripts that call each other in a ring
  const helpers = told.filter(({ hidden }) => hidden).sort(byStart)
  return { work: nodes, helpers, untold: agents.length - told.length }
}

const byStart = (a: AgentRow, b: AgentRow): number => {
  const [x, y] = [a.started ?? a.ended ?? '', b.started ?? b.ended ?? '']
  return x < y ? -1 : x > y ? 1 : a.id < b.id ? -1 : 1
}

// How deep work was handed on in each span of a session's time.
export function depthsOf({ work }: AgentTree, { fromMs, widthMs, counts }: Activity): readonly number[] {
  const depths = new Array<number>(counts.length).fill(0)
  for (const { agent, depth } of work) {
    const [from, to] = [Date.parse(agent.started ?? ''), Date.parse(agent.ended ?? '')]
    if (Number.isNaN(from) || Number.isNaN(to)) continue
    const last = Math.min(counts.length - 1, Math.floor((to - fromMs) / widthMs))
    for (let i = Math.max(0, Math.floor((from - fromMs) / widthMs)); i <= last; i++)
      depths[i] = Math.max(depths[i] ?? 0, depth)
  }
  return depths
}
