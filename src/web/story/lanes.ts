// The turns of a session as a tree: what the agent was asked stands in a row, and each subagent's turns stand under the turn that sent it,
// at any depth. Pure. A turn that nobody is known to have sent, in a session without turns of its own, stands in the row.
import type { SessionSummary, TurnStory } from '../../wire/live.ts'

export interface Lanes {
  readonly top: readonly TurnStory[]
  readonly numbers: ReadonlyMap<string, number> // of those that a prompt began, counted from one
  readonly byId: ReadonlyMap<string, TurnStory>
  readonly under: ReadonlyMap<string, readonly TurnStory[]> // turn → subagents' turns that it set off
  readonly parents: ReadonlyMap<string, string>
  readonly calls: ReadonlyMap<string, string> // subagent's turn → the call that sent it
}

interface Link {
  readonly turn: TurnStory
  readonly call: string | null
}

// `turns` as they began.
export function lanesOf(turns: readonly TurnStory[], agents: SessionSummary['agents'] = []): Lanes {
  const links = linksOf(turns)
  const askedBy = new Map(agents.map(({ id, parentCall }) => [id, parentCall]))
  const main = turns.filter((turn) => turn.agentId === null)
  const top: TurnStory[] = []
  const under = new Map<string, TurnStory[]>()
  const parents = new Map<string, string>()
  const calls = new Map<string, string>()
  for (const turn of turns) {
    const link = turn.agentId === null ? null : (linkOf(links.get(turn.agentId), turn) ?? inTime(main, turn))
    if (link === null || isWithin(parents, link.turn.id, turn.id)) {
      top.push(turn)
      continue
    }
    parents.set(turn.id, link.turn.id)
    const call = link.call ?? askedBy.get(turn.agentId ?? '') ?? null
    if (call !== null) calls.set(turn.id, call)
    under.set(link.turn.id, [...(under.get(link.turn.id) ?? []), turn])
  }
  const asked = top.filter((turn) => turn.agentId === null && turn.prompt !== null)
  return {
    top,
    numbers: new Map(asked.map(({ id }, i) => [id, i + 1])),
    byId: new Map(turns.map((turn) => [turn.id, turn])),
    under,
    parents,
    calls,
  }
}

// Who says of a subagent that it sent it.
function linksOf(turns: readonly TurnStory[]): ReadonlyMap<string, readonly (Link & { readonly event: string })[]> {
  const links = new Map<string, (Link & { readonly event: string })[]>()
  for (const turn of turns)
    for (const { agentId, call, event } of turn.agents)
      if (agentId !== null && agentId !== turn.agentId)
        links.set(agentId, [...(links.get(agentId) ?? []), { turn, call, event }])
  return links
}

// An agent that is sent again works in the same lane: the last one that sent it before it began. Ids begin with the time.
const linkOf = (links: readonly (Link & { readonly event: string })[] | undefined, turn: TurnStory): Link | null =>
  links?.findLast(({ event }) => event <= turn.firstEvent) ?? links?.[0] ?? null

// While a subagent works, nothing but the time says whose it is.
function inTime(main: readonly TurnStory[], turn: TurnStory): Link | null {
  const found = main.findLast(({ started }) => (started ?? '') <= (turn.started ?? '')) ?? main[0]
  return found === undefined ? null : { turn: found, call: null }
}

function isWithin(parents: ReadonlyMap<string, string>, turn: string, of: string): boolean {
  for (let at: string | undefined = turn; at !== undefined; at = parents.get(at)) if (at === of) return true
  return false
}

// From the row down to the turn itself.
export function wayTo(lanes: Lanes, turn: string): readonly string[] {
  const way = [turn]
  for (let at = lanes.parents.get(turn); at !== undefined; at = lanes.parents.get(at)) way.unshift(at)
  return way
}
