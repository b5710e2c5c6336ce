// The launcher and set-up: what a fresh clone does, what a second start does not do, and what happens when something is in the way.
import assert from 'node:assert/strict'
import { readFileSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { type TestContext, test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { FakeClone, OLD_NODE, type Result, resultOf } from './fake-clone.ts'

function made(t: TestContext): FakeClone {
  const clone = new FakeClone()
  t.after(() => clone.destroy())
  return clone
}

const answer = (result: Result): { args: string[]; launched: string | null } => JSON.parse(result.stdout)
const silent = (result: Result): void => assert.deepEqual([result.code, result.stderr], [0, ''])

test('the first start installs, builds the page and runs; the second does no set-up work', async (t) => {
  const clone = made(t)
  const first = await clone.launch('serve', '--port', '1')
  assert.equal(first.code, 0, first.stderr)
  assert.match(first.stderr, /installing dependencies …\n.*installing dependencies: done in/s)
  assert.match(first.stderr, /building the page …/)
  assert.deepEqual(answer(first), { ...answer(first), args: ['serve', '--port', '1'] })
  silent(await clone.launch('serve'))
  assert.equal(clone.builds, 1)
})

test('arguments and exit code go through', async (t) => {
  const clone = made(t)
  clone.putRuntime()
  for (const launch of [
    () => clone.launch('fail', 'a b', '--c=ü'),
    () => clone.launchOnOldNode('fail', 'a b', '--c=ü'),
  ]) {
    const result = await launch()
    assert.equal(result.code, 3, result.stderr)
    assert.deepEqual(answer(result).args, ['fail', 'a b', '--c=ü'])
    assert.equal(answer(result).launched, null, 'nothing of the launcher is left in the environment')
  }
})

test('a verb without a page does not build one', async (t) => {
  const clone = made(t)
  assert.equal((await clone.launch('sessions', '--json')).code, 0)
  assert.equal(clone.builds, 0)
  assert.equal((await clone.launch()).code, 0)
  assert.equal(clone.builds, 1)
})

test('the page is built again when what it is made of changes, and not when only times change', async (t) => {
  const clone = made(t)
  await clone.launch()
  utimesSync(join(clone.root, 'src/web/page.ts'), 1, 1)
  silent(await clone.launch())
  clone.put('src/web/page.test.ts', 'a test is no part of the page')
  silent(await clone.launch())
  assert.equal(clone.builds, 1)
  for (const path of ['src/web/page.ts', 'src/folds/new.ts', 'vite.config.ts']) clone.put(path, 'two')
  assert.match((await clone.launch()).stderr, /building the page/)
  clone.remove('dist')
  assert.match((await clone.launch()).stderr, /building the page/)
  assert.equal(clone.builds, 3)
})

test('a changed lock file installs again; what someone installed by hand counts as installed', async (t) => {
  const clone = made(t)
  await clone.launch()
  const lock = readFileSync(join(clone.root, 'package-lock.json'), 'utf8')
  clone.put('package-lock.json', `${lock}\n`)
  assert.equal((await clone.launch('sessions')).stderr, '')
  clone.remove('node_modules')
  assert.match((await clone.launch('sessions')).stderr, /installing dependencies/)
  assert.ok(clone.has('node_modules/vite'))
})

test('a failed install leaves no stamp, says why, and the next start tries again', async (t) => {
  const clone = made(t)
  clone.put('package-lock.json', '{"name":"x","lockfileVersion":3,"packages":{"":{"dependencies":{"other":"1"}}}}')
  for (const _ of [1, 2]) {
    const result = await clone.launch('sessions')
    assert.equal(result.code, 1)
    assert.match(result.stderr, /openstory: npm ci failed \(.+\); see that npm can reach its registry/)
  }
})

test('two starts at once: one does the work, the other waits for it', async (t) => {
  const clone = made(t)
  const results = await Promise.all([clone.launch(), clone.launch(), clone.launch()])
  assert.deepEqual(
    results.map(({ code }) => code),
    [0, 0, 0],
  )
  const all = results.map(({ stderr }) => stderr).join('')
  assert.equal(all.split('installing dependencies …').length - 1, 1)
  assert.equal(clone.builds, 1)
  assert.ok(!clone.has('.cache/setup.lock'), 'the lock is gone')
})

test('the lock of a set-up that was killed is taken over', async (t) => {
  const clone = made(t)
  const dead = clone.start(['-e', ''])
  await resultOf(dead)
  clone.put('.cache/setup.lock', String(dead.pid))
  assert.equal((await clone.launch()).code, 0)
  // The same number may live again as another process; a lock that nobody touches is stale all the same.
  clone.remove('.cache/setup')
  clone.put('.cache/setup.lock', String(process.pid))
  utimesSync(join(clone.root, '.cache/setup.lock'), 1, 1)
  assert.equal((await clone.launch()).code, 0)
})

test('a set-up killed in the middle is done again', async (t) => {
  const clone = made(t)
  const child = clone.start(['bin/openstory.mjs'])
  child.stderr?.once('data', () => child.kill('SIGKILL'))
  assert.equal((await resultOf(child)).code, 'SIGKILL')
  const second = await clone.launch()
  assert.equal(second.code, 0, second.stderr)
  assert.ok(clone.has('node_modules/vite') && clone.builds === 1)
})

test('on an old Node it runs on the fetched one', async (t) => {
  const clone = made(t)
  clone.putRuntime()
  assert.equal((await clone.launchOnOldNode('sessions')).code, 0)
  silent(await clone.launchOnOldNode('sessions'))
})

test('on an old Node, with no newer one to be had, one sentence says what and where, and to install Node 24', async (t) => {
  const clone = made(t)
  const env = { npm_config_registry: 'http://127.0.0.1:9/', npm_config_fetch_retries: '0', npm_config_offline: 'true' }
  const { code, stderr } = await clone.run([...OLD_NODE, 'bin/openstory.mjs', 'sessions'], env)
  assert.equal(code, 1)
  const last = stderr.trim().split('\n').at(-1) ?? ''
  assert.match(
    last,
    /^openstory: this is Node v20\.1\.0, and node-\w+-\w+@24 could not be had from npm for .*\.runtime \(.+\); install Node 24 or newer$/,
  )
})

test('a signal reaches the program on the fetched Node, and its exit code comes back', async (t) => {
  const clone = made(t)
  clone.putRuntime()
  await clone.launchOnOldNode('sessions')
  const child = clone.start([...OLD_NODE, 'bin/openstory.mjs', 'wait'])
  const result = resultOf(child)
  child.stdout?.once('data', () => child.kill('SIGTERM'))
  assert.deepEqual([(await result).code, (await result).stdout.split('\n')[1]], [7, 'ended properly'])
})

test('the program ends with its launcher, even one killed with -9', async (t) => {
  const clone = made(t)
  clone.putRuntime()
  await clone.launchOnOldNode('sessions')
  const child = clone.start([...OLD_NODE, 'bin/openstory.mjs', 'wait'])
  const said = resultOf(child) // resolves when the program too has closed its output
  child.stdout?.once('data', () => child.kill('SIGKILL'))
  assert.match((await Promise.race([said, sleep(10_000, null, { ref: false })]))?.stdout ?? '', /ended properly/)
})

for (const old of [false, true])
  test(`a stopped npm start leaves nothing behind, on ${old ? 'an old' : 'this'} Node`, async (t) => {
    const clone = made(t)
    clone.putRuntime()
    await clone.launch('sessions')
    const args = [...(old ? OLD_NODE : []), 'bin/openstory.mjs', 'wait']
    // As npm does it: a shell that starts us, and is ended without a word to us.
    const shell = `require('child_process').spawn(process.execPath, ${JSON.stringify(args)}, { stdio: 'inherit' })`
    const child = clone.start(['-e', shell], { npm_lifecycle_event: 'start' })
    const said = resultOf(child)
    child.stdout?.once('data', () => child.kill('SIGKILL'))
    assert.match((await Promise.race([said, sleep(10_000, null, { ref: false })]))?.stdout ?? '', /ended properly/)
  })

test('a package runs what was compiled, and keeps its Node in the cache folder of the user', async (t) => {
  const clone = made(t)
  clone.put('dist/cli/main.js', `console.log('compiled', process.argv[2])`)
  clone.remove('src')
  clone.remove('package-lock.json')
  assert.deepEqual(await clone.launch('serve'), { code: 0, stdout: 'compiled serve\n', stderr: '' })
  const cache = process.platform === 'darwin' ? join(clone.folder, 'Library/Caches') : join(clone.folder, 'cache')
  clone.putRuntime(join(cache, 'openstory/runtime'))
  assert.deepEqual(await clone.launchOnOldNode('x'), { code: 0, stdout: 'compiled x\n', stderr: '' })
  assert.ok(!clone.has('.cache') && !clone.has('.runtime'), 'a package writes nothing beside itself')
})
