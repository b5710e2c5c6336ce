// A corrupt file of the store is set aside, made anew from the log and said, wherever it is found: at the start, by the one who writes it,
// or by one who only reads it; and nobody goes on reading the old one.
import assert from 'node:assert/strict'
import { closeSync, existsSync, fstatSync, openSync, readdirSync, writeFileSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { type Running, runCli, startCli } from '../testing/cli.ts'
import { eventually, header, type Scenario, scenario, turnRecords } from '../testing/scenario.ts'
import type { HealthAnswer, RecordsAnswer, SearchAnswer, SessionsAnswer, TurnsAnswer } from '../wire/rest.ts'

const STORES = ['events', 'search', 'sessions', 'turns'] as const

async function kept(turns: number): Promise<Scenario> {
  const machine = scenario()
  machine.write('s1', [header('s1'), ...Array.from({ length: turns }, (_, n) => turnRecords(n)).flat()])
  const ran = await runCli(['import', '--data-dir', machine.config.dataDir, '--watch', `example=${machine.sessions}`])
  assert.equal(ran.code, 0, ran.stderr)
  return machine
}

async function served({ config, sessions }: Scenario): Promise<{ running: Running; url: string }> {
  const args = ['serve', '--port', '0', '--no-open', '--data-dir', config.dataDir, '--watch', `example=${sessions}`]
  const running = startCli(args, { OPENSTORY_LOG: 'warn' })
  const url = await eventually('it serves', () => /at (http\S+)/.exec(running.stderr())?.[1])
  return { running, url }
}

// What the four files say. Null while one of them cannot be asked.
async function told(url: string) {
  const ask = async <T>(path: string) => {
    const response = await fetch(`${url}/api/${path}`)
    return response.ok ? ((await response.json()) as T) : null
  }
  const rows = await ask<SessionsAnswer>('sessions')
  const records = await ask<RecordsAnswer>('sessions/example:s1/records?limit=1000')
  const turns = await ask<TurnsAnswer>('sessions/example:s1/turns')
  const found = await ask<SearchAnswer>('search?q=bake&limit=100')
  if (!rows || !records || !turns || !found) return null
  return {
    sessions: rows.sessions.map(({ turns: n, events }) => [n, events]),
    records: records.records.length,
    turns: turns.turns.length,
    found: found.hits.length,
  }
}

const whole = (turns: number) => ({
  sessions: [[turns, turns * 5 + 1]],
  records: turns * 5 + 1,
  turns,
  found: turns,
})

const sameAs = (wanted: object) => (answer: object | null) => JSON.stringify(answer) === JSON.stringify(wanted)

test('four corrupt files at the start: each is set aside and made anew, and the questions asked meanwhile are answered from the new ones', async () => {
  const machine = await kept(30)
  const store = join(machine.config.dataDir, 'store')
  for (const name of STORES)
    writeFileSync(join(store, `${name}.sqlite`), 'no database, and a page of it long '.repeat(300))
  const { running, url } = await served(machine)
  try {
    const is = sameAs(whole(30))
    await eventually('all is there again', async () => is(await told(url)), 30_000)
    for (const name of STORES) {
      assert.ok(
        readdirSync(store).some((file) => file.startsWith(`${name}.sqlite.corrupt-`)),
        name,
      )
    }
    assert.equal(running.stderr().match(/was set aside/g)?.length, 4)
    const { layers } = (await (await fetch(`${url}/api/health`)).json()) as HealthAnswer
    const said = layers.find(({ name }) => name === 'store')
    assert.match(said!.says, /set aside/)
  } finally {
    running.child.kill('SIGTERM')
    await running.done
    machine.remove()
  }
})

// All pages but the first: what opening a file does not show.
function scribble(path: string): void {
  const fd = openSync(path, 'r+')
  const { size } = fstatSync(fd)
  writeSync(fd, Buffer.alloc(size - 4096, 0xa5), 0, size - 4096, 4096)
  closeSync(fd)
  if (!existsSync(`${path}-wal`)) return
  const wal = openSync(`${path}-wal`, 'r+')
  const bytes = fstatSync(wal).size
  if (bytes > 4152) writeSync(wal, Buffer.alloc(bytes - 4152, 0xa5), 0, bytes - 4152, 4152)
  closeSync(wal)
}

test('files that become corrupt while they are open: whoever finds it, the file is made anew, what comes meanwhile is in it, and the others go on', async () => {
  const machine = await kept(60)
  const store = join(machine.config.dataDir, 'store')
  const { running, url } = await served(machine)
  let turns = 60
  try {
    for (const name of STORES) {
      await eventually(`before ${name}: all is there`, async () => sameAs(whole(turns))(await told(url)))
      scribble(join(store, `${name}.sqlite`))
      machine.write('s1', turnRecords(turns++))
      await eventually(`${name} is made anew`, async () => {
        await told(url)
        return readdirSync(store).some((file) => file.startsWith(`${name}.sqlite.corrupt-`))
      })
      machine.write('s1', turnRecords(turns++))
      await eventually(`${name}: all is there again`, async () => sameAs(whole(turns))(await told(url)), 30_000)
    }
    const { layers } = (await (await fetch(`${url}/api/health`)).json()) as HealthAnswer
    assert.deepEqual(
      layers.filter(({ ok, name }) => !ok && name !== 'store').map(({ says }) => says),
      [],
    )
  } finally {
    running.child.kill('SIGTERM')
    await running.done
    machine.remove()
  }
})
