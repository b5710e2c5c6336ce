// What stands beside the transcripts: facts of subagents, workflows, names, and tool output that was too long for a line.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { encodeEvent, parseEvent, textOf } from '../../event/event.ts'
import { claudeCodeFacts } from './documents.ts'

const SESSION = '0b0e7a4e-0000-4000-8000-000000000001'
const HERE = `-home-dev-app/${SESSION}`
const LONG = `${'line of output\n'.repeat(40)}end`

function read(path: string, content: string | Uint8Array) {
  const file = { root: '/root', path }
  const bytes = typeof content === 'string' ? new TextEncoder().encode(content) : content
  const records = [...claudeCodeFacts.records(bytes, file)]
  assert.equal(records.length, 1)
  const owner = claudeCodeFacts.owner(file)!
  return { record: records[0]!, owner, meaning: claudeCodeFacts.translate(records[0]!, file, owner.memory) }
}

const cases: readonly (readonly [string, string, string, string | null, string, object])[] = [
  [
    'what a subagent is and which call began it',
    `${HERE}/subagents/agent-a1.meta.json`,
    '{"agentType":"Explore","description":"Look around","toolUseId":"toolu_1","spawnDepth":1}',
    'a1',
    'system.agent',
    { text: 'Look around', agentType: 'Explore', parentCall: 'toolu_1' },
  ],
  [
    'a subagent of a subagent, of a workflow, written over several lines',
    `${HERE}/subagents/workflows/wf_1/agent-a2.meta.json`,
    '{\n  "agentType": "workflow-subagent",\n  "parentAgentId": "a1"\n}\n',
    'a2',
    'system.agent',
    { agentType: 'workflow-subagent', nativeParent: 'a1', parentRun: 'wf_1' },
  ],
  [
    'a helper nobody asked for',
    `${HERE}/subagents/agent-acompact-0123.meta.json`,
    '{"agentType":"compact"}',
    'acompact-0123',
    'system.agent',
    { agentType: 'compact', hidden: true },
  ],
  [
    'how a workflow went',
    `${HERE}/workflows/wf_1.json`,
    '{"runId":"wf_1","workflowName":"review","status":"completed","timestamp":"2026-06-04T10:00:00.000Z","workflowProgress":[{"type":"workflow_agent","label":"loader"}]}',
    null,
    'progress.agent',
    { text: 'review · completed · loader' },
  ],
  [
    'a name by the person',
    `${HERE}/custom-title.json`,
    '{"customTitle":"Mine"}',
    null,
    'system.title',
    { title: 'Mine' },
  ],
  [
    'a tool’s output, named in its result',
    `${HERE}/tool-results/b1.txt`,
    'short\n',
    null,
    'file.output',
    { text: 'short\n', nativeId: 'b1.txt' },
  ],
  [
    'a tool’s output named for its call; that it looks like JSON makes no difference',
    `${HERE}/tool-results/toolu_7.json`,
    '[{"type":"text"}]',
    null,
    'file.output',
    { text: '[{"type":"text"}]', nativeId: 'toolu_7.json', nativeParent: 'toolu_7' },
  ],
  ['an empty output', `${HERE}/tool-results/b2.txt`, '', null, 'file.output', { nativeId: 'b2.txt' }],
  [
    'a torn file',
    `${HERE}/subagents/agent-a3.meta.json`,
    '{"agentType":',
    'a3',
    'system.damaged_line',
    { why: 'not JSON' },
  ],
  ['a list', `${HERE}/custom-title.json`, '[]', null, 'system.damaged_line', { why: 'not a JSON object' }],
]
for (const [what, path, content, agentId, kind, expected] of cases)
  test(what, () => {
    const { meaning, owner } = read(path, content)
    const [part, ...more] = meaning.parts
    const { v: _, ...payload } = part!.payload
    assert.deepEqual([part!.kind, payload, more], [kind, expected, []])
    assert.deepEqual([meaning.session, meaning.project], [SESSION, 'home-dev-app'])
    assert.deepEqual([owner.agentId, meaning.agentId], [agentId, agentId])
  })

test('a document has no time but the one it names', () => {
  assert.equal(read(`${HERE}/tool-results/b1.txt`, 'x').meaning.time, null)
  const workflow = read(`${HERE}/workflows/w.json`, '{"timestamp":"2026-06-04T10:00:00.000Z"}')
  assert.equal(workflow.meaning.time, '2026-06-04T10:00:00.000Z')
})

test('a long output is kept to the last letter and pointed at', () => {
  const { record, meaning } = read(`${HERE}/tool-results/b1.txt`, LONG)
  assert.deepEqual([record.text, record.value, record.damage], [LONG, undefined, null])
  const origin = { file: '/f', inode: 1, offset: 0, length: LONG.length, line: 1, sha256: 'x' }
  const key = {
    id: 'i',
    source: 's',
    time: null,
    agent: 'a',
    session: 's',
    project: 'p',
    host: 'h',
    user: 'u',
    agentId: null,
  }
  const { kind, payload } = meaning.parts[0]!
  const draft = { ...key, type: kind, sequence: '0', origin, payload, raw: { as: 'text' as const, text: LONG } }
  assert.equal(textOf(parseEvent(Buffer.from(encodeEvent(draft)).toString())), LONG)
})

test('JSON stands on one line, whatever it was written on', () => {
  for (const text of ['{"a":\n"b"}', '\ufeff{"a":"b"}', '{"a":"b"}']) {
    const { record } = read(`${HERE}/subagents/agent-a1.meta.json`, text)
    assert.deepEqual(
      [record.text, new TextDecoder().decode(record.bytes), record.value],
      ['{"a":"b"}', '{"a":"b"}', { a: 'b' }],
    )
  }
})

test('output that is no text is kept as bytes and says so', () => {
  const bytes = new Uint8Array([0x61, 0xff, 0xf0, 0x9f])
  const { record, meaning } = read(`${HERE}/tool-results/b1.txt`, bytes)
  assert.deepEqual([record.bytes, meaning.parts[0]!.payload.why], [bytes, 'not valid UTF-8'])
})

const nobodys = [
  `${HERE}.jsonl`,
  `${HERE}/subagents/agent-a1.jsonl`,
  `${HERE}/subagents/.meta.json`,
  `${HERE}/workflows/scripts/review.js`,
  `${HERE}/tool-results/page-1.jpg`,
  `${HERE}/notes.json`,
  'agent-a1.meta.json',
  '',
]
test('files that are none of these are nobody’s', () => {
  for (const path of nobodys) assert.equal(claudeCodeFacts.owner({ root: '/r', path }), null, path)
})

test('any bytes at all mean something, and nothing is thrown', () => {
  const paths = [...cases.map(([, path]) => path), ...nobodys]
  fc.assert(
    fc.property(
      fc.constantFrom(...paths),
      fc.oneof(
        fc.uint8Array(),
        fc.json().map((text) => new TextEncoder().encode(text)),
      ),
      (path, bytes) => {
        const file = { root: '/root', path }
        for (const record of claudeCodeFacts.records(bytes, file)) {
          assert.ok(!new TextDecoder().decode(record.bytes).includes('\n') || record.value === undefined)
          const { parts, session, project } = claudeCodeFacts.translate(record, file, {})
          assert.ok(parts.length === 1 && session !== '' && project !== '')
        }
      },
    ),
  )
})
