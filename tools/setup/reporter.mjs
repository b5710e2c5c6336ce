// A reporter for node:test in the process of one file: a line for each test, failures with their reason where they happen.
// Counts leaves, not suites, and leaves the counts in the file OPENSTORY_TEST_COUNTS.
import { writeFileSync } from 'node:fs'
import { inspect } from 'node:util'

export default async function* report(events) {
  const counts = { passed: 0, failed: 0, skipped: 0, failures: [], skips: [] }
  const tree = new Tree()
  for await (const { type, data } of events) {
    if (type !== 'test:pass' && type !== 'test:fail') continue
    const hasChildren = tree.close(data.nesting)
    // A suite that was skipped as a whole tells nothing of its tests: it stands for them.
    const isGroup = hasChildren || (data.details?.type === 'suite' && data.skip === undefined)
    const verdict = judge(type, data, isGroup)
    if (verdict === 'group') continue
    counts[verdict]++
    if (verdict === 'failed') counts.failures.push(data.name)
    if (verdict === 'skipped') counts.skips.push(`${data.name} (${reasonOf(data.skip ?? data.todo)})`)
    yield lineOf(verdict, data)
    if (verdict === 'failed') yield failureOf(data)
  }
  writeFileSync(process.env.OPENSTORY_TEST_COUNTS ?? '/dev/null', JSON.stringify(counts))
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
