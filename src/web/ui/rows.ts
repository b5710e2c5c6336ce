// Records become the rows a person reads: results stand under their call, quiet things hang on the row before them, days are headed.
// Pure and incremental: when records were only added at the end, only those are folded, and rows that did not change stay the same value.
import type { StoryRecord } from '../../folds/record.ts'
import { dayKey } from './words.ts'

export interface RecordRow {
  readonly kind: 'record'
  readonly key: string
  readonly record: StoryRecord
  readonly result: StoryRecord | null
  readonly notes: readonly StoryRecord[]
  readonly isTimed: boolean // the first of its minute: the margin says when
  readonly isNewVoice: boolean // another lane or another side speaks than in the row before
}
export interface DayRow {
  readonly kind: 'day'
  readonly key: string
  readonly time: string
}
export type Row = RecordRow | DayRow

export interface Rows {
  readonly list: readonly Row[]
  readonly records: readonly StoryRecord[]
  readonly calls: Map<string, number> // call → index of its row, or of its result's where that came first; carried from one value to its successor
}

export const KIND_FILTERS = ['prompts', 'answers', 'thinking', 'tools', 'errors', 'notes'] as const
export type KindFilter = (typeof KIND_FILTERS)[number]

// `isHelper`: the lane is a hidden helper's own, whose work is otherwise a note in the margin.
export function rowsOf(records: readonly StoryRecord[], before?: Rows, isHelper = false): Rows {
  const isLonger =
    before !== undefined &&
    before.records.length > 0 &&
    before.records.length <= records.length &&
    before.records[0] === records[0] &&
    before.records.at(-1) === records[before.records.length - 1]
  if (isLonger && before.records.length === records.length) return before
  const list = isLonger ? [...before.list] : []
  const calls = isLonger ? before.calls : new Map<string, number>()
  for (let i = isLonger ? before.records.length : 0; i < records.length; i++)
    addRecord(list, calls, records[i]!, isHelper)
  return { list, records, calls }
}

function addRecord(list: Row[], calls: Map<string, number>, record: StoryRecord, isHelper: boolean): void {
  if (record.kind === 'system.repeat') return // what it says stands here already
  if (record.hidden && !isHelper && hangNote(list, record)) return
  if (record.result?.call != null && joinResult(list, calls, record, record.result.call)) return
  if (record.tool?.call != null && joinCall(list, calls, record, record.tool.call)) return
  if (isQuiet(record) && hangNote(list, record)) return
  const last = list.findLast((row) => row.kind === 'record')
  const time = record.time
  const previous = last?.record.time ?? null
  if (time !== null && dayKey(time) !== dayKey(previous)) list.push({ kind: 'day', key: `day:${record.id}`, time })
  const isSameMinute = previous !== null && time !== null && previous.slice(0, 16) === time.slice(0, 16)
  const { tool, result } = record
  if (tool?.call) calls.set(tool.call, list.length)
  else if (result?.call && !calls.has(result.call)) calls.set(result.call, list.length)
  list.push({
    kind: 'record',
    key: record.id,
    record,
    result: null,
    notes: [],
    isTimed: !isSameMinute,
    isNewVoice: last === undefined || voiceOf(last.record) !== voiceOf(record),
  })
}

function joinResult(list: Row[], calls: Map<string, number>, result: StoryRecord, call: string): boolean {
  const at = calls.get(call)
  const row = at === undefined ? undefined : list[at]
  if (at === undefined || row?.kind !== 'record' || row.record.tool === undefined || row.result !== null) return false
  list[at] = { ...row, result }
  return true
}

// Some results are written before the call they belong to.
function joinCall(list: Row[], calls: Map<string, number>, record: StoryRecord, call: string): boolean {
  const at = calls.get(call)
  const row = at === undefined ? undefined : list[at]
  if (at === undefined || row?.kind !== 'record' || row.record.tool !== undefined) return false
  list[at] = { ...row, key: record.id, record, result: row.record }
  return true
}

function hangNote(list: Row[], note: StoryRecord): boolean {
  const at = list.length - 1
  const row = list[at]
  if (row?.kind !== 'record') return false
  list[at] = { ...row, notes: [...row.notes, note] }
  return true
}

