// A replay’s time: nothing is lost, nothing comes twice, nothing changes its order, and a place on the line is the same however one came to it.
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { MomentTurn } from '../../../folds/moments.ts'
import type { MomentsAnswer } from '../../../wire/moments.ts'
import type { TimelineAnswer, TimelineSpent, TimelineTodo } from '../../../wire/timeline.ts'
import { BEAT_MS, beatBefore, clockOf, GAP_MS, playAt, shownAt } from './clock.ts'
import { courseOf, densityOf, drawnOf, indexOfEvent, laidOut, type Mark, stepped, turnAt, turned } from './course.ts'
import { agentsAt, filesAt, spentBetween, todosAt } from './moment.ts'
import { advanced, faster, playerAt, SPEEDS, scrubbed, stoodAt, toggled } from './player.ts'

// Steps between records, from none to days; sometimes back in time, as clocks of machines go.
const anyTimes = fc
  .array(fc.oneof(fc.constant(0), fc.integer({ min: -2_000, max: 60_000 }), fc.integer({ min: 0, max: 9e8 })), {
    minLength: 1,
    maxLength: 120,
  })
  .map((steps) => {
    let at = 1_760_000_000_000
    return steps.map((step) => {
      at += step
      return at
    })
  })
const anySpeed = fc.constantFrom(...SPEEDS)

describe('the clock', () => {
  test('a gap that nobody would wait through is a beat, and is told; a short one plays as it was', () => {
    const times = [0, 4_000, 4_000 + GAP_MS, 4_000 + 3 * GAP_MS + 1]
    assert.deepEqual([...clockOf(times).at], [0, 4_000, 4_000 + GAP_MS, 4_000 + GAP_MS + BEAT_MS])
    assert.deepEqual(
      times.map((_, i) => beatBefore(times, i)),
      [null, null, null, 2 * GAP_MS + 1],
    )
  })

  test('play time never falls, and never runs ahead of what really passed', () => {
    fc.assert(
      fc.property(anyTimes, (times) => {
        const { at, totalMs } = clockOf(times)
        for (let i = 1; i < at.length; i++) {
          const played = at[i]! - at[i - 1]!
          assert.ok(played >= 0 && played <= Math.max(0, times[i]! - times[i - 1]!) && played <= GAP_MS)
        }
        assert.equal(totalMs, at.at(-1))
      }),
    )
  })

  test('every record is there when its time has come, and not before', () => {
    fc.assert(
      fc.property(anyTimes, fc.nat(), (times, n) => {
        const clock = clockOf(times)
        const i = n % times.length
        assert.ok(shownAt(clock, playAt(clock, i + 1)) >= i + 1)
        assert.ok(shownAt(clock, clock.at[i]! - 0.001) <= i)
      }),
    )
  })
})

