// A session's timeline: what the pages of its records have, without the records.
import assert from 'node:assert/strict'
import { made, madeTurn, timeAt } from '../../testing/made-events.ts'
import { ids, idsOf, keep, type Promised, rowsOf } from './fixture.contract.ts'

const S1 = 'invented:s1'

export function timelineContract(promise: Promised): void {
  promise('a timeline has the cursor and the kind of every event, in the order of the pages', async (store) => {
    const events = [...madeTurn(0), ...madeTurn(1, { agentId: 'helper' }), made(40)]
    keep(store, events.toReversed()) // whatever order they came in
    const { cursors, texts } = await store.reader.records(S1, { limit: 99 })
    const timeline = await store.reader.timeline(S1, 99)
    assert.deepEqual(timeline?.cursors, cursors)
    assert.deepEqual(
      timeline?.kinds,
      texts.map((text) => (JSON.parse(text).type as string).replace('live.openstory.', '')),
    )
    assert.equal(timeline?.isSubagent.filter(Boolean).length, madeTurn(1).length)
    assert.equal(timeline?.count, events.length)
  })

  promise('a timeline longer than asked for is cut at its end, and says how long it is', async (store) => {
    keep(
      store,
      Array.from({ length: 9 }, (_, i) => made(i)),
    )
    const { cursors } = await store.reader.records(S1, { limit: 99 })
    const timeline = await store.reader.timeline(S1, 4)
    assert.deepEqual([timeline?.cursors, timeline?.count], [cursors.slice(0, 4), 9])
    assert.equal(await store.reader.timeline('invented:nobody', 4), null)
  })

  promise(
    'calls that keep a list of to-dos, and what came back from them, are found among all others',
    async (store) => {
      const todo = made(1, {
        kind: 'message.assistant.tool_use',
        payload: { tool: { name: 'Plan', kind: 'todo', call: 'c7', input: { value: { todos: [] } } } },
      })
      const other = made(2, {
        kind: 'message.assistant.tool_use',
        text: 'says "kind":"todo" itself',
        payload: { tool: { name: 'Run', kind: 'run', call: 'c8', input: { value: {} } } },
      })
      const answers = ['c7', 'c8'].map((call, i) =>
        made(3 + i, { kind: 'message.user.tool_result', payload: { result: { call, failed: false } } }),
      )
      keep(store, [made(0), todo, other, ...answers])
      const timeline = await store.reader.timeline(S1, 99)
      assert.deepEqual(idsOf(timeline!.todos.map(({ text }) => text)), ids([todo, answers[0]!]))
      assert.deepEqual(
        timeline!.todos.map(({ cursor }) => cursor),
        [timeline!.cursors[1], timeline!.cursors[3]],
      )
    },
  )

  promise('what was spent is told by the time it was spent, each request once', async (store) => {
    const usage = { input: 1, output: 2, cacheRead: 3, cacheWrite5m: 4, cacheWrite1h: 5, costUsd: '0.25' }
    const asked = (n: number, request: string) =>
      made(n, { kind: 'message.assistant.text', payload: { usage, request, model: 'm1' } })
    keep(store, [made(0), asked(1, 'r1'), asked(2, 'r1'), asked(3, 'r2')])
    const timeline = await store.reader.timeline(S1, 99)
    assert.deepEqual(
      timeline?.spent.map(([, ...rest]) => rest),
      [
        [1, 2, 12, 250_000_000, 0],
        [1, 2, 12, 250_000_000, 0],
      ],
    )
    assert.equal(timeline!.spent[1]![0], Date.parse(timeAt(3_000)))
    const course = await store.reader.timeline(S1, 99, 'course')
    assert.deepEqual(course, { ...timeline, spent: [], todos: [] }, 'the course alone leaves it out')
  })

  promise('to-dos that full text has not come to yet are there as well, and none of them twice', async (store) => {
    const todo = (n: number) =>
      made(n, {
        kind: 'message.assistant.tool_use',
        payload: { tool: { name: 'Plan', kind: 'todo', call: `c${n}`, input: { value: { todos: [] } } } },
      })
    const [early, late] = [todo(1), todo(7)]
    keep(store, [made(0), early])
    store.index.insert(rowsOf(store, [late, made(8)], 9), 10)
    const timeline = await store.reader.timeline(S1, 99)
    assert.deepEqual(idsOf(timeline!.todos.map(({ text }) => text)), ids([early, late]))
  })

  promise(
    'the moments of a session say what was asked, spent and to do, as its turns and timeline do',
    async (store) => {
      keep(store, [...madeTurn(0), ...madeTurn(1), ...madeTurn(2, { agentId: 'helper' })])
      const moments = await store.reader.moments(S1)
      const turns = await store.reader.turns(S1)
      const timeline = await store.reader.timeline(S1, 99)
      const own = turns.filter(({ agentId }) => agentId === null)
      assert.deepEqual(
        moments?.turns.map(({ id, event, prompt }) => [id, event, prompt]),
        own.map(({ id, prompt }) => [id, prompt?.event, prompt?.text]),
      )
      assert.deepEqual(
        (await store.reader.outline(S1)).map(({ id, outcome, prompt }) => [id, outcome, prompt?.text]),
        turns.map(({ id, outcome, prompt }) => [id, outcome, prompt?.text]),
      )
      assert.deepEqual([moments?.spent, moments?.todos], [timeline?.spent, timeline?.todos])
      assert.equal(await store.reader.moments('invented:nobody'), null)
    },
  )

  promise('each call that touched a file is among the moments, in the order of time', async (store) => {
    const call = (n: number, name: string, kind: 'read' | 'write', path: string) => [
      made(n, {
        kind: 'message.assistant.tool_use',
        payload: {
          tool: { name, kind, call: `c${n}`, input: { value: { file_path: path } }, target: path },
          cwd: '/w',
        },
      }),
      made(n + 1, {
        kind: 'message.user.tool_result',
        payload: {
          result: {
            call: `c${n}`,
            failed: false,
            ...(kind === 'write' && { files: [{ path, change: 'created' as const }] }),
          },
        },
      }),
    ]
    keep(store, [made(0), ...call(1, 'Read', 'read', '/w/a.ts'), ...call(3, 'Write', 'write', '/w/b.ts')])
    const moments = await store.reader.moments(S1)
    assert.deepEqual(
      moments?.touches.map(([ms, path, change]) => [ms, moments.paths[path], change]),
      [
        [Date.parse(timeAt(1_000)), '/w/a.ts', 'read'],
        [Date.parse(timeAt(3_000)), '/w/b.ts', 'created'],
      ],
    )
    assert.equal(moments?.isCut, false)
  })
}
