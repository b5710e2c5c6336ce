// npm run eval:story: the sentences of real turns against hand-made labels of what they must say.
//   npm run eval:story [-- --labels FILE] [--corpus DIR] [--all] [ID …]
// Prints every miss with its sentence, and the totals. What is scored is told in the labels' own README. Then, where a list of them lies
// beside the labels, whether every prompt that a person typed in whole files is in exactly one turn.
import { existsSync, readFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import type { Event } from '../../src/event/event.ts'
import { tell } from '../../src/folds/sentence/sentence.ts'
import { turnsOf } from '../../src/folds/turn/lanes.ts'
import type { Turn } from '../../src/folds/turn/turn.ts'
import { eventsOfFile, sourceOf } from '../../src/testing/transcripts.ts'
import { promptsOff, type TypedLines } from './prompts.ts'
import { factsOff, type Label, missesOf } from './score.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    labels: { type: 'string', default: resolve('../shared/labels/visible.jsonl') },
    corpus: { type: 'string', default: resolve('../shared/corpus/claude') },
    all: { type: 'boolean', default: false },
    facts: { type: 'boolean', default: false },
  },
})
if (!existsSync(values.labels)) throw new Error(`there are no labels at ${values.labels}; --labels says where they are`)
const linesOf = <Row>(path: string): Row[] =>
  readFileSync(path, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Row)
const labels = linesOf<Label>(values.labels)
const source = sourceOf('claude-code')
const files = new Map<string, readonly (Turn & { line: number })[]>()

const eventsIn = (file: string): Event[] =>
  eventsOfFile(source, values.corpus, `${values.corpus}/${file}`)?.filter((event) => event.agentId === null) ?? []

function turnsIn(file: string): readonly (Turn & { line: number })[] {
  const known = files.get(file)
  if (known) return known
  const events = eventsIn(file)
  const lines = new Map(events.map((event) => [event.id, event.origin.line]))
  const turns = turnsOf(events).map((turn) => ({ ...turn, line: lines.get(turn.firstEvent) ?? 0 }))
  files.set(file, turns)
  return turns
}

let right = 0
let scored = 0
const kinds: Record<string, number> = {}
for (const label of labels) {
  if (positionals.length > 0 && !positionals.includes(label.id)) continue
  scored++
  const turn = turnsIn(label.file).find(({ line }) => line === label.prompt_line)
  const sentence = turn && tell(turn, source.label)
  const misses =
    turn && sentence
      ? missesOf(label, turn, sentence)
      : label.may_skip
        ? []
        : [{ kind: 'turn', says: 'there is no turn at this line' }]
  if (values.facts && turn) for (const off of factsOff(label, turn)) console.log(`fact ${label.id} ${off}`)
  if (misses.length === 0) right++
  for (const { kind } of misses) kinds[kind] = (kinds[kind] ?? 0) + 1
  if (misses.length === 0 && !values.all) continue
  console.log(
    `${misses.length === 0 ? 'ok  ' : 'MISS'} ${label.id} (${sentence?.text.length ?? 0}) ${sentence?.text ?? '—'}`,
  )
  for (const { kind, says } of misses) console.log(`       ${kind}: ${says}`)
  if (misses.length > 0) console.log(`       a person wrote: ${label.model_sentence}`)
}
console.log(`\n${right} of ${scored} turns without a miss (${((100 * right) / scored).toFixed(1)} %)`, kinds)

const typedLines = `${dirname(values.labels)}/prompts.jsonl`
let typed = 0
let off = 0
for (const label of existsSync(typedLines) && positionals.length === 0 ? linesOf<TypedLines>(typedLines) : []) {
  const events = eventsIn(label.file)
  const found = promptsOff(label, events, turnsOf(events))
  typed += found.typed
  off += found.missing.length + found.more.length
  if (found.missing.length + found.more.length > 0)
    console.log(`OFF  ${label.file}: lines missing ${found.missing.join(', ')}; lines more ${found.more.join(', ')}`)
}
if (typed > 0)
  console.log(`${typed} typed prompts, ${off === 0 ? 'each in exactly one turn' : `${off} missing or more`}`)
