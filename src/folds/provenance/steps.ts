// What calls did to files and what their results showed of them, in order: the steps a file's history is replayed from. Pure.
// A call does what it does when its result comes; one that failed, was refused or never answered does nothing. What was copied into
// another session counts once. Only files matter here, whichever agent and tool it was.
import { type Event, inputOf, resolvePointer, textOf } from '../../event/event.ts'
import { isWorldId } from '../../event/ids.ts'
import { commandIn, contentIn, fieldsIn, patchIn, pathIn, replacementsIn, textIn } from '../input.ts'
import { commandDoings } from './commands.ts'
import { type Call, type Doing, patchDoings, type Step } from './doing.ts'
import { cellIn } from './notebook.ts'
import { readPatch, recordedHunks } from './patch.ts'
import { fullPath } from './path.ts'
import { NUMBERED_ONLY, readText } from './reading.ts'

interface Waiting {
  readonly call: Call
  readonly event: Event
  readonly cwd: string | null
}

const callKey = (event: Event, id: string | null): string | null =>
  id === null ? null : isWorldId(id) ? `${event.agent} ${id}` : `${event.session} ${event.agentId ?? ''} ${id}`

// As they happened: by time, and in one file as they stand there.
export const inOrder = (events: readonly Event[]): Event[] => events.toSorted(byTime)

const byTime = (a: Event, b: Event): number =>
  compare(a.time ?? '', b.time ?? '') || (a.origin.file === b.origin.file ? compare(a.sequence, b.sequence) : 0)
const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)

// `events` in the order they happened, of one session or of several; calls and results are enough, when `folders` says where each session
// began to work.
export function stepsOf(events: readonly Event[], folders: ReadonlyMap<string, string> = new Map()): Step[] {
  const originals = new Set<string>()
  for (const event of events) {
    const key = callKey(event, event.payload.tool?.call ?? null)
    if (key !== null && !event.payload.copied) originals.add(key)
  }
  const steps: Step[] = []
  const waiting = new Map<string, Waiting>()
  const done = new Set<string>()
  // Where the agent is is told when it changes, in each transcript by itself.
  const cwds = new Map<string, string>()
  for (const event of events) {
    const { payload, session } = event
    if (payload.cwd !== undefined) cwds.set(event.origin.file, payload.cwd)
    const cwd = cwds.get(event.origin.file) ?? folders.get(session) ?? null
    if (payload.noticed !== undefined && !payload.copied) steps.push(...noticed(event, payload.noticed, cwd))
    const key = callKey(event, payload.tool?.call ?? payload.result?.call ?? null)
    if (key === null || done.has(key) || (payload.copied && originals.has(key))) continue
    if (payload.tool !== undefined) {
      if (!waiting.has(key)) waiting.set(key, { call: callOf(event), event, cwd })
      continue
    }
    const asked = waiting.get(key)
    if (asked === undefined) continue
    done.add(key)
    waiting.delete(key)
    steps.push(...stepsOfResult(asked, event))
  }
  return steps
}

// Changed by a person, an editor, a formatter: by nobody who would say how.
function noticed(event: Event, file: string, cwd: string | null): Step[] {
  const path = fullPath(cwd, file)
  const read = readText(textOf(event), NUMBERED_ONLY)
  const doings: Doing[] = [{ is: 'touch', paths: [path], under: null, named: null }]
  if (read !== null) doings.push(glimpse(path, read.from, read.texts, null))
  return doings.map((doing) => ({ call: callOf(event), unsure: false, doing }))
}

const callOf = ({ id, session, agent, agentId, payload, time }: Event): Call => ({
  event: id,
  session,
  agent,
  agentId,
  model: payload.model ?? null,
  time,
})

