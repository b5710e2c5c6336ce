// Transcripts are found wherever they appear, by the file system's own notifications: here the sweep comes only where a test calls it.
import assert from 'node:assert/strict'
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { eventually } from '../testing/scenario.ts'
import { unprivileged } from '../testing/unprivileged.ts'
import { Den } from '../testing/watching.ts'
import { Finder, type FoundFile } from './find.ts'

interface Search {
  readonly den: Den
  readonly finder: Finder
  readonly found: readonly FoundFile[] // at the start
  readonly told: string[] // since
  hears(path: string): Promise<void> // that the file is as it is now: told after its last change
}

function search(t: TestContext, den = new Den(), roots: readonly string[] = [den.root]): Search {
  const told: string[] = []
  const seen = new Map<string, string | null>() // what stood in the file when it was told
  const finder = new Finder({
    roots,
    wants: (path) => path.endsWith('.jsonl'),
    onFile: (root, path) => {
      told.push(join(root, path))
      seen.set(join(root, path), textOf(join(root, path)))
    },
    log: den.log,
    sweepMs: 3_600_000,
  })
  t.after(async () => {
    finder.close()
    await den.remove()
  })
  const found = finder.start()
  const hears = async (path: string) => {
    const text = textOf(den.path(path))
    assert.ok(text !== null && text !== '', 'the test has written something')
    await eventually(`being told of ${path}`, () => seen.get(den.path(path)) === text)
  }
  return { den, finder, found, told, hears }
}

function textOf(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null // gone meanwhile
  }
}

test('what is there at the start is found, the newest first, and nothing that is no transcript', (t) => {
  const den = new Den()
  for (const [i, name] of ['old.jsonl', 'p/new.jsonl', 'p/deep/er/middle.jsonl', 'p/notes.txt'].entries()) {
    den.write(name, '{}\n')
    utimesSync(den.path(name), 1, [100, 300, 200, 400][i]!)
  }
  const { found } = search(t, den)
  assert.deepEqual(
    found.map(({ path }) => path),
    ['p/new.jsonl', 'p/deep/er/middle.jsonl', 'old.jsonl'],
  )
})

test('a file that appears, grows, or is put in another’s place is told', async (t) => {
  const { den, hears } = search(t)
  den.write('a.jsonl', '{}\n')
  await hears('a.jsonl')
  den.append('a.jsonl', '{}\n')
  await hears('a.jsonl')
  den.write('next', '{"replaced":1}\n')
  renameSync(den.path('next'), den.path('a.jsonl'))
  await hears('a.jsonl')
})

test('files in folders that are made later are told, however deep and however soon they are written', async (t) => {
  const { den, hears } = search(t)
  den.write('p/session/subagents/a.jsonl', '{}\n')
  await hears('p/session/subagents/a.jsonl')
  den.append('p/session/subagents/a.jsonl', '{}\n')
  await hears('p/session/subagents/a.jsonl')
  den.write('p/session/late.jsonl', '{}\n')
  await hears('p/session/late.jsonl')
})

test('a burst of 500 files in new folders is told, each one', async (t) => {
  const { den, told } = search(t)
  const names = Array.from({ length: 500 }, (_, n) => `p${n % 7}/s${n % 31}/${n}.jsonl`)
  for (const name of names) den.write(name, '{}\n')
  await eventually('all 500', () => new Set(told).size === names.length)
  assert.deepEqual([...new Set(told)].sort(), names.map((name) => den.path(name)).sort())
})

test('a folder moved in with all its files is told', async (t) => {
  const { den, hears } = search(t)
  mkdirSync(join(den.dir, 'elsewhere/deep'), { recursive: true })
  den.write('../elsewhere/deep/a.jsonl', '{}\n')
  renameSync(join(den.dir, 'elsewhere'), den.path('moved'))
  await hears('moved/deep/a.jsonl')
  den.append('moved/deep/a.jsonl', '{}\n')
  await hears('moved/deep/a.jsonl')
})

