// Promises about turns, about one event's way, about the numbers of the store, and about the rows that the folding consumers keep.
import assert from 'node:assert/strict'
import { foldTurns } from '../../consumers/patterns/patterns.ts'
import { foldSession, type SessionRow } from '../../folds/session.ts'
import { delivered, made, madeDay, madeTurn } from '../../testing/made-events.ts'
import { keep, type Promised, rowsOf } from './fixture.contract.ts'

const S1 = 'invented:s1'

export function queryContract(promise: Promised): void {
  promise('turns are told in the order they began, each with what was done in it', async ({ turns, reader }) => {
    foldTurns(turns, delivered([...madeTurn(2), ...madeTurn(1, { agentId: 'helper' }), ...madeTurn(3)]))
    const told = await reader.turns(S1)
    assert.deepEqual(
      told.map(({ agentId, prompt, tools, outcome }) => [agentId, prompt?.text, tools, outcome]),
      [
        ['helper', 'please bake the bread number 1', { edit: 1 }, 'answered'],
        [null, 'please bake the bread number 2', { edit: 1 }, 'answered'],
        [null, 'please bake the bread number 3', { edit: 1 }, 'answered'],
      ],
    )
    assert.deepEqual(await reader.turns('invented:nobody'), [])
  })

  promise('turns of all sessions are found by their time, project, verb and file, newest first', async (store) => {
    const { turns, reader } = store
    const cellar = { native: 's2', project: 'home-dev-cellar' }
    const bread = madeTurn(1).map((one) => one)
    foldTurns(turns, delivered([...bread, ...madeTurn(3, cellar), ...madeTurn(5)]))
    const found = async (query: object) =>
      (await reader.sentences({ limit: 10, ...query })).turns.map(({ prompt }) => prompt?.text.at(-1))
    assert.deepEqual(await found({}), ['5', '3', '1'])
    assert.deepEqual(await found({ project: 'home-dev-cellar' }), ['3'])
    assert.deepEqual(await found({ since: '2026-03-14T09:00:15Z' }), ['5', '3'])
    assert.deepEqual(await found({ until: '2026-03-14T09:00:15Z' }), ['1'])
    assert.deepEqual(await found({ oldest: true, limit: 2 }), ['1', '3'])
    assert.deepEqual(await found({ file: 'OVEN-1.ts' }), ['1'])
    assert.deepEqual(await found({ verb: 'edited' }), ['5', '1'])
    assert.deepEqual(await found({ verb: 'baked' }), [])
    const first = await reader.sentences({ limit: 2 })
    const second = await reader.sentences({ limit: 2, before: first.next! })
    assert.deepEqual(
      [...first.turns, ...second.turns].map(({ prompt }) => prompt?.text.at(-1)),
      ['5', '3', '1'],
    )
    assert.equal(second.next, null)
  })

  promise('a turn that a resumed session repeats is told where it was first, and nowhere else', async (store) => {
    const asked = (n: number, native: string, text: string) =>
      made(n, { native, text, payload: { nativeId: `prompt-${text}-0000000000000000` } })
    const resumed = [
      asked(11, 's2', 'bake'),
      made(12, { native: 's2', kind: 'message.assistant.text' }),
      asked(13, 's2', 'eat'),
    ]
    const first = [asked(1, 's1', 'bake'), made(2, { kind: 'message.assistant.text' })]
    keep(store, resumed)
    assert.deepEqual(
      (await store.reader.turns('invented:s2')).map(({ prompt }) => prompt?.text),
      ['bake', 'eat'],
    )
    keep(store, first, 10)
    const told = async (session: string) => (await store.reader.turns(session)).map(({ prompt }) => prompt?.text)
    assert.deepEqual([await told(S1), await told('invented:s2')], [['bake'], ['eat']])
    const { turns } = await store.reader.sentences({ limit: 9 })
    assert.deepEqual(turns.map(({ prompt }) => prompt?.text).sort(), ['bake', 'eat'])
  })

  promise(
    'turns of a session that is kept in several forms are told by the best one, whichever comes last',
    async (store) => {
      const asked = (n: number, form?: 1 | 2) => made(n, { payload: form === undefined ? {} : { form } })
      const told = async () => {
        const { turns } = await store.reader.sentences({ limit: 9 })
        const own = await store.reader.turns(S1)
        assert.deepEqual(turns.map(({ id }) => id).sort(), own.map(({ id }) => id).sort())
        return own.map(({ prompt }) => prompt?.text)
      }
      keep(store, [asked(1, 2), asked(2, 2), asked(3, 2)])
      assert.equal((await told()).length, 3)
      keep(store, [asked(11), asked(12)], 10)
      assert.deepEqual(await told(), ['bread number 11', 'bread number 12'])
      keep(store, [asked(21, 1)], 20)
      assert.deepEqual(await told(), ['bread number 11', 'bread number 12'])
      assert.equal((await store.reader.session(S1))?.turns, 2)
    },
  )

  promise(
    'the way of an event is told: its place in the log and on the stream, and whether it can be searched for',
    async (store) => {
      const [first, second] = [made(1), made(2)]
      const before = Date.now()
      const rows = rowsOf(store, [first, second], 41)
      store.index.insert(rows.slice(0, 1), 41)
      store.index.insert(rows.slice(1), 42)
      store.search.follow(1)
      const trace = await store.reader.trace(second.id)
      assert.deepEqual(
        { ...trace, indexedMs: 0 },
        { text: second.text, place: rows[1]!.place, seq: 42, publishedMs: 1_001, indexedMs: 0, searchable: false },
      )
      assert.ok(trace!.indexedMs >= before && trace!.indexedMs <= Date.now())
      assert.equal((await store.reader.trace(first.id))?.searchable, true)
      store.search.follow(1)
      assert.equal((await store.reader.trace(second.id))?.searchable, true)
      assert.equal(await store.reader.trace(made(3).id), null)
      assert.equal(await store.reader.trace('x'), null)
    },
  )

  promise('the numbers of the store are those of what is in it', async (store) => {
    const day = madeDay(2)
    keep(store, day)
    const { storeBytes, logBytes, lastIndexedMs, schemas, setAside, ...facts } = await store.reader.facts()
    assert.deepEqual(facts, { events: day.length, sessions: 2, turns: 6, searchLag: 0, otherKinds: 1, damaged: 1 })
    assert.ok(lastIndexedMs > Date.now() - 600_000 && Object.values(schemas).every((version) => version > 0))
    assert.deepEqual(setAside, [])
    assert.equal(
      logBytes,
      day.reduce((sum, { data }) => sum + data.length + 1, 0),
    )
    assert.ok(storeBytes > 0)
  })

  promise('a fold sees each event as new once, and what it throws undoes everything', async ({ sessions }) => {
    const events = [made(1), made(2), made(1)]
    const seen: boolean[][] = []
    const count = (isNew: (i: number) => boolean): SessionRow[] => {
      seen.push(events.map((_, i) => isNew(i)))
      return [foldSession(undefined, events[0]!.event)]
    }
    const ids = events.map(({ id }) => id)
    assert.throws(
      () =>
        sessions.fold(ids, (isNew) => {
          count(isNew)
          throw new Error('stumbled')
        }),
      /stumbled/,
    )
    assert.equal(sessions.get(S1), undefined)
    sessions.fold(ids, count)
    sessions.fold(ids, count)
    assert.deepEqual(seen, [
      [true, true, false],
      [true, true, false],
      [false, false, false],
    ])
    assert.equal(sessions.get(S1)?.events, 1)
  })

  promise('a row is unannounced until it is said to be announced, and again when it changes', async ({ sessions }) => {
    const row = foldSession(undefined, made(1).event)
    sessions.fold([made(1).id], () => [row])
    assert.deepEqual(sessions.unannounced(), [row])
    sessions.announced([row.id])
    assert.deepEqual(sessions.unannounced(), [])
    const next = foldSession(row, made(2).event)
    sessions.fold([made(2).id], () => [next])
    assert.deepEqual(sessions.unannounced(), [next])
  })

  promise('the open turn of a lane is remembered, and that of another lane is not disturbed', async ({ turns }) => {
    const lane = (agentId: string) => `${S1}\u0000${agentId}`
    foldTurns(turns, delivered([...madeTurn(1), ...madeTurn(2, { agentId: 'helper' })]))
    assert.equal(turns.openTurn(lane(''))?.prompt?.text, 'please bake the bread number 1')
    assert.equal(turns.openTurn(lane('helper'))?.prompt?.text, 'please bake the bread number 2')
    assert.equal(turns.openTurn(lane('nobody')), undefined)
    turns.announced(turns.unannounced().map(({ id }) => id))
    assert.deepEqual(turns.unannounced(), [])
    foldTurns(turns, delivered(madeTurn(3), 20))
    assert.equal(turns.openTurn(lane(''))?.prompt?.text, 'please bake the bread number 3')
    assert.equal(turns.unannounced().length, 1, 'the turn before had ended by itself and did not change')
  })
}
