// Version 4 writes, beside entries, what the harness did: runs with a beginning and an end, queued prompts, a lane's leaf, facts.
import type { Payload } from '../../event/payload.ts'
import { otherKind } from '../../event/types.ts'
import type { Part } from '../source.ts'
import { type Json, jsonIn, newPayload, nonEmpty, saying, type Writable } from '../values.ts'
import { accounted, entryMeans, modelled, titled } from './entries.ts'
import { type Meant, marked, type Scene } from './messages.ts'

export function harnessMeans(record: Json, scene: Scene): Meant {
  return record.kind === 'entry' ? entryMeans(record, scene) : { parts: [harnessPart(record, scene.entryId)] }
}

function harnessPart(record: Json, entryId: string | null): Part {
  switch (record.kind) {
    case 'record':
      return harnessRecord(nonEmpty(record.type) ?? nonEmpty(record.record) ?? 'unnamed', record, entryId)
    case 'lane':
      return marked(saying('system.notice', undefined, null), 'lane')
    case 'fact':
      return record.fact === 'name'
        ? titled(record.name ?? record.value, 'user')
        : marked(saying('system.notice', nonEmpty(record.label), '/label'), nonEmpty(record.fact) ?? 'fact')
    default:
      return { kind: otherKind(nonEmpty(record.kind) ?? nonEmpty(record.type) ?? 'untyped'), payload: newPayload() }
  }
}

function harnessRecord(type: string, record: Json, entryId: string | null): Part {
  switch (type) {
    case 'operation_started':
      return marked(saying('system.notice', nonEmpty(record.intent), '/intent'), type)
    case 'operation_finished':
      return finished(record)
    case 'abort_requested':
      return marked(saying('message.user.injected', undefined, null), 'interrupt')
    case 'queue_enqueued':
      return saying('queue.enqueue', undefined, null)
    case 'queue_cancelled':
      return saying('queue.remove', undefined, null)
    case 'step_attempt':
    case 'tool_started':
      return saying('progress.other', nonEmpty(record.toolName), '/toolName')
    case 'usage':
      return accounted(modelled(saying('system.usage', undefined, null), record.model), record, entryId)
    default:
      return { kind: otherKind(`record.${type}`), payload: newPayload() }
  }
}

// Only runs are turns; compactions and navigations have an end too.
function finished(record: Json): Part {
  const intent = nonEmpty(record.intent) ?? nonEmpty(jsonIn(record.operation).intent)
  const isTurn = intent === undefined || intent === 'run'
  const part = saying(isTurn ? 'system.turn_complete' : 'system.notice', undefined, null)
  const outcome = nonEmpty(record.outcome)
  if (outcome !== undefined) (part.payload as Writable<Payload>).stop = outcome
  return part
}
