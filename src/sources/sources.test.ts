// The promises every source keeps, run over all of them: on invented lines, on lines bent out of shape, and on real transcripts where there are some.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { resolvePointer } from '../event/event.ts'
import { type Payload, TOOL_KINDS } from '../event/payload.ts'
import { EVENT_KINDS } from '../event/types.ts'
import { payloadComplaints } from '../testing/event-schema.ts'
import type { FileFacts, FileMemory, LineIn, LineMeaning, LineSource, RecordIn, Source } from './source.ts'
import { SOURCES } from './sources.ts'

const LINE_SOURCES = SOURCES.filter((source): source is LineSource => source.reads === 'lines')
const KNOWN: ReadonlySet<string> = new Set(EVENT_KINDS)

// A new key of Payload must be named here: nothing slips into events unseen.
const PAYLOAD_KEYS: ReadonlySet<string> = new Set(
  [
    'v text tool result usage request account model stop nativeId nativeParent cwd branch version title injected command queued images',
    'durationMs parentCall parentRun agentType parentSession copied form hidden url why noticed',
  ]
    .join(' ')
    .split(' '),
)

const MEMORY_CHARS_MAX = 300_000

const lineOf = (text: string): RecordIn => {
  try {
    return { key: 's/1', at: 1, text, value: JSON.parse(text), bytes: new TextEncoder().encode(text), damage: null }
  } catch {
    return { key: 's/1', at: 1, text, value: undefined, bytes: new TextEncoder().encode(text), damage: 'not JSON' }
  }
}

function keepsPromises(
  source: Pick<LineSource, 'translate'>,
  line: LineIn,
  file: FileFacts,
  before: FileMemory,
): LineMeaning {
  const meaning = source.translate(line, file, Object.freeze({ ...before }))
  assert.ok(meaning.parts.length >= 1, 'no line is dropped')
  assert.ok(meaning.session !== '' && meaning.project !== '', 'every line has a session and a project')
  for (const [i, part] of meaning.parts.entries()) {
    assert.ok(KNOWN.has(part.kind) || /^other\.[a-z0-9._-]+$/.test(part.kind), `kind ${part.kind}`)
    for (const key of Object.keys(part.payload)) assert.ok(PAYLOAD_KEYS.has(key), `foreign key ${key}`)
    for (const [key, value] of Object.entries(part.payload)) assert.notEqual(value, undefined, `${key} is undefined`)
    checkPointers(part.payload, line.value, i === 0)
    assert.deepEqual(payloadComplaints(part.payload), [], JSON.stringify(part))
    if (part.payload.tool) assert.ok(TOOL_KINDS.includes(part.payload.tool.kind))
    const { partial, ...counts } = part.payload.usage ?? {}
    assert.ok(partial === undefined || partial === true)
    for (const count of Object.values(counts))
      assert.match(String(count), /^\d+(\.\d+)?$/, 'tokens and money are plain numbers')
  }
  checkTime(meaning.time, line.text, before)
  for (const value of Object.values(meaning.memory))
    assert.ok(value === null || typeof value !== 'object', 'flat memory')
  const kept = JSON.stringify(meaning.memory)
  assert.deepEqual(JSON.parse(kept), meaning.memory, 'memory is plain JSON')
  assert.ok(kept.length < MEMORY_CHARS_MAX, 'memory has a limit')
  return meaning
}

function checkPointers(payload: Payload, value: unknown, carries: boolean): void {
  const { text, tool } = payload
  if (typeof text === 'object') {
    assert.ok(carries, 'only the part that carries the line points into it')
    const found = resolvePointer(value, text.at)
    assert.ok(typeof found === 'string' && found.length === text.chars, `text pointer ${text.at}`)
    assert.ok(found.startsWith(text.head))
  }
  if (tool && 'at' in tool.input) {
    assert.ok(carries, 'only the part that carries the line points into it')
    assert.notEqual(resolvePointer(value, tool.input.at), undefined, `input pointer ${tool.input.at}`)
  }
  const { before, after, lines, hunks } = payload.result?.shows ?? {}
  for (const at of [before, after, lines?.at, hunks]) {
    if (at === undefined) continue
    assert.ok(carries, 'only the part that carries the line points into it')
    const found = resolvePointer(value, at)
    assert.ok(typeof found === 'string' || (at === hunks && Array.isArray(found)), `pointer to what is shown ${at}`)
  }
}

