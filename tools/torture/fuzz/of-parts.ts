// What people type and what stands behind the bus: the search grammar over a real store, commands of a shell, sentences, every consumer.
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import fc from 'fast-check'
import { look } from '../../../src/app/formats.ts'
import type { Delivered, Message } from '../../../src/bus/bus.ts'
import { foldTurns } from '../../../src/consumers/patterns/patterns.ts'
import { persistConsumer } from '../../../src/consumers/persist/persist.ts'
import { foldSessions } from '../../../src/consumers/projections/projections.ts'
import { tell } from '../../../src/folds/sentence/sentence.ts'
import { readCommand } from '../../../src/folds/shell/read.ts'
import { turnsOf } from '../../../src/folds/turn/lanes.ts'
import { parseQuery } from '../../../src/insights/search/grammar.ts'
import { searchEvents } from '../../../src/insights/search/search.ts'
import type { LineSource } from '../../../src/sources/source.ts'
import { SOURCES } from '../../../src/sources/sources.ts'
import { openEventLog } from '../../../src/stores/log/log.ts'
import { openReadOnly } from '../../../src/stores/sqlite/database.ts'
import { openEventIndex } from '../../../src/stores/sqlite/events.ts'
import { openSessionFolds, openTurnFolds } from '../../../src/stores/sqlite/folds.ts'
import { SqliteReader, storePaths } from '../../../src/stores/sqlite/reader.ts'
import { openSearchIndex } from '../../../src/stores/sqlite/search.ts'
import { anyText } from '../../../src/testing/any-text.ts'
import { Tale } from '../../../src/testing/made-story.ts'
import { TELLING } from '../../../src/testing/telling.ts'
import { areEvents, eventsOfFile, isSentence } from './events.ts'
import { type Property, property } from './property.ts'
import { wildFile } from './wild.ts'

