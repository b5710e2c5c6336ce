// npm test: does its own set-up, runs everything, and ends with the line `N passed, N failed` (`, N skipped`).
// npm test -- PATH… runs the tests whose path contains one of these; words that begin with -- go to node --test.
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { CHECKS } from './checks.mjs'
import { ROOT } from './places.mjs'
import { prepare } from './prepare.mjs'
import { main, UserError } from './say.mjs'
import { runFiles } from './test-files.mjs'
import { prepareTestTools } from './test-tools.mjs'

const FOLDERS = ['src', 'tools', 'e2e']

await main(async () => {
  const args = process.argv.slice(2)
  const paths = args
    .filter((arg) => !arg.startsWith('--'))
    .map((path) => path.replaceAll('\\', '/').replace(/^\.\//, ''))
  const files = testFiles(paths)
  if (files.length === 0) throw new UserError(`no test file has ${paths.join(' or ')} in its path`)
  await prepare({ deps: true, runtime: true, page: true })
  await prepareTestTools()
  const checks = paths.length === 0 ? await runChecks() : []
  const tests = await runFiles(
    files,
    args.filter((arg) => arg.startsWith('--')),
  )
  return close([...checks, ...tests])
})

function testFiles(paths) {
  const files = []
  const look = (folder) => {
    for (const entry of readdirSync(join(ROOT, folder), { withFileTypes: true })) {
      const path = `${folder}/${entry.name}`
      if (entry.isDirectory()) look(path)
      else if (/\.test\.tsx?$/.test(entry.name)) files.push(path)
    }
  }
  for (const folder of FOLDERS) if (existsSync(join(ROOT, folder))) look(folder)
  // The longest first, so that two go on side by side to the end.
  const isLong = (file) => file.startsWith('tools/torture/')
  return files
    .sort((a, b) => isLong(b) - isLong(a) || (a < b ? -1 : 1))
    .filter((file) => paths.length === 0 || paths.some((path) => file.includes(path)))
}

async function runChecks() {
  const results = []
  for (const { name, complaints } of CHECKS) {
    const text = await complaints()
    process.stdout.write(text === '' ? `  ✔ ${name}\n` : `  ✖ FAILED ${name}\n${text}\n`)
    results.push({
      passed: text === '' ? 1 : 0,
      failed: text === '' ? 0 : 1,
      skipped: 0,
      failures: text === '' ? [] : [name],
      skips: [],
    })
  }
  return results
}

function close(results) {
  const sum = (key) => results.reduce((total, result) => total + result[key], 0)
  const skips = results.flatMap((result) => result.skips)
  const failures = results.flatMap((result) => result.failures)
  const lines = ['']
  if (skips.length > 0) lines.push(`SKIPPED, ${skips.length} of them:`, ...skips.map((name) => `  - ${name}`), '')
  if (failures.length > 0)
    lines.push(`FAILED, ${failures.length} of them:`, ...failures.map((name) => `  ✖ ${name}`), '')
  const skipped = sum('skipped') > 0 ? `, ${sum('skipped')} skipped` : ''
  lines.push(`${sum('passed')} passed, ${sum('failed')} failed${skipped}`, '')
  process.stdout.write(lines.join('\n'))
  return sum('failed') === 0 ? 0 : 1
}
