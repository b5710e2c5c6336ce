// A cell of a notebook is put in place, and all else stays as it was.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { cellIn, withCell } from './notebook.ts'

const NOTEBOOK = JSON.stringify(
  {
    cells: [
      { cell_type: 'markdown', id: 'm1', metadata: {}, source: '# Bread' },
      { cell_type: 'code', id: 'c1', metadata: {}, execution_count: 3, outputs: [1], source: 'x = 1' },
    ],
    nbformat: 4,
  },
  null,
  1,
)

const cases = [
  ['a cell by its id', { cell_id: 'c1', new_source: 'x = 2' }, ['# Bread', 'x = 2']],
  ['a cell by its number', { cell_number: 0, new_source: '# Cake' }, ['# Cake', 'x = 1']],
  ['a new cell behind another', { cell_id: 'm1', new_source: 'y', edit_mode: 'insert' }, ['# Bread', 'y', 'x = 1']],
  ['a new cell before all', { new_source: 'y', edit_mode: 'insert' }, ['y', '# Bread', 'x = 1']],
  ['a cell taken away', { cell_id: 'm1', edit_mode: 'delete' }, ['x = 1']],
] as const
for (const [what, input, sources] of cases)
  test(what, () => {
    const notebook = JSON.parse(withCell(NOTEBOOK, cellIn(input)!)!)
    assert.deepEqual(
      notebook.cells.map(({ source }: { source: string }) => source),
      sources,
    )
    assert.equal(notebook.nbformat, 4)
  })

test('code that was changed has not run', () => {
  const { cells } = JSON.parse(withCell(NOTEBOOK, cellIn({ cell_id: 'c1', new_source: 'x = 2' })!)!)
  assert.deepEqual([cells[1].execution_count, cells[1].outputs], [null, []])
})

test('what is no notebook, or has no such cell, is not changed', () => {
  const cell = cellIn({ cell_id: 'nobody', new_source: 'x' })!
  for (const text of ['', 'not JSON', '{}', '[]', NOTEBOOK]) assert.equal(withCell(text, cell), null)
  assert.equal(cellIn({ edit_mode: 'explode' }), null)
})
