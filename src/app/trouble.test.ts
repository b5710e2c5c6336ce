// Trouble, and what a person is told: each message names the thing and the remedy, and nothing is lost.
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import {
  chmodSync,
  chownSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { test } from 'node:test'
import { silentLog } from '../base/log.ts'
import { runCli, startCli } from '../testing/cli.ts'
import { eventually, header, scenario, turnRecords } from '../testing/scenario.ts'
import type { HealthAnswer, RecordsAnswer } from '../wire/rest.ts'
import { layoutOf } from './layout.ts'
import { serve } from './serve.ts'
import { startWatcher } from './watcher.ts'

test('a port in use is named, with the way out', async () => {
  const machine = scenario()
  const taken = createServer().listen(0, '127.0.0.1')
  try {
    await new Promise((resolve) => taken.once('listening', resolve))
    const { port } = taken.address() as { port: number }
    const ran = await runCli(['serve', '--no-open', '--data-dir', machine.config.dataDir, '--port', String(port)])
    assert.equal(ran.code, 1)
    assert.match(ran.stderr, new RegExp(`${port}.*127\\.0\\.0\\.1.*--port`))
  } finally {
    taken.close()
    machine.remove()
  }
})

test('a second instance on the same data folder is refused and says who has it, and the first is not disturbed', async () => {
  const machine = scenario()
  machine.write('s1', [header('s1'), ...turnRecords(1)])
  const serving = await serve(machine.config, silentLog)
  try {
    for (const verb of ['serve', 'import', 'reindex']) {
      const ran = await runCli([verb, '--data-dir', machine.config.dataDir])
      assert.equal(ran.code, 1, verb)
      assert.match(ran.stderr, /another OpenStory uses /)
      if (verb !== 'reindex') assert.match(ran.stderr, new RegExp(`process ${process.pid}, ${serving.url}`))
    }
    await eventually('the first goes on', async () => {
      const answer = (await (await fetch(`${serving.url}/api/sessions/example:s1/records`)).json()) as RecordsAnswer
      return answer.records?.length === 6
    })
  } finally {
    await serving.stop()
    machine.remove()
  }
})

test('a broken config is named with its line, and nothing is started', async () => {
  const machine = scenario()
  try {
    const { dataDir } = machine.config
    mkdirSync(dataDir)
    writeFileSync(join(dataDir, 'config.toml'), 'port = 3002\nbus = "embed\n')
    const ran = await runCli(['serve', '--data-dir', dataDir])
    assert.equal(ran.code, 1)
    assert.match(ran.stderr, /config\.toml cannot be read as TOML at line 2 .*openstory init/)
    assert.deepEqual(readdirSync(dataDir), ['config.toml'])
  } finally {
    machine.remove()
  }
})

test('a store that is gone or broken is made anew from the log when it is served, session rows and turns included', async () => {
  const machine = scenario()
  machine.write('s1', [header('s1'), ...turnRecords(1), ...turnRecords(2)])
  try {
    const { dataDir } = machine.config
    assert.equal((await runCli(['import', '--data-dir', dataDir, '--watch', `example=${machine.sessions}`])).code, 0)
    rmSync(join(dataDir, 'store', 'sessions.sqlite'))
    writeFileSync(
      join(dataDir, 'store', 'turns.sqlite'),
      'this is no database, and long enough to be looked at as one'.repeat(100),
    )
    const serving = await serve(machine.config, silentLog)
    const get = async (path: string) =>
      (await (await fetch(serving.url + path)).json()) as { sessions?: { turns: number }[]; turns?: unknown[] }
    const { sessions } = await eventually('the rows are there', async () => {
      const answer = await get('/api/sessions')
      return answer.sessions?.length === 1 && answer
    })
    assert.equal(sessions?.[0]?.turns, 2)
    assert.equal((await get('/api/sessions/example:s1/turns')).turns?.length, 2)
    await serving.stop()
  } finally {
    machine.remove()
  }
})

test('what only the owner may see is for the owner only', {
  skip: process.platform === 'win32' && 'there are no modes here',
}, async () => {
  const machine = scenario()
  machine.write('s1', [header('s1'), ...turnRecords(1)])
  try {
    const { dataDir } = machine.config
    assert.equal((await runCli(['import', '--data-dir', dataDir, '--watch', `example=${machine.sessions}`])).code, 0)
    for (const name of ['', ...readdirSync(dataDir, { recursive: true, encoding: 'utf8' })]) {
      const { mode } = statSync(join(dataDir, name))
      assert.equal(mode & 0o077, 0, `${name || 'the folder'} has mode ${(mode & 0o777).toString(8)}`)
    }
  } finally {
    machine.remove()
  }
})

test('a transcript that cannot be read is named by health, and is read once it can be', async () => {
  const machine = scenario()
  machine.write('s1', [header('s1'), ...turnRecords(1)])
  const transcript = join(machine.sessions, 's1.jsonl')
  chmodSync(transcript, 0)
  // Root can read everything, so the program runs as somebody else then.
  const nobody = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {}
  if (nobody.uid !== undefined) chownSync(machine.dir, nobody.uid, nobody.gid)
  const args = [
    'serve',
    '--port',
    '0',
    '--no-open',
    '--data-dir',
    machine.config.dataDir,
    '--watch',
    `example=${machine.sessions}`,
  ]
  const running = startCli(args, { HOME: machine.dir }, nobody)
  try {
    const url = await eventually('it serves', () => /at (http\S+)/.exec(running.stderr())?.[1])
    const health = async () => (await (await fetch(`${url}/api/health`)).json()) as HealthAnswer
    await eventually('health names it', async () =>
      (await health()).layers.some(({ ok, says }) => !ok && says.includes('s1.jsonl')),
    )
    chmodSync(transcript, 0o644)
    await eventually('it is read', async () => {
      const answer = (await (await fetch(`${url}/api/sessions/example:s1/records`)).json()) as RecordsAnswer
      return answer.records?.length === 6
    })
  } finally {
    running.child.kill('SIGTERM')
    await running.done
    machine.remove()
  }
})

// Writes of every kind, tried from inside the very process that watches.
const TRIES = `
import fs from 'node:fs'
import { spawnSync } from 'node:child_process'
import { Worker } from 'node:worker_threads'
const dir = process.env.WATCHED
const tries = {
  write: () => fs.writeFileSync(dir + '/new', 'x'),
  append: () => fs.appendFileSync(dir + '/s1.jsonl', 'x'),
  open: () => fs.openSync(dir + '/s1.jsonl', 'r+'),
  mkdir: () => fs.mkdirSync(dir + '/folder'),
  rename: () => fs.renameSync(dir + '/s1.jsonl', dir + '/s2.jsonl'),
  unlink: () => fs.unlinkSync(dir + '/s1.jsonl'),
  truncate: () => fs.truncateSync(dir + '/s1.jsonl'),
  chmod: () => fs.chmodSync(dir + '/s1.jsonl', 0o777),
  times: () => fs.utimesSync(dir + '/s1.jsonl', 1, 1),
  link: () => fs.symlinkSync(dir + '/s1.jsonl', dir + '/link'),
  spawn: () => { const ran = spawnSync('touch', [dir + '/touched']); if (ran.error) throw ran.error },
  thread: () => new Worker('', { eval: true }),
}
const refused = {}
for (const [name, attempt] of Object.entries(tries)) {
  try { attempt(); refused[name] = 'it was done' } catch (error) { refused[name] = error.code }
}
fs.writeFileSync(process.env.ALLOWED + '/refused.json', JSON.stringify(refused))
`

test('a write to a watched place from inside the watcher’s process is refused by the runtime', async () => {
  const machine = scenario()
  const text = machine.write('s1', [header('s1'), ...turnRecords(1)])
  const { watcher: allowed } = layoutOf(machine.config.dataDir)
  const plan = watcherPlan(machine)
  process.env.WATCHED = machine.sessions
  process.env.ALLOWED = allowed
  const running = startWatcher(plan, silentLog, ['--import', `data:text/javascript,${encodeURIComponent(TRIES)}`])
  try {
    const said = join(allowed, 'refused.json')
    const refused = await eventually(
      'it has tried',
      () =>
        existsSync(said) &&
        readFileSync(said, 'utf8') !== '' &&
        (JSON.parse(readFileSync(said, 'utf8')) as Record<string, string>),
    )
    assert.deepEqual(new Set(Object.values(refused)), new Set(['ERR_ACCESS_DENIED']), JSON.stringify(refused))
    assert.deepEqual(readdirSync(machine.sessions), ['s1.jsonl'])
    assert.equal(readFileSync(join(machine.sessions, 's1.jsonl'), 'utf8'), text)
  } finally {
    await running.stop()
    machine.remove()
  }
})

function tryMount(dir: string): string | false {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'a small disk of its own needs root on Linux'
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m,mode=700', 'tmpfs', dir], { stdio: 'ignore' })
    return false
  } catch {
    return 'a small disk cannot be mounted here'
  }
}

