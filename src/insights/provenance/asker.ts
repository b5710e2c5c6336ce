// Whose prompt a call was for: the turn it was made in, and of a subagent's call the turn that sent the subagent.
import type { Call } from '../../folds/provenance/doing.ts'
import type { Turn } from '../../folds/turn/turn.ts'
import type { StoreReader } from '../../stores/store.ts'

export interface Asker {
  readonly turn: string | null
  readonly prompt: string | null
  readonly promptEvent: string | null
}

const NOBODY: Asker = { turn: null, prompt: null, promptEvent: null }

export function askers(reader: Pick<StoreReader, 'turns'>): (call: Call) => Promise<Asker> {
  const turns = new Map<string, Promise<readonly Turn[]>>()
  const known = new Map<string, Asker>()
  return async (call) => {
    const found = known.get(call.event)
    if (found !== undefined) return found
    const ofSession = turns.get(call.session) ?? reader.turns(call.session)
    turns.set(call.session, ofSession)
    const asker = askerIn(await ofSession, call)
    known.set(call.event, asker)
    return asker
  }
}

function askerIn(turns: readonly Turn[], { agentId, time }: Call): Asker {
  const begun = agentId === null ? time : (turns.find((turn) => turn.agentId === agentId)?.started ?? time)
  const main = turns.filter((turn) => turn.agentId === null)
  const turn = main.findLast(({ started }) => started !== null && begun !== null && started <= begun) ?? main[0]
  if (turn === undefined) return NOBODY
  return { turn: turn.id, prompt: turn.prompt?.text ?? null, promptEvent: turn.prompt?.event ?? null }
}
