// What agents will delete of their own sessions and when, and whether it is safe here. A session's age is that of its file: agents look at
// when it last changed, and so is it counted here. Safe is what was read to its last whole line.
import { closeSync, existsSync, readFileSync, readSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Machine, Retention, Source } from '../sources/source.ts'
import { SOURCES } from '../sources/sources.ts'
import type { StoreReader } from '../stores/store.ts'
import { type FilePlace, readOffsets } from '../watcher/offsets.ts'
import { openToRead } from '../watcher/tail.ts'
import { namesBelow } from './init.ts'

export interface RetentionFacts extends Retention {
  readonly agent: string
  readonly label: string
  readonly due: number // sessions it deletes the next time it looks
  readonly soon: number // in the next seven days, those that are due not among them
  readonly next: string | null // when the first of those that are not due goes
  readonly soonBy: string | null // when the last of `soon` is gone
  readonly later: number
  readonly gone: number // deleted already, and here
  readonly unread: number // of those due and soon: not here, or not whole
  readonly safe: number // of those that are still there
}

const DAY_MS = 86_400_000
const SOON_MS = 7 * DAY_MS
const PAGE = 500

// `reader`: null where there is no store yet. Folders an agent does not use are not told of.
export async function retentionFacts(
  machine: Machine,
  offsets: string,
  reader: Pick<StoreReader, 'sessions'> | null,
  nowMs: number,
): Promise<RetentionFacts[]> {
  const places = readOffsets(offsets)
  const facts: RetentionFacts[] = []
  const telling = SOURCES.filter(({ retention }) => retention !== undefined)
  for (const [agent, sources] of Map.groupBy(telling, ({ agent }) => agent)) {
    const { label, retention } = sources[0]!
    for (const rule of retention!(machine, readText)) {
      const isOwn = ownedBy(sources, rule.root)
      const left = sessionsLeft(rule.root, isOwn, (file) => places.get(agent, file))
      const gone = reader === null ? 0 : await goneOf(reader, agent, rule.root, isOwn)
      if (left.length + gone > 0) facts.push({ agent, label, ...rule, ...whenOf(left, rule, nowMs), gone })
    }
  }
  return facts
}

// What is there and closed to this user is no JSON either: the source says that it cannot be understood.
function readText(path: string): string | null {
  let fd: number | null = null
  try {
    fd = openToRead(path)
    return readFileSync(fd, 'utf8')
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? null : ''
  } finally {
    if (fd !== null) closeSync(fd)
  }
}

type IsOwn = (path: string) => boolean

// Files that are a session's own: when they go, it goes. Those of its subagents go with it.
const ownedBy =
  (sources: readonly Source[], root: string): IsOwn =>
  (path) =>
    sources.some((source) => source.owner({ root, path })?.agentId === null)

interface Left {
  readonly changedMs: number
  readonly isSafe: boolean
}

function sessionsLeft(root: string, isOwn: IsOwn, placeOf: (file: string) => FilePlace | undefined): readonly Left[] {
  const sessions = new Map<string, Left>()
  for (const name of namesIn(root)) {
    if (!isOwn(name)) continue
    const file = join(root, name)
    const stat = statSync(file, { throwIfNoEntry: false })
    if (stat === undefined || stat.size === 0) continue
    const place = placeOf(file)
    const session = place?.lane?.session ?? file
    const before = sessions.get(session)
    sessions.set(session, {
      changedMs: Math.max(before?.changedMs ?? 0, stat.mtimeMs),
      isSafe: (before?.isSafe ?? true) && place !== undefined && isRead(file, place.offset, stat.size),
    })
  }
  return [...sessions.values()]
}

// A folder that is closed to this user is told of where agents' folders are.
function namesIn(root: string): string[] {
  try {
    return namesBelow(root, '', Number.POSITIVE_INFINITY)
  } catch {
    return []
  }
}

// What was begun and never finished, at the end of a file, is no line: nothing will come of it.
function isRead(file: string, offset: number, size: number): boolean {
  if (offset >= size) return true
  const fd = openToRead(file)
  try {
    const rest = Buffer.alloc(Math.min(size - offset, 1024 * 1024))
    return !rest.subarray(0, readSync(fd, rest, 0, rest.length, offset)).includes(10)
  } finally {
    closeSync(fd)
  }
}

function whenOf(left: readonly Left[], { days }: Retention, nowMs: number) {
  const going = left
    .map(({ changedMs, isSafe }) => ({ atMs: changedMs + (days ?? Number.NaN) * DAY_MS, isSafe }))
    .sort((a, b) => a.atMs - b.atMs)
  const due = going.filter(({ atMs }) => atMs <= nowMs)
  const soon = going.filter(({ atMs }) => atMs > nowMs && atMs <= nowMs + SOON_MS)
  const timeOf = (atMs: number | undefined) => (atMs === undefined ? null : new Date(atMs).toISOString())
  return {
    due: due.length,
    soon: soon.length,
    later: left.length - due.length - soon.length,
    next: timeOf(going.find(({ atMs }) => atMs > nowMs)?.atMs),
    soonBy: timeOf(soon.at(-1)?.atMs),
    unread: [...due, ...soon].filter(({ isSafe }) => !isSafe).length,
    safe: left.filter(({ isSafe }) => isSafe).length,
  }
}

// Sessions of the record that the agent had in this folder, and of whose files none is left.
async function goneOf(
  reader: Pick<StoreReader, 'sessions'>,
  agent: string,
  root: string,
  isOwn: IsOwn,
): Promise<number> {
  let gone = 0
  for (let before: string | null | undefined; before !== null; ) {
    const page = await reader.sessions({ agent, limit: PAGE, ...(before !== undefined && { before }) })
    for (const { files } of page.rows) {
      const own = files.filter((file) => file.startsWith(`${root}/`) && isOwn(file.slice(root.length + 1)))
      if (own.length > 0 && !own.some((file) => existsSync(file))) gone++
    }
    before = page.next
  }
  return gone
}

// One sentence about it.
export function retentionSays({ days, says, ...facts }: RetentionFacts): string {
  if (days === null) return `when it deletes sessions cannot be known: ${says}`
  const rule = `deletes a session ${many(days, 'day')} after its file last changed (${says})`
  return `${rule}: ${whatGoes(facts)}${safety(facts)}`
}

type Numbers = Omit<RetentionFacts, 'days' | 'says'>

function whatGoes({ due, soon, soonBy, next, gone }: Numbers): string {
  const parts: string[] = []
  if (due > 0) parts.push(`${many(due, 'session')} ${due === 1 ? 'goes' : 'go'} the next time it starts`)
  if (soon > 0) parts.push(`${due > 0 ? `${soon} more` : many(soon, 'session')} by ${dayOf(soonBy!)}`)
  if (due + soon === 0)
    parts.push(next === null ? 'none is left there' : `none in the next 7 days, the first on ${dayOf(next)}`)
  if (gone > 0) parts.push(`${gone} ${gone === 1 ? 'is' : 'are'} gone from there already`)
  return parts.join(', ')
}

function safety({ due, soon, later, gone, unread, safe }: Numbers): string {
  const going = due + soon
  if (unread > 0) return `; ${unread === going ? '' : 'of these '}${unread} ${unread === 1 ? 'is' : 'are'} not here yet`
  const here = gone + (safe === going + later ? safe : going)
  if (here === 0) return ''
  return here === 1 ? '; it is safe here' : `; all ${here} are safe here`
}

const many = (n: number, what: string): string => `${Number(n.toFixed(2))} ${what}${n === 1 ? '' : 's'}`
const dayOf = (time: string): string => time.slice(0, 10)
