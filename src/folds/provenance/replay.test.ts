// Replaying edits gives the file and the author of every line: random work on random files against what is known to be true.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { textOfLines } from './content.ts'
import type { Call, Doing } from './doing.ts'
import { type Check, Replay } from './replay.ts'

const PATH = '/w/oven.ts'
const callOf = (n: number): Call => ({
  event: `e${n}`,
  session: 's',
  agent: 'a',
  agentId: null,
  model: 'm',
  time: null,
})

// The truth: each line with who made it, null for what was there before or a person wrote.
type Truth = readonly (readonly [text: string, by: string | null])[]

// Every line is new in the world, so there is one answer to whose it is. Words in it come back, for replacing them everywhere.
class World {
  lines: Truth
  readonly replay = new Replay((check) => this.checks.push(check))
  readonly checks: Check[] = []
  #made = 0
  #calls = 0

  constructor(length: number) {
    this.lines = Array.from({ length }, () => [this.fresh(), null] as const)
  }

  fresh(): string {
    const n = this.#made++
    return `${'  '.repeat(n % 3)}line ${n} is ${['warm', 'cold', 'hot'][n % 3]} here`
  }

  text = (lines = this.lines): string => lines.map(([text]) => text).join('\n')

  next = (): Call => callOf(this.#calls++)

  do(doing: Doing, call = this.next()): void {
    this.replay.apply({ call, unsure: false, doing })
  }

  assertTrue(): void {
    const { content } = this.replay.files.get(PATH)!
    assert.equal(textOfLines(content.lines!), this.text())
    assert.deepEqual(
      content.lines!.map(({ text, by, doubt, guess }) => [text, by?.event ?? null, doubt, guess]),
      this.lines.map(([text, by]) => [text, by, false, false]),
    )
  }
}

// Some lines from a place on become others: a few of them stay, as context does.
interface Change {
  readonly is: 'edit' | 'patch' | 'write' | 'word' | 'everywhere' | 'append' | 'person' | 'glimpse'
  readonly at: number
  readonly length: number
  readonly pattern: readonly boolean[] // true: the next old line stays; false: a new one comes
}

const change: fc.Arbitrary<Change> = fc.record({
  is: fc.constantFrom('edit', 'patch', 'write', 'word', 'everywhere', 'append', 'person', 'glimpse'),
  at: fc.nat(40),
  length: fc.nat(8),
  pattern: fc.array(fc.boolean(), { maxLength: 10 }),
})

function spliced(world: World, { at, length, pattern }: Change, by: string | null) {
  const start = Math.min(at, world.lines.length)
  const old = world.lines.slice(start, start + length)
  let next = 0
  const now = pattern.flatMap((stays) => {
    if (!stays) return [[world.fresh(), by] as const]
    const kept = old[next++]
    return kept === undefined ? [] : [kept]
  })
  return { start, old, now, lines: [...world.lines.slice(0, start), ...now, ...world.lines.slice(start + length)] }
}

function apply(world: World, wanted: Change): void {
  const call = world.next()
  const { start, old, now, lines } = spliced(world, wanted, wanted.is === 'person' ? null : call.event)
  switch (wanted.is) {
    case 'edit': {
      if (old.length === 0 || now.length === 0) return
      world.lines = lines
      return world.do(
        { is: 'edit', path: PATH, edits: [{ before: world.text(old), after: world.text(now), all: false }] },
        call,
      )
    }
    case 'patch': {
      if (old.length === 0) return
      world.lines = lines
      const hunk = {
        at: start + 1,
        to: null,
        after: null,
        before: old.map(([text]) => text),
        now: now.map(([text]) => text),
      }
      return world.do({ is: 'patch', path: PATH, hunks: [hunk] }, call)
    }
    case 'write':
      if (lines.length === 0) return
      world.lines = lines
      return world.do({ is: 'write', path: PATH, text: world.text() }, call)
    case 'word': {
      const line = world.lines[wanted.at]
      if (line === undefined) return
      const text = line[0].replace(/ is /, ` is${call.event} `)
      if (text === line[0]) return
      const before = line[0].slice(line[0].indexOf('line'), line[0].indexOf(' is ') + 4)
      const after = before.replace(/ is $/, ` is${call.event} `)
      world.lines = world.lines.with(wanted.at, [text, call.event])
      return world.do({ is: 'edit', path: PATH, edits: [{ before, after, all: false }] }, call)
    }
    case 'everywhere': {
      if (!world.lines.some(([text]) => text.includes('cold'))) return
      world.lines = world.lines.map(([text, by]) =>
        text.includes('cold') ? [text.replaceAll('cold', `cool${call.event}`), call.event] : [text, by],
      )
      const edit = { before: 'cold', after: `cool${call.event}`, all: true }
      return world.do({ is: 'edit', path: PATH, edits: [edit] }, call)
    }
    case 'append': {
      const more = now.filter(([, by]) => by === call.event)
      if (more.length === 0) return
      world.do({ is: 'append', path: PATH, text: `\n${world.text(more)}` }, call)
      world.lines = [...world.lines, ...more]
      return
    }
    case 'person': {
      if (lines.length === 0) return
      world.lines = lines
      return world.do({ is: 'show', path: PATH, when: 'after', text: world.text() }, call)
    }
    case 'glimpse': {
      if (old.length === 0) return
      const doing = {
        is: 'glimpse',
        path: PATH,
        from: start + 1,
        texts: old.map(([text]) => text),
        total: null,
      } as const
      return world.do(doing, call)
    }
  }
}

test('whatever is done to a file, the replay has its text and the author of each line', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 30 }), fc.array(change, { maxLength: 25 }), (length, changes) => {
      const world = new World(length)
      world.do({ is: 'show', path: PATH, when: 'before', text: world.text() })
      for (const each of changes) {
        apply(world, each)
        world.assertTrue()
      }
      // Nothing but a person's work may come as a surprise.
      const surprises = world.checks.filter(({ hit }) => !hit).length
      assert.ok(surprises <= changes.filter(({ is }) => is === 'person').length)
    }),
    { numRuns: 300 },
  )
})

