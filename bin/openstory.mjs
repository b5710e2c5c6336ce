#!/usr/bin/env node
// Starts OpenStory on a new enough Node: on this one, or on one that set-up keeps beside the clone or in the user's cache folder.
// From a clone it first makes sure that set-up was done. Plain JavaScript for Node 18 and newer; when nothing is to be done it only
// looks at stamps, and loads nothing heavy.
import { spawn } from 'node:child_process'
import module from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { setFlagsFromString } from 'node:v8'
import { cacheFolder, FROM_CLONE, isNewEnough, ROOT, runtimeOf } from '../tools/setup/places.mjs'

const main = join(ROOT, 'dist/cli/main.js')

// Verbs that show no page: they do not wait for it to be built.
const WITHOUT_PAGE =
  /^(import|init|sessions|show|story|search|cost|files|commits|blame|export|watch|trace|doctor|reindex|retry|forget|demo|help|--help|-h|--version|-V)$/

const PARENT_MS = 500

// Heaps kept small: what lives long is little, and a batch that a thread has in hand fits a young generation of 2 MB. Measured on an import
// of 500 MB (bench/README.md). One collecting thread: V8's defaults are for machines with cores to spare.
const V8_FLAGS = ['--single-threaded-gc', '--v8-pool-size=1', '--min-semi-space-size=1', '--max-semi-space-size=2']
// glibc: two heaps instead of eight a core, and what was freed goes back. What the user set themselves stays.
const MALLOC = { MALLOC_ARENA_MAX: '2', MALLOC_TRIM_THRESHOLD_: '262144', MALLOC_MMAP_THRESHOLD_: '262144' }

try {
  if (process.env.OPENSTORY_LAUNCHED === String(process.ppid)) await runHere()
  else if (process.env.OPENSTORY_LAUNCHED === String(process.pid)) {
    endWithNpm()
    await runHere()
  } else await launch()
} catch (error) {
  process.stderr.write(`openstory: ${error instanceof Error && error.forUser ? error.message : error.stack}\n`)
  process.exit(1)
}

async function launch() {
  endWithNpm()
  const needs = {
    deps: FROM_CLONE,
    runtime: true,
    server: FROM_CLONE,
    page: FROM_CLONE && needsPage(process.argv.slice(2)),
  }
  const { missing } = await import('../tools/setup/stamps.mjs')
  if (missing(needs).length > 0) await (await import('../tools/setup/prepare.mjs')).prepare(needs)
  if (!isNewEnough(process.version)) runOn(runtimeOf().binary)
  else if (process.execve === undefined || process.platform === 'win32') await runHere()
  else becomeTuned()
}

// This process goes on as itself, with the flags and the heap of C that can only be chosen before a start.
function becomeTuned() {
  const args = [process.execPath, ...process.execArgv, ...V8_FLAGS, ...process.argv.slice(1)]
  process.execve(process.execPath, args, { ...MALLOC, ...process.env, OPENSTORY_LAUNCHED: String(process.pid) })
}

function needsPage(args) {
  return args[0] === 'serve' || !args.some((arg) => WITHOUT_PAGE.test(arg))
}

// npm ends the shell it started us in and not us: a stopped `npm start` would leave its server behind.
function endWithNpm() {
  if (process.env.npm_lifecycle_event !== 'start') return
  const parent = process.ppid
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM')
  }, PARENT_MS).unref()
}

async function runHere() {
  // Ends with the launcher that started this process, however that one ends.
  if (process.env.OPENSTORY_LAUNCHED !== undefined && process.channel) {
    process.once('disconnect', () => process.kill(process.pid, 'SIGTERM'))
    process.channel.unref()
  } else if (process.env.OPENSTORY_LAUNCHED === undefined) for (const flag of V8_FLAGS) setFlagsFromString(flag) // for the threads: this one has its heap already
  delete process.env.OPENSTORY_LAUNCHED
  module.enableCompileCache(join(cacheFolder(), 'compile'))
  await import(pathToFileURL(main).href)
}

function runOn(binary) {
  const child = spawn(binary, [...V8_FLAGS, process.argv[1], ...process.argv.slice(2)], {
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...MALLOC, ...process.env, OPENSTORY_LAUNCHED: String(process.pid) },
  })
  // A terminal sends Ctrl-C to both; sent on, it would count twice there.
  const terminal = process.stdin.isTTY || process.stderr.isTTY
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
    process.on(signal, () => {
      if (signal !== 'SIGINT' || !terminal) child.kill(signal)
    })
  child.once('error', (error) => {
    process.stderr.write(`openstory: cannot start ${binary}: ${error.message}; remove it and try again\n`)
    process.exit(1)
  })
  child.once('exit', (code, signal) => {
    if (signal === null) process.exit(code)
    process.removeAllListeners(signal)
    process.kill(process.pid, signal)
  })
}
