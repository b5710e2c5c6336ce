// How far the database has been read: the last row, and marks of some rows before it, to see whether they are still what they were.
import { markOf } from '../pi-shape/memory.ts'
import type { FileMemory, RecordIn } from '../source.ts'

const MARKS_MAX = 64

export type Cursor = {
  readonly row: number // rowid of the last row read; 0 before the first
  readonly marks: string // `<rowid>:<mark>` of rows read, ascending; the older, the sparser
}

export const cursorIn = (memory: FileMemory): Cursor => ({
  row: typeof memory.row === 'number' && memory.row > 0 ? memory.row : 0,
  marks: typeof memory.marks === 'string' ? memory.marks : '',
})

// The cursor, or as far back as rows have to be read again because those it stood on are no longer there.
export function cursorFrom(cursor: Cursor, at: (row: number) => RecordIn | null): Cursor {
  const marks = marksIn(cursor)
  while (marks.length > 0) {
    const mark = marks.at(-1)!
    const row = Number(mark.slice(0, mark.indexOf(':')))
    const record = Number.isSafeInteger(row) && row > 0 ? at(row) : null
    if (record !== null && markOfRow(row, record) === mark) return { row, marks: marks.join(' ') }
    marks.pop()
  }
  return { row: 0, marks: '' }
}

export function cursorBehind(cursor: Cursor, row: number, record: RecordIn): Cursor {
  const marks = [...marksIn(cursor), markOfRow(row, record)]
  const half = MARKS_MAX / 2
  const kept = marks.length <= MARKS_MAX ? marks : marks.filter((_, i) => i % 2 === 0 || i >= half)
  return { row, marks: kept.join(' ') }
}

const marksIn = ({ marks }: Cursor): string[] => (marks === '' ? [] : marks.split(' '))

const markOfRow = (row: number, { key, text }: RecordIn): string => `${row}:${markOf(key + text)}`
