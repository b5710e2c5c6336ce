// What a person gets from `openstory import`: everything, once, whatever happens in the middle; and a store that can be thrown away.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { test } from 'node:test'
import { silentLog } from '../base/log.ts'
import { parseEvent } from '../event/event.ts'
import { runCli, startCli } from '../testing/cli.ts'
import { header, type Scenario, scenario, turnRecords } from '../testing/scenario.ts'
import { type ImportResult, importAll } from './import.ts'

const SEED = Number(process.env.SEED ?? 20_261_123)

const importInto = async (machine: Scenario, dataDir: string): Promise<ImportResult> => {
  const ran = await runCli(['import', '--json', '--data-dir', dataDir, '--watch', `example=${machine.sessions}`])
  assert.equal(ran.code, 0, ran.stderr)
  return JSON.parse(ran.stdout) as ImportResult
}

// What a store holds, without what depends on the order things happened to arrive in: keys, places, arrival numbers.
function contentOf(dataDir: string) {
  const rows = (name: string, sql: string) => {
    const db = new DatabaseSync(join(dataDir, 'store', `${name}.sqlite`), { readOnly: true })
    const found = db
      .prepare(sql)
      .all()
      .map((row) => ({ ...row }))
    db.close()
    return found
  }
  return {
    events: rows(
      'events',
      `SELECT lower(hex(e.id)) AS id, s.id AS session, s.project, k.word AS kind, a.word AS agent FROM events e JOIN sessions s ON s.n = e.session JOIN words k ON k.n = e.kind LEFT JOIN words a ON a.n = e.agent_id ORDER BY 1`,
    ),
    counts: rows('events', `SELECT name, value FROM facts WHERE name NOT IN ('acked_seq', 'made')`),
    sessions: rows('sessions', 'SELECT id, row FROM sessions ORDER BY id'),
    turns: rows('turns', 'SELECT lower(hex(id)) AS id, row FROM turns ORDER BY 1'),
    words: rows('search', 'SELECT count(*) AS n FROM search'),
    log: logOf(dataDir),
  }
}