function checkTime(time: string | null, text: string, before: FileMemory): void {
  if (time === null || time === before.time) return
  assert.equal(new Date(time).toISOString(), time)
  const named = [...text.matchAll(/\d{4}-\d\d-\d\dT[\d:.]+(?:Z|[+-]\d\d:\d\d)/g)].map(([moment]) => Date.parse(moment))
  // Written by the clock of the machine, without saying which.
  const local = [...text.matchAll(/\d{4}-\d\d-\d\dT[\d:]+(?:\.\d{1,3})?/g)].map(([moment]) => Date.parse(moment))
  const counted = [...text.matchAll(/\d+(?:\.\d+)?(?:e\+?\d+)?/gi)].map(([number]) => Number(number))
  const seconds = counted.map((number) => number * 1_000)
  const at = Date.parse(time)
  assert.ok(
    [...named, ...local, ...counted, ...seconds].some((ms) => ms >= at && ms < at + 1),
    `${time} is not in the line, nor remembered`,
  )
}

const FILES = [
  'project/0b0e7a4e-0000-4000-8000-000000000001.jsonl',
  'project/0b0e7a4e-0000-4000-8000-000000000001/subagents/agent-a1.jsonl',
  'project/agent-b2.jsonl',
  '--home-dev-app--/2026-01-01T10-00-00-000Z_s1.jsonl',
  'anything.jsonl',
]

// Words that decide what a line is, so that random records are not all unknown ones.
const WORDS = [
  'user assistant system attachment progress queue-operation summary file-history-snapshot message session header entry record',
  'compaction custom_message usage ask say call result text thinking tool_use tool_result toolCall toolResult bashExecution',
  'enqueue dequeue remove queued_command hook_success turn_duration api_error local_command image error stop true',
  'session_meta turn_context response_item event_msg function_call function_call_output token_count item_completed gemini cancelled',
]
  .join(' ')
  .split(' ')
const KEYS = [
  'type subtype kind role content text thinking message attachment operation prompt timestamp at uuid id parentUuid sessionId session cwd',
  'agentId isSidechain isMeta isCompactSummary isApiErrorMessage toolUseResult usage input arguments name model origin data snapshot',
  'stop_reason stopReason errorMessage command output exitCode example tokens tool title summary tool_use_id cost total note error',
  'payload call_id turn_id item changes info last_token_usage thoughts toolCalls args result status messages $set $rewindTo',
]
  .join(' ')
  .split(' ')

const leaf = fc.oneof(
  fc.constantFrom(...WORDS),
  fc.string(),
  fc.constantFrom(
    '2026-01-01T10:00:00.000Z',
    '2026-02-31T10:00:00Z',
    '2026-01-01T10:00:00+02:00',
    '2026-01-01T10:00:00',
    'x'.repeat(400),
  ),
  fc.constantFrom(
    '<command-name>/a</command-name>',
    '<system-reminder>x</system-reminder>',
    '[Request interrupted by user]',
  ),
  fc.double(),
  fc.integer(),
  fc.boolean(),
  fc.constant(null),
)
const { anything } = fc.letrec<{ anything: unknown }>((tie) => ({
  anything: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.array(tie('anything'), { maxLength: 4 }),
    fc.dictionary(fc.constantFrom(...KEYS), tie('anything'), { maxKeys: 7 }),
  ),
}))
const record = fc.dictionary(fc.constantFrom(...KEYS), anything, { minKeys: 1, maxKeys: 9 })

