// Fifty agents at work, in a process of their own: `load-agents.ts HOME RATE SECONDS SESSIONS`. Lines
// are put together as they are written, each of them new. Says how many it has written, and what that took.
import { mkdirSync, openSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { Dice, Words } from './words.ts'
import { Lines, makeRequest, makeTool } from './writer.ts'

const EVERY_MS = 20

const [home = '', rate = '5000', seconds = '60', sessions = '50'] = process.argv.slice(2)
const words = new Words(3)
const dice = new Dice(4)
const agents = Array.from({ length: Number(sessions) }, (_, n) => {
  const session = {
    n,
    id: dice.uuid(),
    project: `live-${n % 10}`,
    cwd: `/home/dev/live-${n % 10}`,
    startMs: Date.now(),
  }
  const lines = new Lines(session, dice)
  const path = join(home, lines.path(session))
  mkdirSync(join(path, '..'), { recursive: true })
  return { lines, fd: openSync(path, 'a'), next: turn(lines) }
})

// A turn is a prompt, three calls with their results, and an answer; then the next.
function* turn(lines: Lines): Generator<string> {
  for (;;) {
    yield lines.prompt(Date.now(), words.prose(20))
    for (let i = 0; i < 3; i++) {
      const request = makeRequest(dice)
      const tool = makeTool(words, dice, lines.session.cwd)
      yield lines.thinking(Date.now(), words.prose(25), request)
      yield lines.calls(Date.now(), tool, request)
      yield lines.result(Date.now(), tool, words.output(4), false)
    }
    yield lines.says(Date.now(), words.prose(30), makeRequest(dice), true)
  }
}

const perTick = (Number(rate) * EVERY_MS) / 1_000
const total = Number(rate) * Number(seconds)
const begun = performance.now()
const used = process.cpuUsage()
let written = 0
let at = 0
const timer = setInterval(() => {
  // What the clock missed is made up for, in order.
  const due = Math.min(total, Math.floor(((performance.now() - begun) / EVERY_MS) * perTick))
  const each = Math.ceil((due - written) / agents.length)
  for (let i = 0; i < agents.length && written < due; i++) {
    const { fd, next } = agents[at++ % agents.length]!
    let text = ''
    for (let n = 0; n < each && written < due; n++, written++) text += `${next.next().value as string}\n`
    writeSync(fd, text)
  }
  const { user, system } = process.cpuUsage(used)
  const done = written >= total
  process.send!({ atMs: Date.now(), lines: written, cpuS: (user + system) / 1e6, done })
  if (!done) return
  clearInterval(timer)
  process.disconnect()
}, EVERY_MS)