describe('the player', () => {
  const played = (times: readonly number[], speed: (typeof SPEEDS)[number], frames: readonly number[]) => {
    const clock = clockOf(times)
    let player = toggled(playerAt(clock, 1, speed), clock)
    const seen = [player.shown]
    for (const ms of frames) {
      player = advanced(player, clock, ms)
      seen.push(player.shown)
    }
    return { clock, player, seen }
  }

  test('records come in their order, each once, and all of them have come at the end', () => {
    fc.assert(
      fc.property(anyTimes, anySpeed, fc.array(fc.nat({ max: 40_000 }), { maxLength: 60 }), (times, speed, frames) => {
        const { clock, player, seen } = played(times, speed, frames)
        for (let i = 1; i < seen.length; i++) assert.ok(seen[i]! >= seen[i - 1]!, 'nothing is taken back')
        const end = advanced({ ...player, isPlaying: true }, clock, clock.totalMs + 1)
        assert.deepEqual([end.shown, end.isPlaying], [times.length, false])
      }),
    )
  })

  test('to scrub to a place and play on is the same as to have played there', () => {
    fc.assert(
      fc.property(anyTimes, anySpeed, fc.nat({ max: 100_000 }), fc.nat({ max: 100_000 }), (times, speed, a, b) => {
        const clock = clockOf(times)
        const start = toggled(playerAt(clock, 1, speed), clock)
        const through = advanced(start, clock, a + b)
        const there = scrubbed({ ...start, isPlaying: true }, clock, a * speed)
        const then = advanced(there, clock, b)
        assert.equal(then.shown, through.shown)
        assert.ok(Math.abs(then.playMs - through.playMs) < 0.001)
      }),
    )
  })

  test('frames of any length come to the same place as one long one', () => {
    fc.assert(
      fc.property(
        anyTimes,
        anySpeed,
        fc.array(fc.nat({ max: 5_000 }), { minLength: 1, maxLength: 40 }),
        (times, speed, frames) => {
          const many = played(times, speed, frames)
          const one = played(times, speed, [frames.reduce((sum, ms) => sum + ms, 0)])
          assert.equal(many.player.shown, one.player.shown)
        },
      ),
    )
  })

  test('it waits for records that are on their way, and loses none of them', () => {
    const clock = clockOf([0, 1_000, 2_000, 3_000])
    const start = toggled(playerAt(clock, 1, 1), clock)
    const held = advanced(start, clock, 2_500, 2)
    assert.deepEqual([held.shown, held.playMs, held.isPlaying], [2, 1_000, true])
    assert.equal(advanced(held, clock, 1_000).shown, 3)
  })

  test('play at the end begins again; a step holds still; speeds go up and down within what there is', () => {
    const clock = clockOf([0, 1_000, 2_000])
    const end = playerAt(clock, 3, 5)
    assert.deepEqual([toggled(end, clock).shown, toggled(end, clock).isPlaying], [1, true])
    assert.equal(stoodAt(toggled(end, clock), clock, 2).isPlaying, false)
    assert.deepEqual([faster(end, 1), faster(end, -1), faster({ ...end, speed: 100 }, 1)], [20, 2, 100])
    assert.equal(playerAt(clockOf([]), 5, 1).shown, 0)
  })
})

const id = (ms: number, n = 0): string => ms.toString(16).padStart(12, '0') + String(n).padStart(20, '0')
const START = 1_760_000_000_000
const PER_MS = 2_048
const answerOf = (letters: string, ms: readonly number[]): TimelineAnswer => {
  const cursors = ms.map((each, i) => (START + each) * PER_MS + i)
  return {
    session: 's',
    count: letters.length,
    first: cursors[0] ?? null,
    steps: cursors.slice(1).map((at, i) => at - cursors[i]!),
    per_ms: PER_MS,
    letters,
    spent: [],
    todos: [],
  }
}
const turn = (startMs: number): MomentTurn => ({
  id: id(START + startMs),
  event: id(START + startMs),
  first: id(START + startMs),
  prompt: `asked at ${startMs}`,
})