// One telling line of each agent, to be bent out of shape: random records seldom look as much like the real thing.
const TELLING: Readonly<Record<string, readonly string[]>> = {
  'claude-code': [
    '{"type":"assistant","uuid":"a","parentUuid":"b","timestamp":"2026-01-01T10:00:00.000Z","sessionId":"s","cwd":"/w","message":{"id":"m","model":"x","stop_reason":"tool_use","usage":{"input_tokens":1,"output_tokens":2,"cache_creation":{"ephemeral_1h_input_tokens":3}},"content":[{"type":"thinking","thinking":"hm"},{"type":"text","text":"so"},{"type":"tool_use","id":"t","name":"Bash","input":{"command":"ls"}}]}}',
    '{"type":"user","uuid":"c","message":{"content":[{"type":"tool_result","tool_use_id":"t","is_error":true,"content":[{"type":"text","text":"Exit code 1"},{"type":"image"}]},{"type":"text","text":"no"}]},"toolUseResult":{"agentId":"z","task":{"exitCode":1}}}',
    '{"type":"queue-operation","operation":"enqueue","content":"and the docs"}',
    '{"type":"attachment","attachment":{"type":"queued_command","prompt":[{"type":"text","text":"and the docs"}],"commandMode":"prompt","origin":{"kind":"human"}}}',
    '{"type":"system","subtype":"api_error","error":{"error":{"error":{"message":"busy"}}}}',
  ],
  pi: [
    '{"type":"session","version":3,"id":"s","timestamp":"2026-01-01T10:00:00.000Z","cwd":"/w","parentSession":"/p"}',
    '{"type":"message","id":"e","parentId":"d","timestamp":"2026-01-01T09:00:00.000Z","message":{"role":"assistant","model":"x","stopReason":"error","errorMessage":"busy","usage":{"input":1,"cost":{"total":0.01}},"content":[{"type":"thinking","thinking":"hm"},{"type":"toolCall","id":"t","name":"bash","arguments":{"command":"ls"}}]}}',
    '{"type":"message","id":"f","message":{"role":"toolResult","toolCallId":"t","isError":true,"content":[{"type":"text","text":"Command exited with code 2"}],"details":{"exitCode":2}}}',
    '{"type":"message","message":{"role":"bashExecution","command":"ls","output":"a","exitCode":0}}',
  ],
  openclaw: [
    '{"type":"session","version":3,"id":"s","timestamp":"2026-01-01T10:00:00.000Z","cwd":"/w"}',
    '{"type":"message","id":"e","parentId":"d","timestamp":"2026-01-01T09:00:00.000Z","message":{"role":"user","content":"System: [2026-01-01 10:00 UTC] Chat DM: hi\\n\\nConversation info (untrusted metadata):\\n```json\\n{}\\n```\\n\\nhi","provenance":{"kind":"inter_session"}}}',
    '{"type":"message","message":{"role":"assistant","provider":"openclaw","model":"delivery-mirror","content":[{"type":"text","text":"a"}],"timestamp":1767261600000}}',
    '{"type":"message","id":"f","message":{"role":"toolResult","toolCallId":"t","toolName":"sessions_spawn","content":"{}","details":{"status":"running","childSessionKey":"k","results":[{"usage":{"input":1}}],"summary":{"added":["a"]}}}}',
    '{"type":"custom","customType":"openclaw:prompt-error","data":{"error":"aborted"},"id":"g","parentId":"f"}',
  ],
  codex: [
    '{"timestamp":"2026-01-01T10:00:00.000Z","ordinal":0,"type":"session_meta","payload":{"id":"019b0000-0000-7000-8000-000000000002","timestamp":"2026-01-01T10:00:00.000Z","cwd":"/w","cli_version":"0.1","source":{"subagent":{"thread_spawn":{"parent_thread_id":"p","agent_role":"r"}}},"forked_from_id":"p","history_mode":"paginated","subagent_history_start_ordinal":3,"git":{"branch":"main"}}}',
    '{"type":"response_item","payload":{"type":"message","role":"user","content":[{"type":"input_text","text":"<user_shell_command><command>ls</command><result>Exit code: 1\\nOutput:\\nno</result></user_shell_command>"},{"type":"input_image","image_url":"x"}]}}',
    '{"type":"response_item","payload":{"type":"function_call","name":"shell","arguments":"{\\"command\\":[\\"bash\\",\\"-lc\\",\\"apply_patch *** Begin Patch\\\\n*** Add File: a\\\\n+b\\"]}","call_id":"c"}}',
    '{"type":"response_item","payload":{"type":"function_call_output","call_id":"c","output":"{\\"output\\":\\"ok\\",\\"metadata\\":{\\"exit_code\\":1}}"}}',
    '{"type":"event_msg","payload":{"type":"token_count","info":{"total_token_usage":{"input_tokens":3,"cached_input_tokens":1,"output_tokens":1},"last_token_usage":{"input_tokens":3,"cached_input_tokens":1,"output_tokens":1}}}}',
    '{"type":"event_msg","payload":{"type":"item_completed","item":{"type":"CommandExecution","id":"x","command":["bash","-lc","ls"],"status":"failed","exit_code":1,"aggregated_output":"no"}}}',
    '{"type":"event_msg","payload":{"type":"mcp_tool_call_end","call_id":"m","invocation":{"server":"s","tool":"t","arguments":{"q":"x"}},"result":{"Ok":{"content":[{"type":"text","text":"a"}],"isError":false}}}}',
  ],
  gemini: [
    '{"sessionId":"s","projectHash":"h","startTime":"2026-01-01T10:00:00.000Z","kind":"main","directories":["/w"],"summary":"S","messages":[{"id":"0","type":"user","content":"hi"}]}',
    '{"id":"g","timestamp":"2026-01-01T10:00:01.000Z","type":"gemini","content":"so","thoughts":[{"subject":"Plan","description":"hm"}],"tokens":{"input":5,"output":1,"cached":2,"thoughts":1,"tool":1},"model":"x","toolCalls":[{"id":"t","name":"run_shell_command","args":{"command":"ls"},"result":[{"functionResponse":{"response":{"output":"no\\nExit Code: 1"}}}],"status":"success","resultDisplay":{"fileDiff":"+a","filePath":"/a","diffStat":{"model_added_lines":1}}}]}',
    '{"$set":{"messages":[{"id":"u","type":"user","content":[{"text":"<state_snapshot>x</state_snapshot>"}]},{"id":"g","type":"gemini","content":"so"}],"lastUpdated":"2026-01-01T10:00:02.000Z"}}',
    '{"$rewindTo":"u"}',
  ],
  hermes: [
    '{"role":"session_meta","model":"m","platform":"telegram","timestamp":"2026-01-01T10:00:00.123456","tools":[]}',
    '{"role":"user","content":"look at this","timestamp":"2026-01-01T10:00:01.5"}',
    '{"role":"assistant","content":"so","reasoning":"hm","finish_reason":"tool_calls","timestamp":"2026-01-01T10:00:02.25","tool_calls":[{"id":"c","type":"function","function":{"name":"terminal","arguments":"{\\"command\\":\\"ls\\"}"}}]}',
    '{"role":"tool","name":"terminal","tool_call_id":"c","content":"{\\"output\\":\\"a\\",\\"exit_code\\":1,\\"error\\":null}","timestamp":"2026-01-01T10:00:03"}',
  ],
  example: [
    '{"example":1,"session":"s","cwd":"/w","at":"2026-01-01T10:00:00Z"}',
    '{"id":"1","at":"2026-01-01T10:00:00Z","kind":"call","call":"c","tool":"Shell","does":"run","input":{"command":"ls"},"tokens":{"input":1,"cacheWrite":{"hour1":2}}}',
  ],
}

