// pi's entries beside messages: headers, settings, summaries, what extensions keep.
import type { Payload } from '../../event/payload.ts'
import { otherKind } from '../../event/types.ts'
import type { Part } from '../source.ts'
import { isJson, type Json, newPayload, nonEmpty, saying, type Writable } from '../values.ts'
import type { Dialect } from './dialect.ts'
import { type Meant, marked, messageMeans, type Scene, spoken } from './messages.ts'
import { account } from './usage.ts'

// The session forked or resumed from, as the header calls it. A subagent's header names the session it works in: no fork.
export const parentOf = (header: Json): string | undefined =>
  nonEmpty(header.parentSession) ?? nonEmpty(header.parentSessionId) ?? nonEmpty(header.branchedFrom)

// Where it is called by its file, its id stands in the file's name: the session it was forked from says nothing of its forks.
const sessionCalled = (parent: string, { sessionOf }: Dialect): string =>
  parent.endsWith('.jsonl') ? sessionOf(parent.replaceAll('\\', '/')) : parent

export function headerParts(record: Json, agentId: string | null, dialect: Dialect): readonly Part[] {
  const part = saying(agentId === null ? 'system.session_start' : 'system.agent', undefined, null)
  const payload: Writable<Payload> = part.payload
  const cwd = nonEmpty(record.cwd)
  if (cwd !== undefined) payload.cwd = cwd
  const parent = agentId === null ? parentOf(record) : undefined
  if (parent !== undefined) payload.parentSession = sessionCalled(parent, dialect)
  if (agentId !== null) payload.agentType = agentId
  modelled(part, record.modelId)
  const title = nonEmpty(record.title)
  return title === undefined ? [part] : [part, titled(title, record.titleSource)]
}

export function entryMeans(record: Json, scene: Scene): Meant {
  const type = nonEmpty(record.type) ?? 'untyped'
  if (type === 'message' && isJson(record.message)) return messageMeans(record.message, '/message', scene)
  return { parts: [entryPart(type, record, scene)] }
}

function entryPart(type: string, record: Json, { dialect, entryId }: Scene): Part {
  switch (type) {
    case 'model_change':
      return modelled(saying('system.model_change', undefined, null), record.modelId ?? record.model)
    case 'thinking_level_change':
      return saying('system.mode_change', nonEmpty(record.thinkingLevel), '/thinkingLevel')
    case 'mode_change':
      return saying('system.mode_change', nonEmpty(record.mode), '/mode')
    case 'service_tier_change':
      return saying('system.mode_change', nonEmpty(record.tier), '/tier')
    case 'compaction':
      return accounted(saying('system.compact', nonEmpty(record.summary), '/summary'), record, entryId)
    case 'branch_summary':
      return accounted(
        marked(saying('message.user.injected', nonEmpty(record.summary), '/summary'), type),
        record,
        entryId,
      )
    case 'custom': // an extension's own state, never shown to the model
      return (
        dialect.custom(record) ?? marked(saying('system.notice', undefined, null), nonEmpty(record.customType) ?? type)
      )
    case 'custom_message':
      return marked(spoken('message.user.injected', record, ''), nonEmpty(record.customType) ?? type)
    case 'label':
      return marked(saying('system.notice', nonEmpty(record.label), '/label'), type)
    case 'session_info':
      return titled(record.name, 'user')
    case 'title':
    case 'title_change':
      return titled(record.title, record.source)
    case 'usage': // requests beside the conversation
      return accounted(modelled(saying('system.usage', nonEmpty(record.note), '/note'), record.model), record, entryId)
    case 'session_init':
      return versioned(marked(saying('system.notice', undefined, null), type), record.cliVersion)
    case 'context_edit': // hides something from the model; nothing is gone
    case 'active_tools_change':
    case 'leaf':
    case 'reset':
    case 'ttsr_injection':
      return marked(saying('system.notice', undefined, null), type)
    default:
      return { kind: otherKind(type), payload: newPayload() }
  }
}

export function modelled(part: Part, model: unknown): Part {
  const name = nonEmpty(model)
  if (name !== undefined) (part.payload as Writable<Payload>).model = name
  return part
}

function versioned(part: Part, version: unknown): Part {
  const name = nonEmpty(version)
  if (name !== undefined) (part.payload as Writable<Payload>).version = name
  return part
}

export function accounted(part: Part, record: Json, entryId: string | null): Part {
  account(part.payload, record.usage, entryId)
  return part
}

// A title the agent thought of, unless it says that the person gave it.
export function titled(value: unknown, source: unknown): Part {
  const payload = newPayload()
  const title = nonEmpty(value)
  if (title !== undefined) payload.title = title
  if (source !== 'user') payload.injected = 'agent'
  return { kind: 'system.title', payload }
}