function stepsOfResult({ call, event, cwd }: Waiting, answer: Event): Step[] {
  const result = answer.payload.result!
  const { kind } = event.payload.tool!
  if (result.refused || result.interrupted) return []
  if (result.failed && kind !== 'run') return []
  const step = (doing: Doing): Step => ({ call, unsure: result.failed || result.background === true, doing })
  if (kind === 'run') {
    const input = inputOf(event)
    const command = commandIn(input)
    if (command === null) return []
    const own = textIn(fieldsIn(input), 'workdir', 'cwd', 'dir_path', 'working_directory')
    return commandDoings(command, fullPath(cwd, own ?? '.')).map(step)
  }
  const shown = evidenceIn(event, answer, cwd)
  const did = kind === 'edit' || kind === 'write' || result.files !== undefined ? doingsOf(event, answer, cwd) : []
  return [...shown.before, ...did, ...shown.after].map(step)
}

function doingsOf(event: Event, answer: Event, cwd: string | null): Doing[] {
  const input = inputOf(event)
  const here = (path: string) => fullPath(cwd, path)
  const fields = fieldsIn(input)
  const files = answer.payload.result?.files
  const path = pathIn(fields) ?? (files?.length === 1 ? files[0]!.path : null)
  const edits = replacementsIn(fields)
  const text = patchIn(input)
  const patches = text === null || edits.length > 0 ? [] : readPatch(text)
  if (patches.length > 0) return patches.flatMap((patch) => patchDoings(patch, here))
  if (path !== null && typeof fields.notebook_path === 'string') {
    const cell = cellIn(fields)
    return cell === null ? [] : [{ is: 'cell', path: here(path), cell }]
  }
  if (path !== null && edits.length > 0) return [{ is: 'edit', path: here(path), edits }]
  const content = contentIn(fields)
  if (path !== null && content !== null) return [{ is: 'write', path: here(path), text: content }]
  // The input says nothing of what; the result says where.
  return (files ?? []).map((file): Doing => {
    if (file.change === 'deleted') return { is: 'remove', path: here(file.path) }
    if (file.change === 'renamed' && file.from !== undefined)
      return { is: 'move', from: here(file.from), to: here(file.path) }
    return { is: 'touch', paths: [here(file.path)], under: null, named: null }
  })
}

function evidenceIn(event: Event, answer: Event, cwd: string | null): { before: Doing[]; after: Doing[] } {
  const shows = answer.payload.result?.shows
  const before: Doing[] = []
  const after: Doing[] = []
  if (shows === undefined) return { before, after: shownInWords(event, answer, cwd) }
  const path = fullPath(cwd, shows.path)
  const at = (pointer: string | undefined) => (pointer === undefined ? undefined : resolvePointer(answer.raw, pointer))
  const [was, now, lines] = [at(shows.before), at(shows.after), at(shows.lines?.at)]
  if (typeof was === 'string') before.push({ is: 'show', path, when: 'before', text: was })
  const hunks = recordedHunks(at(shows.hunks))
  if (hunks.length > 0) after.push({ is: 'places', path, hunks })
  if (typeof now === 'string') after.push({ is: 'show', path, when: 'after', text: now })
  if (typeof lines === 'string' && shows.lines !== undefined) {
    const { from, total = null } = shows.lines
    after.push(glimpse(path, from, lines.split('\n'), total))
  }
  return { before, after }
}

// All of a file, or some of its lines.
function glimpse(path: string, from: number, texts: readonly string[], total: number | null): Doing {
  if (from === 1 && total !== null && texts.length >= total)
    return { is: 'show', path, when: 'after', text: texts.join('\n') }
  return { is: 'glimpse', path, from, texts, total }
}

// Where an agent records nothing beside its answer, the answer of a reading is the file.
function shownInWords(event: Event, answer: Event, cwd: string | null): Doing[] {
  const { kind } = event.payload.tool!
  if (kind !== 'read') return []
  const input = fieldsIn(inputOf(event))
  const path = pathIn(input)
  if (path === null) return []
  const read = readText(textOf(answer), input)
  return read === null ? [] : [glimpse(fullPath(cwd, path), read.from, read.texts, read.total)]
}