for (const source of LINE_SOURCES) {
  test(`${source.agent}: any line at all means something, and nothing is thrown`, () => {
    const lines = fc.array(fc.oneof({ weight: 6, arbitrary: record }, { weight: 1, arbitrary: fc.jsonValue() }), {
      maxLength: 8,
    })
    fc.assert(
      fc.property(fc.constantFrom(...FILES), lines, (path, values) => {
        const file = { root: '/root', path }
        let memory = source.owner(file)?.memory ?? {}
        for (const value of values) {
          const text = JSON.stringify(value)
          memory = keepsPromises(source, lineOf(text), file, memory).memory
        }
      }),
      { numRuns: 500 },
    )
  })

  test(`${source.agent}: a real line bent out of shape still means something`, () => {
    const telling = TELLING[source.agent]
    assert.ok(telling !== undefined, 'a new agent brings a telling line of its own')
    const file = { root: '/root', path: FILES[0]! }
    fc.assert(
      fc.property(fc.constantFrom(...telling), fc.nat(), fc.nat(), anything, anything, (text, at, also, by, and) => {
        const memory = source.translate(lineOf(telling[0]!), file, source.owner(file)!.memory).memory
        keepsPromises(source, lineOf(JSON.stringify(bent(bent(JSON.parse(text), at, by), also, and))), file, memory)
      }),
      { numRuns: 2_000 },
    )
  })

  test(`${source.agent}: bytes that are no JSON object are kept as a damaged line that says why`, () => {
    const file = { root: '/root', path: 'p/s.jsonl' }
    for (const text of ['', '{"torn":', '[]', '"words"', '7', 'null']) {
      const meaning = keepsPromises(source, lineOf(text), file, source.owner(file)!.memory)
      assert.deepEqual(
        meaning.parts.map((part) => part.kind),
        ['system.damaged_line'],
        text,
      )
      assert.ok(meaning.parts[0]!.payload.why)
    }
  })

  test(`${source.agent}: memory from another version or another hand does no harm`, () => {
    const memory = fc.dictionary(
      fc.string(),
      fc.oneof(fc.string(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null)),
    )
    fc.assert(
      fc.property(record, memory, (value, before) => {
        const file = { root: '/root', path: 'p/s.jsonl' }
        source.translate(lineOf(JSON.stringify(value)), file, before)
      }),
    )
  })

  test(`${source.agent}: what it is called is safe in a subject, a file name and an address`, () => {
    assert.match(source.agent, /^[a-z0-9-]+$/)
    const alike = SOURCES.filter(({ agent, reads }) => agent === source.agent && reads === source.reads)
    assert.equal(alike.length, 1, 'one source of a kind')
    assert.equal(source.owner({ root: '/root', path: 'p/notes.txt' }), null, 'not a transcript')
  })

  test(`${source.agent}: looks only where the machine says, and never in the same place twice`, () => {
    const machine = { home: '/home/dev', env: {}, platform: 'linux' }
    const roots = source.roots(machine).map(({ path }) => path)
    assert.deepEqual([...new Set(roots)], roots)
    assert.ok(roots.every((path) => path.startsWith('/home/dev/')))
    for (const name of source.variables) {
      const moved = source.roots({ ...machine, env: { [name]: '/elsewhere' } })
      assert.ok(
        moved.some(({ path }) => path.startsWith('/elsewhere')),
        name,
      )
    }
  })
}

