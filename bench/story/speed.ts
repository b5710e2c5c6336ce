// How long the turns of 100,000 events take to fold: in ordinary turns, and all in one. The best of five, in time of the processor, which
// other programs lengthen less.
//   node tools/setup/run.mjs bench/story/speed.ts
import type { Event } from '../../src/event/event.ts'
import type { Payload } from '../../src/event/payload.ts'
import { turnsOf } from '../../src/folds/turn/lanes.ts'

const EVENTS = 100_000
const TURN = 40

function event(n: number, kind: string, payload: Omit<Payload, 'v'>): Event {
  const id = n.toString(16).padStart(32, '0')
  const origin = { file: '/t/s.jsonl', inode: 1, offset: n, length: 1, line: n, sha256: '' }
  const about = { source: 'x', type: kind, subject: 's', agent: 'invented', session: 'invented:s', project: 'p' }
  const time = new Date(n * 1_000).toISOString()
  return {
    id,
    kind,
    time,
    ...about,
    host: '',
    user: '',
    agentId: null,
    sequence: String(n),
    origin,
    payload: { v: 2, ...payload },
    rawIn: null,
    raw: undefined,
  }
}

const COMMANDS = [
  'cd /home/dev/app && npm test 2>&1 | tail -20',
  'git add -A && git commit -m "Fix the oven" && git push',
  "grep -rn 'crust' src | head -20",
  'sed -i s/a/b/ src/oven.ts && go build ./...',
]
const OUTPUT = `${'some line of output that says nothing\n'.repeat(40)}Tests: 1 failed, 11 passed, 12 total\n`

function* work(perTurn: number): Iterable<Event> {
  for (let n = 0; n < EVENTS; n++) {
    const at = n % perTurn
    const step = n % 4
    const call = `c${n - (n % 2)}`
    if (at === 0) yield event(n, 'message.user.prompt', { text: `please bake bread number ${n}` })
    else if (at === perTurn - 1) yield event(n, 'message.assistant.text', { text: 'Done.', stop: 'end_turn' })
    else if (step === 0)
      yield event(n, 'message.assistant.tool_use', {
        tool: { name: 'Bash', kind: 'run', call, input: { value: { command: COMMANDS[(n >> 2) % 4] } } },
      })
    else if (step === 2) {
      const path = `/home/dev/app/src/oven-${n % 97}.ts`
      const input = { value: { file_path: path, old_string: 'a\nb\nc', new_string: 'a\nx\nc' } }
      yield event(n, 'message.assistant.tool_use', { tool: { name: 'Edit', kind: 'edit', call, input, target: path } })
    } else yield event(n, 'message.user.tool_result', { text: OUTPUT, result: { call, failed: false } })
  }
}

for (const [what, perTurn] of [
  [`turns of ${TURN} events`, TURN],
  ['one turn', EVENTS],
] as const) {
  const events = [...work(perTurn)]
  let ms = Number.POSITIVE_INFINITY
  let turns: ReturnType<typeof turnsOf> = []
  for (let run = 0; run < 5; run++) {
    const from = process.cpuUsage()
    turns = turnsOf(events)
    ms = Math.min(ms, process.cpuUsage(from).user / 1_000)
  }
  const largest = Math.max(...turns.map((turn) => JSON.stringify(turn).length))
  console.log(`${EVENTS} events in ${what}: ${ms.toFixed(0)} ms, ${turns.length} turns, the largest ${largest} bytes`)
}
