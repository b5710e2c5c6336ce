// One pi-shaped line in the common words. Never throws and drops nothing: entries it does not know (extensions and forks add their own)
// pass through under their own name.
import type { Payload } from '../../event/payload.ts'
import { projectOfPath } from '../../event/subject.ts'
import type { FileFacts, FileMemory, LineIn, LineMeaning, Part } from '../source.ts'
import { damagedPart, isJson, type Json, jsonIn, momentIn, nonEmpty, type Writable } from '../values.ts'
import type { Dialect } from './dialect.ts'
import { entryMeans, headerParts, parentOf } from './entries.ts'
import { harnessMeans } from './harness.ts'
import { identityOf, ownMoment } from './identity.ts'
import { keepMemory, type Memory, readMemory } from './memory.ts'
import type { Meant } from './messages.ts'
import { type Grown, grow, moved } from './tree.ts'

export function translateLine(dialect: Dialect, line: LineIn, file: FileFacts, remembered: FileMemory): LineMeaning {
  const before = readMemory(remembered)
  const record = isJson(line.value) ? line.value : null
  const isHeader = record !== null && (record.type === 'session' || record.kind === 'header')
  const here = isHeader ? afterHeader(before, record) : before
  const home = { session: here.session ?? dialect.sessionOf(file.path), project: here.project ?? 'unknown' }
  if (record === null) {
    const { time, agentId } = here
    return { parts: [damagedPart(line)], ...home, agentId, nativeId: null, time, memory: keepMemory(here) }
  }
  // The header's id is the session's, and its parent another session: it is no entry.
  const entryId = isHeader ? null : (nonEmpty(record.id) ?? null)
  const scene = { dialect, memory: here, entryId }
  const meant: Meant = isHeader
    ? { parts: headerParts(record, here.agentId, dialect) }
    : here.harness
      ? harnessMeans(record, scene)
      : entryMeans(record, scene)
  const grown = isHeader ? { leaf: null, branch: null } : grownBy(record, here, entryId, meant.parts)
  const parts = withBranch(meant.parts, grown.branch)
  envelope(parts, record, entryId, here)
  if (line.damage !== null) (parts[0]!.payload as Writable<Payload>).why = line.damage
  const { nativeId, identity, moment, twins } = identityOf(record, isHeader, here)
  const time = ownMoment(record) ?? here.time
  const lane = nonEmpty(record.lane) ?? here.lane
  const memory: Memory = { ...here, ...meant.learnt, time, lane, leaf: grown.leaf, moment, twins }
  return {
    parts,
    ...home,
    agentId: here.agentId,
    nativeId,
    ...(identity !== undefined && { identity }),
    time,
    memory: keepMemory(memory),
  }
}

function afterHeader(before: Memory, record: Json): Memory {
  const cwd = nonEmpty(record.cwd)
  const isFork = before.agentId === null && parentOf(record) !== undefined
  return {
    ...before,
    // A subagent's file belongs to the session whose folder it lies in, whatever it calls itself.
    session: before.agentId === null ? (nonEmpty(record.id) ?? before.session) : before.session,
    project: cwd === undefined ? before.project : projectOfPath(cwd),
    forkedAt: isFork ? ownMoment(record) : null,
    harness: record.kind === 'header',
  }
}

function grownBy(record: Json, { harness, lane, leaf }: Memory, id: string | null, parts: readonly Part[]): Grown {
  if (!harness) return grow(leaf, record, id, parts)
  if (record.kind === 'lane') return moved(leaf, null, nonEmpty(record.leafId))
  if (record.kind !== 'entry') return { leaf, branch: null }
  // Lanes grow side by side: going over to another is no going back.
  const isOther = lane !== null && record.lane !== lane
  return grow(isOther ? null : leaf, record, id, parts)
}

// The branch stands behind what the entry means, so that its other parts are the same whether or not it is one. An entry that is
// nothing but the move becomes it.
function withBranch(parts: readonly Part[], branch: Part | null): readonly Part[] {
  if (branch === null) return parts
  const only = parts.length === 1 ? parts[0]! : null
  const isMove =
    only?.kind === 'system.notice' && (only.payload.injected === 'leaf' || only.payload.injected === 'lane')
  return isMove ? [branch] : [...parts, branch]
}

function envelope(parts: readonly Part[], record: Json, nativeId: string | null, { forkedAt }: Memory): void {
  const isCopy = record.counted === false || (forkedAt !== null && isOlder(record, forkedAt))
  for (const part of parts) {
    const payload: Writable<Payload> = part.payload
    if (nativeId !== null) payload.nativeId = nativeId
    if (isCopy) payload.copied = true
  }
  const first: Writable<Payload> = parts[0]!.payload
  const parent = nativeId === null || first.nativeParent !== undefined ? undefined : nonEmpty(record.parentId)
  if (parent !== undefined) first.nativeParent = parent
}

// A fork begins with the entries it took from the session it left; all it says itself is younger than its header. The oldest versions
// gave copied entries a new time, but not the messages in them.
function isOlder(record: Json, forkedAt: string): boolean {
  const times = [ownMoment(record), momentIn(jsonIn(record.message).timestamp)]
  return times.some((time) => time !== null && time < forkedAt)
}
