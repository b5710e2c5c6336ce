// The sessions of the invented machine: a few written out, and a crowd behind them.
import { everyMove } from './moves.ts'
import { Scene, World } from './world.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

export function makeWorld(nowMs: number, crowd = 240): { world: World; live: Scene } {
  const world = new World()
  addCrowd(world, nowMs, crowd)
  checkout(new Scene(world, { id: '5b1e77c0-9f64', branch: 'main', startMs: nowMs - DAY - 200 * MINUTE }))
  flaky(
    new Scene(world, {
      id: 'c0ffee12-77aa',
      agent: 'pi',
      cwd: '/home/dev/ledger',
      branch: 'fix/clock',
      model: 'gpt-5.1-codex',
      startMs: nowMs - 35 * MINUTE,
    }),
  )
  stuck(
    new Scene(world, {
      id: 'd41d8cd9-8f00',
      agent: 'hermes',
      cwd: '/home/dev/atlas',
      branch: 'main',
      model: 'hermes-4-70b',
      startMs: nowMs - 50 * MINUTE,
    }),
  )
  everyMove(
    new Scene(world, {
      id: '6d6f7665-5000-4000-8000-000000000001',
      cwd: '/home/dev/clock',
      branch: 'summer-time',
      startMs: nowMs - 26 * 60 * MINUTE,
    }),
  )
  const live = new Scene(world, {
    id: '0198f2ab-4c11',
    cwd: '/home/dev/shop',
    branch: 'retry-webhooks',
    startMs: nowMs - 19 * MINUTE,
  })
  webhooks(live, nowMs)
  return { world, live }
}

export const EMPTY = (): World => new World()

function webhooks(scene: Scene, nowMs: number): void {
  scene
    .note('system.session_start', 'startup')
    .note(
      'message.user.injected',
      'Contents of AGENTS.md: keep functions small; run npm test before you say it works.',
      { injected: 'instructions' },
    )
    .prompt(
      'Payment webhooks get lost when the worker restarts. Make delivery retry with back-off, and show me a test that fails first.',
    )
    .think(
      'The worker holds deliveries in memory. A restart drops the queue, so the retry has to be durable: a table with next_attempt_at, claimed by the worker. I should look at how deliveries are made now, and whether there is a jobs table already that I could use.',
    )
    .say('I will look at how deliveries are made now, then write the failing test.')
    .tool(
      'search',
      'Grep',
      'deliverWebhook',
      { pattern: 'deliverWebhook', path: 'src' },
      'src/webhooks/deliver.ts:12\nsrc/webhooks/deliver.ts:48\nsrc/worker/main.ts:31',
    )
    .tool(
      'read',
      'Read',
      '/home/dev/shop/src/webhooks/deliver.ts',
      { file_path: '/home/dev/shop/src/webhooks/deliver.ts' },
      DELIVER,
    )
    .note('progress.hook', 'PreToolUse: format')
    .tool(
      'todo',
      'TodoWrite',
      '',
      {
        todos: [
          { content: 'A test that loses a webhook on restart', status: 'completed' },
          { content: 'Deliveries in a table, claimed by the worker', status: 'in_progress' },
          { content: 'Back-off with a largest delay', status: 'pending' },
        ],
      },
      'Todos have been modified',
    )
    .tool(
      'write',
      'Write',
      '/home/dev/shop/test/webhooks.test.ts',
      { file_path: '/home/dev/shop/test/webhooks.test.ts', content: TEST },
      'File created successfully',
    )
    .run('npm test -- webhooks', FAILING, { failed: true, exit: 1, note: 'See the new test fail' })
    .say('It fails for the right reason: after the restart the delivery is gone. Now the durable queue.')
    .tool(
      'edit',
      'Edit',
      '/home/dev/shop/src/webhooks/deliver.ts',
      { file_path: '/home/dev/shop/src/webhooks/deliver.ts', old_string: OLD_CODE, new_string: NEW_CODE },
      'The file has been updated.',
    )
    .note('file.snapshot', '')
    .note('progress.hook', 'PostToolUse: format')
  const call = scene.call('delegate', 'Task', 'Check every caller of deliver()', {
    description: 'Check every caller of deliver()',
    prompt: 'Find every caller of `deliver()` and say which of them rely on its return value.',
    subagent_type: 'Explore',
  })
  scene.add(
    'message.user.prompt',
    {
      text: 'Find every caller of `deliver()` and say which of them rely on its return value.',
      agentType: 'Explore',
      parentCall: call,
    },
    'a7f30b21',
  )
  scene.tool(
    'search',
    'Grep',
    'deliver\\(',
    { pattern: 'deliver\\(', path: 'src' },
    'src/worker/main.ts:31\nsrc/admin/resend.ts:9',
    {},
    'a7f30b21',
  )
  scene.tool(
    'read',
    'Read',
    '/home/dev/shop/src/admin/resend.ts',
    { file_path: '/home/dev/shop/src/admin/resend.ts' },
    'export const resend = (id) => deliver(load(id))\n',
    {},
    'a7f30b21',
  )
  scene.say(
    'Two callers. `src/worker/main.ts` ignores the value; `src/admin/resend.ts` returns it to the page, so the type must stay.',
    true,
    'a7f30b21',
  )
  scene.result(call, 'Two callers. Only `src/admin/resend.ts` uses the value; keep its type.', { agentId: 'a7f30b21' })
  scene
    .run('npm test', PASSING, { note: 'Run all tests' })
    .say(ANSWER, true)
    .note('system.turn_complete', '', { durationMs: 184_000 })
    .wait(150)
    .prompt('Good. Cap the delay at ten minutes and tell me what happens after the last attempt.')
  const minutes = nowMs - 100_000
  scene
    .at(minutes)
    .think('After the last attempt the delivery should stay visible rather than vanish.')
    .tool(
      'edit',
      'Edit',
      '/home/dev/shop/src/webhooks/backoff.ts',
      {
        file_path: '/home/dev/shop/src/webhooks/backoff.ts',
        old_string: 'const DELAY_MS_MAX = 60 * 60_000',
        new_string: 'const DELAY_MS_MAX = 10 * 60_000\nconst ATTEMPTS_MAX = 12',
      },
      'The file has been updated.',
    )
    .run(
      'npm test -- backoff',
      'ok 1 - delays double\nok 2 - never more than ten minutes\nok 3 - twelve attempts, then parked\n# pass 3\n# fail 0\n',
      { note: 'Check the cap' },
    )
    .say(
      'The cap holds. Next I make a parked delivery visible on the admin page, so that nobody has to read a log to find it.',
    )
}