// Records of documents and databases are asked the same as lines.
const recordOf = (value: unknown, at: number): RecordIn => ({ ...lineOf(JSON.stringify(value)), key: `k${at}`, at })
const RECORD_SOURCES = SOURCES.filter((source): source is Exclude<Source, LineSource> => source.reads !== 'lines')
const TELLING_RECORDS: readonly object[] = [
  {
    id: 1,
    session_id: 's',
    role: 'user',
    content: '\u0000json:[{"type":"text","text":"hi"}]',
    timestamp: 1_780_000_000.5,
  },
  {
    id: 2,
    session_id: 's',
    role: 'assistant',
    content: 'so',
    tool_calls: '[{"name":"patch","arguments":"{}"}]',
    active: 0,
  },
  { id: 3, session_id: 's', role: 'tool', content: '{"error":"no","exit_code":2,"diff":"--- a/x\\n+++ b/x\\n+y"}' },
  { id: 's', source: 'cli', model: 'm', started_at: 1_780_000_000, cwd: '/w', title: 't' },
]

for (const source of RECORD_SOURCES) {
  test(`${source.agent}, ${source.reads}: any record at all means something, and nothing is thrown`, () => {
    const telling = fc
      .tuple(fc.constantFrom(...TELLING_RECORDS), fc.nat(), anything)
      .map(([value, at, by]) => bent(value, at, by))
    const values = fc.array(fc.oneof(record, telling, fc.jsonValue()), { maxLength: 8 })
    fc.assert(
      fc.property(values, (values) => {
        const file = { root: '/root', path: 'x' }
        let memory: FileMemory = { time: null }
        for (const [at, value] of values.entries())
          memory = keepsPromises(source, recordOf(value, at), file, memory).memory
      }),
      { numRuns: 1_000 },
    )
  })

  test(`${source.agent}, ${source.reads}: what is no record is kept as damaged and says why; other files are not its own`, () => {
    const damaged = { ...lineOf('[1'), key: 'k', at: 0 }
    const { parts } = keepsPromises(source, damaged, { root: '/root', path: 'x' }, { time: null })
    assert.deepEqual([parts[0]?.kind, parts[0]?.payload.why], ['system.damaged_line', 'not JSON'])
    assert.equal(source.owner({ root: '/root', path: 'p/notes.txt' }), null)
  })
}

