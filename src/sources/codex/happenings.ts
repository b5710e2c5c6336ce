// What both forms of history tell alike: compactions, reviews, subagents.
import type { Payload } from '../../event/payload.ts'
import type { Part } from '../source.ts'
import { type Json, lineOf, newPayload, nonEmpty, saying, type Writable } from '../values.ts'
import { wasTold } from './calls.ts'
import type { Memory, Said } from './memory.ts'
import { notice, repeat } from './texts.ts'
import { hear } from './twins.ts'

// As an item it is told when it is recorded; as an event, when it is over. One turn may hold several.
export function compacted(memory: Memory): Said {
  const { isTwin, told } = hear(memory.told, 'compaction', 'event', '')
  return { parts: [isTwin ? repeat() : saying('system.compact', undefined, null)], changes: { told } }
}

// That a subagent began is a fact of its own lane; what it does afterwards its own file tells.
export function subagent(kind: unknown, thread: unknown, name: unknown, call: unknown, memory: Memory): Said {
  const agentId = nonEmpty(thread)
  const path = nonEmpty(name)
  const what = nonEmpty(kind) ?? 'activity'
  if (agentId === undefined || what !== 'started')
    return { parts: [saying('progress.agent', lineOf(`${what} ${path ?? ''}`), null)] }
  const payload: Writable<Payload> = newPayload()
  const agentType = path?.slice(path.lastIndexOf('/') + 1)
  if (agentType) payload.agentType = agentType
  const by = nonEmpty(call)
  if (by !== undefined && wasTold(memory, by)) payload.parentCall = by
  return { parts: [{ kind: 'system.agent', payload }], agentId }
}

export function collabText(payload: Json): string {
  const type = (nonEmpty(payload.type) ?? '').replace(/^collab_(?:agent_)?/, '').replace(/_end$/, '')
  const who = nonEmpty(payload.receiver_agent_nickname) ?? nonEmpty(payload.receiver_thread_id) ?? ''
  return lineOf(`${type} ${who} ${nonEmpty(payload.prompt) ?? ''}`)
}

export function reviewed(output: Json, at: string): Part {
  return notice('review', nonEmpty(output.overall_explanation), `${at}/overall_explanation`)
}