// Marks are nobody's words.
const voiceOf = (record: StoryRecord): string =>
  filterOf(record) === 'notes'
    ? 'mark'
    : `${record.agentId ?? ''}|${record.kind.startsWith('message.user.') && record.kind !== 'message.user.tool_result' ? 'person' : 'agent'}`

// Shown small, where they happen, because they change how the rest is read.
const MARKS = new Set([
  'system.branch',
  'system.compact',
  'system.link',
  'system.model_change',
  'system.file_replaced',
  'system.session_end',
])
const ERRORS = new Set(['system.error', 'system.damaged_line'])

export function filterOf(record: StoryRecord): KindFilter {
  if (record.kind === 'message.user.prompt') return 'prompts'
  if (record.kind === 'message.assistant.text') return 'answers'
  if (record.kind === 'message.assistant.thinking') return 'thinking'
  if (record.tool !== undefined || record.result !== undefined) return 'tools'
  return ERRORS.has(record.kind) ? 'errors' : 'notes'
}
const isQuiet = (record: StoryRecord): boolean => {
  if (filterOf(record) === 'notes') return !MARKS.has(record.kind)
  // Thinking that was kept from the transcript has nothing to show.
  return record.text.trim() === '' && (filterOf(record) === 'thinking' || filterOf(record) === 'answers')
}

// The rows of some kinds only. A day without rows loses its heading; notes asked for become rows of their own.
export function shownRows(list: readonly Row[], only: readonly string[]): readonly Row[] {
  if (only.length === 0) return list
  const wanted = new Set(only)
  const shown: Row[] = []
  for (const row of list) {
    if (row.kind === 'day') {
      if (shown.at(-1)?.kind === 'day') shown.pop()
      shown.push(row)
      continue
    }
    if (wanted.has(filterOf(row.record)) || (wanted.has('errors') && row.result?.result?.failed))
      shown.push(row.notes.length === 0 ? row : withoutNotes(row))
    if (wanted.has('notes')) shown.push(...row.notes.map(noteRow))
  }
  if (shown.at(-1)?.kind === 'day') shown.pop()
  return shown
}
// A filter runs over everything at every frame; a row without its notes is made once, so that it is drawn once.
const bare = new WeakMap<RecordRow, RecordRow>()
function withoutNotes(row: RecordRow): RecordRow {
  const known = bare.get(row)
  if (known) return known
  const made = { ...row, notes: [] }
  bare.set(row, made)
  return made
}
const noteRows = new WeakMap<StoryRecord, RecordRow>()
function noteRow(record: StoryRecord): RecordRow {
  const known = noteRows.get(record)
  if (known) return known
  const made: RecordRow = {
    kind: 'record',
    key: record.id,
    record,
    result: null,
    notes: [],
    isTimed: true,
    isNewVoice: false,
  }
  noteRows.set(record, made)
  return made
}

// The row that shows an event: its own, its call's, or the one its note hangs on.
export const indexOfEvent = (list: readonly Row[], event: string): number =>
  list.findIndex(
    (row) =>
      row.kind === 'record' &&
      (row.key === event || row.result?.id === event || row.notes.some((note) => note.id === event)),
  )

const NOTE_WORDS: Readonly<Record<string, string>> = {
  'message.user.injected': 'injected text',
  'message.assistant.thinking': 'thinking, not kept',
  'message.assistant.text': 'empty answer',
  'system.session_start': 'session began',
  'system.session_end': 'session ended',
  'system.turn_complete': 'turn complete',
  'system.compact': 'context compacted',
  'system.hook': 'hook',
  'system.model_change': 'model changed',
  'system.mode_change': 'mode changed',
  'system.local_command': 'local command',
  'system.title': 'titled',
  'system.link': 'link',
  'system.notice': 'notice',
  'system.agent': 'subagent',
  'system.branch': 'went back to an earlier point',
  'system.usage': 'tokens counted',
  'file.output': 'output, kept',
  'system.file_replaced': 'transcript replaced',
  'system.error': 'error',
  'system.damaged_line': 'damaged line',
  'file.snapshot': 'file snapshot',
}
export const noteName = (kind: string): string =>
  NOTE_WORDS[kind] ?? kind.replace(/^other\./, '').replaceAll(/[._]/g, ' ')
