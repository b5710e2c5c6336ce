// docs/provenance.md cannot lie: every command in it is run, in order, and prints what stands there. It is written anew with
// OPENSTORY_WRITE_DOCS=1, to be read before it is kept.
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { after, before, test } from 'node:test'

const ROOT = join(import.meta.dirname, '../..')
const PAGE = join(ROOT, 'docs/provenance.md')
const WALK = '/tmp/openstory-walk' // as the page calls it

const lacks = ['git', 'sh'].filter((program) => spawnSync(program, ['--version']).error !== undefined)
const isWindows = process.platform === 'win32'
const skip =
  isWindows || lacks.length > 0 ? `the page's commands need a shell and git; missing: ${lacks.join(', ')}` : false

interface Shown {
  readonly command: string
  readonly output: string
}

const BLOCK = /^```console\n([\s\S]*?)^```$/gm

// What stands behind a `$` up to the next one.
const shownIn = (block: string): Shown[] =>
  block
    .split(/^\$ /m)
    .slice(1)
    .map((part) => {
      const end = part.indexOf('\n')
      return { command: part.slice(0, end), output: part.slice(end + 1) }
    })

let dir: string
const env: Record<string, string | undefined> = {}
before(() => {
  if (skip) return
  dir = realpathSync(mkdtempSync(join(tmpdir(), 'openstory-doc-')))
  mkdirSync(join(dir, 'bin'))
  const program = join(dir, 'bin/openstory')
  writeFileSync(program, `#!/bin/sh\nexec "${process.execPath}" "${join(ROOT, 'src/cli/main.ts')}" "$@"\n`)
  chmodSync(program, 0o755)
  Object.assign(env, {
    PATH: `${join(dir, 'bin')}${delimiter}${process.env.PATH}`,
    HOME: dir,
    CI: '1',
    GIT_CONFIG_NOSYSTEM: '1',
  })
})
after(() => dir !== undefined && rmSync(dir, { recursive: true, force: true }))

// What a command prints, as the page would say it.
function printed(command: string): string {
  const here = command.replaceAll(WALK, dir)
  const settings = /^export (.+)$/.exec(here)?.[1]
  if (settings !== undefined) {
    for (const setting of settings.split(' ')) {
      const at = setting.indexOf('=')
      env[setting.slice(0, at)] = setting.slice(at + 1)
    }
    return ''
  }
  const { status, stdout, stderr } = spawnSync('sh', ['-c', here], { cwd: ROOT, env, encoding: 'utf8' })
  assert.equal(status, 0, `${command}\n${stderr}`)
  return stdout.replaceAll(dir, WALK)
}

test('every command of the page prints what the page says', { skip, timeout: 180_000 }, () => {
  const page = readFileSync(PAGE, 'utf8')
  const now = page.replace(BLOCK, (_, block: string) => {
    const lines = shownIn(block).map(({ command, output }) => {
      const found = printed(command)
      if (!process.env.OPENSTORY_WRITE_DOCS) assert.equal(found, output, command)
      return `$ ${command}\n${found}`
    })
    return `\`\`\`console\n${lines.join('')}\`\`\``
  })
  if (process.env.OPENSTORY_WRITE_DOCS) writeFileSync(PAGE, now)
  assert.ok(page.includes('openstory commits'), 'the page has its commands')
})
