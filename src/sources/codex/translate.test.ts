// What Codex' lines mean, as a table: what is written, and what is made of it.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { type Payload, TOLD_HEAD_MAX } from '../../event/payload.ts'
import type { LineMeaning } from '../source.ts'
import { codex } from './source.ts'

const FILE = 'sessions/2026/01/01/rollout-2026-01-01T10-00-00-t-1.jsonl'
const META = { id: 't-1', cwd: '/home/dev/app', cli_version: '0.150.0', git: { branch: 'main' } }

type Line = readonly [type: string, payload: object]

function meanings(meta: object, ...lines: readonly Line[]): readonly LineMeaning[] {
  const file = { root: '/root', path: FILE }
  let memory = codex.owner(file)!.memory
  return [['session_meta', meta] as const, ...lines].map(([type, payload]) => {
    const value = { timestamp: '2026-01-01T10:00:00.000Z', type, payload }
    const meaning = codex.translate(
      { text: JSON.stringify(value), value, bytes: new Uint8Array(), damage: null },
      file,
      memory,
    )
    memory = meaning.memory
    return meaning
  })
}

type Told = readonly [kind: string, payload: Omit<Payload, 'v'>]
const told = (all: readonly LineMeaning[]): readonly Told[] =>
  all.flatMap(({ parts }) => parts.map(({ kind, payload: { v: _, ...rest } }): Told => [kind, rest]))

const item = (payload: object): Line => ['response_item', payload]
const event = (type: string, more: object = {}): Line => ['event_msg', { type, ...more }]
const done = (type: string, more: object): Line => event('item_completed', { item: { type, ...more } })
const said = (role: string, text: string, more: object = {}): Line =>
  item({ type: 'message', role, content: [{ type: 'input_text', text }], ...more })
const REPEAT: Told = ['system.repeat', {}]
const LONG = 'word '.repeat(100)
const cases: readonly (readonly [string, readonly Line[], readonly Told[]])[] = [
  [
    'a prompt stands twice and is told once',
    [said('user', 'fix it'), event('user_message', { message: 'fix it', images: [] })],
    [['message.user.prompt', { text: 'fix it' }], REPEAT],
  ],
  [
    'also where the event comes first',
    [event('user_message', { message: 'fix it' }), said('user', 'fix it')],
    [['message.user.prompt', { text: 'fix it' }], REPEAT],
  ],
  [
    'also where it is an item of paginated history',
    [
      said('user', 'fix it', { id: 'm' }),
      done('UserMessage', { id: 'u', content: [{ type: 'text', text: 'fix it' }] }),
    ],
    [
      ['message.user.prompt', { text: 'fix it', nativeId: 'm' }],
      ['system.repeat', { nativeId: 'u' }],
    ],
  ],
  [
    'the same prompt typed again is another prompt',
    [
      said('user', 'yes'),
      event('user_message', { message: 'yes' }),
      said('user', 'yes'),
      event('user_message', { message: 'yes' }),
    ],
    [['message.user.prompt', { text: 'yes' }], REPEAT, ['message.user.prompt', { text: 'yes' }], REPEAT],
  ],
  ['a prompt without an event is one too', [said('user', 'hi')], [['message.user.prompt', { text: 'hi' }]]],
  [
    'a long prompt with a picture is pointed at',
    [
      item({
        type: 'message',
        role: 'user',
        content: [
          { type: 'input_text', text: '<image name=[Image #1]>' },
          { type: 'input_image', image_url: 'data:' },
          { type: 'input_text', text: '</image>' },
          { type: 'input_text', text: LONG },
        ],
      }),
    ],
    [
      [
        'message.user.prompt',
        { text: { at: '/payload/content/3/text', chars: 500, head: LONG.slice(0, TOLD_HEAD_MAX) }, images: 1 },
      ],
    ],
  ],
  [
    'a prompt from an editor, without what the editor said',
    [said('user', '# Context from my IDE setup:\n\n## Open tabs:\n- a.ts\n\n## My request for Codex:\nrename it\n')],
    [['message.user.prompt', { text: 'rename it' }]],
  ],
  [
    'a prompt in the middle of a turn stays inside it',
    [event('task_started', { turn_id: 'a' }), said('user', 'go'), said('user', 'and test')],
    [
      ['system.notice', { injected: 'task_started' }],
      ['message.user.prompt', { text: 'go' }],
      ['message.user.prompt', { text: 'and test', queued: true }],
    ],
  ],
  [
    'a command the person ran, told by item and by event',
    [
      done('CommandExecution', {
        id: 'x',
        command: ['/bin/zsh', '-lc', 'git status'],
        source: 'userShell',
        exit_code: 1,
        aggregated_output: 'no',
      }),
      said(
        'user',
        '<user_shell_command>\n<command>\ngit status\n</command>\n<result>\nExit code: 1\nDuration: 0.1 seconds\nOutput:\nno\n</result>\n</user_shell_command>',
      ),
    ],
    [
      ['message.user.prompt', { text: '! git status', command: 'shell', nativeId: 'x' }],
      ['message.user.tool_result', { text: 'no', result: { call: null, failed: true, exit: 1 }, nativeId: 'x' }],
      REPEAT,
    ],
  ],
  [
    'an answer, its twin, and that it was the last',
    [
      event('agent_message', { message: 'Done.', phase: 'final_answer' }),
      item({
        type: 'message',
        role: 'assistant',
        content: [{ type: 'output_text', text: 'Done.' }],
        phase: 'final_answer',
      }),
    ],
    [['message.assistant.text', { text: 'Done.', stop: 'final_answer' }], REPEAT],
  ],
  [
    'thoughts one by one, and all of them again as an item',
    [
      event('agent_reasoning', { text: 'one' }),
      event('agent_reasoning', { text: 'two' }),
      item({
        type: 'reasoning',
        summary: [
          { type: 'summary_text', text: 'one' },
          { type: 'summary_text', text: 'two' },
        ],
      }),
    ],
    [['message.assistant.thinking', { text: 'one' }], ['message.assistant.thinking', { text: 'two' }], REPEAT],
  ],
  [
    'a thought nobody can read is still one',
    [item({ type: 'reasoning', summary: [], encrypted_content: 'gAAA' })],
    [['message.assistant.thinking', {}]],
  ],
  ['the end of a turn', [event('task_complete', { duration_ms: 5 })], [['system.turn_complete', { durationMs: 5 }]]],
  [
    'a turn that failed',
    [event('task_complete', { error: { message: 'disconnected' } })],
    [
      ['system.error', { text: 'disconnected' }],
      ['system.turn_complete', { stop: 'error' }],
    ],
  ],
  [
    'a turn that was stopped',
    [event('turn_aborted', { reason: 'interrupted' })],
    [['system.turn_complete', { text: 'interrupted', stop: 'aborted' }]],
  ],
  [
    'a turn taken back',
    [event('thread_rolled_back', { num_turns: 2 })],
    [['system.branch', { text: '2 turns taken back' }]],
  ],
  [
    'a compaction is told once',
    [['compacted', { message: 'so far' }], event('context_compacted')],
    [['system.compact', { text: 'so far' }], REPEAT],
  ],
  [
    'the model, and that it was said again',
    [
      ['turn_context', { turn_id: 'a', model: 'm', effort: 'high', approval_policy: 'never' }],
      ['turn_context', { turn_id: 'a', model: 'm', effort: 'high', approval_policy: 'never' }],
      ['turn_context', { turn_id: 'b', model: 'm', effort: 'low', approval_policy: 'never' }],
    ],
    [
      ['system.model_change', { text: 'high · never', model: 'm' }],
      REPEAT,
      ['system.mode_change', { text: 'low · never' }],
    ],
  ],
  ['a name', [event('thread_name_updated', { thread_name: 'Demo' })], [['system.title', { title: 'Demo' }]]],
  [
    'one agent to another',
    [['inter_agent_communication', { author: '/root/a', recipient: '/root', content: 'done' }]],
    [['message.user.injected', { text: 'done', injected: 'agent_message' }]],
  ],
  ['the state of the world', [['world_state', { state: {} }]], [['system.notice', { injected: 'world_state' }]]],
  ['a new line passes through', [['brand_new', {}]], [['other.brand_new', {}]]],
  [
    'a new item, a new event',
    [item({ type: 'hologram' }), event('dreamt')],
    [
      ['other.item.hologram', {}],
      ['other.event.dreamt', {}],
    ],
  ],
]
for (const [what, lines, parts] of cases)
  test(what, () => assert.deepEqual(told(meanings({ ...META }, ...lines)).slice(1), parts))

