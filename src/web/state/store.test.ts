import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import type { StoryRecord } from '../../folds/record.ts'
import type { LiveItem, ServerMessage, SessionSummary } from '../../wire/live.ts'
import type { RecordsAnswer, SessionsAnswer } from '../../wire/rest.ts'
import { LiveStore, type Ports } from './store.ts'

const SESSION = 'agent:one'
const recordAt = (seq: number): StoryRecord => ({
  id: `e${seq}`,
  session: SESSION,
  agent: 'agent',
  agentId: null,
  kind: 'message.assistant.text',
  time: null,
  sequence: String(seq),
  text: `line ${seq}`,
  more: false,
  origin: { file: 'f', line: seq },
})
const rowAt = (events: number) => ({ id: SESSION, events, agent: 'agent', project: 'p', ended: null }) as SessionSummary

// A server whose index trails its stream, whose answers and frames come when the test says so, and which may lose its past.
class Machine {
  head = 0
  indexed = 0
  first = 1 // oldest number the stream still has
  readonly answers: (() => void)[] = []
  readonly timers: (() => void)[] = []
  readonly frames: (() => void)[] = []
  wire: { sent: number; hello: number | null; on: Parameters<Ports['openSocket']>[0]; shut: boolean } | null = null

  readonly ports: Ports = {
    openSocket: (on) => {
      const wire = { sent: 0, hello: null as number | null, on, shut: false }
      this.wire = wire
      this.timers.push(() => wire.shut || on.opened())
      return {
        send: (text) => {
          wire.hello = (JSON.parse(text) as { from: number }).from
        },
        close: () => {
          wire.shut = true
        },
      }
    },
    loadSessions: () =>
      this.#answer(
        (): SessionsAnswer => ({
          sessions: [rowAt(this.indexed)],
          next: null,
          total: 1,
          seq: this.indexed,
          labels: { agent: 'Agent' },
        }),
      ),
    loadRecords: () =>
      this.#answer((): RecordsAnswer => {
        const records = Array.from({ length: this.indexed }, (_, i) => recordAt(i + 1))
        return { records, cursors: records.map((_, i) => i), more: { before: false, after: false }, seq: this.indexed }
      }),
    inFrame: (run) => this.frames.push(run),
    after: (_, run) => {
      this.timers.push(run)
      return () => this.timers.splice(this.timers.indexOf(run) >>> 0, 1)
    },
  }

  // The answer is what holds when the server makes it, and may arrive much later.
  #answer<T>(make: () => T): Promise<T> {
    const value = make()
    return new Promise((resolve, reject) =>
      this.answers.push(() => (this.failNext ? reject(new Error('cut')) : resolve(value))),
    )
  }
  failNext = false

  say(message: ServerMessage): void {
    if (this.wire && !this.wire.shut) this.wire.on.heard(JSON.stringify(message))
  }
  deliver(most: number): void {
    const wire = this.wire
    if (!wire || wire.shut || wire.hello === null) return
    if (wire.sent === 0) {
      if (wire.hello + 1 < this.first) {
        this.say({ type: 'reset', first: this.first, seq: this.head })
        return
      }
      wire.sent = wire.hello + 1
      this.say({ type: 'welcome', seq: this.head, from: wire.hello })
    }
    const from = Math.max(1, wire.sent - 1) // a little is repeated: a client must bear it
    const to = Math.min(this.head, wire.sent - 1 + most)
    const items: LiveItem[] = []
    for (let seq = from; seq <= to; seq++) items.push({ seq, kind: 'record', project: 'p', record: recordAt(seq) })
    wire.sent = to + 1
    this.say({ type: 'batch', to, items })
  }
  cut(): void {
    const wire = this.wire
    if (!wire || wire.shut) return
    wire.shut = true
    wire.on.closed()
  }
}

type Op = readonly [
  'publish' | 'deliver' | 'index' | 'answer' | 'fail' | 'timer' | 'frame' | 'cut' | 'compact' | 'open' | 'behind',
  number,
]
const anyOp: fc.Arbitrary<Op> = fc.tuple(
  fc.constantFrom(
    'publish',
    'publish',
    'deliver',
    'deliver',
    'index',
    'answer',
    'answer',
    'fail',
    'timer',
    'timer',
    'frame',
    'cut',
    'compact',
    'open',
    'behind',
  ),
  fc.integer({ min: 1, max: 4 }),
)
const tick = () => new Promise((resolve) => setImmediate(resolve))
const lane = { session: SESSION, agent: null }

function act(machine: Machine, store: LiveStore, [op, n]: Op): void {
  if (op === 'publish') machine.head += n
  else if (op === 'index') machine.indexed = Math.min(machine.head, machine.indexed + n)
  else if (op === 'deliver') machine.deliver(n)
  else if (op === 'cut') machine.cut()
  else if (op === 'frame') machine.frames.shift()?.()
  else if (op === 'timer') machine.timers.shift()?.()
  else if (op === 'open') store.openWindow(lane, null)
  else if (op === 'behind') machine.say({ type: 'behind', lag: n })
  else if (op === 'compact') machine.first = Math.max(machine.first, Math.min(machine.indexed, machine.head) + 1 - n)
  else {
    machine.failNext = op === 'fail'
    machine.answers.shift()?.()
    machine.failNext = false
  }
}

test('whatever is cut, late, repeated or lost: the window holds every record once and in order', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(anyOp, { maxLength: 120 }), async (ops) => {
      const machine = new Machine()
      const store = new LiveStore(machine.ports)
      store.start()
      store.openWindow(lane, null)
      for (const op of ops) {
        act(machine, store, op)
        await tick()
        const window = store.state().windows.get(`${SESSION}|`)
        if (window?.status === 'ready') {
          const ids = window.window.records.map((record) => record.id)
          assert.deepEqual(
            ids,
            ids.map((_, i) => `e${i + 1}`),
            'a gap, a double or a wrong order on the way',
          )
        }
      }
      machine.head += 1
      machine.indexed = machine.head
      for (let i = 0; i < 80; i++) {
        for (const op of ['answer', 'timer', 'deliver', 'frame'] as const) act(machine, store, [op, 100])
        const window = store.state().windows.get(`${SESSION}|`)
        if (window === undefined || window.status === 'failed') store.openWindow(lane, null)
        await tick()
      }
      const window = store.state().windows.get(`${SESSION}|`)
      assert.equal(window?.status, 'ready')
      if (window?.status !== 'ready') return
      assert.equal(window.window.records.length, machine.head)
      assert.equal(store.state().link.at, 'live')
    }),
    { numRuns: 300 },
  )
})

test('a busy stream changes the state once a frame', async () => {
  const machine = new Machine()
  const store = new LiveStore(machine.ports)
  store.start()
  machine.answers.shift()?.()
  await tick()
  machine.timers.shift()?.()
  machine.deliver(1)
  let changes = 0
  store.subscribe(() => changes++)
  machine.head = 50
  for (let i = 0; i < 50; i++) machine.deliver(1)
  assert.equal(changes, 0)
  machine.frames.shift()?.()
  assert.equal(changes, 1)
})

test('a window that is opened twice while it is on its way is asked for once', async () => {
  const machine = new Machine()
  let asked = 0
  const loadRecords: Ports['loadRecords'] = (wish) => {
    asked++
    return machine.ports.loadRecords(wish)
  }
  const store = new LiveStore({ ...machine.ports, loadRecords })
  store.start()
  machine.answers.shift()?.() // the list of sessions
  await tick()
  store.openWindow(lane, null)
  store.openWindow(lane, null)
  assert.equal(asked, 1)
})
