// Observe, never interfere: the whole product under strace, beside a home in which every agent is at work. Not one call that writes,
// creates, renames, removes, changes a mode or takes a lock names a path of the home, whether it would have worked or not.
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  constants,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { type AgentsHome, homeOfAgents } from '../testing/home-of-agents.ts'
import { eventually } from '../testing/scenario.ts'
import type { HealthAnswer, SearchAnswer, SessionsAnswer } from '../wire/rest.ts'

const MAIN = fileURLToPath(new URL('../cli/main.ts', import.meta.url))
const CALLS =
  '%file,fcntl,flock,fchmod,fchown,ftruncate,fallocate,fsetxattr,fremovexattr,copy_file_range,sendfile,io_uring_setup'
const traceable = () => spawnSync('strace', ['-o', '/dev/null', '-e', 'trace=%file', 'true']).status === 0
const missing =
  process.platform === 'linux' && traceable() ? false : 'SKIPPED: strace is not here, or may not trace (install strace)'

// Lines of strace -f -y that change something below `home`, or hold up whoever would.
function interferences(trace: string, home: string): string[] {
  const names = (line: string) => line.includes(`"${home}`) || line.includes(`<${home}`)
  const alters =
    /^(?:creat|mkdir|mknod|rename|link|symlink|unlink|rmdir|chmod|chown|lchown|fchmod|fchown|truncate|ftruncate|fallocate|utim|futim|setxattr|lsetxattr|fsetxattr|removexattr|lremovexattr|fremovexattr|flock|mount|umount|pivot|name_to)/
  return trace.split('\n').filter((line) => {
    const call = line.replace(/^\d+ +/, '')
    if (!names(call)) return false
    if (/^open/.test(call)) return /O_(?:WRONLY|RDWR|CREAT|TRUNC|APPEND|TMPFILE)/.test(call)
    if (/^fcntl/.test(call)) return /F_(?:OFD_)?SETLK|F_SETLEASE|F_SETOWN/.test(call)
    // The home is read from; what it is copied to is the second file.
    if (/^(?:copy_file_range|sendfile)/.test(call))
      return (call.indexOf(`<${home}`) === call.indexOf('<')) === /^sendfile/.test(call)
    return alters.test(call)
  })
}

const UNSEEN = (constants.O_RDONLY | (constants.O_NOATIME ?? 0)) as unknown as string // a number does as well

interface Look {
  readonly [path: string]: string
}
// All there is to see of the files and folders, by name; of transcripts that lie still, also when they were read last. A database is opened
// by SQLite itself and a folder is listed by the system, and neither can be asked to do it unseen: that it was read may show there, where
// the file system keeps such times at all. Setting them back would be a write.
function lookAt(home: string): Look {
  const names = readdirSync(home, { recursive: true, encoding: 'utf8' })
  return Object.fromEntries(
    names.sort().map((name) => {
      const path = join(home, name)
      const stat = statSync(path, { bigint: true })
      const { ino, size, mode, nlink, uid, gid, mtimeNs, ctimeNs, atimeNs } = stat
      const read = stat.isDirectory() || /\.(?:db|sqlite)/.test(name) ? '' : atimeNs
      const content = stat.isDirectory()
        ? readdirSync(path).join('/')
        : createHash('sha256')
            .update(readFileSync(path, { flag: UNSEEN }))
            .digest('hex')
      return [name, [ino, size, mode, nlink, uid, gid, mtimeNs, ctimeNs, read, content].join(' ')]
    }),
  )
}

