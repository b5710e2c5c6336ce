// What a day shows: the server's telling of it with what the stream said since. Pure.
import type { TurnStory } from '../../wire/live.ts'
import type { DayAnswer, DayProject, ToldTurn } from '../../wire/story.ts'
import { counted } from '../ui/words.ts'

export interface DayTurn {
  readonly id: string
  readonly sentence: string
  readonly outcome: TurnStory['outcome']
  readonly started: string | null
}
export interface DaySession {
  readonly id: string
  readonly title: string | null
  readonly agent: string
  readonly turns: readonly DayTurn[]
  readonly sent: number // turns of subagents, told with the session
}

type Heard = ReadonlyMap<string, ReadonlyMap<string, TurnStory>>

// Turns that began since the answer come with the next one; those that are in it already grow.
export function daySessions(project: DayProject, heard: Heard): readonly DaySession[] {
  return project.sessions.map(({ id, title, agent, turns }) => {
    const main = turns.filter((turn) => turn.agent_id === null)
    // A session of nothing but subagents' work is told by that.
    const told = main.length > 0 ? main : turns
    return {
      id,
      title,
      agent,
      sent: turns.length - told.length,
      turns: told.map((turn) => grown(turn, heard.get(id)?.get(turn.turn))),
    }
  })
}

const grown = (told: ToldTurn, now: TurnStory | undefined): DayTurn => ({
  id: told.turn,
  sentence: now?.sentence ?? told.sentence,
  outcome: now?.outcome ?? told.outcome,
  started: told.started,
})

export function headOf({ projects }: Pick<DayAnswer, 'projects'>): string {
  const sessions = projects.flatMap((project) => project.sessions)
  const turns = sessions.flatMap((session) => session.turns).filter((turn) => turn.agent_id === null)
  return sessions.length === 0
    ? 'Nothing was asked of any agent.'
    : `${counted(sessions.length, 'session')} in ${counted(projects.length, 'project')}, ${counted(turns.length, 'turn')}.`
}

// Whether the stream speaks of the day after the answer was given: a turn of it that is new, or is over now.
export function isOutdated(
  day: DayAnswer,
  heard: Heard,
  span: { readonly since: string; readonly until: string },
): boolean {
  const known = new Map(
    day.projects.flatMap(({ sessions }) =>
      sessions.flatMap(({ turns }) => turns.map((turn) => [turn.turn, turn.outcome])),
    ),
  )
  for (const turns of heard.values())
    for (const { id, started, outcome } of turns.values())
      if (started !== null && started >= span.since && started < span.until && known.get(id) !== outcome) return true
  return false
}