// Every store there is, in a folder that goes when the process does.
class World {
  readonly #dir = mkdtempSync(join(tmpdir(), 'openstory-fuzz-'))
  readonly #paths = storePaths(join(this.#dir, 'store'))
  readonly log = openEventLog(join(this.#dir, 'log'))
  readonly #index = openEventIndex(this.#paths.events)
  readonly #sessions = openSessionFolds(this.#paths.sessions)
  readonly #turns = openTurnFolds(this.#paths.turns)
  readonly #events = openReadOnly(this.#paths.events)
  readonly #search = openSearchIndex(this.#paths.search, this.#events, this.log, look)
  readonly #persist = persistConsumer({ log: this.log, index: this.#index, onInserted: () => undefined })
  readonly reader = new SqliteReader(this.#paths, this.log)
  #seq = 0

  constructor() {
    process.on('exit', () => rmSync(this.#dir, { recursive: true, force: true }))
  }

  take(messages: readonly Message[]): void {
    if (messages.length === 0) return
    const delivered: Delivered[] = messages.map((message) => ({ ...message, seq: ++this.#seq, publishedMs: 1 }))
    void this.#persist.handle(delivered)
    foldTurns(this.#turns, delivered)
    foldSessions(this.#sessions, delivered)
    while (this.#search.follow(500) > 0);
  }
}

const NOW = Date.parse('2026-11-25T12:00:00Z')
const LINES = SOURCES.filter((source): source is LineSource => source.reads === 'lines')

export function partProperties(): Property[] {
  return [consumers(), grammar(), shell(), sentences()]
}

function consumers(): Property {
  const world = new World()
  const kept = new Map<string, string>() // the same id is the same event, wherever it comes from again
  const agents = fc.constantFrom(...LINES.map(({ agent }) => agent))
  const file = agents.chain((agent) => fc.tuple(fc.constant(agent), wildFile(TELLING[agent]!)))
  const holds = fc.asyncProperty(file, fc.nat(999), async ([agent, bytes], n) => {
    const source = LINES.find((each) => each.agent === agent)!
    const messages = eventsOfFile(source, `p/s${n}.jsonl`, bytes, [])
    world.take(messages)
    for (const { id, data } of messages) {
      if (!kept.has(id)) kept.set(id, Buffer.from(data).toString())
      assert.equal(await world.reader.eventText(id), kept.get(id), 'it is kept as it came')
    }
    for (const session of new Set(areEvents(messages).map(({ session }) => session))) {
      assert.ok((await world.reader.session(session)) !== null, 'its session has a row')
      await world.reader.turns(session)
    }
  })
  return property('every consumer and store', 15, holds)
}

const piece = fc.oneof(
  fc.constantFrom(...'abZ9 "“”*-:.\\\'()^+/中文한🎉é\ud83d\0<>=,;|&%#'.split('')),
  fc.constantFrom(
    'agent:',
    '-agent:',
    'project:',
    'session:',
    'model:',
    'tool:',
    'file:',
    'type:',
    'is:error',
    'cost:>1',
    'cost:',
    '1..5',
    'since:',
    'until:',
    '3d',
    '2026-11-01',
    'today',
  ),
  fc.constantFrom(
    'NEAR(',
    ' AND ',
    ' OR ',
    'NOT ',
    '{words parts}:',
    'rowid:',
    "'; DROP TABLE search; --",
    'bread',
    'user',
    '1e999',
    '9'.repeat(40),
    '-'.repeat(50),
  ),
  anyText(12),
)
const typed = fc.oneof(
  { weight: 4, arbitrary: fc.array(piece, { maxLength: 25 }).map((all) => all.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 80 }).map((bytes) => Buffer.from(bytes).toString('latin1')) },
)

function grammar(): Property {
  const world = new World()
  for (const [n, source] of LINES.entries())
    world.take(eventsOfFile(source, `p/s${n}.jsonl`, Buffer.from(`${TELLING[source.agent]!.join('\n')}\n`), []))
  const page = { limit: 5, offset: 0, ranked: false }
  const holds = fc.asyncProperty(typed, fc.boolean(), async (text, ranked) => {
    const { plan, understood } = parseQuery(text, NOW)
    assert.ok(understood.length > 0 && !understood.includes('undefined'))
    const answer = await searchEvents(readerOf(world), text, { ...page, ranked }, NOW)
    assert.ok(answer.hits.length <= page.limit)
    world.reader.facets(plan, NOW)
  })
  return property('the search grammar, over a store', 150, holds)
}

// The store answers at once; the API's readers answer later.
const readerOf = ({ reader }: World) => ({
  search: async (...args: Parameters<typeof reader.search>) => reader.search(...args),
  session: async (id: string) => reader.session(id),
  resolveSession: async (id: string) => reader.resolveSession(id),
})

const shellPiece = fc.constantFrom(
  ...`a b ' " $ ( ) { } [ ] < > | & ; \\ \n \` # ! * ? ~ = - / \0 \r 中 \ud83d`.split(' '),
  ...[
    'git commit -m ',
    'cat <<EOF\n',
    'EOF\n',
    '$(',
    '<(',
    'bash -c ',
    'for x in ',
    'do ',
    'done',
    'if ',
    'then ',
    'fi',
    'case x in ',
    'esac',
    'x=',
    '${x:-',
    '$((',
    '<<<',
    '2>&1',
    'sed -i s/a/b/ ',
    'rm -rf ',
    'apply_patch ',
    'xargs ',
    'sudo env A=1 ',
    'find . -exec ',
    'function f { ',
    'mv ',
    'a/../b ',
  ],
)
function shell(): Property {
  const text = fc.oneof(
    { weight: 4, arbitrary: fc.array(shellPiece, { maxLength: 40 }).map((all) => all.join('')) },
    { weight: 1, arbitrary: anyText(200) },
    { weight: 1, arbitrary: fc.tuple(shellPiece, fc.nat(3_000)).map(([one, times]) => one.repeat(times)) },
  )
  const holds = fc.property(text, (text) => {
    const from = performance.now()
    for (const one of readCommand(text)) {
      assert.ok(one.words.length <= 100 && !/[\r\n]/.test(one.words), JSON.stringify(one.words))
      for (const path of one.paths ?? []) assert.equal(typeof path, 'string')
    }
    assert.ok(performance.now() - from < 5_000, 'a command is read in a moment')
  })
  return property('the reader of shell words', 400, holds)
}

type Step = (tale: Tale) => Tale
const words = fc.oneof(
  anyText(40),
  fc.constantFrom(
    'src/oven.ts',
    'npm test',
    'git commit -m "Bake"',
    'please bake',
    '',
    '\n\n',
    '```\nx',
    '<b>',
    '[Image #1]',
    'x'.repeat(2_000),
    'a\u2028b',
    'Tests: 2 failed, 10 passed',
    '/a/b/c/d/e/f.ts',
    'https://example.org/pull/42',
    '"',
    '“”',
  ),
  typed,
)
const step: fc.Arbitrary<Step> = fc.oneof(
  words.map(
    (text): Step =>
      (tale) =>
        tale.ask(text),
  ),
  words.map(
    (text): Step =>
      (tale) =>
        tale.say(text),
  ),
  fc.tuple(words, words, fc.boolean()).map(
    ([command, output, failed]): Step =>
      (tale) =>
        tale.run(command, output, failed ? { failed, exit: 1 } : {}),
  ),
  words.map(
    (path): Step =>
      (tale) =>
        tale.read(path),
  ),
  fc.tuple(words, words, words, fc.boolean()).map(
    ([path, a, b, refused]): Step =>
      (tale) =>
        tale.edit(path, a, b, refused ? { failed: true, refused: true, feedback: a } : {}),
  ),
  fc.tuple(words, words).map(
    ([path, text]): Step =>
      (tale) =>
        tale.write(path, text),
  ),
  fc
    .tuple(
      fc.constantFrom('search', 'web', 'delegate', 'plan', 'ask', 'todo', 'other', 'run'),
      words,
      words,
      fc.boolean(),
    )
    .map(
      ([kind, name, target, open]): Step =>
        (tale) => {
          const call = tale.call(
            kind as 'web',
            name || 'Tool',
            target,
            { description: target, command: target },
            { agentType: name },
          )
          return open ? tale : tale.result(call, target, { agentId: 'a1' })
        },
    ),
  fc.tuple(fc.constantFrom('interrupt', 'compact_summary', 'command_output', 'shell_output', 'plan'), words).map(
    ([what, text]): Step =>
      (tale) =>
        tale.injected(what, text),
  ),
  words.map(
    (text): Step =>
      (tale) =>
        tale.add({ kind: 'system.error', text }),
  ),
  words.map(
    (text): Step =>
      (tale) =>
        tale.ask(text, { queued: true }),
  ),
  fc.tuple(words, fc.constantFrom('slash', 'shell')).map(
    ([text, command]): Step =>
      (tale) =>
        tale.ask(text, { command: command as 'slash' }),
  ),
)
function sentences(): Property {
  const holds = fc.property(
    fc.array(step, { maxLength: 12 }),
    fc.constantFrom(null, 'helper'),
    words,
    (steps, agentId, label) => {
      const tale = steps.reduce((tale, each) => each(tale), new Tale({ agentId }))
      const ids = new Set(tale.events.map(({ id }) => id))
      for (const turn of turnsOf(tale.events)) {
        const { text, clauses } = tell(turn, label || 'Agent')
        isSentence(text)
        for (const { events } of clauses) for (const id of events) assert.ok(ids.has(id))
      }
    },
  )
  return property('the sentence renderer', 60, holds)
}
