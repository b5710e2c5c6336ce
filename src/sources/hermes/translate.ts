// What a row of the database means. What reading it found out stands beside it; a row without that is taken by its columns alone.
import type { Payload } from '../../event/payload.ts'
import { projectOfPath } from '../../event/subject.ts'
import { otherKind } from '../../event/types.ts'
import type { FileFacts, FileMemory, LineMeaning, Part, RecordIn } from '../source.ts'
import { damagedPart, isJson, type Json, newPayload, nonEmpty, saying, type Writable } from '../values.ts'
import { said } from './copies.ts'
import { aroundOf, foundIn, ownTime } from './found.ts'
import { messageParts } from './messages.ts'
import type { About, Lane, Says, Undone } from './rows.ts'
import { usageIn } from './usage.ts'

export function translate(record: RecordIn, _: FileFacts, memory: FileMemory): LineMeaning {
  const about = foundIn(record)
  const row = isJson(record.value) ? record.value : null
  const time = about === undefined ? (row === null ? null : ownTime(row)) : about.time
  const meant = row === null && about === undefined ? [damagedPart(record)] : partsOf(row, about, record.key)
  const own = nativeIdOf(row)
  if (own !== null) (meant[0]!.payload as Writable<Payload>).nativeId ??= own
  const identity = about?.identity ?? (about !== undefined && row !== null ? saidBy(row) : undefined)
  return {
    parts: meant,
    ...(about?.lane ?? laneIn(row)),
    nativeId: own ?? (about === undefined ? null : record.key),
    ...(identity !== undefined && { identity }),
    time: time ?? (about === undefined ? (nonEmpty(memory.time) ?? null) : null),
    memory: about === undefined ? { ...memory, time: time ?? memory.time ?? null } : memory,
  }
}

// What makes a message this one: all it says, and when.
const saidBy = (row: Json): string => JSON.stringify([row.session_id, ...said(row), row.timestamp ?? null])

const laneIn = (row: Json | null): Lane => ({
  session: nonEmpty(row?.session_id) ?? nonEmpty(row?.id) ?? 'unknown',
  project: nonEmpty(row?.cwd) === undefined ? 'unknown' : projectOfPath(nonEmpty(row?.cwd)!),
  agentId: null,
})

const nativeIdOf = (row: Json | null): string | null => {
  const id = row?.id ?? row?.hash
  return typeof id === 'number' ? String(id) : (nonEmpty(id) ?? null)
}

function partsOf(row: Json | null, about: About | undefined, key: string): readonly Part[] {
  const says = about?.says
  if (row === null) return absent(says)
  switch (says?.is) {
    case undefined:
      return 'role' in row ? messageParts(row, { subagent: false, callPrefix: 'call:' }) : [rowPart(row)]
    case 'message': {
      const parts = messageParts(row, aroundOf(row, says.around))
      if (says.copied) for (const { payload } of parts) (payload as Writable<Payload>).copied = true
      return says.undone === null ? parts : [...parts, branch(says.undone)]
    }
    case 'again':
      return [says.undone === null ? { kind: 'system.repeat', payload: newPayload() } : branch(says.undone)]
    case 'session':
      return begun(row, says, about?.lane.agentId ?? null)
    case 'state':
      return stateParts(row, says, about?.lane.agentId ?? null, key)
    case 'usage':
      return [used(row, key)]
    case 'prompt':
      return [
        {
          kind: 'system.notice',
          payload: { ...saying('system.notice', nonEmpty(row.prompt), '/prompt').payload, injected: 'system_prompt' },
        },
      ]
    default:
      return [rowPart(row)]
  }
}

function absent(says: Says | undefined): readonly Part[] {
  if (says?.is === 'gone') return [branch(says.undone)]
  return [{ kind: 'system.turn_complete', payload: newPayload() }]
}

// A row of some table, of which nothing is known but its columns.
const rowPart = (row: Json): Part =>
  'started_at' in row
    ? (begun(row, { is: 'session', parent: null, call: null }, null)[0] as Part)
    : { kind: otherKind('row'), payload: newPayload() }

function branch({ count, first, after }: Undone): Part {
  const payload = newPayload()
  payload.text = count === 1 ? 'one message was taken back' : `${count} messages were taken back`
  payload.nativeId = first
  if (after !== null) payload.nativeParent = after
  return { kind: 'system.branch', payload }
}

function begun(row: Json, { parent, call }: Says & { is: 'session' }, agentId: string | null): readonly Part[] {
  const payload = newPayload()
  for (const [name, column] of [
    ['cwd', 'cwd'],
    ['branch', 'git_branch'],
    ['model', 'model'],
  ] as const) {
    const value = nonEmpty(row[column])
    if (value !== undefined) payload[name] = value
  }
  if (agentId !== null) {
    payload.agentType = nonEmpty(row.source) ?? 'subagent'
    if (call !== null) payload.parentCall = call
    return [{ kind: 'system.agent', payload }]
  }
  if (parent !== null) payload.parentSession = parent
  return [{ kind: 'system.session_start', payload }]
}

function stateParts(
  row: Json,
  { title, model, used: counts, ended }: Says & { is: 'state' },
  agentId: string | null,
  key: string,
): Part[] {
  const parts: Part[] = []
  if (title !== undefined) {
    const byAgent = row.title_source !== 'user' && row.title_source !== 'manual'
    parts.push({ kind: 'system.title', payload: { ...newPayload(), title, ...(byAgent && { injected: 'agent' }) } })
  }
  if (model !== undefined) parts.push({ kind: 'system.model_change', payload: { ...newPayload(), model } })
  if (counts) parts.push(used(row, key))
  if (ended !== undefined)
    parts.push({
      kind: agentId === null ? 'system.session_end' : 'system.turn_complete',
      payload: { ...newPayload(), stop: ended },
    })
  return parts.length > 0 ? parts : [{ kind: 'system.repeat', payload: newPayload() }]
}

// All that was used since the row began to count; it is counted up, so what of it is new is for the ledger to say.
function used(row: Json, account: string): Part {
  const payload = newPayload()
  payload.usage = usageIn(row)
  payload.account = account
  const model = nonEmpty(row.model)
  if (model !== undefined) payload.model = model
  return { kind: 'system.usage', payload }
}
