// A cell of a notebook, edited in the notebook's JSON as the tools do it: its source is put in place, all else stays.
import { type Fields, fieldsIn, textIn } from '../input.ts'

export interface Cell {
  readonly id: string | null
  readonly source: string
  readonly type: string | null
  readonly mode: 'replace' | 'insert' | 'delete'
}

export function cellIn(input: Fields): Cell | null {
  const mode = textIn(input, 'edit_mode', 'mode') ?? 'replace'
  if (mode !== 'replace' && mode !== 'insert' && mode !== 'delete') return null
  const number = input.cell_number
  const id = textIn(input, 'cell_id') ?? (typeof number === 'number' ? `cell-${number}` : null)
  return { id, source: textIn(input, 'new_source', 'source') ?? '', type: textIn(input, 'cell_type'), mode }
}

// Null: not the text of a notebook that has this cell.
export function withCell(text: string, cell: Cell): string | null {
  let notebook: Fields
  try {
    notebook = fieldsIn(JSON.parse(text))
  } catch (error) {
    if (error instanceof SyntaxError) return null
    throw error
  }
  if (!Array.isArray(notebook.cells)) return null
  const cells = notebook.cells.map(fieldsIn)
  const at = placeOf(cells, cell.id)
  if (cell.mode === 'insert') {
    const type = cell.type ?? 'code'
    const made = {
      cell_type: type,
      metadata: {},
      source: cell.source,
      ...(type === 'code' && { execution_count: null, outputs: [] }),
    }
    cells.splice(at + 1, 0, made)
  } else {
    const old = cells[at]
    if (old === undefined) return null
    const isCode = (cell.type ?? old.cell_type) === 'code'
    if (cell.mode === 'delete') cells.splice(at, 1)
    else
      cells[at] = {
        ...old,
        ...(cell.type !== null && { cell_type: cell.type }),
        source: cell.source,
        ...(isCode && { execution_count: null, outputs: [] }),
      }
  }
  return JSON.stringify({ ...notebook, cells }, null, 1)
}

// By its id, or `cell-3`: the fourth. -1: before the first.
function placeOf(cells: readonly Fields[], id: string | null): number {
  const at = cells.findIndex((cell) => id !== null && cell.id === id)
  if (at >= 0 || id === null) return at
  const number = /^cell-(\d+)$/.exec(id)?.[1]
  return number === undefined ? -1 : Number(number)
}
