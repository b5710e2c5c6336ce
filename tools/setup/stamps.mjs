// Whether set-up is done. A stamp is written last, after the work it stands for, so an interrupted set-up is simply not done.
// Cheap: a hash of the lock file, and the size and time of each input of what is built.
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { isNewEnough, ROOT, runtimeOf } from './places.mjs'

// What is built, of what, and a file that shows that it is there. The browser runs base, event, folds and wire too.
// The server runs compiled: its threads would each load the stripper of types, 90 MB in all, and start twice as slowly.
const BUILDS = {
  page: {
    inputs: [
      'src/web',
      'src/wire',
      'src/folds',
      'src/event',
      'src/base',
      'index.html',
      'vite.config.ts',
      'package-lock.json',
    ],
    leftOut: /\.(test|contract)\.tsx?$/,
    output: 'dist/web/index.html',
  },
  server: {
    inputs: ['src', 'tsconfig.json', 'tools/setup/tsconfig.build.json'],
    leftOut: /\.(test|contract)\.tsx?$|^src\/(web|testing)\//,
    output: 'dist/cli/main.js',
  },
}
const STAMPS = join(ROOT, '.cache', 'setup')

// Of what is asked for, what is not there yet: 'deps', 'runtime', 'page', 'server', in the order in which they are made.
export function missing(needs) {
  const list = []
  if (needs.deps && read('deps') !== depsKey()) list.push('deps')
  if (needs.runtime && !isNewEnough(process.version) && !existsSync(runtimeOf().stamp)) list.push('runtime')
  for (const name of Object.keys(BUILDS)) if (needs[name] && !isFresh(name)) list.push(name)
  return list
}

export function writeStamp(name, text) {
  const path = join(STAMPS, name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(`${path}.${process.pid}`, text)
  renameSync(`${path}.${process.pid}`, path)
}

const read = (name) => {
  try {
    return readFileSync(join(STAMPS, name), 'utf8')
  } catch {
    return null // no stamp: not done
  }
}

export function depsKey() {
  const lock = readFileSync(join(ROOT, 'package-lock.json'))
  const there = existsSync(join(ROOT, 'node_modules'))
  return `${createHash('sha256').update(lock).digest('hex')} ${process.platform} ${process.arch} ${there}`
}

// A new checkout changes the times and not the contents: then what was built is as good as it was, and only the times are noted.
function isFresh(name) {
  const [times, contents] = (read(name) ?? '').split(' ')
  if (!existsSync(join(ROOT, BUILDS[name].output))) return false
  const files = inputsOf(name)
  const now = timesKey(files)
  if (now === times) return true
  if (contentsKey(files) !== contents) return false
  writeStamp(name, `${now} ${contents}`)
  return true
}

export function buildKey(name) {
  const files = inputsOf(name)
  return `${timesKey(files)} ${contentsKey(files)}`
}

const timesKey = (files) => {
  const hash = createHash('sha256')
  for (const { path, stat } of files) hash.update(`${path} ${stat.size} ${stat.mtimeMs}\n`)
  return hash.digest('hex')
}

const contentsKey = (files) => {
  const hash = createHash('sha256')
  for (const { path } of files)
    hash
      .update(`${path}\n`)
      .update(readFileSync(join(ROOT, path)))
      .update('\n')
  return hash.digest('hex')
}

function inputsOf(name) {
  const { inputs, leftOut } = BUILDS[name]
  const files = []
  const look = (path) => {
    const stat = statSync(join(ROOT, path), { throwIfNoEntry: false })
    if (stat === undefined) return
    if (!stat.isDirectory()) {
      if (!leftOut.test(path)) files.push({ path, stat })
    } else for (const name of readdirSync(join(ROOT, path)).sort()) look(`${path}/${name}`)
  }
  for (const path of inputs) look(path)
  return files
}