// A subagent that sends one of its own; and a turn long enough for more than a page.
export function delegation(scene: Scene): void {
  scene.prompt('Find out who still calls the old billing API, and move them.')
  const survey = scene.call('delegate', 'Task', 'Survey the callers', {
    description: 'Survey the callers',
    prompt: 'List every caller of the old billing API.',
    subagent_type: 'Surveyor',
  })
  scene.add(
    'message.user.prompt',
    { text: 'List every caller of the old billing API.', agentType: 'Surveyor', parentCall: survey },
    'b1',
  )
  scene.think('There are two packages. I send someone to read the second.', 'b1')
  const reading = scene.call(
    'delegate',
    'Task',
    'Read the invoices package',
    { description: 'Read the invoices package', prompt: 'Which files call it?', subagent_type: 'Reader' },
    'b1',
  )
  scene.add(
    'message.user.prompt',
    { text: 'Which files of the invoices package call it?', agentType: 'Reader', parentCall: reading },
    'b2',
  )
  scene.tool(
    'read',
    'Read',
    '/home/dev/shop/src/invoices/pay.ts',
    { file_path: '/home/dev/shop/src/invoices/pay.ts' },
    'oldBilling.pay()',
    {},
    'b2',
  )
  scene.say('Only pay.ts calls it, in one place at the very bottom.', true, 'b2')
  scene.result(reading, 'Only pay.ts calls it.', { agentId: 'b2' }, 'b1')
  scene.say('One caller: invoices/pay.ts.', true, 'b1')
  scene.result(survey, 'One caller: invoices/pay.ts.', { agentId: 'b1' })
  scene
    .tool(
      'edit',
      'Edit',
      '/home/dev/shop/src/invoices/pay.ts',
      { file_path: '/home/dev/shop/src/invoices/pay.ts', old_string: 'oldBilling.pay()', new_string: 'billing.pay()' },
      'The file has been updated.',
    )
    .run('npm test', PASSING, { note: 'Run all tests' })
    .run(
      'git commit -am "Pay through the new billing API"',
      '[main 1a2b3c4] Pay through the new billing API\n 1 file changed',
    )
    .say('Moved the one caller and committed it.', true)
    .wait(60)
    .prompt('Now read everything <img src=x onerror="document.title=\'owned\'"> once more. \u202eesrever')
  for (let i = 0; i < 150; i++)
    scene.tool(
      'read',
      'Read',
      `/home/dev/shop/src/part-${i}.ts`,
      { file_path: `/home/dev/shop/src/part-${i}.ts` },
      `part ${i}`,
    )
  scene.say('I read all 150 parts, and none of them is about billing.', true)
}

