// What the demo's invented agent lives through: a flaky test in a bakery's web shop, found, mended and proved. Lines in the format of
// sources/example; each with the pause before it, in milliseconds at normal speed.

export interface StoryLine {
  readonly pauseMs: number
  readonly record: Readonly<Record<string, unknown>>
}

const SLOW = 2_400
const THINK = 1_500
const QUICK = 500

let requests = 0
const tokens = (input: number, output: number, cacheRead: number) => ({
  request: `r${++requests}`,
  model: 'demo-1',
  tokens: { input, output, cacheRead },
})

const ask = (text: string): StoryLine => ({ pauseMs: SLOW, record: { kind: 'ask', text } })
const think = (text: string, agent?: string): StoryLine => ({
  pauseMs: THINK,
  record: { kind: 'think', text, ...tokens(8, 120, 14_200), ...(agent && { agent }) },
})
const say = (text: string, more: object = {}): StoryLine => ({
  pauseMs: THINK,
  record: { kind: 'say', text, ...tokens(6, 180, 18_900), ...more },
})
const call = (id: string, tool: string, does: string, target: string, input: object, more: object = {}): StoryLine => ({
  pauseMs: QUICK,
  record: { kind: 'call', call: id, tool, does, target, input, ...tokens(5, 90, 16_400), ...more },
})
const result = (id: string, text: string, more: object = {}): StoryLine => ({
  pauseMs: QUICK,
  record: { kind: 'result', call: id, failed: false, text, ...more },
})
const done = (ms: number): StoryLine => ({ pauseMs: QUICK, record: { kind: 'done', ms } })

const FAILING = `> shop@2.4.0 test
> node --test

✔ adds a loaf to the basket (3.1ms)
✔ counts the rolls (0.8ms)
✖ offers pickup slots for today (41.7ms)
  AssertionError [ERR_ASSERTION]: Expected values to be strictly equal:
    actual:   '17:00'
    expected: '16:30'
ℹ tests 3
ℹ pass 2
ℹ fail 1`

const PASSING = `> shop@2.4.0 test
> node --test

✔ adds a loaf to the basket (2.9ms)
✔ counts the rolls (0.7ms)
✔ offers pickup slots for today (4.2ms)
✔ offers no slot in the past, whatever the timezone (3.8ms)
ℹ tests 4
ℹ pass 4
ℹ fail 0`

const SLOTS = `// Pickup slots, every half hour while the bakery is open.
export function slotsFor(day, now = new Date()) {
  const slots = []
  for (let minutes = 7 * 60; minutes <= 18 * 60; minutes += 30) {
    const slot = new Date(day.getFullYear(), day.getMonth(), day.getDate(), 0, minutes)
    if (slot > now) slots.push(toClock(slot))
  }
  return slots
}`

