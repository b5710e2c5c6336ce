// One session in which every kind of move happens once: nested subagents, a helper, colours, a refusal, a queued prompt, pictures,
// a plan, a question, to-dos, the web, a branch, a compaction. Invented, like everything in this folder.
import type { Scene } from './world.ts'

const E = '\u001b'
const PNG = 'iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAFklEQVR4nGP8z8DwnwEbYMIqOmgkAEzLAhBtXqMOAAAAAElFTkSuQmCC'

export const COLOURS = [
  `${E}[1m Test Files ${E}[22m ${E}[32m✓ 12 passed${E}[39m ${E}[2m(13)${E}[22m  ${E}[31m1 failed${E}[0m`,
  `${E}[41m${E}[97m FAIL ${E}[0m ${E}[4msrc/clock.test.ts${E}[24m ${E}[3mleaps forward${E}[23m`,
  `${E}[38;5;208morange of 256${E}[0m ${E}[38;2;120;90;255mtrue colour${E}[0m ${E}[7m inverse ${E}[27m ${E}[9mstruck${E}[29m`,
  [...'01234567'].map((n) => `${E}[3${n}m3${n}${E}[9${n}m9${n}${E}[4${n}m4${n}${E}[0m`).join(' '),
  `downloading  10 %\rdownloading 100 %${E}]0;owned\u0007`,
].join('\n')

export function everyMove(scene: Scene): void {
  scene
    .note('system.session_start', 'startup')
    .prompt('Make the clock survive summer time. Look at this screen first.', { images: 1 })
    .think('The clock adds 24 hours to get to tomorrow. On the last Sunday of March that is one hour too far.')
    .tool(
      'read',
      'Read',
      '/home/dev/clock/src/clock.ts',
      { file_path: '/home/dev/clock/src/clock.ts' },
      'export const DAY = 24\n',
    )
    .tool('search', 'Grep', 'DAY', { pattern: 'DAY', path: 'src' }, 'src/clock.ts:1\nsrc/alarm.ts:9')
    .tool(
      'web',
      'WebFetch',
      'https://example.org/dst',
      { url: 'https://example.org/dst', prompt: 'When?' },
      '**Last Sunday** of March, 01:00 UTC.',
    )
    .tool(
      'todo',
      'TodoWrite',
      '',
      {
        todos: [
          { content: 'A test on the day itself', status: 'completed' },
          { content: 'Days by the calendar', status: 'in_progress' },
          { content: 'The alarm too', status: 'pending' },
        ],
      },
      'Todos have been modified',
    )
  delegated(scene)
  scene
    .run('npx vitest --color', COLOURS, { failed: true, exit: 1, note: 'See it fail on the day' })
    .prompt('Use Temporal, not a library.', { queued: true })
  const patch = scene.call('edit', 'apply_patch', 'src/clock.ts', PATCH)
  scene.add('message.user.tool_result', {
    text: 'Success. Updated the following files:\nM src/clock.ts\nA src/days.ts',
    result: {
      call: patch,
      failed: false,
      files: [
        { path: '/home/dev/clock/src/clock.ts', change: 'modified', added: 2, removed: 1 },
        { path: '/home/dev/clock/src/days.ts', change: 'created', added: 1 },
      ],
    },
  })
  const push = scene.call('run', 'Bash', 'git push --force', { command: 'git push --force' })
  scene.add('message.user.tool_result', {
    text: 'The user doesn’t want to proceed with this tool use.',
    result: { call: push, failed: true, refused: true, feedback: 'Never force. Open a pull request instead.' },
  })
  scene
    .tool(
      'ask',
      'AskUserQuestion',
      'Which zone?',
      {
        questions: [
          { question: 'Which zone do the tests run in?', options: [{ label: 'Berlin' }, { label: 'Lord Howe' }] },
        ],
      },
      'Lord Howe',
    )
    .tool(
      'plan',
      'ExitPlanMode',
      '',
      { plan: '1. Days by the calendar\n2. The alarm\n3. A test in **Lord Howe**, which moves by half an hour' },
      'Approved',
    )
    .tool('other', 'mcp__home__lights', 'hall', { room: 'hall', on: true }, 'on')
    .note('system.branch', '2 messages were taken back')
    .note('system.compact', `${'What happened so far: the clock adds 24 hours. '.repeat(6)}\n\nNext: the alarm.`)
    .note('system.model_change', '', { model: 'claude-opus-4-5' })
    .note('system.link', '', { url: 'https://example.org/pull/42' })
    .say(`Right to left stays where it is: \u202Eabc\u202C. The clock survives summer time.`, true)
}

function delegated(scene: Scene): void {
  const outer = scene.call('delegate', 'Task', 'Find other clocks', {
    description: 'Find other clocks',
    prompt: 'Find every other place that adds 24 hours.',
    subagent_type: 'Explore',
  })
  scene.add(
    'message.user.injected',
    {
      text: 'Find every other place that adds 24 hours.',
      injected: 'delegated',
      agentType: 'Explore',
      parentCall: outer,
    },
    'agent-outer',
  )
  scene.add('system.agent', { text: 'Find other clocks' }, 'agent-outer')
  scene.tool('search', 'Grep', '24 \\* 60', { pattern: '24 \\* 60' }, 'src/alarm.ts:9', {}, 'agent-outer')
  const inner = scene.call(
    'delegate',
    'Task',
    'Read the alarm',
    { description: 'Read the alarm', prompt: 'Does the alarm rely on it?', subagent_type: 'Explore' },
    'agent-outer',
  )
  scene.add(
    'message.user.injected',
    { text: 'Does the alarm rely on it?', injected: 'delegated', agentType: 'Explore', parentCall: inner },
    'agent-inner',
  )
  scene.tool(
    'read',
    'Read',
    '/home/dev/clock/src/alarm.ts',
    { file_path: '/home/dev/clock/src/alarm.ts' },
    'const DAY = 24\n',
    {},
    'agent-inner',
  )
  scene.say('It does, in one place.', true, 'agent-inner')
  scene.result(inner, 'It does, in one place.', { agentId: 'agent-inner' }, 'agent-outer')
  scene.say('`src/alarm.ts` too.', true, 'agent-outer')
  scene.result(outer, 'The alarm adds 24 hours as well.', { agentId: 'agent-outer' })
  scene.add('message.assistant.text', { text: 'A summary for the cache.', hidden: true }, 'agent-helper')
}

// What the prompt's line holds, as an agent writes pictures into it.
export const PICTURE_LINE = {
  content: [{ type: 'image', source: { type: 'base64', media_type: 'image/png', data: PNG } }],
}

const PATCH = `*** Begin Patch
*** Update File: src/clock.ts
@@ export const tomorrow
-export const tomorrow = (now) => now + DAY * HOUR
+import { days } from './days.ts'
+export const tomorrow = (now) => days(now, 1)
*** Add File: src/days.ts
+export const days = (now, n) => now.add({ days: n })
*** End Patch`