function traced(t: TestContext, args: readonly string[], home: string) {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'openstory-trace-')))
  t.after(() => rmSync(dir, { recursive: true, force: true }))
  const out = join(dir, 'trace')
  const strace = ['-f', '-y', '-qq', '-o', out, '-e', `trace=${CALLS}`, process.execPath, ...args]
  const child = spawn('strace', strace, {
    cwd: dir,
    env: { PATH: process.env.PATH, HOME: home, CI: '1', XDG_DATA_HOME: join(dir, 'share'), UV_USE_IO_URING: '0' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => {
      said += text
    })
  const done = new Promise<number | null>((resolve) => child.on('close', resolve))
  return { dir, done, said: () => said, trace: () => readFileSync(out, 'utf8') }
}

test('what is looked for is found where it is done', { skip: missing }, async (t) => {
  const home = realpathSync(mkdtempSync(join(tmpdir(), 'openstory-touched-')))
  t.after(() => rmSync(home, { recursive: true }))
  writeFileSync(join(home, 'a.txt'), 'a')
  const script = `
    const fs = require('node:fs'), { DatabaseSync } = require('node:sqlite'), at = (n) => ${JSON.stringify(home)} + '/' + n
    fs.readFileSync(at('a.txt')); fs.statSync(at('a.txt')); fs.readdirSync(at('')); fs.copyFileSync(at('a.txt'), process.cwd() + '/b.txt')
    const calls = [() => fs.writeFileSync(at('new'), ''), () => fs.mkdirSync(at('d')), () => fs.renameSync(at('new'), at('c')), () => fs.unlinkSync(at('c')),
      () => fs.rmdirSync(at('d')), () => fs.chmodSync(at('a.txt'), 0o600), () => fs.utimesSync(at('a.txt'), 1, 1), () => fs.openSync(at('none/x'), 'a'),
      () => new DatabaseSync(at('x.db')).exec('CREATE TABLE t (a)')]
    for (const call of calls) try { call() } catch {}
  `
  const run = traced(t, ['-e', script], home)
  await run.done
  const found = interferences(run.trace(), home).join('\n')
  for (const call of [
    /openat.*\/new"/,
    /mkdir.*\/d"/,
    /rename/,
    /unlink.*\/c"/,
    /rmdir/,
    /chmod/,
    /utimensat/,
    /none\/x"/,
    /x\.db.*O_RDWR/,
    /F_(?:OFD_)?SETLK/,
    /x\.db-journal/,
  ])
    assert.match(found, call)
  assert.ok(!/O_RDONLY/.test(found), found)
})

test('beside agents at work not one call of ours writes, makes, renames, removes or locks anything of theirs', {
  skip: missing,
  timeout: 180_000,
}, async (t) => {
  const agents = homeOfAgents('rhubarb')
  t.after(() => agents.remove())
  const long = Date.parse('2026-01-01') / 1_000
  for (const name of stillIn(agents)) utimesSync(join(agents.home, name), long, long)
  const before = lookAt(agents.home)
  const data = realpathSync(mkdtempSync(join(tmpdir(), 'openstory-beside-')))
  t.after(() => rmSync(data, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }))

  const run = traced(t, [MAIN, 'serve', '--no-open', '--port', '0', '--data-dir', data], agents.home)
  const ask = async <T>(path: string): Promise<T> => {
    const url = /at (http\S+)/.exec(run.said())?.[1]
    return (await fetch(url + path)).json() as Promise<T>
  }
  await eventually('it serves', () => /at (http\S+)/.test(run.said()), 60_000)
  await eventually(
    'every agent is there',
    async () => {
      const { sessions } = await ask<SessionsAnswer>('/api/sessions?limit=100')
      return agents.agents.every((agent) => sessions.some((session) => session.agent === agent))
    },
    90_000,
  )
  // While it watches, all of them go on, the databases too; and what they did is seen.
  for (let n = 1; n <= 7; n++) {
    agents.work(`quince${n}`)
    await eventually(
      `what was done is seen: ${n}`,
      async () => {
        const { hits } = await ask<SearchAnswer>(`/api/search?q=quince${n}&limit=100`)
        const seen = new Set(hits.map(({ agent }) => agent))
        return agents.agents.every((agent) => seen.has(agent))
      },
      90_000,
    )
  }
  const { ok, layers } = await ask<HealthAnswer>('/api/health')
  assert.ok(ok, JSON.stringify(layers))
  process.kill((JSON.parse(readFileSync(join(data, 'running.json'), 'utf8')) as { pid: number }).pid, 'SIGINT')
  await run.done

  const trace = run.trace()
  assert.deepEqual(interferences(trace, agents.home), [])
  assert.ok(!trace.includes('IORING_SETUP_SQPOLL'), 'what files are asked for does not go past strace')
  for (const name of Object.keys(before).filter((name) => isFile(agents, name) && !/-shm$|settings/.test(name)))
    assert.match(
      trace,
      new RegExp(`(?:open|openat)\\(.*"${join(agents.home, name).replaceAll('.', '\\.')}"`),
      `${name} was read`,
    )
  const after = lookAt(agents.home)
  assert.deepEqual(Object.keys(after), Object.keys(before), 'no file came or went')
  for (const name of stillIn(agents)) assert.equal(after[name], before[name], name)
})

test('commands that look and tell leave no trace either', { skip: missing, timeout: 180_000 }, async (t) => {
  const agents = homeOfAgents('rhubarb')
  t.after(() => agents.remove())
  const before = lookAt(agents.home)
  const data = realpathSync(mkdtempSync(join(tmpdir(), 'openstory-beside-')))
  t.after(() => rmSync(data, { recursive: true, force: true }))
  for (const verb of [['import'], ['doctor'], ['init'], ['search', 'rhubarb'], ['reindex']]) {
    const run = traced(t, [MAIN, ...verb, '--data-dir', data], agents.home)
    assert.equal(await run.done, 0, run.said())
    assert.deepEqual(interferences(run.trace(), agents.home), [], verb.join(' '))
  }
  assert.deepEqual(lookAt(agents.home), before, 'content, times of change, modes, names: all as it was')
})

const isFile = ({ home }: AgentsHome, name: string): boolean => statSync(join(home, name)).isFile()

// What nobody writes to meanwhile.
function stillIn({ home }: AgentsHome): string[] {
  return readdirSync(home, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /020[2468]\.jsonl|020[24]\..*zst|session_.*json$|0d0d\.jsonl/.test(name),
  )
}