export const STORY: readonly StoryLine[] = [
  ask(
    'The pickup slot test is flaky, it failed in CI again this morning. Find out why and fix it properly, no retries please.',
  ),
  think(
    'A test about “today” that fails sometimes: most likely it depends on the wall clock or the timezone of the machine. First see it fail.',
  ),
  call('c1', 'Shell', 'run', 'npm test', { command: 'npm test', description: 'Run the tests' }),
  result('c1', FAILING, { failed: true, exit: 1 }),
  say(
    'It fails here too, half an hour off. I will look at how slots are made while a helper looks for other places that ask for the time.',
  ),
  call('c2', 'Delegate', 'delegate', 'find every use of the wall clock', {
    prompt: 'Find every use of the wall clock in src/ and say which of them a test cannot hold still.',
  }),
  {
    pauseMs: QUICK,
    record: {
      agent: 'scout',
      agentType: 'Explorer',
      parentCall: 'c2',
      kind: 'call',
      call: 's1',
      tool: 'Grep',
      does: 'search',
      target: 'new Date\\(\\)|Date.now',
      input: { pattern: 'new Date\\(\\)|Date.now', path: 'src' },
    },
  },
  call('c3', 'Read', 'read', '/home/dev/bakery/src/slots.js', { path: '/home/dev/bakery/src/slots.js' }),
  {
    pauseMs: QUICK,
    record: {
      agent: 'scout',
      kind: 'result',
      call: 's1',
      failed: false,
      text: 'src/slots.js:2\nsrc/slots.js:5\nsrc/receipt.js:11',
    },
  },
  result('c3', SLOTS),
  {
    pauseMs: THINK,
    record: {
      agent: 'scout',
      kind: 'say',
      text: 'Two places: src/slots.js takes `now` as a parameter but the test does not pass it; src/receipt.js only prints the date.',
      stop: 'stop',
      ...tokens(4, 70, 3_100),
    },
  },
  result(
    'c2',
    'Two places: src/slots.js takes `now` as a parameter but the test does not pass it; src/receipt.js only prints the date.',
    { agent: undefined },
  ),
  think(
    'The function can be held still, the test just does not do it. And there is a real bug behind it: `day` is built in local time while the shop’s day comes in UTC.',
  ),
  call('c4', 'Edit', 'edit', '/home/dev/bakery/test/slots.test.js', {
    file_path: '/home/dev/bakery/test/slots.test.js',
    old_string: `test('offers pickup slots for today', () => {\n  assert.equal(slotsFor(new Date())[0], '16:30')\n})`,
    new_string: `const NOW = new Date('2026-03-14T16:10:00')\n\ntest('offers pickup slots for today', () => {\n  assert.equal(slotsFor(NOW, NOW)[0], '16:30')\n})`,
  }),
  result('c4', 'The file was changed.'),
  call('c5', 'Edit', 'edit', '/home/dev/bakery/src/slots.js', {
    file_path: '/home/dev/bakery/src/slots.js',
    old_string: 'const slot = new Date(day.getFullYear(), day.getMonth(), day.getDate(), 0, minutes)',
    new_string: 'const slot = atMinutes(startOfDay(day, BAKERY_ZONE), minutes)',
  }),
  result('c5', 'The file was changed.'),
  call('c6', 'Write', 'write', '/home/dev/bakery/src/zone.js', {
    file_path: '/home/dev/bakery/src/zone.js',
    content: `// The bakery has one clock, wherever the server stands.\nexport const BAKERY_ZONE = 'Europe/Berlin'\n\nexport const startOfDay = (day, zone) => zoned(day, zone).with({ hour: 0, minute: 0 })\nexport const atMinutes = (start, minutes) => start.add({ minutes })\n`,
  }),
  result('c6', 'The file was written.'),
  call('c7', 'Shell', 'run', 'npm test', { command: 'npm test', description: 'Run the tests again' }),
  result('c7', PASSING, { exit: 0 }),
  call('c8', 'Shell', 'run', 'TZ=Pacific/Auckland npm test', {
    command: 'TZ=Pacific/Auckland npm test',
    description: 'The other side of the world',
  }),
  result('c8', PASSING, { exit: 0 }),
  say(
    'The test was flaky because it asked the **real clock**, and behind it was a real bug: slots were made in the server’s timezone instead of the bakery’s.\n\n- `test/slots.test.js` now holds the time still\n- `src/slots.js` makes slots in the bakery’s own zone (`src/zone.js`)\n- a new test proves it in Auckland as well\n\nAll 4 tests pass, here and with `TZ=Pacific/Auckland`. Shall I commit it?',
    { stop: 'stop' },
  ),
  done(48_000),
  { pauseMs: QUICK, record: { kind: 'title', title: 'Fix the flaky pickup slot test' } },
  ask('yes, and mention the timezone in the message'),
  call('c9', 'Shell', 'run', 'git commit -am "Make pickup slots in the bakery’s timezone"', {
    command: 'git commit -am "Make pickup slots in the bakery’s timezone"',
  }),
  result(
    'c9',
    '[main 4f1c2aa] Make pickup slots in the bakery’s timezone\n 3 files changed, 14 insertions(+), 4 deletions(-)',
    { exit: 0 },
  ),
  say('Committed as `4f1c2aa`: *Make pickup slots in the bakery’s timezone*.', { stop: 'stop' }),
  done(6_000),
]
