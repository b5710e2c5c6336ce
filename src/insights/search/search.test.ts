// Search end to end over a real full text index: events of ours, their searchable text, the plan as a MATCH expression.
import assert from 'node:assert/strict'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { encodeEvent, parseEvent } from '../../event/event.ts'
import type { Payload } from '../../event/payload.ts'
import { type KnownKind, typeOf } from '../../event/types.ts'
import { searchableOf } from '../../folds/searchable.ts'
import { foldSession } from '../../folds/session.ts'
import { indexText } from '../../folds/words.ts'
import type { SearchPlan, SearchRow } from '../../stores/store.ts'
import { type SearchReader, searchEvents } from './search.ts'

const eventText = (n: number, kind: KnownKind, payload: Omit<Payload, 'v'>, raw: object): string =>
  new TextDecoder().decode(
    encodeEvent({
      id: String(n).padStart(32, '0'),
      source: 'openstory://here/invented',
      type: typeOf(kind),
      time: `2026-11-0${n}T10:00:00.000Z`,
      agent: 'invented',
      session: 'invented:s1',
      project: 'home-dev-app',
      host: 'here',
      user: 'dev',
      agentId: null,
      sequence: `0000000000000${n}.000`,
      origin: { file: '/t/s1.jsonl', inode: 1, offset: n, length: 1, line: n, sha256: '' },
      payload: { v: 1, ...payload },
      raw: { as: 'json', bytes: new TextEncoder().encode(JSON.stringify(raw)) },
    }),
  )

const long = `${'Nothing of note here. '.repeat(30)}The zebra is at the end.`
const texts = [
  eventText(1, 'message.user.prompt', { text: 'Fix the <b>parseQuery</b> function' }, {}),
  eventText(
    2,
    'message.assistant.text',
    { text: { at: '/text', chars: long.length, head: long.slice(0, 200) } },
    { text: long },
  ),
  eventText(
    3,
    'message.assistant.tool_use',
    { tool: { name: 'Edit', kind: 'edit', call: 'c1', input: { at: '/input' }, target: 'src/a.ts' } },
    { input: { file_path: 'src/a.ts', new_string: 'const giraffe = parseQuery()' } },
  ),
]

function readerOver(lines: readonly string[]): SearchReader & { readonly asked: string[] } {
  const db = new DatabaseSync(':memory:')
  db.exec(`CREATE VIRTUAL TABLE t USING fts5(words, parts, content='', contentless_delete=1, tokenize='unicode61')`)
  for (const [i, line] of lines.entries()) {
    const { words, parts } = indexText(searchableOf(parseEvent(line)), 100_000)
    db.prepare('INSERT INTO t(rowid, words, parts) VALUES (?, ?, ?)').run(i, words, parts)
  }
  const asked: string[] = []
  const matching = (plan: SearchPlan): number[] => {
    if (plan.all.length === 0) return lines.map((_, i) => i).reverse()
    const expression = plan.all.map((t) => `"${t.words.join(' ')}"${t.prefix ? '*' : ''}`).join(' AND ')
    return db
      .prepare('SELECT rowid FROM t WHERE t MATCH ? ORDER BY rowid DESC')
      .all(expression)
      .map((row) => Number(row.rowid))
  }
  return {
    asked,
    async search(plan, { limit, offset }): Promise<readonly SearchRow[]> {
      const isOther = plan.session.length > 0 && !plan.session.includes('invented:s1')
      return (isOther ? [] : matching(plan))
        .map((i) => ({ id: '', session: 'invented:s1', timeMs: 0, kind: '', score: 1, text: lines[i]! }))
        .slice(offset, offset + limit)
    },
    async session(id) {
      asked.push(id)
      return lines.map(parseEvent).reduce<ReturnType<typeof foldSession> | undefined>(foldSession, undefined) ?? null
    },
    resolveSession: async (id) => (id === 's1' || id === 'invented:s1' ? ['invented:s1'] : []),
  }
}
const page = { limit: 10, offset: 0, ranked: false }
const found = async (query: string) => (await searchEvents(readerOver(texts), query, page, 0)).hits

test('a hit says where it is and shows the words around it', async () => {
  const [hit, ...others] = await found('zebra')
  assert.equal(others.length, 0)
  const { snippet, ...rest } = hit!
  assert.deepEqual(rest, {
    event: '00000000000000000000000000000002',
    session: 'invented:s1',
    sessionTitle: 'Fix the <b>parseQuery</b> function',
    agent: 'invented',
    project: 'home-dev-app',
    time: '2026-11-02T10:00:00.000Z',
    kind: 'message.assistant.text',
    tool: null,
    score: 1,
  })
  assert.deepEqual(
    snippet.filter((part) => part.hit),
    [{ text: 'zebra', hit: true }],
  )
})

test('what a tool was given is found, and its name is told', async () => {
  const [hit] = await found('giraffe')
  assert.equal(hit?.tool, 'Edit')
  assert.ok(hit?.snippet.some((part) => part.hit && part.text === 'giraffe'))
})

test('pages follow each other, and the last one says so', async () => {
  const reader = readerOver(texts)
  const first = await searchEvents(reader, 'parse_query', { ...page, limit: 1 }, 0)
  const second = await searchEvents(reader, 'parse_query', { ...page, limit: 1, offset: first.next! }, 0)
  assert.equal(first.hits.length, 1)
  assert.deepEqual([first.hits[0]?.kind, first.next], ['message.assistant.tool_use', 1])
  assert.deepEqual([second.hits[0]?.kind, second.next], ['message.user.prompt', null])
})

test('a native session id is enough, and an unknown one finds nothing', async () => {
  assert.equal((await found('session:s1 zebra')).length, 1)
  assert.equal((await found('session:nobody zebra')).length, 0)
})

test('nothing typed finds nothing, and does not ask the store', async () => {
  const never = { ...readerOver([]), search: () => assert.fail('asked') }
  const answer = await searchEvents(never, ' "" -- ', page, 0)
  assert.deepEqual([answer.hits, answer.next, answer.understood], [[], null, 'nothing to look for'])
})

test('the title of a session is looked up once a page', async () => {
  const reader = readerOver(texts)
  await searchEvents(reader, 'agent:invented', page, 0)
  assert.deepEqual(reader.asked, ['invented:s1'])
})
