// npm run eval:blame [HOME…]: the replay of edits over every session, held against the contents that the agents recorded themselves: the
// file before an edit, files read again, the places changed. Prints the checks, and every miss with its cause. Fails under 98 %.
import { resolve } from 'node:path'
import type { Check } from '../../src/folds/provenance/replay.ts'
import { corpusHome, noCorpus } from '../../src/testing/corpus.ts'
import { causeOf, differenceOf, eventsOfHome, replayAll } from '../../src/testing/replaying.ts'

const SHARE_MIN = 0.98
const WHAT: Readonly<Record<Check['what'], string>> = {
  before: 'the file before an edit',
  whole: 'a file read, or written, whole',
  part: 'lines read',
  places: 'places changed',
}

const say = (text = '') => void process.stdout.write(`${text}\n`)
const percent = (hits: number, all: number) => (all === 0 ? '—' : `${((100 * hits) / all).toFixed(2)} %`)

function table(checks: readonly Check[]): void {
  for (const [key, own] of [...Map.groupBy(checks, ({ call, what }) => `${call.agent}: ${WHAT[what]}`)].sort()) {
    const hits = own.filter(({ hit }) => hit).length
    say(`  ${key.padEnd(44)} ${String(own.length).padStart(5)} checks, ${own.length - hits} misses`)
  }
}

async function evaluate(name: string, home: Parameters<typeof eventsOfHome>[0]): Promise<boolean> {
  const { sessions, steps, checks, doubtful, unedited, madeUp } = replayAll(await eventsOfHome(home))
  const hits = checks.filter(({ hit }) => hit).length
  say(`${name}: ${sessions} sessions, ${steps} steps`)
  say(
    `${checks.length} checks of replayed edits: ${hits} hits, ${checks.length - hits} misses (${percent(hits, checks.length)})`,
  )
  table(checks)
  const misses = checks.filter(({ hit }) => !hit)
  for (const [cause, own] of Map.groupBy(misses, causeOf)) {
    say(`\n${own.length} × ${cause}`)
    for (const check of own)
      say(`  ${check.call.session} ${check.call.event} ${check.path}\n    ${differenceOf(check)}`)
  }
  const sure = doubtful.filter(({ hit }) => hit).length
  say(
    `\nnot counted: ${doubtful.length} where the replay itself was in doubt (a command may have changed the file), ${sure} of them right;`,
  )
  say(
    `${unedited.length} without an edit in between; ${madeUp.length} sessions whose results do not belong together: ${madeUp.join(', ') || 'none'}`,
  )
  return checks.length > 0 && hits / checks.length >= SHARE_MIN
}

const given = process.argv.slice(2)
let ok = true
for (const home of given) {
  const machine = { home: resolve(home), env: {}, platform: process.platform }
  ok = (await evaluate(home, { machine })) && ok
}
if (given.length === 0) {
  if (noCorpus) throw new Error(`${noCorpus}; name a home folder`)
  const home = corpusHome()
  ok = await evaluate('the shared corpus', home)
  home.remove()
}
process.exitCode = ok ? 0 : 1
