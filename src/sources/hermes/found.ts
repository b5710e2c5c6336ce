// What reading the database found out about a row, as it is kept with the row's event: with it the row is told again from the log alone,
// when nobody can ask the database any more. What the row says itself is left out, since most rows say nearly all of it.
import type { Found, RecordIn } from '../source.ts'
import { isJson, type Json, nonEmpty } from '../values.ts'
import type { Around } from './messages.ts'
import { type About, type HermesRow, type Lane, type Says, timeIn, type Undone } from './rows.ts'

// `time`: of whatever came before, for a row that says none and of which none was found out.
export function withFound({ about, ...record }: HermesRow, time: string | null): RecordIn {
  const { lane, says } = about
  const own = isJson(record.value) ? ownTime(record.value) : null
  const when = about.time ?? time
  const found: Found = {
    session: lane.session,
    project: lane.project,
    ...(lane.agentId !== null && { agentId: lane.agentId }),
    ...(when !== own && { time: when }),
    ...(record.identity !== undefined && record.identity !== record.key && { identity: record.identity }),
    ...(says.is === 'message' ? ofMessage(says) : { says }),
  }
  return { ...record, found }
}

export const ownTime = (row: Json): string | null => timeIn(row.timestamp ?? row.started_at)

export interface Told extends About {
  readonly identity: string | undefined
}

// The same, read back. Undefined: it was kept by another hand or before anything was found out, and the row is taken by its columns alone.
export function foundIn({ found, key, value }: RecordIn): Told | undefined {
  if (!isJson(found)) return undefined
  const { session, project, agentId = null, time, identity } = found
  if (typeof session !== 'string' || typeof project !== 'string') return undefined
  const lane: Lane = { session, project, agentId: typeof agentId === 'string' ? agentId : null }
  const says = isJson(found.says) ? (found.says as unknown as Says) : messageIn(found)
  const own = isJson(value) ? ownTime(value) : null
  return {
    lane,
    time: time === undefined ? own : (nonEmpty(time) ?? null),
    says,
    identity: nonEmpty(identity) ?? (says.is === 'message' ? undefined : key),
  }
}

const ofMessage = ({ around, copied, undone }: Says & { is: 'message' }): Found => ({
  ...around,
  subagent: around.subagent || undefined,
  source: around.source ?? undefined,
  ...(copied && { copied }),
  ...(undone !== null && { undone }),
})

function messageIn({ source, subagent, call, child, review, copied, undone }: Json): Says {
  return {
    is: 'message',
    around: {
      source,
      subagent: subagent === true,
      ...(typeof call === 'string' && { call }),
      ...(typeof child === 'string' && { child }),
      ...(review === true && { review }),
    },
    copied: copied === true,
    undone: isJson(undone) ? (undone as unknown as Undone) : null,
  }
}

export const aroundOf = (row: Json, around: Omit<Around, 'callPrefix'>): Around => ({
  ...around,
  callPrefix: `${Number(row.id)}:`,
})