describe('the course', () => {
  const told = {
    turns: [turn(0), turn(20_000)],
    marks: [
      { kind: 'error', event: id(START + 3_000), text: 'npm test' },
      { kind: 'commit', event: id(START + 22_000), text: 'Keep time' },
    ] as const,
  }
  //                      0     1      2      3      4       5       6       7
  const laid = laidOut(answerOf('npcrnpeC', [0, 0, 1_000, 3_000, 3_500, 20_000, 21_000, 22_000]))
  const course = courseOf(laid, told)

  test('turns begin at their prompts, and marks stand where things happened', () => {
    assert.deepEqual(
      course.turns.map(({ index }) => index),
      [1, 5],
    )
    assert.deepEqual(
      course.marks.map(({ index, kind, text }) => [index, kind, text]),
      [
        [1, 'prompt', 'asked at 0'],
        [3, 'error', 'npm test'],
        [5, 'prompt', 'asked at 20000'],
        [6, 'error', 'An error'],
        [7, 'commit', 'Keep time'],
      ],
    )
  })

  test('of too many marks prompts are left out of the drawing first, and none of the list', () => {
    const some = (kind: Mark['kind'], n: number, from: number) =>
      Array.from({ length: n }, (_, i): Mark => ({ index: from + i * 10, kind, text: kind }))
    const marks = [...some('prompt', 500, 0), ...some('error', 40, 1), ...some('commit', 3, 2)]
    const drawn = drawnOf(marks, 100)
    const count = (kind: Mark['kind']) => drawn.filter((mark) => mark.kind === kind).length
    assert.deepEqual([count('error'), count('commit')], [40, 3])
    assert.ok(count('prompt') > 40 && drawn.length <= 100)
    assert.ok(drawnOf(some('error', 1_000, 0), 100).length <= 100)
    assert.equal(drawnOf(marks, 543), marks)
    const letters = 'e'.repeat(2_000)
    const all = courseOf(
      laidOut(
        answerOf(
          letters,
          Array.from(letters, (_, i) => i * 1_000),
        ),
      ),
      null,
    )
    assert.equal(all.marks.length, 2_000, 'what is counted is all of them')
  })

  test('a step goes to the next thing that was said or done; notes come along', () => {
    const walk = [1]
    while (walk.at(-1)! < course.letters.length) walk.push(stepped(course, walk.at(-1)!, 1))
    assert.deepEqual(walk, [1, 2, 3, 4, 6, 7, 8])
    assert.equal(stepped(course, 6, -1), 4)
    assert.equal(stepped(course, 2, -1), 1)
  })

  test('a step by turn goes to where the next one begins, and back to where this one did', () => {
    assert.deepEqual([turned(course, 1, 1), turned(course, 2, 1), turned(course, 7, 1)], [2, 6, 8])
    assert.deepEqual([turned(course, 8, -1), turned(course, 6, -1), turned(course, 2, -1)], [6, 2, 1])
    assert.deepEqual([turnAt(course, 1), turnAt(course, 2), turnAt(course, 6)], [-1, 0, 1])
  })

  test('a session of which no turn is told is still walked by its prompts', () => {
    const bare = courseOf(laidOut(answerOf('npap', [0, 0, 0, 0])), null)
    assert.deepEqual(
      bare.turns.map(({ index }) => index),
      [1, 3],
    )
  })

  test('an event is found by the time its id begins with; one of another session is not', () => {
    assert.equal(indexOfEvent(course, id(START + 3_000)), 3)
    assert.equal(indexOfEvent(course, id(START), 'p'), 1)
    assert.equal(indexOfEvent(course, id(START + 1)), null)
    assert.equal(indexOfEvent(course, id(0)), null)
  })

  test('the density counts every record once, subagents’ apart', () => {
    fc.assert(
      fc.property(anyTimes, fc.integer({ min: 1, max: 50 }), (times, spans) => {
        const letters = times.map((_, i) => (i % 3 === 0 ? 'C' : 'a')).join('')
        const { all, subagents } = densityOf({ clock: clockOf(times), letters }, spans)
        const sum = (some: readonly number[]) => some.reduce((n, each) => n + each, 0)
        assert.deepEqual([sum(all), sum(subagents)], [times.length, Math.ceil(times.length / 3)])
      }),
    )
  })
})