test('a folder that was removed and made again is watched again', async (t) => {
  const { den, hears } = search(t)
  den.write('p/a.jsonl', '{}\n')
  await hears('p/a.jsonl')
  for (let n = 0; n < 5; n++) {
    rmSync(den.path('p'), { recursive: true })
    den.write('p/a.jsonl', `{"again":${n}}\n`)
    await hears('p/a.jsonl')
    den.append('p/a.jsonl', '{}\n')
    await hears('p/a.jsonl')
  }
})

test('a root that is removed and made again is watched again', async (t) => {
  const { den, hears } = search(t)
  for (let n = 0; n < 5; n++) {
    den.write('a.jsonl', `{"first":${n}}\n`)
    await hears('a.jsonl')
    rmSync(den.root, { recursive: true })
    mkdirSync(den.root)
    den.write('p/b.jsonl', `{"n":${n}}\n`)
    await hears('p/b.jsonl')
    den.append('p/b.jsonl', '{}\n')
    await hears('p/b.jsonl')
  }
})

test('a root that is not there yet is watched from when it appears, at whatever depth it was missing', async (t) => {
  const den = new Den()
  rmSync(den.root, { recursive: true })
  const root = join(den.dir, 'later/on/sessions')
  const { found, hears } = search(t, den, [root])
  assert.deepEqual(found, [])
  mkdirSync(join(den.dir, 'later'))
  mkdirSync(join(den.dir, 'other'))
  mkdirSync(join(den.dir, 'later/on'))
  den.write('../later/on/sessions/p/a.jsonl', '{}\n')
  await hears('../later/on/sessions/p/a.jsonl')
  rmSync(join(den.dir, 'later'), { recursive: true })
  den.write('../later/on/sessions/p/a.jsonl', '{"again":1}\n')
  await hears('../later/on/sessions/p/a.jsonl')
  den.append('../later/on/sessions/p/a.jsonl', '{}\n')
  await hears('../later/on/sessions/p/a.jsonl')
})

test('a root that is not to be looked through whole: what is deeper is neither found, told nor watched', async (t) => {
  const home = new Den()
  t.after(() => home.remove())
  home.write('a.jsonl', '')
  home.write('p/b.jsonl', '')
  home.write('p/q/c.jsonl', '')
  const told: string[] = []
  const finder = new Finder({
    roots: [home.root],
    depthOf: () => 1,
    wants: (path) => path.endsWith('.jsonl'),
    onFile: (_, path) => void told.push(path),
    log: home.log,
    sweepMs: 3_600_000,
  })
  t.after(() => finder.close())
  const found = finder.start().map(({ path }) => path)
  assert.deepEqual([found.sort(), finder.watches()], [['a.jsonl', 'p/b.jsonl'], 2])
  home.append('p/q/c.jsonl', 'x')
  home.write('p/r/d.jsonl', '')
  home.append('p/b.jsonl', 'x')
  await eventually('the other file is told', () => told.includes('p/b.jsonl'))
  finder.sweep()
  assert.deepEqual([...new Set(told)], ['p/b.jsonl'])
})

test('two roots that are missing under one folder are both found', async (t) => {
  const den = new Den()
  const { hears } = search(t, den, [den.path('one'), den.path('two')])
  den.write('one/a.jsonl', '{}\n')
  await hears('one/a.jsonl')
  den.write('two/b.jsonl', '{}\n')
  await hears('two/b.jsonl')
})

test('a folder behind a symbolic link is read and watched, and a link in a circle ends', async (t) => {
  const den = new Den()
  den.write('../outside/a.jsonl', '{}\n')
  symlinkSync(join(den.dir, 'outside'), den.path('link'))
  symlinkSync(den.root, join(den.dir, 'outside/back'))
  symlinkSync('nowhere', den.path('broken'))
  const { found, hears } = search(t, den)
  assert.deepEqual(
    found.map(({ path }) => path),
    ['link/a.jsonl'],
  )
  den.write('../outside/b.jsonl', '{}\n')
  await hears('link/b.jsonl')
  den.write('../outside/new/c.jsonl', '{}\n')
  await hears('link/new/c.jsonl')
})