function flaky(scene: Scene): void {
  scene
    .prompt('The ledger tests fail on Mondays. Find out why.')
    .think('Mondays suggest week arithmetic or a time zone.')
    .tool(
      'run',
      'shell',
      'rg -n "getDay" src',
      { command: ['rg', '-n', 'getDay', 'src'] },
      'src/periods.ts:18:  const day = date.getDay()\n',
    )
    .tool(
      'edit',
      'apply_patch',
      '/home/dev/ledger/src/periods.ts',
      '*** Begin Patch\n*** Update File: src/periods.ts\n@@\n-  const day = date.getDay()\n+  // Monday is 1 and Sunday 7: a week begins on Monday here (ISO 8601).\n+  const day = date.getUTCDay() || 7\n*** End Patch',
      'Done!',
    )
    .tool('run', 'shell', 'npm test', { command: ['npm', 'test'] }, '# tests 214\n# pass 214\n# fail 0\n')
    .say(
      'The week began on Sunday in local time, and on Monday everywhere else. `getUTCDay() || 7` makes both ISO weeks. All 214 tests pass; I ran them with `TZ` set to Auckland, Berlin and Honolulu too.\n\nShall I also move the existing rows? There are **1,204** with the wrong period.',
      true,
    )
}

function stuck(scene: Scene): void {
  scene
    .prompt('Index the map tiles and publish them.')
    .tool('run', 'terminal', 'make tiles', { command: 'make tiles' }, 'rendering z0..z9\nrendering z10\n')
    .note('system.error', '529 overloaded: the model did not answer after 10 attempts. The session stopped.')
}

function checkout(scene: Scene): void {
  scene
    .prompt('Make the checkout page faster. It takes four seconds on a phone.')
    .tool(
      'read',
      'Read',
      '/home/dev/shop/src/pages/checkout.tsx',
      { file_path: '/home/dev/shop/src/pages/checkout.tsx' },
      'export function Checkout() {\n  // …\n}\n',
    )
    .say(
      'Three things take the time:\n\n| what | ms |\n| --- | ---: |\n| map of pick-up points, loaded at once | 1,900 |\n| two copies of the date library | 700 |\n| fonts that block text | 450 |\n\n1. Load the map when it is opened.\n2. One date library.\n3. `font-display: swap`.\n\n> The rest is the network, and out of our hands.',
      true,
    )
    .wait(400)
    .prompt('Do the first two.')
    .tool(
      'edit',
      'Edit',
      '/home/dev/shop/src/pages/checkout.tsx',
      {
        file_path: '/home/dev/shop/src/pages/checkout.tsx',
        old_string: "import { PickupMap } from '../map'",
        new_string: "const PickupMap = lazy(() => import('../map'))",
      },
      'The file has been updated.',
    )
    .run('npm run build', 'checkout.js  412 kB → 168 kB\n')
    .say('Done: the page weighs 168 kB instead of 412 and is ready in **1.4 s** on the same phone.', true)
    .wait(60)
    .prompt('/compact', { command: 'slash' })
    .note('system.compact', 'Conversation compacted: 84k tokens became 6k')
    .prompt('What does <img src=x onerror="document.title=\'owned\'"> do in a product name?')
    .say(
      'It must stay text: <script>document.title = "owned"</script> and <img src=x onerror="document.title=\'owned\'"> are shown as written. See [the guide](https://example.org/xss), not [this](javascript:alert(1)).\n\n![a picture](https://example.org/p.png)',
      true,
    )
}