describe('the moment', () => {
  const touched = {
    paths: ['a.ts', 'b.ts', 'c.ts'],
    touches: [
      [START + 1_000, 0, 'created'],
      [START + 2_000, 1, 'modified'],
      [START + 4_000, 0, 'modified'],
      [START + 20_500, 2, 'read'],
      [START + 20_600, 1, 'read'],
      [START + 21_000, 0, 'modified'],
    ],
    cut: true,
  } satisfies Pick<MomentsAnswer, 'paths' | 'touches' | 'cut'>
  const filesThen = (ms: number) => filesAt(touched, START + ms)
  const paths = (ms: number) => filesThen(ms).changed.map(({ path, change }) => `${change} ${path}`)

  test('files are those touched by then, the latest first; what was made stays made', () => {
    assert.deepEqual(paths(500), [])
    assert.deepEqual(paths(2_000), ['modified b.ts', 'created a.ts'])
    assert.deepEqual(paths(21_000), ['created a.ts', 'modified b.ts'])
    assert.equal(filesThen(21_000).read, 1, 'what was changed is not only read')
    assert.deepEqual([filesThen(5_000).isCut, filesThen(21_000).isCut], [false, true])
  })

  const request = (ms: number | null, nano: number | null = 100_000_000): TimelineSpent => [ms, 10, 5, 101, nano, 0]

  test('what was spent is a sum up to the moment, exact, and says when it may have been more', () => {
    const spent = [request(0), request(1_000), request(2_000, null), request(null)]
    assert.deepEqual(spentBetween(spent, null, 1_000).usd, '0.3', 'what has no time is there from the beginning')
    assert.deepEqual(spentBetween(spent, 1_000, 2_000), {
      requests: 2,
      input: 20,
      output: 10,
      cached: 202,
      usd: '0.1',
      isLowerBound: true,
    })
    assert.equal(spentBetween(spent, 2_000, 2_000).usd, null, 'a price nobody knows is not $0')
    assert.equal(spentBetween(spent, 5_000, 6_000).usd, '0')
  })

  test('what was spent before and after a moment is what was spent in all', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 1_000 }), { maxLength: 40 }), fc.nat({ max: 1_000 }), (times, cut) => {
        const spent = times.map((ms) => request(ms))
        const output = (from: number | null, to: number) => spentBetween(spent, from, to).output
        assert.equal(output(null, cut) + output(cut + 1, 1_000), output(null, 1_000))
      }),
    )
  })

  const call = (cursor: number, input: unknown, name = `c${cursor}`): TimelineTodo => ({
    cursor,
    agent_id: null,
    call: name,
    input,
  })
  test('to-dos stand as the last list said; a subagent’s are its own', () => {
    const todos = [
      call(1, { todos: [{ content: 'Knead', status: 'pending' }] }),
      { ...call(2, { todos: [{ content: 'Other', status: 'pending' }] }), agent_id: 'x' },
      call(3, {
        todos: [
          { content: 'Knead', status: 'completed' },
          { content: 'Bake', status: 'in_progress' },
        ],
      }),
    ]
    assert.deepEqual(todosAt(todos, 0), [])
    assert.deepEqual(todosAt(todos, 2), [{ text: 'Knead', state: 'open' }])
    assert.deepEqual(todosAt(todos, 3), [
      { text: 'Knead', state: 'done' },
      { text: 'Bake', state: 'doing' },
    ])
  })

  test('to-dos that are added one by one are changed by the number they were given', () => {
    const todos: TimelineTodo[] = [
      call(1, { subject: 'Knead', description: 'well' }),
      { cursor: 2, agent_id: null, call: 'c1', said: 'Task #1 created successfully: Knead' },
      call(3, { subject: 'Bake' }),
      { cursor: 4, agent_id: null, call: 'c3', said: 'Task #2 created successfully: Bake' },
      call(5, { taskId: '1', status: 'in_progress' }),
      call(6, { taskId: '1', status: 'completed' }),
      call(7, { taskId: '2', status: 'deleted' }),
    ]
    assert.deepEqual(
      [3, 5, 6, 7].map((cursor) => todosAt(todos, cursor).map(({ text, state }) => `${text} ${state}`)),
      [['Knead open', 'Bake open'], ['Knead doing', 'Bake open'], ['Knead done', 'Bake open'], ['Knead done']],
    )
  })

  test('subagents at work are those between their first event and their last', () => {
    const agent = (from: number, to: number, hidden = false) =>
      ({
        id: `${from}`,
        events: 2,
        hidden,
        started: new Date(from).toISOString(),
        ended: new Date(to).toISOString(),
      }) as never
    assert.deepEqual(
      agentsAt([agent(0, 10), agent(5, 6), agent(0, 10, true)], 7).map((each) => each.id),
      ['0'],
    )
  })
})
