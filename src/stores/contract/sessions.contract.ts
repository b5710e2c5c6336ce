// Promises about the list of sessions and about finding one by what a person has at hand.
import assert from 'node:assert/strict'
import { type Made, made, timeAt } from '../../testing/made-events.ts'
import type { SessionQuery } from '../store.ts'
import { keep, type Promised, type StoreFixture } from './fixture.contract.ts'

const prompt = (
  native: string,
  text: string,
  atMs: number | null,
  wanted: Partial<Parameters<typeof made>[1]> = {},
): Made => made(1, { native, text, time: atMs === null ? null : timeAt(atMs), ...wanted })

async function listed(store: StoreFixture, query: Partial<SessionQuery> = {}): Promise<string[]> {
  return (await store.reader.sessions({ limit: 100, ...query })).rows.map(({ native }) => native)
}

export function sessionsContract(promise: Promised): void {
  promise('sessions are listed from the latest end on, those without a time last', async (store) => {
    keep(store, [prompt('old', 'x', 1_000), prompt('lost', 'x', null), prompt('new', 'x', 9_000)])
    assert.deepEqual(await listed(store), ['new', 'old', 'lost'])
  })

  promise('pages of sessions that ended at the same moment leave none out and show none twice', async (store) => {
    const natives = Array.from({ length: 9 }, (_, i) => `n${i}`)
    keep(store, [
      ...natives.map((native) => prompt(native, 'x', 5_000)),
      prompt('never', 'x', null),
      prompt('ever', 'x', null),
    ])
    const seen: string[] = []
    for (let before: string | null | undefined; before !== null; ) {
      const page = await store.reader.sessions({ limit: 2, ...(before && { before }) })
      assert.equal(page.total, 11, 'all that match, on every page')
      assert.ok(page.rows.length > 0 && page.rows.length <= 2)
      seen.push(...page.rows.map(({ native }) => native))
      before = page.next
    }
    assert.deepEqual(seen, [...natives, 'ever', 'never'])
  })

  promise('agent and project filter by the whole word', async (store) => {
    keep(store, [
      prompt('a', 'x', 1_000),
      prompt('b', 'x', 2_000, { agent: 'other' }),
      prompt('c', 'x', 3_000, { project: 'home-dev' }),
    ])
    assert.deepEqual(await listed(store, { agent: 'invented' }), ['c', 'a'])
    assert.deepEqual(await listed(store, { project: 'home-dev' }), ['c'])
    assert.deepEqual(await listed(store, { agent: 'other', project: 'home-dev' }), [])
  })

  promise('words find titles, whatever their case; % and _ are only themselves', async (store) => {
    keep(store, [
      prompt('a', 'Raise 100% of the dough', 1_000),
      prompt('b', 'Raise 1000 of the loaves', 2_000),
      prompt('c', 'call knead_dough here', 3_000),
      prompt('d', 'call kneadXdough here', 4_000),
      prompt('e', 'ÄPFEL in a path C:\\ovens', 5_000),
    ])
    const cases: [string, string[]][] = [
      ['raise', ['b', 'a']],
      ['dough raise', ['a']],
      ['100%', ['a']],
      ['knead_dough', ['c']],
      ['äpfel', ['e']],
      ['C:\\ovens', ['e']],
      ["' OR 1=1 --", []],
      ['   ', ['e', 'd', 'c', 'b', 'a']],
    ]
    for (const [words, natives] of cases) {
      assert.deepEqual(await listed(store, { words }), natives, words)
      assert.equal((await store.reader.sessions({ limit: 1, words })).total, natives.length, `total of ${words}`)
    }
  })

  promise('a session is found by its full id, its native one, and a beginning that is unique', async (store) => {
    const natives = ['abcd-1111', 'abcd-2222', 'wxyz-3333']
    keep(
      store,
      natives.map((native, i) => prompt(native, 'x', i * 1_000)),
    )
    keep(store, [prompt('abcd-1111', 'x', 9_000, { agent: 'other' })], 10)
    const cases: [string, string[]][] = [
      ['invented:abcd-1111', ['invented:abcd-1111']],
      ['wxyz-3333', ['invented:wxyz-3333']],
      ['wxyz', ['invented:wxyz-3333']],
      ['invented:wx', ['invented:wxyz-3333']],
      ['abcd-2', ['invented:abcd-2222']],
      ['abcd-1111', ['invented:abcd-1111', 'other:abcd-1111']], // two agents have one of this name
      ['abcd', ['invented:abcd-1111', 'invented:abcd-2222', 'other:abcd-1111']],
      ['wxy', []], // too short to be meant
      ['%wxyz', []],
      ['nobody', []],
    ]
    for (const [typed, full] of cases)
      assert.deepEqual((await store.reader.resolveSession(typed)).toSorted(), full, typed)
  })

  promise('a native id that is the beginning of another means itself', async (store) => {
    keep(store, [prompt('note', 'x', 1_000), prompt('notebook', 'x', 2_000)])
    assert.deepEqual(await store.reader.resolveSession('note'), ['invented:note'])
  })

  promise('one session is given by its id, an unknown one is null', async (store) => {
    keep(store, [prompt('a', 'Bake the bread', 1_000)])
    assert.equal((await store.reader.session('invented:a'))?.title, 'Bake the bread')
    assert.equal(await store.reader.session('a'), null)
  })
}
