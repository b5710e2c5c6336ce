// The lines of a file over HTTP: whose each is, and what is said of a file nobody knows.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createApi } from './api.ts'
import { A, apiParts, OVEN, SECRET_PROMPT } from './fixture.test.ts'

const ask = async (query: string) => {
  const answer = await createApi(apiParts()).fetch(new Request(`http://x/api/blame?${query}`))
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> }
}

test('a line of a file is told with its prompt and its call', async () => {
  const { body } = await ask(`path=${encodeURIComponent(OVEN)}&line=1`)
  assert.equal(body.source, 'replay')
  const [line] = body.lines as Record<string, unknown>[]
  const { text, prompt, session, model, confidence, event } = line!
  assert.deepEqual(
    [text, prompt, session, model, confidence, event],
    ['warm()', SECRET_PROMPT, A, 'm1', 'exact', '7'.padStart(32, '0')],
  )
})

const failures = [
  ['path=/home/dev/app/nobody.ts', 404, 'no session is known that showed all of "/home/dev/app/nobody.ts"'],
  ['', 400, 'the parameter path names a file, as /home/me/work/src/oven.ts'],
  ['path=/a&line=0', 400, 'the parameter line is a whole number from 1 to 10000000, not "0"'],
] as const
for (const [query, status, error] of failures)
  test(`${status} for ${query || 'no path'}`, async () =>
    assert.deepEqual(await ask(query), { status, body: { error } }))
