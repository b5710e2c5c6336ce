// A reporter for node:test: a line for each test, failures with their reason where they happen and again by name at the end,
// every skipped test by name with its reason. Counts leaves, not suites, and leaves the counts in the file OPENSTORY_TEST_COUNTS.
import { writeFileSync } from 'node:fs'
import { relative, resolve } from 'node:path'
import { inspect } from 'node:util'

const OUTPUT_CHARS_MAX = 20_000

export default async function* report(events) {
  const counts = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] }
  const files = new Map()
  let file = ''
  for await (const { type, data } of events) {
    const of = fileOf(files, data.file)
    if (type === 'test:stdout' || type === 'test:stderr')
      of.output = (of.output + data.message).slice(-OUTPUT_CHARS_MAX)
    if (type !== 'test:pass' && type !== 'test:fail') continue
    if (data.file !== file && data.file !== undefined) {
      file = data.file
      yield `\n${relative(process.cwd(), file)}\n`
    }
    const hasChildren = of.tree.close(data.nesting)
    // A suite that was skipped as a whole tells nothing of its tests: it stands for them.
    const isGroup = hasChildren || (data.details?.type === 'suite' && data.skip === undefined)
    const verdict = judge(type, data, isGroup)
    if (verdict === 'group') continue
    const name = `${relative(process.cwd(), data.file ?? '')}: ${data.name}`
    counts[verdict]++
    if (verdict === 'failed') counts.failures.push(name)
    if (verdict === 'skipped') counts.skips.push(`${name} (${reasonOf(data.skip ?? data.todo)})`)
    yield lineOf(verdict, data)
    if (verdict === 'failed') {
      of.failed = true
      yield failureOf(data)
    }
  }
  for (const [path, { failed, output }] of files)
    if (failed && output !== '')
      yield `\nwhat ${relative(process.cwd(), path)} printed:\n${output.replace(/^/gm, '      ')}\n`
  writeFileSync(process.env.OPENSTORY_TEST_COUNTS ?? '/dev/null', JSON.stringify(counts))
}

// What a file prints comes under its name as given, its tests under the whole path.
function fileOf(files, given) {
  const path = resolve(given ?? '')
  if (!files.has(path)) files.set(path, { output: '', failed: false, tree: new Tree() })
  return files.get(path)
}

// Tests are told when they end, children before parents: a test is a group when tests one level deeper ended since the last on its own.
class Tree {
  ended = []

  close(nesting) {
    const isGroup = (this.ended[nesting + 1] ?? 0) > 0
    this.ended.length = nesting + 1
    this.ended[nesting] = (this.ended[nesting] ?? 0) + 1
    return isGroup
  }
}

// A group fails with its children and is then not counted; one that fails by itself (a hook) is.
function judge(type, { skip, todo, details }, isGroup) {
  if (type === 'test:fail' && todo === undefined)
    return isGroup && details.error?.failureType === 'subtestsFailed' ? 'group' : 'failed'
  if (isGroup) return 'group'
  return skip !== undefined || todo !== undefined ? 'skipped' : 'passed'
}

const reasonOf = (word) => (typeof word === 'string' && word !== '' ? word : 'no reason given')

function lineOf(verdict, { name, skip, todo, details }) {
  const ms = `${Math.round(details?.duration_ms ?? 0)} ms`
  if (verdict === 'skipped') return `  SKIPPED ${name}: ${reasonOf(skip ?? todo)}\n`
  return verdict === 'passed' ? `  ✔ ${name} (${ms})\n` : `  ✖ FAILED ${name} (${ms})\n`
}

function failureOf({ details, line }) {
  const error = details.error?.cause ?? details.error
  const text = error instanceof Error ? (error.stack ?? error.message) : inspect(error)
  const extra = error?.cause === undefined ? '' : `\ncause: ${inspect(error.cause)}`
  return `${`line ${line ?? '?'}: ${text}${extra}`.replace(/^/gm, '      ')}\n`
}
