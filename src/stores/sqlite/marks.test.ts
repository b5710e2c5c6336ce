// What came back from a call that was made before the process began is still that call's.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Made, made, madeTool } from '../../testing/made-events.ts'
import { openEventLog } from '../log/log.ts'
import { ANY_EVENT } from '../store.ts'
import { openReadOnly } from './database.ts'
import { openEventIndex } from './events.ts'
import { openSessionFolds, openTurnFolds } from './folds.ts'
import { SqliteReader, storePaths } from './reader.ts'
import { openSearchIndex } from './search.ts'

test('a result is of its call’s tool, though the server was started anew between the two', (t) => {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-marks-'))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  const paths = storePaths(join(dir, 'store'))
  const log = openEventLog(join(dir, 'log'))
  openSessionFolds(paths.sessions).close()
  openTurnFolds(paths.turns).close()
  const oneStart = (event: Made) => {
    const index = openEventIndex(paths.events)
    index.insert(
      [{ event: event.event, place: log.append(event.event.session, [event.data])[0]!, seq: 1, publishedMs: 1 }],
      1,
    )
    index.close()
    const reading = openReadOnly(paths.events)
    const search = openSearchIndex(paths.search, reading, log)
    search.follow(100)
    search.close()
    reading.close()
  }
  oneStart(madeTool(1, { name: 'Bash', kind: 'run', target: 'bake' }))
  oneStart(madeTool(2, { name: 'Read', kind: 'read', target: '/home/dev/rye.md' }))
  const answers = { kind: 'message.user.tool_result', text: 'done' } as const
  oneStart(made(3, { ...answers, payload: { result: { call: 'c2', failed: false } } }))
  oneStart(made(4, { ...answers, payload: { result: { call: 'c1', failed: true } } }))
  oneStart(made(5, { ...answers, payload: { result: { call: 'nobody’s', failed: false } } }))
  const reader = new SqliteReader(paths, log)
  t.after(() => reader.close())
  const { by, failed } = reader.facets({ ...ANY_EVENT, kind: ['message.user.tool_result'] }, 0)
  assert.deepEqual(
    by.tool.map(({ value, count }) => [value, count]),
    [
      ['Bash', 1],
      ['Read', 1],
    ],
  )
  assert.deepEqual(
    by.file.map(({ value }) => value),
    ['/home/dev/rye.md'],
  )
  assert.equal(failed, 1)
})