const logOf = (dataDir: string) =>
  readdirSync(join(dataDir, 'log'), { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => ({
      name,
      lines: readFileSync(join(dataDir, 'log', name), 'utf8')
        .split('\n')
        .sort(),
    }))

function manySessions(machine: Scenario, sessions: number, turns: number): number {
  let lines = 0
  for (let s = 0; s < sessions; s++) {
    const records = [header(`s${s}`), ...Array.from({ length: turns }, (_, n) => turnRecords(n)).flat()]
    machine.write(`s${s}`, records)
    lines += records.length
  }
  return lines
}

test('an import in stages, one that goes over to all at once in the middle, and one that is all at once make the same record', async () => {
  const machine = scenario()
  try {
    const lines = manySessions(machine, 4, 60)
    const ways = {
      staged: { isStaged: true, streamBytesMax: 1e9 },
      overflowing: { isStaged: true, streamBytesMax: 50_000 },
      atOnce: { isStaged: false, streamBytesMax: 0 },
    }
    const contents = []
    for (const [way, stages] of Object.entries(ways)) {
      const config = { ...machine.config, dataDir: join(machine.dir, way) }
      const { result } = await importAll(config, silentLog, () => undefined, stages)
      assert.equal(result.events, lines, way)
      assert.equal(result.sessions, 4, way)
      const content = contentOf(config.dataDir)
      assert.equal(content.words[0]?.n, lines, `${way}: every event is in full text`)
      contents.push({ ...content, counts: null })
    }
    assert.deepEqual(contents[1], contents[0])
    assert.deepEqual(contents[2], contents[0])
  } finally {
    machine.remove()
  }
})

test('everything is imported once, and a second import adds nothing', async () => {
  const machine = scenario()
  try {
    const lines = manySessions(machine, 3, 10)
    const { dataDir } = machine.config
    const first = await importInto(machine, dataDir)
    assert.deepEqual(
      { ...first, bytes: 0, seconds: 0 },
      { files: 3, lines, events: lines, sessions: 3, damaged: 0, unknown: 0, bytes: 0, seconds: 0 },
    )
    const content = contentOf(dataDir)
    assert.equal(content.words[0]?.n, lines, 'every event is in full text')
    const second = await importInto(machine, dataDir)
    assert.deepEqual(
      { ...second, seconds: 0 },
      { files: 3, lines: 0, events: 0, sessions: 3, damaged: 0, unknown: 0, bytes: 0, seconds: 0 },
    )
    assert.deepEqual(contentOf(dataDir), content)
  } finally {
    machine.remove()
  }
})

test('an import killed in the middle, again and again, ends with the same rows as an undisturbed one', async () => {
  const machine = scenario()
  try {
    manySessions(machine, 12, 120)
    const calm = join(machine.dir, 'calm')
    const wild = join(machine.dir, 'wild')
    const from = performance.now()
    await importInto(machine, calm)
    const calmMs = performance.now() - from
    const args = ['import', '--json', '--data-dir', wild, '--watch', `example=${machine.sessions}`]
    let random = SEED
    let killed = 0
    for (let i = 0; i < 6; i++) {
      random = (random * 1_103_515_245 + 12_345) % 2 ** 31
      const running = startCli(args)
      const timer = setTimeout(() => running.child.kill('SIGKILL'), calmMs * (0.3 + (random % 1_000) / 1_400))
      const { signal } = await running.done
      clearTimeout(timer)
      if (signal === 'SIGKILL') killed++
    }
    assert.ok(killed > 0, `at least one import was killed in the middle (seed ${SEED})`)
    await importInto(machine, wild)
    assert.deepEqual(contentOf(wild), contentOf(calm), `seed ${SEED}`)
  } finally {
    machine.remove()
  }
})

test('reindex makes the same store from the log alone', async () => {
  const machine = scenario()
  try {
    manySessions(machine, 4, 12)
    const { dataDir } = machine.config
    await importInto(machine, dataDir)
    const before = contentOf(dataDir)
    rmSync(join(dataDir, 'store'), { recursive: true })
    const ran = await runCli(['reindex', '--json', '--data-dir', dataDir])
    assert.equal(ran.code, 0, ran.stderr)
    assert.equal((JSON.parse(ran.stdout) as { events: number }).events, before.events.length)
    assert.deepEqual(contentOf(dataDir), before)
    assert.equal((await importInto(machine, dataDir)).events, 0, 'and an import afterwards adds nothing')
  } finally {
    machine.remove()
  }
})

const shared = resolve(process.env.OPENSTORY_SHARED ?? '../shared')
const noCorpus = existsSync(join(shared, 'corpus', 'make-home.mjs')) ? false : `there are no real sessions at ${shared}`

test('a home of real sessions is read to the last line, and twice is once', {
  skip: noCorpus,
  timeout: 180_000,
}, async () => {
  const dir = mkdtempSync(join(tmpdir(), 'openstory-home-'))
  try {
    const home = join(dir, 'home')
    mkdirSync(home)
    execFileSync(process.execPath, [join(shared, 'corpus', 'make-home.mjs'), home])
    const dataDir = join(dir, 'data')
    const ran = await runCli(['import', '--json', '--data-dir', dataDir], { HOME: home })
    assert.equal(ran.code, 0, ran.stderr)
    const result = JSON.parse(ran.stdout) as ImportResult
    const wanted = transcriptLines([join(home, '.claude'), join(home, '.pi')])
    const kept = carriedLines(dataDir)
    // Each line, byte for byte.
    const missing = [...wanted].filter(([line]) => !kept.has(line)).map(([line]) => line.slice(0, 120))
    assert.deepEqual(missing, [])
    assert.ok(result.damaged >= 4 && ran.stderr.includes('truncated.jsonl, byte 309: the line is not JSON'), ran.stderr)
    const again = await runCli(['import', '--json', '--data-dir', dataDir], { HOME: home })
    const { lines, events } = JSON.parse(again.stdout) as ImportResult
    assert.deepEqual({ lines, events }, { lines: 0, events: 0 })
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
})

// Whole lines of the transcripts (a torn last one and glued ones are told apart by the watcher's own tests).
function transcriptLines(roots: readonly string[]): Map<string, number> {
  const lines = new Map<string, number>()
  for (const root of roots)
    for (const name of readdirSync(root, { recursive: true, encoding: 'utf8' })) {
      if (!name.endsWith('.jsonl')) continue
      const text = readFileSync(join(root, name), 'utf8')
      for (const line of text.split('\n').map((one) => one.replace(/\r$/, ''))) {
        if (line.trim() === '' || !isJson(line)) continue
        lines.set(line, (lines.get(line) ?? 0) + 1)
      }
    }
  return lines
}

function carriedLines(dataDir: string): Set<string> {
  const carried = new Set<string>()
  for (const { lines } of logOf(dataDir))
    for (const text of lines) {
      if (text === '' || parseEvent(text).rawIn !== null) continue
      const at = text.indexOf(',"raw":', text.indexOf(',"payload":'))
      if (at >= 0) carried.add(text.slice(at + 7, -2))
    }
  return carried
}

function isJson(line: string): boolean {
  try {
    JSON.parse(line)
    return true
  } catch {
    return false
  }
}
