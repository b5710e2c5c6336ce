// npm run torture: breaks the program for as long as it is told to, and says whether anything was lost, doubled or untrue.
//   npm run torture [-- --minutes N] [--seed N] [--only kills,independent,disk,fuzz,day,nats,nats-independent] [--keep DIR]
//     day: [--sessions N] [--events N], and `--minutes` is then the most it takes
// `--minutes` is for each of kills and fuzz. The seed is printed; with it the agent writes the same and the same things are killed in the same order. What is compared, and why that
// is fair, stands in oracle.ts. Exit code 1 when anything is wrong; then the folder is kept.
import { mkdtempSync, rmSync } from 'node:fs'
import { cpus, release, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { type NatsBinary, NatsServer, natsBinaries } from '../../src/testing/nats-server.ts'
import { day, HEAD, rowOf as rowOfSample } from './day.ts'
import { DIALECTS } from './dialect.ts'
import { fullDisk } from './disk.ts'
import { fuzz } from './fuzz/run.ts'
import { independent } from './independent.ts'
import { type RoundResult, round } from './round.ts'

const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '10' },
    seed: { type: 'string' },
    only: { type: 'string', default: 'kills,independent,disk,fuzz' },
    sessions: { type: 'string', default: '20000' },
    events: { type: 'string', default: '5000000' },
    keep: { type: 'string' },
  },
})
const wanted = values.only.split(',')
const dir = values.keep ?? mkdtempSync(join(tmpdir(), 'openstory-torture-'))
let seed = Number(values.seed ?? Date.now() % 1_000_000)
const firstSeed = seed
let isWrong = false

console.log(
  `${new Date().toISOString().slice(0, 10)} · ${cpus().length} × ${cpus()[0]?.model} · Linux ${release()} · Node ${process.versions.node}\n`,
)
if (wanted.includes('kills')) {
  const until = performance.now() + Number(values.minutes) * 60_000
  console.log(
    '| seed (odd: lines of a real agent) | s | kills: watcher, server, threads | agent: lines, torn, truncated, cut, replaced | events | wrong |',
  )
  console.log('| --- | --- | --- | --- | --- | --- |')
  for (; performance.now() < until; seed++) await oneRound(until)
}
// In turn over each nats-server there is, which is killed as well.
if (wanted.includes('nats')) {
  const until = performance.now() + Number(values.minutes) * 60_000
  console.log('\n| seed, over | s | kills | agent: lines, torn, truncated, cut, replaced | events | wrong |')
  console.log('| --- | --- | --- | --- | --- | --- |')
  const binaries = servers()
  for (; performance.now() < until && binaries.length > 0; seed++)
    await onNats(binaries[seed % binaries.length]!, (server, name) => oneRound(until, server, name))
}
if (wanted.includes('nats-independent'))
  for (const binary of servers())
    await onNats(binary, async ({ url }, name) => {
      console.log(`\nover ${name}`)
      isWrong = !(await independent(join(dir, 'independent-nats'), url)) || isWrong
    })
if (wanted.includes('independent')) isWrong = !(await independent(join(dir, 'independent'))) || isWrong
if (wanted.includes('disk')) {
  const done = await fullDisk(join(dir, 'full'))
  console.log(
    done === null
      ? '\na full disk: not tried, this user may not mount one'
      : `\na full disk, and freed: ${done.wrong.length} wrong; said: ${done.said.join('; ')}`,
  )
  for (const words of done?.wrong ?? []) console.log(`  ✖ ${words}`)
  isWrong = (done?.wrong.length ?? 0) > 0 || isWrong
}
if (wanted.includes('fuzz')) isWrong = !(await fuzz(Number(values.minutes) * 60_000, firstSeed)) || isWrong
// Of its own: it takes half an hour and more, and ten gigabytes.
if (wanted.includes('day')) {
  console.log(`\n${HEAD}`)
  const { sessions, events, minutes } = values
  const done = await day({
    dir: join(dir, 'day'),
    sessions: Number(sessions),
    events: Number(events),
    msMax: Number(minutes) * 60_000,
    onSample: (sample) => console.log(rowOfSample(sample)),
  })
  console.log(`\n${done.kept} events kept of ${done.written} lines in ${Math.round(done.seconds)} s`)
  for (const words of done.wrong) console.log(`  ✖ ${words}`)
  isWrong = done.wrong.length > 0 || isWrong
}
if (isWrong) console.log(`\nkept: ${dir}`)
else if (!values.keep) rmSync(dir, { recursive: true, force: true })
process.exit(isWrong ? 1 : 0)

async function oneRound(until: number, nats?: NatsServer, name?: string): Promise<void> {
  const ms = Math.min(60_000, until - performance.now())
  const here = join(dir, `round-${seed}`)
  const done = await round({
    dir: here,
    dialect: seed % 2 === 0 ? DIALECTS.example : DIALECTS.real,
    seed,
    ms,
    killEveryMs: [50, 2_500],
    ...(nats && { nats }),
  })
  console.log(rowOf(done, name))
  for (const words of done.wrong) console.log(`  ✖ ${words}`)
  if (done.wrong.length === 0) rmSync(here, { recursive: true, force: true })
  else isWrong = true
}

function servers(): NatsBinary[] {
  const all = Object.values(natsBinaries())
  for (const { name, path, missing } of all) if (path === null) console.log(`${name} is left out: ${missing}`)
  return all.filter(({ path }) => path !== null)
}

async function onNats(binary: NatsBinary, work: (server: NatsServer, name: string) => Promise<void>): Promise<void> {
  const server = await NatsServer.start(binary)
  try {
    await work(server, binary.name)
  } finally {
    await server.destroy()
  }
}

function rowOf({ seed: n, seconds, kills, agent, events, wrong }: RoundResult, over?: string): string {
  const { watcher, server, ...threads } = kills
  const said = Object.entries(threads).map(([name, times]) => `${name} ${times}`)
  const wrote = [agent.lines, agent.torn, agent.truncated, agent.cut, agent.replaced].join(', ')
  return `| ${over ? `${n}, ${over}` : n} | ${seconds} | ${watcher}, ${server}, ${said.join(' ')} | ${wrote} | ${events} | ${wrong.length} |`
}
