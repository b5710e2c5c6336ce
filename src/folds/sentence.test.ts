// A turn in one English sentence: who did what, why, and how it ended.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { ToolKind } from '../event/payload.ts'
import { made } from '../testing/made-events.ts'
import { sentenceOf } from './sentence.ts'
import { foldTurn, type Turn } from './turn.ts'

const { turn: opened } = foldTurn(undefined, made(1, { text: 'fix the test' }).event)
const told = (change: Partial<Turn>): string => sentenceOf({ ...opened!, outcome: 'answered', ...change }, 'The agent')

const long = 'please '.repeat(30).trim()
const sentences: readonly (readonly [string, Partial<Turn>, string])[] = [
  ['one edit', { tools: { edit: 1 } }, 'The agent made one edit, because “fix the test” → answered'],
  [
    'several things, the strongest first',
    { tools: { read: 3, run: 2, edit: 1 } },
    'The agent made one edit, ran 2 commands and read 3 files, because “fix the test” → answered',
  ],
  [
    'two things',
    { tools: { search: 1, web: 2 } },
    'The agent searched once and looked up 2 pages, because “fix the test” → answered',
  ],
  ['words only', { answer: 'Because.' }, 'The agent answered, because “fix the test” → answered'],
  ['nothing yet', { outcome: 'running' }, 'The agent is thinking, because “fix the test” → still working'],
  ['nothing at all', {}, 'The agent did nothing that left a trace, because “fix the test” → answered'],
  [
    'an interruption',
    { tools: { run: 1 }, outcome: 'interrupted' },
    'The agent ran one command, because “fix the test” → was interrupted',
  ],
  [
    'an error',
    { tools: { run: 1 }, outcome: 'failed' },
    'The agent ran one command, because “fix the test” → hit an error',
  ],
  ['no prompt', { tools: { plan: 1 }, prompt: null }, 'The agent made a plan → answered'],
  [
    'an empty prompt',
    { tools: { ask: 2 }, prompt: { event: '1', text: '' } },
    'The agent asked 2 questions → answered',
  ],
  [
    'a subagent',
    { tools: { search: 4 }, agentId: 'a1', prompt: null },
    'The agent’s subagent searched 4 times → answered',
  ],
  [
    'a prompt of several lines',
    { tools: { todo: 3 }, prompt: { event: '1', text: 'first\n\n  second' } },
    'The agent kept a to-do list, because “first second” → answered',
  ],
  [
    'a long prompt, cut at a word',
    { tools: { write: 1 }, prompt: { event: '1', text: long } },
    `The agent wrote one file, because “${'please '.repeat(17).trim()}…” → answered`,
  ],
]
for (const [what, change, sentence] of sentences)
  test(`a turn of ${what} reads as English`, () => assert.equal(told(change), sentence))

test('every kind of tool has its words, for one and for many', () => {
  const kinds = ['read', 'edit', 'write', 'search', 'run', 'web', 'delegate', 'plan', 'ask', 'todo', 'other'] as const
  for (const kind of kinds satisfies readonly ToolKind[])
    for (const n of [1, 2])
      assert.match(told({ tools: { [kind]: n }, prompt: null }), /^The agent [a-z][a-z0-9 -]+ → answered$/)
})
