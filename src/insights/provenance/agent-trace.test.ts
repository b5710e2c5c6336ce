// The record of a commit as Agent Trace 0.1.0: valid by the specification, the same each time, and without a word anybody typed.
import assert from 'node:assert/strict'
import { hash } from 'node:crypto'
import { test } from 'node:test'
import { Ajv2020 } from 'ajv/dist/2020.js'
import type { CommitAnswer, CommitRange } from '../../wire/commits.ts'
import { traceRecord } from './agent-trace.ts'

// Written from section 6.1 of the specification (https://agent-trace.dev, 0.1.0, January 2026), as strict as the schema kept beside it:
// nothing else may be in it. Its pattern of `version` had two numbers at first, against its own examples; since February 2026 it has three
// (cursor/agent-trace, issue 10, pull requests 12 and 14).
const closed = (properties: object, required: readonly string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})
const text = { type: 'string' }
const uri = { type: 'string', format: 'uri' }
const line = { type: 'integer', minimum: 1 }
const contributor = closed(
  { type: { enum: ['human', 'ai', 'mixed', 'unknown'] }, model_id: { type: 'string', maxLength: 250 } },
  ['type'],
)
const range = closed({ start_line: line, end_line: line, content_hash: text, contributor }, ['start_line', 'end_line'])
const related = closed({ type: text, url: uri }, ['type', 'url'])
const conversation = closed(
  { url: uri, contributor, ranges: { type: 'array', items: range }, related: { type: 'array', items: related } },
  ['ranges'],
)
const file = closed({ path: text, conversations: { type: 'array', items: conversation } }, ['path', 'conversations'])
const SCHEMA = closed(
  {
    version: { type: 'string', pattern: '^[0-9]+\\.[0-9]+\\.[0-9]+$' },
    id: { type: 'string', format: 'uuid' },
    timestamp: { type: 'string', format: 'date-time' },
    vcs: closed({ type: { enum: ['git', 'jj', 'hg', 'svn'] }, revision: text }, ['type', 'revision']),
    tool: closed({ name: text, version: text }, ['name', 'version']),
    files: { type: 'array', items: file },
    metadata: { type: 'object' },
  },
  ['version', 'id', 'timestamp', 'files'],
)
const ajv = new Ajv2020({ allErrors: true, strict: false })
ajv.addFormat('uuid', /^[0-9a-f]{8}-[0-9a-f]{4}-[1-8][0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/)
ajv.addFormat('date-time', /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/)
ajv.addFormat('uri', (value: string) => URL.canParse(value))
const isValid = ajv.compile(SCHEMA)

const range_ = (from: number, to: number, more: Partial<CommitRange> = {}): CommitRange => ({
  from,
  to,
  confidence: 'exact',
  turn: 't1',
  session: 'example:s 1',
  agent: 'example',
  model: 'm1',
  event: 'e1',
  time: '2026-03-14T09:00:00Z',
  ...more,
})
const nobody = { confidence: 'unknown', turn: null, session: null, agent: null, model: null, event: null } as const
const counts = { added: 6, agent: 5, exact: 4, moved: 0, inferred: 1, unknown: 1 }
const ANSWER: CommitAnswer = {
  commit: 'a'.repeat(40),
  parents: [],
  subject: 'An oven',
  author: 'dev',
  authored: '2026-03-14T09:00:00Z',
  committed: '2026-03-14T09:05:00Z',
  lines: counts,
  share: 0.8333,
  usd: '0.1',
  lower_bound: false,
  prompts: [
    {
      turn: 't1',
      session: 'example:s 1',
      agent: 'example',
      event: 'p1',
      text: 'a password in a prompt',
      started: '2026-03-14T09:00:00Z',
      lines: 5,
      usd: '0.1',
      lower_bound: false,
      output_tokens: 20,
    },
  ],
  sessions: [],
  models: [],
  made_by: [],
  files: [
    {
      path: 'src/oven.ts',
      from: null,
      skipped: null,
      ...counts,
      ranges: [
        range_(1, 2),
        range_(3, 3, nobody),
        range_(4, 4, { event: 'e2' }),
        range_(5, 5, { confidence: 'inferred', event: 'e2' }),
        range_(6, 6, { model: null, turn: null }),
      ],
    },
    { path: 'logo.png', from: null, skipped: 'binary', ...counts, ranges: [] },
  ],
  notes: [],
}
const parts = {
  version: '1.2.3',
  makerOf: (model: string) => (model === 'm1' ? 'maker' : null),
  textOf: () => 'a\nb\nc\nd\ne\nf\n',
}

test('a record is valid by the specification', () => {
  const record = traceRecord(ANSWER, parts)
  isValid(JSON.parse(JSON.stringify(record)))
  assert.deepEqual(isValid.errors, null)
  assert.equal(record.version, '0.1.0')
})

test('what one prompt had one model write is a conversation; nobody’s lines are of unknown origin, never a person’s', () => {
  const { files } = traceRecord(ANSWER, parts)
  assert.deepEqual(
    files.map(({ path, conversations }) => [
      path,
      conversations.map(({ url, contributor: who, ranges, related: more }) => [
        url,
        who,
        ranges.map(({ start_line, end_line }) => `${start_line}-${end_line}`),
        more?.map(({ url: each }) => each),
      ]),
    ]),
    [
      [
        'src/oven.ts',
        [
          [
            'urn:openstory:session:example%3As%201',
            { type: 'ai', model_id: 'maker/m1' },
            ['1-2', '4-5'],
            ['urn:openstory:turn:t1'],
          ],
          [undefined, { type: 'unknown' }, ['3-3'], undefined],
          ['urn:openstory:session:example%3As%201', { type: 'ai' }, ['6-6'], undefined],
        ],
      ],
    ],
  )
})

test('a range is known again by its content, wherever it goes', () => {
  const [own] = traceRecord(ANSWER, parts).files[0]!.conversations
  assert.deepEqual(
    own!.ranges.map(({ content_hash }) => content_hash),
    ['a\nb', 'd\ne'].map((text) => `sha256:${hash('sha256', text, 'hex')}`),
  )
  const hashOf = (answer: CommitAnswer, textOf: () => string) =>
    traceRecord(answer, { ...parts, textOf }).files[0]!.conversations[0]!.ranges[0]!.content_hash
  const [first, ...rest] = ANSWER.files
  const moved = { ...ANSWER, files: [{ ...first!, ranges: [range_(2, 3)] }, ...rest] }
  assert.equal(
    hashOf(ANSWER, () => 'a\nb\nc\n'),
    hashOf(moved, () => 'x\na\nb\n'),
  )
  assert.notEqual(
    hashOf(ANSWER, () => 'a\nb\n'),
    hashOf(ANSWER, () => 'a\nB\n'),
  )
})

test('the same commit gives the same bytes, another one another id', () => {
  const record = traceRecord(ANSWER, parts)
  assert.equal(JSON.stringify(record), JSON.stringify(traceRecord(structuredClone(ANSWER), parts)))
  assert.notEqual(record.id, traceRecord({ ...ANSWER, commit: 'b'.repeat(40) }, parts).id)
})

test('no word of a prompt is in it', () => {
  assert.doesNotMatch(JSON.stringify(traceRecord(ANSWER, parts)), /password/)
})