const injected: readonly (readonly [string, string, string])[] = [
  ['user', '# AGENTS.md instructions for /w\n\n<INSTRUCTIONS>\nx\n</INSTRUCTIONS>', 'agents_md'],
  ['user', '<environment_context>\n<cwd>/w</cwd>\n</environment_context>', 'environment_context'],
  ['user', '<turn_aborted>\nstopped\n</turn_aborted>', 'interrupt'],
  ['user', '<subagent_notification>{}</subagent_notification>', 'subagent_notification'],
  ['user', '<brand_new_context a="b">x</brand_new_context>', 'brand_new_context'],
  ['developer', '<permissions instructions>x', 'permissions'],
  ['developer', 'be precise', 'developer'],
]
for (const [role, text, kind] of injected)
  test(`nobody typed ${kind}`, () =>
    assert.deepEqual(told(meanings(META, said(role, text)))[1], ['message.user.injected', { text, injected: kind }]))

test('a prompt that looks like Codex’ own marks is a prompt where the event says so', () => {
  const text = '<div>why is this blue?</div>'
  const kinds = told(meanings(META, said('user', text), event('user_message', { message: text }))).map(([kind]) => kind)
  assert.deepEqual(kinds.slice(1), ['message.user.injected', 'message.user.prompt'])
})

test('in paginated history an encrypted thought is told by the item that can be read', () => {
  const lines = [
    item({ type: 'reasoning', id: 'r', summary: [] }),
    done('Reasoning', { id: 'r', summary_text: ['hm'], raw_content: [] }),
  ]
  assert.deepEqual(told(meanings({ ...META, history_mode: 'paginated' }, ...lines)).slice(1), [
    ['system.repeat', { nativeId: 'r' }],
    ['message.assistant.thinking', { text: 'hm', nativeId: 'r' }],
  ])
})
