// A session as a file: what is in it, what it is called, and that it is sent as it is made.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApi } from './api.ts'
import { disposition } from './export.ts'
import { apiParts } from './fixture.test.ts'

const ask = (format: string, change = {}) =>
  createApi(apiParts(change)).fetch(new Request(`http://x/api/sessions/aaaa-1/export?format=${format}`))

const formats = [
  ['markdown', 'text/markdown', '.md', /^# /],
  ['html', 'text/html', '.html', /^<!doctype html>/],
  ['cloudevents', 'application/jsonl', '.cloudevents.jsonl', /^\{"specversion":"1.0"/],
  ['native', 'application/jsonl', '.jsonl', /^\{/],
] as const
for (const [format, type, ending, begin] of formats)
  test(`a session is downloaded as ${format}`, async () => {
    const answer = await ask(format)
    assert.equal(answer.status, 200)
    assert.equal(answer.headers.get('content-type'), `${type}; charset=utf-8`)
    const said = answer.headers.get('content-disposition') ?? ''
    assert.match(said, /^attachment; filename="[ -~]+"; filename\*=UTF-8''/)
    assert.ok(said.endsWith(ending), said)
    assert.equal(answer.headers.get('x-content-type-options'), 'nosniff')
    assert.match(await answer.text(), begin)
  })

test('a long session is sent as it is made, and no further than it is read', async () => {
  let made = 0
  let isOver = false
  const lines = async function* () {
    try {
      for (;;) yield Buffer.from(`{"line":${++made}}`)
    } finally {
      isOver = true
    }
  }
  const answer = await ask('cloudevents', { lines })
  const reader = answer.body!.getReader()
  await reader.read()
  assert.ok(made < 10, `${made} lines were made for one that was read`)
  await reader.cancel()
  assert.ok(isOver, 'whoever makes them is told to stop')
})

test('a file is called what its session is, in any script, and nothing in its name is syntax', () => {
  assert.equal(
    disposition('2026-11-25 Größe "1".md'),
    `attachment; filename="2026-11-25 Gr__e _1_.md"; filename*=UTF-8''2026-11-25%20Gr%C3%B6%C3%9Fe%20%221%22.md`,
  )
  assert.equal(disposition("it's.md"), `attachment; filename="it's.md"; filename*=UTF-8''it%27s.md`)
})
