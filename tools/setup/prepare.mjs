// Does what set-up is missing: dependencies by the lock file, a Node to run on, the built page, the compiled server. Safe to interrupt, and to start twice.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from './lock.mjs'
import { cacheFolder, isNewEnough, NODE_MAJOR_MIN, nodeBinary, ROOT, runtimeOf } from './places.mjs'
import { reasonIn, runCommand, runNpm } from './run-command.mjs'
import { say, step, UserError } from './say.mjs'
import { buildKey, depsKey, missing, writeStamp } from './stamps.mjs'

// `needs`: { deps, runtime, page, server }. What is missing is looked at again inside the lock: another set-up may just have made it.
export async function prepare(needs) {
  if (missing(needs).length === 0) return
  const waiting = (pid) => say(`waiting for another set-up (process ${pid})`)
  await withLock(join(cacheFolder(), 'setup.lock'), waiting, async () => {
    const list = missing(needs)
    const fetching = [list.includes('deps') && makeDeps(), list.includes('runtime') && makeRuntime()]
    // Both to their end, even when one fails: nothing of ours goes on writing after the lock is let go.
    for (const { status, reason } of await Promise.allSettled(fetching)) if (status === 'rejected') throw reason
    if (list.includes('page')) await makePage()
    if (list.includes('server')) await makeServer()
  })
}

async function makeDeps() {
  if (!isInstalledByHand()) {
    const { code, output } = await step('installing dependencies', () =>
      runNpm(['ci', '--include=dev', '--prefix', ROOT], { cwd: ROOT }),
    ).catch(noNpm)
    if (code !== 0)
      throw new UserError(`npm ci failed (${reasonIn(output)}); see that npm can reach its registry, and try again`)
  }
  writeStamp('deps', depsKey())
}

// Someone ran npm ci or npm install: npm's own record of what it installed agrees with the lock file.
function isInstalledByHand() {
  const record = join(ROOT, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return false
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')).packages
  const have = JSON.parse(readFileSync(record, 'utf8')).packages
  return Object.entries(wanted).every(
    ([path, { version, optional }]) => path === '' || optional || have[path]?.version === version,
  )
}

async function makeRuntime() {
  const { name, folder, binary, stamp } = runtimeOf()
  if (!(await runs(binary))) {
    mkdirSync(folder, { recursive: true })
    // Its own package.json, so that npm does not climb up to ours.
    writeFileSync(join(folder, 'package.json'), '{ "private": true }\n')
    const { code, output } = await step(`fetching Node ${NODE_MAJOR_MIN} (${name})`, () =>
      runNpm(['install', '--no-save', '--prefix', folder, `${name}@${NODE_MAJOR_MIN}`], { cwd: folder }),
    ).catch(noNpm)
    if (code !== 0 || !(await runs(binary)))
      throw new UserError(
        `this is Node ${process.version}, and ${name}@${NODE_MAJOR_MIN} could not be had from npm for ${folder} (${reasonIn(output)}); ` +
          `install Node ${NODE_MAJOR_MIN} or newer`,
      )
  }
  writeFileSync(stamp, '')
}

async function runs(binary) {
  if (!existsSync(binary)) return false
  const { code, output } = await runCommand(binary, ['--version']).catch(() => ({ code: 1, output: '' }))
  return code === 0 && isNewEnough(output.trim())
}

async function makePage() {
  const key = buildKey('page')
  if (!existsSync(join(ROOT, 'index.html'))) throw new UserError(`${ROOT} has no index.html to build the page from`)
  const { code, output } = await step('building the page', () =>
    runCommand(nodeBinary(), [join(ROOT, 'node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn'], {
      cwd: ROOT,
    }),
  )
  if (code !== 0) throw new UserError(`the page could not be built:\n${output}`)
  writeStamp('page', key)
}

async function makeServer() {
  const key = buildKey('server')
  const { code, output } = await step('compiling the server', () =>
    runCommand(
      nodeBinary(),
      [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', join(ROOT, 'tools/setup/tsconfig.build.json')],
      { cwd: ROOT },
    ),
  )
  if (code !== 0) throw new UserError(`the server could not be compiled:\n${output}`)
  writeStamp('server', key)
}

function noNpm(error) {
  throw new UserError(`cannot run npm (${error.message}); set-up needs npm in the path`)
}
