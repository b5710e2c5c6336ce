// Turns for the tests of this folder, as little of them as a test asks for. Named as a test because only tests import it; its own promise:
// what is not said of a turn is empty, so that every model can be asked about it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Clause } from '../../folds/sentence/clause.ts'
import type { TurnStory } from '../../wire/live.ts'
import { factsOf } from './fact.ts'

export const turn = (id: string, more: Partial<TurnStory> = {}): TurnStory =>
  ({
    id,
    session: 's',
    project: 'p',
    agent: 'invented',
    agentId: null,
    agentType: null,
    prompt: { event: id, text: 'do it', by: 'person', nativeId: null, line: null },
    firstEvent: id,
    lastEvent: `${id}9`,
    started: `2026-03-01T10:${id}:00Z`,
    ended: `2026-03-01T10:${id}:30Z`,
    events: 3,
    cycles: 0,
    tools: {},
    failures: 0,
    files: [],
    filesMore: 0,
    reads: [],
    readsMore: 0,
    runs: [],
    done: [],
    doneMore: 0,
    looks: [],
    looked: 0,
    web: [],
    webMore: 0,
    agents: [],
    agentsMore: 0,
    asks: [],
    others: [],
    refusals: [],
    errors: [],
    queued: [],
    tests: 'none',
    tokens: { input: 0, output: 0, cacheRead: 0, cacheWrite: 0, requests: 0 },
    waitingMs: 0,
    durationMs: null,
    outcome: 'answered',
    answer: '',
    answerEvent: null,
    askedLast: '',
    clauses: [],
    sentence: '',
    verb: 'answered',
    ...more,
  }) as unknown as TurnStory

export const clause = (role: Clause['role'], text: string, ...events: string[]): Clause => ({ role, text, events })

export const fact = (call: string, agentId: string, event: string): TurnStory['agents'][number] => ({
  call,
  agentId,
  event,
  type: 'Explore',
  what: 'look',
  state: 'done',
})

test('a turn of which nothing is said has no facts', () => {
  assert.deepEqual(factsOf(turn('01')), { shown: [], more: [] })
})
