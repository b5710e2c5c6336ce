// The other lines of a session, most without an id: titles, links, modes, snapshots, a workflow's journal.
import type { Payload } from '../../event/payload.ts'
import { otherKind } from '../../event/types.ts'
import type { Part } from '../source.ts'
import { type Json, newPayload, nonEmpty, saying, type Writable } from '../values.ts'
import type { Memory } from './memory.ts'
import { isRecent } from './thread.ts'
import { tell } from './told.ts'

// What a line of one of these types says, and what was told after it.
export interface RecordSaid {
  readonly part: Part
  readonly told: string | null
  readonly awaited?: string // a title that is this session's if the line it names comes
}

export function recordPart(type: string, record: Json, before: Memory, isCopy: boolean): RecordSaid {
  if (type === 'summary') return summary(record, before)
  const news = NEWS.get(type)
  if (news === undefined) return { part: otherPart(type, record), told: before.told }
  const value = nonEmpty(record[news.key])
  if (value === undefined) return { part: news.part(record, undefined), told: before.told }
  // A title that came with lines of another session is that session's.
  if (isCopy) return { part: notice(type, value, `/${news.key}`), told: before.told }
  const told = tell(before.told, type, value)
  if (told === null) return { part: saying('system.repeat', value, `/${news.key}`), told: before.told }
  return { part: news.part(record, value), told }
}

interface News {
  readonly key: string
  readonly part: (record: Json, value: string | undefined) => Part
}

// Written again and again; told once.
const NEWS: ReadonlyMap<string, News> = new Map<string, News>([
  ['ai-title', { key: 'aiTitle', part: (_, value) => titlePart(value, true) }],
  ['custom-title', { key: 'customTitle', part: (_, value) => titlePart(value, false) }],
  ['agent-name', { key: 'agentName', part: (_, value) => notice('agent-name', value, '/agentName') }],
  ['agent-color', { key: 'agentColor', part: (_, value) => notice('agent-color', value, '/agentColor') }],
  ['agent-setting', { key: 'agentSetting', part: (_, value) => notice('agent-setting', value, '/agentSetting') }],
  ['tag', { key: 'tag', part: (_, value) => notice('tag', value, '/tag') }],
  ['pr-link', { key: 'prUrl', part: (_, value) => link(value) }],
  ['frame-link', { key: 'frameUrl', part: (_, value) => link(value) }],
  ['mode', { key: 'mode', part: (_, value) => saying('system.mode_change', value, '/mode') }],
  [
    'permission-mode',
    { key: 'permissionMode', part: (_, value) => saying('system.mode_change', value, '/permissionMode') },
  ],
  ['relocated', { key: 'relocatedCwd', part: (_, value) => notice('relocated', value, '/relocatedCwd') }],
  ['bridge-session', { key: 'bridgeSessionId', part: () => notice('bridge-session', undefined, null) }],
])

function otherPart(type: string, record: Json): Part {
  switch (type) {
    case 'file-history-snapshot':
    case 'attribution-snapshot':
      return saying('file.snapshot', undefined, null)
    case 'file-history-delta':
      return saying('file.snapshot', nonEmpty(record.trackingPath), '/trackingPath')
    case 'last-prompt': // a prompt that has its own line
    case 'cost-state': // the session's sums so far
    case 'content-replacement': // a result that has its own line, as the context keeps it
      return saying('system.repeat', undefined, null)
    case 'ended':
      return saying('system.session_end', undefined, null)
    case 'worktree-state':
    case 'atis-latch':
    case 'isolation-latch':
    case 'artifact-comment-monitor':
    case 'artifact-autoreact-ledger':
      return notice(type, undefined, null)
    case 'launched': // of a workflow's journal, as the next two
      return saying('progress.agent', type, null)
    case 'started':
      return started(type, record)
    case 'result':
      return nonEmpty(record.agentId) === undefined ? unknown(type) : agentResult(record)
    default:
      return unknown(type)
  }
}

const unknown = (type: string): Part => ({ kind: otherKind(type), payload: newPayload() })

const notice = (type: string, text: string | undefined, pointer: string | null): Part =>
  withInjected(saying('system.notice', text, pointer), type.replaceAll('-', '_'))

function withInjected(part: Part, injected: string): Part {
  const payload: Writable<Payload> = part.payload
  payload.injected = injected
  return part
}

function titlePart(text: string | undefined, byAgent: boolean): Part {
  const payload = newPayload()
  if (text !== undefined) payload.title = text
  if (byAgent) payload.injected = 'agent'
  return { kind: 'system.title', payload }
}

// Claude Code writes the summary of one session into the file of another: it names the line with which the summed-up conversation ends.
// Only where that is the line just before, or one that follows at once, is it this session's own. Those at the top of a file never are.
function summary(record: Json, before: Memory): RecordSaid {
  const leaf = nonEmpty(record.leafUuid)
  const text = nonEmpty(record.summary)
  const { told } = before
  if (leaf === undefined || text === undefined) return { part: notice('summary', text, '/summary'), told }
  if (isRecent(before.recent, leaf)) return { part: titlePart(text, true), told }
  const part = notice('summary', text, '/summary')
  const payload: Writable<Payload> = part.payload
  payload.nativeParent = leaf
  return before.recent === null ? { part, told } : { part, told, awaited: `${leaf}${AFTER_LEAF}${text}` }
}
const AFTER_LEAF = '\u0000'

// The title that waited for this line.
export function awaitedTitle(awaited: string, uuid: string): Part | null {
  return awaited.startsWith(uuid + AFTER_LEAF) ? titlePart(awaited.slice(uuid.length + 1), true) : null
}

function link(url: string | undefined): Part {
  const payload = newPayload()
  if (url !== undefined) payload.url = url
  return { kind: 'system.link', payload }
}

function started(type: string, record: Json): Part {
  if (nonEmpty(record.agentId) === undefined) return unknown(type)
  return saying('progress.agent', nonEmpty(record.label) ?? type, null)
}

function agentResult({ result }: Json): Part {
  const text = nonEmpty(result)
  return text === undefined ? saying('progress.agent', 'result', null) : saying('progress.agent', text, '/result')
}
