// What agents will delete of their own and whether it is safe here, over real files of known age.
import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { after, before, test } from 'node:test'
import { runCli } from '../testing/cli.ts'
import { openAsking } from './asking.ts'
import { layoutOf } from './layout.ts'
import { type RetentionFacts, retentionFacts, retentionSays } from './retention.ts'

const NOW = Date.parse('2026-12-01T12:00:00Z')
const DAY_MS = 86_400_000
const home = mkdtempSync(join(tmpdir(), 'openstory-retention-'))
const dataDir = join(home, 'data')
const projects = join(home, '.claude', 'projects')
after(() => rmSync(home, { recursive: true, force: true }))

const uuid = (n: number) => `00000000-0000-4000-8000-${String(n).padStart(12, '0')}`
const line = (n: number, text: string) =>
  `${JSON.stringify({ type: 'user', uuid: `u${n}-${text}`, sessionId: uuid(n), timestamp: '2026-10-01T10:00:00.000Z', message: { role: 'user', content: text } })}\n`

function age(path: string, days: number): void {
  const s = (NOW - days * DAY_MS) / 1000
  utimesSync(path, s, s)
}

function session(n: number, days: number, name = `${uuid(n)}.jsonl`): string {
  const path = join(projects, '-home-dev-bakery', name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, line(n, `bake bread ${n}`))
  age(path, days)
  return path
}

async function facts(withStore = true): Promise<RetentionFacts[]> {
  const asking = withStore ? openAsking(dataDir) : null
  try {
    const machine = { home, env: {}, platform: 'none' }
    return await retentionFacts(machine, layoutOf(dataDir).offsets, asking?.reader ?? null, NOW)
  } finally {
    asking?.close()
  }
}
const said = async (withStore = true) => (await facts(withStore)).map((each) => `${each.label}: ${retentionSays(each)}`)

const RULE =
  'Claude Code: deletes a session 30 days after its file last changed (cleanupPeriodDays is not set, and 30 is its default)'

before(() => {
  session(1, 40) // due
  session(2, 30) // to the day
  session(3, 28) // in two days
  session(4, 23.5)
  session(5, 3)
  session(1, 1, join(uuid(1), 'subagents', 'agent-a1.jsonl')) // goes with its session, however young
  writeFileSync(join(projects, '-home-dev-bakery', `${uuid(9)}.jsonl`), '') // nothing in it yet
})

test('before anything is read, nothing of it is safe', async () => {
  assert.deepEqual(await said(false), [
    `${RULE}: 2 sessions go the next time it starts, 2 more by 2026-12-08; 4 are not here yet`,
  ])
})

test('what is read is safe here, what was deleted since too, and the numbers are there for scripts', async () => {
  const ran = await runCli(['import', '--data-dir', dataDir], { HOME: home })
  assert.equal(ran.code, 0, ran.stderr)
  assert.deepEqual(await said(), [
    `${RULE}: 2 sessions go the next time it starts, 2 more by 2026-12-08; all 5 are safe here`,
  ])
  rmSync(join(projects, '-home-dev-bakery', `${uuid(1)}.jsonl`))
  assert.deepEqual(await said(), [
    `${RULE}: 1 session goes the next time it starts, 2 more by 2026-12-08, 1 is gone from there already; all 5 are safe here`,
  ])
  const [{ says: _, ...numbers }] = (await facts()) as [RetentionFacts]
  assert.deepEqual(numbers, {
    agent: 'claude-code',
    label: 'Claude Code',
    root: projects,
    days: 30,
    due: 1,
    soon: 2,
    next: '2026-12-03T12:00:00.000Z',
    soonBy: '2026-12-08T00:00:00.000Z',
    later: 1,
    gone: 1,
    unread: 0,
    safe: 4,
  })
})

test('a session that went on since it was read is not safe, one that only broke off is', async () => {
  const path = join(projects, '-home-dev-bakery', `${uuid(3)}.jsonl`)
  appendFileSync(path, '{"type":"user","mess')
  age(path, 28)
  assert.match((await said())[0]!, /; all 5 are safe here$/)
  appendFileSync(path, 'age":{}}\n')
  age(path, 28)
  assert.match((await said())[0]!, /; of these 1 is not here yet$/)
})

test('a person’s own setting is heard, and settings that cannot be understood are said to be', async () => {
  const settings = join(home, '.claude', 'settings.json')
  writeFileSync(settings, '{"cleanupPeriodDays": 365}')
  assert.match((await said())[0]!, /365 days after .* none in the next 7 days, the first on 2027-11-01, 1 is gone/)
  writeFileSync(settings, '{"cleanup')
  assert.deepEqual(await said(), [
    `Claude Code: when it deletes sessions cannot be known: ${settings} cannot be understood`,
  ])
  rmSync(settings)
})

test('doctor says it in its own words, with the remedy, and is not content', async () => {
  const longAgoS = Date.now() / 1000 - 40 * 86_400
  utimesSync(join(projects, '-home-dev-bakery', `${uuid(3)}.jsonl`), longAgoS, longAgoS)
  const ran = await runCli(['doctor', '--data-dir', dataDir], { HOME: home })
  assert.equal(ran.code, 1)
  assert.match(ran.stdout, /✗ Claude Code: deletes a session 30 days .* not here yet — run: openstory import\n/)
  const json = await runCli(['doctor', '--json', '--data-dir', dataDir], { HOME: home })
  const found = (JSON.parse(json.stdout) as { retention?: RetentionFacts }[]).find(({ retention }) => retention)
  assert.equal(found?.retention?.days, 30)
  assert.equal(found.retention.gone, 1)
})

test('of folders that a person chose not to have watched, doctor says nothing', async () => {
  const config = join(dataDir, 'config.toml')
  writeFileSync(config, `[watch]\nexample = ["${home}"]\n`)
  const ran = await runCli(['doctor', '--data-dir', dataDir], { HOME: home })
  assert.doesNotMatch(ran.stdout, /deletes a session/)
  writeFileSync(config, `[watch]\nclaude-code = ["${join(home, '.claude')}"]\n`)
  const other = await runCli(['doctor', '--data-dir', dataDir], { HOME: home })
  assert.match(other.stdout, /deletes a session/)
  rmSync(config)
})
