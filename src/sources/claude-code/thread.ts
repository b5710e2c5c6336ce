// How the lines of a conversation hang together by `parentUuid`, and which of them come from another session.
// A prompt hangs on the last thing said or on what was noted after it. When it hangs on something earlier, the person went back
// (a rewind): what stands in between is another branch. Only the ids since the last thing said are remembered, so this costs nothing.
import type { Part } from '../source.ts'
import { type Json, jsonIn, momentIn, newPayload, nonEmpty } from '../values.ts'
import type { Memory } from './memory.ts'

const RECENT_MAX = 4_000 // characters: about a hundred lines of hooks and progress since something was said
const LOST = '…' // more than that: where the next prompt hangs cannot be told

// Of a main line with an id of its own.
export function recentAfter(before: string | null, uuid: string, isSaid: boolean): string {
  if (isSaid || before === null) return ` ${uuid} `
  if (before.length < RECENT_MAX) return `${before}${uuid} `
  return before.endsWith(LOST) ? before : before + LOST
}

export const isRecent = (recent: string | null, uuid: string): boolean => recent?.includes(` ${uuid} `) === true

// The part that says a prompt goes on from an earlier line, or from the very beginning.
export function branchPart(record: Json, parts: readonly Part[], before: Memory): Part | null {
  if (before.recent === null || before.recent.endsWith(LOST)) return null
  const prompt = parts[0]
  // `!` commands of older versions hang on whatever came first.
  if (prompt?.kind !== 'message.user.prompt' || prompt.payload.command === 'shell') return null
  const parent = nonEmpty(record.parentUuid)
  if (parent === undefined ? !before.chained || record.parentUuid !== null : isRecent(before.recent, parent))
    return null
  const payload = newPayload()
  if (parent !== undefined) payload.nativeParent = parent
  return { kind: 'system.branch', payload }
}

// The session a line was copied from, where the line itself says so.
export function copiedFrom(record: Json, session: string, agentId: string | null, before: Memory): string | undefined {
  if (record.forkedFrom !== undefined) {
    const from = nonEmpty(jsonIn(record.forkedFrom).sessionId)
    if (from !== undefined && from !== session) return from
  }
  const own = nonEmpty(record.sessionId)
  if (own === undefined || own === session) return undefined
  // Some tools give a subagent a session of its own, named for it.
  if (agentId !== null && own.includes(agentId)) return undefined
  return goesOn(record, before) ? undefined : own
}

// Copies stand before what a session says itself, and are older. What follows it, later, is said here, under whatever name.
function goesOn(record: Json, before: Memory): boolean {
  const { own } = before
  const time = own === null ? null : momentIn(record.timestamp)
  return own !== null && time !== null && time > own
}

// Said once for each session that lines come from.
export function forkPart(from: string): Part {
  const payload = newPayload()
  payload.parentSession = from
  return { kind: 'system.branch', payload }
}