// Real transcripts, kept beside the checkout where they are collected; they are not part of it.
const SHARED = process.env.OPENSTORY_SHARED ?? '../shared'
const CORPORA: Readonly<Record<string, string>> = {
  'claude-code': 'corpus/claude',
  pi: 'corpus/pi',
  openclaw: 'corpus/openclaw',
  codex: 'corpus/codex',
  gemini: 'corpus/gemini',
}

for (const source of LINE_SOURCES) {
  const corpus = CORPORA[source.agent]
  if (corpus === undefined) continue
  const root = join(SHARED, corpus)
  const skip = existsSync(root)
    ? false
    : `SKIPPED: no real transcripts of ${source.agent} at ${root} (set OPENSTORY_SHARED)`

  test(`${source.agent}: keeps every promise on real transcripts, and on the same lines bent out of shape`, {
    skip,
  }, () => {
    const paths = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.jsonl'))
    const bend = fc.sample(fc.tuple(fc.nat(), anything), { numRuns: 2_000, seed: 7 })
    let lines = 0
    for (const path of paths) {
      const file = { root, path }
      let memory = source.owner(file)!.memory
      for (const text of readFileSync(join(root, path), 'utf8').split('\n')) {
        if (text === '') continue
        const line = lineOf(text)
        const meaning = keepsPromises(source, line, file, memory)
        assert.deepEqual(source.translate(lineOf(text), file, memory), meaning, 'the same line means the same')
        if (text.length < 20_000) {
          const [at, value] = bend[lines % bend.length]!
          keepsPromises(source, lineOf(JSON.stringify(bent(line.value, at, value))), file, memory)
        }
        memory = meaning.memory
        lines++
      }
    }
    assert.ok(lines > 100, `${lines} lines`)
  })
}

// The same value with one thing in it replaced: the one the number leads to.
function bent(value: unknown, at: number, by: unknown): unknown {
  if (typeof value !== 'object' || value === null) return by ?? null
  const keys = Object.keys(value)
  if (keys.length === 0) return by ?? null
  const key = keys[at % keys.length]!
  const inner = bent((value as Record<string, unknown>)[key], Math.floor(at / 3), by)
  return Array.isArray(value) ? value.map((item, i) => (String(i) === key ? inner : item)) : { ...value, [key]: inner }
}