test('a link that appears is followed', async (t) => {
  const { den, hears } = search(t)
  den.write('../outside/a.jsonl', '{}\n')
  symlinkSync(join(den.dir, 'outside'), den.path('link'))
  await hears('link/a.jsonl')
})

test('a sweep tells what no notification told: other bytes, also where the size is the same, and each once', (t) => {
  const den = new Den()
  den.write('../outside.jsonl', '{"a":1}\n')
  symlinkSync(join(den.dir, 'outside.jsonl'), den.path('a.jsonl'))
  const { finder, told } = search(t, den)
  const sweep = () => {
    finder.sweep()
    return told.splice(0).map((path) => path.slice(den.root.length + 1))
  }
  assert.deepEqual(sweep(), [])
  den.append('../outside.jsonl', '{"b":2}\n')
  assert.deepEqual([sweep(), sweep()], [['a.jsonl'], []])
  den.write('../outside.jsonl', '{"c":3}\n{"d":4}\n')
  utimesSync(join(den.dir, 'outside.jsonl'), 1, 12_345)
  assert.deepEqual([sweep(), sweep()], [['a.jsonl'], []])
  finder.lookAgain(den.root, 'a.jsonl')
  assert.deepEqual([sweep(), sweep()], [['a.jsonl'], []])
})

test('a sweep forgets what is not there any more: it is news when it comes back as it was', (t) => {
  const den = new Den()
  den.write('a.jsonl', '{}\n')
  const { finder, told } = search(t, den)
  renameSync(den.path('a.jsonl'), den.path('a.away'))
  finder.sweep()
  renameSync(den.path('a.away'), den.path('a.jsonl'))
  told.length = 0
  finder.sweep()
  assert.deepEqual(told, [den.path('a.jsonl')])
})

test('a folder closed to us is named once, with what to do; the others are read, and so is it once it is open', (t) => {
  const den = new Den()
  for (const name of ['shut/a.jsonl', 'open/b.jsonl']) den.write(name, '{}\n')
  chmodSync(den.path('shut'), 0o000)
  const { found, finder, told } = unprivileged(() => search(t, den))
  assert.deepEqual(
    found.map(({ path }) => path),
    ['open/b.jsonl'],
  )
  unprivileged(() => finder.sweep())
  const sentence = `${den.path('shut')} cannot be read (EACCES); give this user read permission to have its sessions`
  assert.deepEqual([finder.trouble, den.said], [sentence, [`watcher: ${sentence}`]])
  chmodSync(den.path('shut'), 0o755)
  unprivileged(() => finder.sweep())
  assert.deepEqual([told, finder.trouble], [[den.path('shut/a.jsonl')], null])
})

test('a root inside a folder closed to us is named as well: it is not taken for missing', (t) => {
  const den = new Den()
  den.write('shut/sessions/a.jsonl', '{}\n')
  chmodSync(den.path('shut'), 0o000)
  const { finder } = unprivileged(() => search(t, den, [den.path('shut/sessions')]))
  chmodSync(den.path('shut'), 0o755) // or it could not be removed
  assert.match(finder.trouble ?? '', /shut\/sessions cannot be read \(EACCES\); give this user read permission/)
})

test('a folder that is not there is no trouble', (t) => {
  const den = new Den()
  const { finder } = search(t, den, [den.path('nothing/here')])
  finder.sweep()
  assert.deepEqual([finder.trouble, den.said], [null, []])
})

test('a finder that is closed holds no watch and tells nothing more', (t) => {
  const den = new Den()
  den.write('p/a.jsonl', '{}\n')
  const { finder } = search(t, den, [den.root, den.path('missing')])
  assert.ok(finder.watches() >= 2)
  finder.close()
  assert.equal(finder.watches(), 0)
})