// Lines that repeat have no one author; the text is the text all the same, and nobody has a line that he never wrote.
test('with lines that repeat the text is right, and an author has written such a line', () => {
  const line = fc.constantFrom('a', 'b', '}', '', '  return', 'a')
  const lines = fc.array(line, { minLength: 1, maxLength: 12 })
  fc.assert(
    fc.property(lines, fc.array(lines, { minLength: 1, maxLength: 12 }), (first, versions) => {
      const replay = new Replay()
      const wrote = new Map<string, ReadonlySet<string>>()
      replay.apply({
        call: callOf(0),
        unsure: false,
        doing: { is: 'show', path: PATH, when: 'before', text: first.join('\n') },
      })
      for (const [i, version] of versions.entries()) {
        const call = callOf(i + 1)
        wrote.set(call.event, new Set(version))
        replay.apply({ call, unsure: false, doing: { is: 'write', path: PATH, text: version.join('\n') } })
        const { lines: now } = replay.files.get(PATH)!.content
        assert.equal(textOfLines(now!), version.join('\n'))
        for (const { text, by } of now!) assert.ok(by === null || wrote.get(by.event)!.has(text))
      }
    }),
  )
})

test('a file whose content nobody saw is known in pieces, until somebody sees it', () => {
  const world = new World(12)
  const edited = world.next()
  const before = world.lines.slice(4, 6)
  const now = [world.lines[4]!, [world.fresh(), edited.event] as const, world.lines[5]!]
  world.do(
    { is: 'edit', path: PATH, edits: [{ before: world.text(before), after: world.text(now), all: false }] },
    edited,
  )
  assert.equal(world.replay.files.get(PATH)!.content.lines, null)
  world.lines = [...world.lines.slice(0, 4), ...now, ...world.lines.slice(6)]
  world.do({ is: 'show', path: PATH, when: 'after', text: world.text() })
  assert.deepEqual(
    world.replay.files.get(PATH)!.content.lines!.map(({ by, guess }) => [by?.event ?? null, guess]),
    world.lines.map(([, by]) => [by, by !== null]),
    'the line is found by its words, and said to be',
  )
})

test('a folder that moves takes its files along, with their lines', () => {
  const replay = new Replay()
  const [one, two] = [callOf(1), callOf(2)]
  replay.apply({ call: one, unsure: false, doing: { is: 'write', path: '/w/old/a.ts', text: 'a\n' } })
  replay.apply({ call: two, unsure: false, doing: { is: 'move', from: '/w/old', to: '/w/new' } })
  assert.equal(replay.files.get('/w/new/a.ts')!.content.lines![0]!.by, one)
  assert.equal(replay.files.get('/w/old/a.ts')!.gone, true)
})

test('what a formatter may have changed is in doubt, until it is seen again', () => {
  const replay = new Replay()
  const doubts = () => replay.files.get(PATH)!.content.lines!.map(({ doubt }) => doubt)
  replay.apply({ call: callOf(1), unsure: false, doing: { is: 'write', path: PATH, text: 'a\nb' } })
  replay.apply({ call: callOf(2), unsure: false, doing: { is: 'touch', paths: [], under: '/w', named: null } })
  assert.deepEqual(doubts(), [true, true])
  replay.apply({ call: callOf(3), unsure: false, doing: { is: 'show', path: PATH, when: 'after', text: 'a\nB' } })
  assert.deepEqual(doubts(), [false, false])
  assert.deepEqual(
    replay.files.get(PATH)!.content.lines!.map(({ by }) => by?.event ?? null),
    ['e1', null],
    'the line that came from nowhere is nobody’s',
  )
})

test('a tool that put in something else than it was asked to is believed, not the call', () => {
  const replay = new Replay()
  const call = callOf(1)
  replay.apply({
    call: callOf(0),
    unsure: false,
    doing: { is: 'show', path: PATH, when: 'before', text: 'one\n\tcost\ntwo' },
  })
  replay.apply({
    call,
    unsure: false,
    doing: { is: 'edit', path: PATH, edits: [{ before: 'cost', after: '$$5', all: false }] },
  })
  const hunks = [{ at: 1, to: 1, after: null, before: ['one', '  cost', 'two'], now: ['one', '  $5', 'two'] }]
  replay.apply({ call, unsure: false, doing: { is: 'places', path: PATH, hunks } })
  const { lines } = replay.files.get(PATH)!.content
  assert.equal(textOfLines(lines!), 'one\n\t$5\ntwo', 'the tab was only shown as blanks')
  assert.equal(lines![1]!.by, call)
})
