// Checks properties of the code itself: who imports whom, how long things are, what is dead.
// One pass over the files, no dependency; every failure names the file, the line and the way out.
import assert from 'node:assert/strict'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { builtinModules } from 'node:module'
import { dirname, join, normalize } from 'node:path'
import { test } from 'node:test'
import { AGENT_NAMES, DOORS, ENTRANCES, EVERYWHERE, LAYERS, LONG_FILES, OWNED, ROOMS, WIRED_IN_APP } from './layers.ts'

// `import x from 'y'`, `export { x } from 'y'`, `import 'y'` and `import('y')`, over one line or many.
const IMPORT =
  /^[ \t]*(?:(?:import|export)\b[^;'"`=()]*?\bfrom[ \t]*|import[ \t]*)['"]([^'"]+)['"]|\bimport\([ \t]*['"]([^'"]+)['"]/gm

interface Import {
  readonly from: string
  readonly line: number
  readonly to: string
}

const files = readdirSync('src', { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.tsx?$/.test(path))
  .map((path) => `src/${path.replaceAll('\\', '/')}`)
  .sort()
const isTest = (path: string) => /\.(test|contract|bench)\.tsx?$/.test(path) || path.startsWith('src/testing/')
const imports = files.flatMap((path) => importsOf(path, readFileSync(path, 'utf8')))

test('LAYERS is a ladder: a row names only rows above it', () => {
  const above = new Set<string>()
  for (const [folder, mayImport] of Object.entries(LAYERS)) {
    for (const other of mayImport) assert.ok(above.has(other), `${folder} names ${other}, which is not above it`)
    above.add(folder)
  }
})

test('ARCHITECTURE.md has a row for every folder and names no file that is gone', () => {
  const map = readFileSync('ARCHITECTURE.md', 'utf8')
  for (const folder of Object.keys(LAYERS))
    assert.match(map, new RegExp(`\\| \`${folder}/\` \\|`), `no row for ${folder}/`)
  const named = [...map.matchAll(/`(src\/[^`*]+\.tsx?)`/g)].map((match) => match[1] ?? '')
  assert.deepEqual(
    named.filter((path) => !existsSync(path)),
    [],
  )
})

test('folders look only where LAYERS lets them', () => {
  report(
    imports.filter(({ from, to }) => {
      if (isTest(from) || !to.startsWith('src/')) return false
      const [here, there] = [folderOf(from), folderOf(to)]
      return here !== there && !LAYERS[here]?.includes(there)
    }),
    'is not in LAYERS; pass the value in from app/compose.ts, or move the type down to event/',
  )
})

test('siblings in a room do not know each other', () => {
  report(
    imports.filter(({ from, to }) => {
      const [here, there] = [roomOf(from), roomOf(to)]
      if (isTest(from) || here === undefined || there === undefined || here === there) return false
      return folderOf(from) === folderOf(to) && !DOORS.includes(there)
    }),
    'crosses between siblings; meet through the bus, a store, or the file in the doorway',
  )
})

test('implementations are named only where they are wired', () => {
  report(
    imports.filter(
      ({ from, to }) =>
        !isTest(from) &&
        folderOf(from) !== 'app' &&
        folderOf(from) !== folderOf(to) &&
        roomOf(to) !== undefined &&
        WIRED_IN_APP.includes(folderOf(to)),
    ),
    'names an implementation; ask for its interface',
  )
})

test('what runs in the browser names no node module', () => {
  report(
    imports.filter(
      ({ from, to }) =>
        !isTest(from) && EVERYWHERE.includes(folderOf(from)) && (to.startsWith('node:') || builtinModules.includes(to)),
    ),
    'is not there in a browser',
  )
})

test('each npm package has one home', () => {
  report(
    imports.filter(({ from, to }) => {
      const homes = Object.entries(OWNED).find(([name]) => to === name || to.startsWith(`${name}/`))?.[1]
      return homes !== undefined && !isTest(from) && !homes.some((home) => from.startsWith(`src/${home}/`))
    }),
    'belongs to another folder',
  )
})

test('nothing but tests imports tests', () => {
  report(
    imports.filter(({ from, to }) => !isTest(from) && isTest(to)),
    'is for tests',
  )
})

test('no file lives only for its tests', () => {
  const named = new Set(imports.filter(({ from }) => !isTest(from)).map(({ to }) => to))
  assert.deepEqual(
    files.filter((path) => !isTest(path) && !named.has(path) && !ENTRANCES.includes(path)),
    [],
  )
})

test('no agent is named outside sources/', () => {
  const naming = files.filter(
    (path) => !isTest(path) && folderOf(path) !== 'sources' && AGENT_NAMES.test(readFileSync(path, 'utf8')),
  )
  assert.deepEqual(naming, [])
})

test('no file is longer than 400 lines without a reason in LONG_FILES', () => {
  const long = files.filter((path) => !isTest(path) && readFileSync(path, 'utf8').split('\n').length > 400)
  assert.deepEqual(
    long.filter((path) => LONG_FILES[path] === undefined),
    [],
  )
})

function importsOf(path: string, text: string): Import[] {
  const found: Import[] = []
  for (const match of text.matchAll(IMPORT)) {
    const name = match[1] ?? match[2] ?? ''
    const to = name.startsWith('.') ? normalize(join(dirname(path), name)).replaceAll('\\', '/') : name
    found.push({ from: path, line: text.slice(0, match.index).split('\n').length, to })
  }
  return found
}

function folderOf(path: string): string {
  return path.split('/')[1] ?? ''
}

// 'src/consumers/persist/persist.ts' is in the room 'consumers/persist'; 'src/consumers/consumer.ts' is in the doorway.
function roomOf(path: string): string | undefined {
  const [, folder = '', child = '', ...rest] = path.split('/')
  return ROOMS.includes(folder) && rest.length > 0 ? `${folder}/${child}` : undefined
}

function report(bad: readonly Import[], why: string): void {
  assert.equal(bad.map(({ from, line, to }) => `${from}:${line}: ${to} ${why}`).join('\n'), '')
}
