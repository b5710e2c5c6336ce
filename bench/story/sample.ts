// Sentences drawn at random from a home full of transcripts, for reading aloud:
//   node tools/setup/run.mjs bench/story/sample.ts --home DIR [--count 100] [--seed N] [--agent NAME]
// Prints the seed, so that the same ones can be drawn again.
import { existsSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { tell } from '../../src/folds/sentence/sentence.ts'
import { turnsOf } from '../../src/folds/turn/lanes.ts'
import type { Turn } from '../../src/folds/turn/turn.ts'
import type { LineSource } from '../../src/sources/source.ts'
import { SOURCES } from '../../src/sources/sources.ts'
import { eventsOfFile, filesUnder } from '../../src/testing/transcripts.ts'

const { values } = parseArgs({
  options: {
    home: { type: 'string' },
    count: { type: 'string', default: '100' },
    seed: { type: 'string' },
    agent: { type: 'string' },
  },
})
if (values.home === undefined) throw new Error('--home says where the transcripts are')
const seed = Number(values.seed ?? Date.now() % 1_000_000)
const machine = { home: values.home, env: {}, platform: process.platform }

interface Drawn {
  readonly turn: Turn
  readonly label: string
  readonly place: string
}
const all: Drawn[] = []
for (const source of SOURCES.filter((each): each is LineSource => each.reads === 'lines')) {
  if (values.agent !== undefined && source.agent !== values.agent) continue
  for (const { path: root } of source.roots(machine)) {
    for (const file of existsSync(root) ? filesUnder(root) : []) {
      const events = eventsOfFile(source, root, file) ?? []
      const lines = new Map(events.map((event) => [event.id, event.origin.line]))
      for (const turn of turnsOf(events))
        all.push({ turn, label: source.label, place: `${file.slice(root.length + 1)}:${lines.get(turn.firstEvent)}` })
    }
  }
}

// mulberry32: small, and the same everywhere.
let state = seed
function random(): number {
  state = (state + 0x6d2b79f5) | 0
  let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
  mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
  return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296
}
console.log(`seed ${seed}, ${all.length} turns`)
for (let n = 0; n < Number(values.count) && all.length > 0; n++) {
  const [{ turn, label, place }] = all.splice(Math.floor(random() * all.length), 1) as [Drawn]
  const { text } = tell(turn, label)
  console.log(`${String(n + 1).padStart(3)} [${turn.outcome}, tests ${turn.tests}] ${text}\n      ${place}`)
}
