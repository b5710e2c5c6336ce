// Files over REST: from the file to the prompt that made it, and from the prompt to its files.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { FileAnswer, FilesAnswer, TurnFilesAnswer } from '../wire/files.ts'
import { createApi } from './api.ts'
import { A, apiParts, SECRET_PROMPT } from './fixture.test.ts'

const PROMPT = '1'.padStart(32, '0')
const CALL = '2'.padStart(32, '0')
const NOTES = '/home/dev/app/notes/query.md'

async function answer<T>(path: string): Promise<T> {
  const found = await createApi(apiParts()).fetch(new Request(`http://x${path}`))
  return (await found.json()) as T
}

test('a file a command wrote leads to the call, the turn, the prompt and what that cost', async () => {
  const { paths, totals, turns } = await answer<FileAnswer>('/api/files/touches?path=notes/query.md')
  assert.deepEqual(paths, [NOTES])
  assert.deepEqual([totals.turns, totals.changes, totals.prompts, totals.usd], [1, 1, 1, '0.25'])
  const [turn] = turns
  assert.deepEqual([turn?.session, turn?.turn, turn?.change, turn?.usd], [A, PROMPT, 'created', '0.25'])
  assert.deepEqual(turn?.prompt, { turn: PROMPT, event: PROMPT, text: SECRET_PROMPT, by: 'person' })
  assert.deepEqual(
    turn?.touches.map(({ event, by }) => [event, by]),
    [[CALL, 'command']],
  )
})

test('a prompt leads to the files it made, with its tokens and its cost', async () => {
  const { files, made, tokens, usd } = await answer<TurnFilesAnswer>(`/api/turns/${PROMPT}/files`)
  assert.deepEqual([made.created, made.read, tokens?.output, usd], [1, 1, 2, '0.25'])
  assert.deepEqual(
    files.map(({ path, change, events }) => [path, change, events]),
    [
      [NOTES, 'created', [CALL]],
      ['/home/dev/app/src/query.ts', 'read', [CALL]],
    ],
  )
})

test('the list is narrowed by words, by folder and to what was changed', async () => {
  const paths = async (query: string) => (await answer<FilesAnswer>(`/api/files${query}`)).files.map(({ path }) => path)
  assert.deepEqual(await paths(''), [NOTES], 'what was only read is there when asked for')
  assert.equal((await paths('?read=1')).length, 2)
  assert.deepEqual(await paths('?words=QUERY%20notes'), [NOTES])
  assert.deepEqual(await paths('?under=/home/dev/app/no'), [], 'a folder is a whole name')
  assert.deepEqual(await paths('?under=/home/dev/app/notes/'), [NOTES])
})
