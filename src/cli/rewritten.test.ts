// A file that is written whole once more: what of it is new is told where the record shows what it was, and elsewhere that nobody knows.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { writeLines } from '../testing/booked.ts'
import { runCli } from '../testing/cli.ts'
import type { FileAnswer, FilesAnswer, TurnFilesAnswer } from '../wire/files.ts'

const home = mkdtempSync(join(tmpdir(), 'openstory-rewritten-'))
const run = async (...args: string[]): Promise<string> => {
  const ran = await runCli([...args, '--data-dir', join(home, 'data')], { HOME: home })
  assert.equal(ran.code, 0, ran.stderr)
  return ran.stdout
}
const json = async <T>(...args: string[]): Promise<T> => JSON.parse(await run(...args, '--json')) as T

// One session after another of an agent whose results name no file and count no lines; one prompt, one call.
const START = Date.UTC(2026, 5, 6, 9)
type Turn = readonly [prompt: string, tool: string, path: string, content: string, result: string]
let lines = 0
function session(name: string, turns: readonly Turn[]): void {
  const stamp = () => ({ timestamp: new Date(START + ++lines * 60_000).toISOString() })
  let n = 0
  const entry = (message: object) => {
    const parentId = n === 0 ? null : `${name}-e${n}`
    return { type: 'message', id: `${name}-e${++n}`, parentId, ...stamp(), message }
  }
  writeLines(join(home, `.pi/agent/sessions/--home-dev-bakery--/2026-06-06T09-00-00-000Z_${name}.jsonl`), [
    { type: 'session', version: 3, id: name, ...stamp(), cwd: '/home/dev/bakery' },
    ...turns.flatMap(([prompt, tool, path, content, result], i) => [
      entry({ role: 'user', content: [{ type: 'text', text: prompt }] }),
      entry({
        ...{ role: 'assistant', model: 'm', stopReason: 'toolUse' },
        content: [{ type: 'toolCall', id: `${name}-c${i}`, name: tool, arguments: { path, content } }],
      }),
      entry({
        role: 'toolResult',
        toolCallId: `${name}-c${i}`,
        toolName: tool,
        content: [{ type: 'text', text: result }],
      }),
      entry({ role: 'assistant', model: 'm', stopReason: 'stop', content: [{ type: 'text', text: 'Done.' }] }),
    ]),
  ])
}

const wrote = 'Successfully wrote the file'
before(async () => {
  session('first', [
    ['make the menu', 'write', 'menu.md', 'Bread\nRolls\nCake\n', wrote],
    ['two changes to the menu', 'write', 'menu.md', 'Bread\nBuns\nCake\nPie\n', wrote],
    ['look at the rules', 'read', 'rules.md', '', 'Wash hands.\n\n[40 more lines in file. Use offset=2 to continue.]'],
    ['write the rules anew', 'write', 'rules.md', 'Wash hands.\nWear a cap.\n', wrote],
  ])
  session('second', [['the menu for summer', 'write', 'menu.md', 'Bread\nBuns\nIce\nPie\n', wrote]])
  await run('import')
})
after(() => rmSync(home, { recursive: true }))

async function made(name: string, prompt: string) {
  const turns = await json<{ turn: string; prompt: { text: string } | null }[]>('story', name)
  const { turn } = turns.find((each) => each.prompt?.text === prompt)!
  const { files } = await json<TurnFilesAnswer>('files', '--prompt', turn)
  return files.map(({ path, change, added, removed, uncounted }) => [
    ...[path.slice('/home/dev/bakery/'.length), change, added, removed, uncounted],
  ])
}

const cases: readonly (readonly [string, string, string, readonly unknown[]])[] = [
  ['nobody knew the file: all of it is new', 'first', 'make the menu', ['menu.md', 'created', 3, 0, 0]],
  ['in a later turn: what it changed', 'first', 'two changes to the menu', ['menu.md', 'modified', 2, 1, 0]],
  ['over what nobody saw whole: unknown', 'first', 'write the rules anew', ['rules.md', 'modified', 0, 0, 1]],
  ['in a later session: what it changed', 'second', 'the menu for summer', ['menu.md', 'modified', 1, 1, 0]],
]
for (const [what, name, prompt, expected] of cases)
  test(`a whole write, ${what}`, async () => assert.deepEqual(await made(name, prompt), [expected]))

test('a file’s history counts as its turns do, and the list says what it does not count', async () => {
  const { totals, turns } = await json<FileAnswer>('files', '--path', 'menu.md')
  assert.deepEqual([totals.added, totals.removed, totals.uncounted], [6, 2, 0])
  assert.deepEqual(
    turns.map(({ change, added, removed }) => [change, added, removed]),
    [
      ['modified', 1, 1],
      ['modified', 2, 1],
      ['created', 3, 0],
    ],
  )
  const { files } = await json<FilesAnswer>('files')
  assert.deepEqual(
    files.map(({ path, added, removed, uncounted }) => [
      path.slice('/home/dev/bakery/'.length),
      added,
      removed,
      uncounted,
    ]),
    [
      ['menu.md', 3, 0, 2],
      ['rules.md', 0, 0, 1],
    ],
  )
  const shown = await run('files')
  assert.match(shown, /≥ \+3 −0 .*menu\.md/)
  assert.match(shown, /lines unknown .*rules\.md/)
})