const THINGS = [
  'Rename the billing period',
  'Why is the build red?',
  'Add a dark mode to the invoice',
  'Write the release notes',
  'Move the queue to NATS',
  'Explain the migration',
  'Clean up the feature flags',
  'Find the slow query',
  'Port the parser to Rust',
  'Review the pull request',
]
const PLACES = ['/home/dev/shop', '/home/dev/ledger', '/home/dev/atlas', '/home/dev/notes', '/srv/infra']
const AGENTS = ['claude-code', 'claude-code', 'pi', 'hermes', 'openclaw']
function addCrowd(world: World, nowMs: number, crowd: number): void {
  for (let i = crowd; i >= 1; i--) {
    const scene = new Scene(world, {
      id: `${((i * 2_654_435_761) % 4_294_967_296).toString(16).padStart(8, '0')}-${i}`,
      agent: AGENTS[i % AGENTS.length]!,
      cwd: PLACES[(i * 7) % PLACES.length]!,
      startMs: nowMs - i * 4.3 * 60 * MINUTE - 90 * MINUTE,
    })
    scene.prompt(`${THINGS[i % THINGS.length]!}${i % 3 === 0 ? ', and keep it small' : ''}`)
    scene.run('git status --short', i % 4 === 0 ? '' : ' M src/main.ts\n')
    scene.say(`Done in ${1 + (i % 5)} small steps.`, true)
  }
}

const DELIVER = Array.from(
  { length: 61 },
  (_, i) =>
    `${i + 1}  ${i === 11 ? 'export async function deliverWebhook(hook: Hook) {' : i === 47 ? '  await post(hook.url, hook.body)' : ''}`,
).join('\n')
const TEST = `import assert from 'node:assert/strict'
import { test } from 'node:test'
import { restart, startWorker } from './worker.ts'

test('a webhook that was due before a restart is delivered after it', async () => {
  const worker = await startWorker({ endpoint: 'refuses-once' })
  await worker.enqueue({ id: 'evt_1', url: worker.url, body: '{}' })
  await restart(worker)
  assert.deepEqual(await worker.delivered(), ['evt_1'])
})
`
const FAILING = `> shop@3.2.0 test
> node --test webhooks

TAP version 13
# Subtest: a webhook that was due before a restart is delivered after it
not ok 1 - a webhook that was due before a restart is delivered after it
  ---
  duration_ms: 412.3
  error: |-
    Expected values to be strictly deep-equal:
    + actual - expected
    + []
    - ['evt_1']
  code: 'ERR_ASSERTION'
  ...
1..1
# tests 1
# pass 0
# fail 1
`
const PASSING = '> shop@3.2.0 test\n\n# tests 88\n# pass 88\n# fail 0\n# duration_ms 6204\n'
const OLD_CODE = `export async function deliverWebhook(hook: Hook) {
  queue.push(hook)
  await post(hook.url, hook.body)
}`
const NEW_CODE = `export async function deliverWebhook(hook: Hook, clock: Clock) {
  await deliveries.insert({ ...hook, attempt: 0, nextAttemptAt: clock.nowMs() })
}

// Claimed by one worker at a time; a crash in between costs a repeat, not a loss.
export async function deliverDue(clock: Clock) {
  for (const hook of await deliveries.claim(clock.nowMs(), CLAIM_MAX)) {
    const answer = await post(hook.url, hook.body)
    if (answer.ok) await deliveries.done(hook.id)
    else await deliveries.again(hook.id, clock.nowMs() + delayMs(hook.attempt))
  }
}`
const ANSWER = `Deliveries now survive a restart.

- **Where they live:** a \`deliveries\` table with \`next_attempt_at\`; the worker claims what is due, twenty at a time.
- **When they are tried again:** after 1, 2, 4, 8 … seconds, at most an hour.
- **What proves it:** the new test failed before and passes now, and so do the other 87.

\`\`\`ts
export const delayMs = (attempt: number): number =>
  Math.min(DELAY_MS_MAX, 1_000 * 2 ** attempt)
\`\`\`

One thing you should know: \`src/admin/resend.ts\` shows the answer of the endpoint, so I kept that path synchronous.`