test('a watcher whose folder cannot be made says so, and is started once it can', async () => {
  const machine = scenario()
  const { dataDir } = machine.config
  const { watcher: folder } = layoutOf(dataDir)
  mkdirSync(dataDir)
  writeFileSync(folder, 'in the way')
  const running = startWatcher(watcherPlan(machine), silentLog)
  try {
    assert.match(running.trouble()!, /^the watcher could not start: EEXIST/)
    assert.ok(running.isDown())
    rmSync(folder)
    await eventually('it was started', () => running.pid() !== undefined)
  } finally {
    await running.stop()
    machine.remove()
  }
})

const watcherPlan = ({ config, sessions }: ReturnType<typeof scenario>) => ({
  dataDir: config.dataDir,
  bus: 'embedded',
  logLevel: 'silent',
  host: 'h',
  inBulk: false,
  watch: { example: [sessions] },
})

test('a full disk is said, nothing is lost, and it goes on by itself when there is room again', async (t) => {
  const machine = scenario()
  const { dataDir } = machine.config
  mkdirSync(dataDir)
  const cannot = tryMount(dataDir)
  if (cannot) {
    machine.remove()
    return t.skip(cannot)
  }
  const ballast = join(dataDir, 'ballast')
  const turns = Array.from({ length: 40 }, (_, n) => turnRecords(n)).flat()
  const running = startCli([
    'serve',
    '--port',
    '0',
    '--no-open',
    '--data-dir',
    dataDir,
    '--watch',
    `example=${machine.sessions}`,
  ])
  try {
    const url = await eventually('it serves', () => /at (http\S+)/.exec(running.stderr())?.[1])
    await eventually('all parts run', async () =>
      ((await (await fetch(`${url}/api/health`)).json()) as HealthAnswer).layers.every(
        ({ says }) => says !== 'is starting',
      ),
    )
    assert.throws(() => writeFileSync(ballast, Buffer.alloc(4_000_000)), { code: 'ENOSPC' })
    machine.write('s1', [header('s1'), ...turns])
    const told = await eventually('health says so', async () => {
      const { layers } = (await (await fetch(`${url}/api/health`)).json()) as HealthAnswer
      return layers.find(({ ok }) => !ok)
    })
    assert.match(told.says, /space|full|ENOSPC/i)
    writeFileSync(ballast, '')
    const { total } = await eventually('everything arrives', async () => {
      const answer = (await (await fetch(`${url}/api/sessions/example:s1/records?limit=1000`)).json()) as RecordsAnswer
      return answer.records?.length === turns.length + 1 && { total: answer.records.length }
    })
    assert.equal(total, 201)
  } finally {
    running.child.kill('SIGTERM')
    await running.done
    execFileSync('umount', [dataDir])
    machine.remove()
  }
})
