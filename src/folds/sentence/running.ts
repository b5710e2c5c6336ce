// Runs and what came of them: "the tests (2 failed, then all 20 passed)", "`ty check` (failed twice, then clean)".
import type { Turn } from '../turn/turn.ts'
import { listed, numberWord } from './names.ts'

type Run = Turn['runs'][number]
type Result = Run['results'][number]

// What the agent ran: a command that the person typed is the person's, also when the agent then answers to it.
export const runsOf = ({ runs }: Pick<Turn, 'runs'>): readonly Run[] => runs.filter(({ typed }) => !typed)

export function runPhrase(turn: Pick<Turn, 'prompt'>, run: Run): string {
  const what =
    run.deed === 'test'
      ? 'the tests'
      : run.deed === 'build' && run.words.length > 30
        ? 'the build'
        : /^a /.test(run.words)
          ? run.words
          : `\`${run.words}\``
  const isOwn = turn.prompt?.command === 'shell'
  const came = resultsPhrase(run)
  return `${isOwn ? `\`${run.words}\`` : what}${came === '' ? '' : ` (${came})`}`
}

export function resultsPhrase(run: Run): string {
  const results = run.results
  const groups: { state: Result['state']; results: Result[] }[] = []
  for (const result of results) {
    const last = groups.at(-1)
    if (last?.state === result.state) last.results.push(result)
    else groups.push({ state: result.state, results: [result] })
  }
  // A long way back and forth is told by its beginning and its end.
  const told = groups.length > 3 ? [groups[0]!, groups.at(-1)!] : groups
  const parts = told
    .map((group, i) => groupPhrase(run, group, i > 0, groups.length === 1))
    .filter((part) => part !== '')
  if (run.deed !== 'test' && parts.length === 1 && groups[0]!.state === 'passed')
    return run.deed === 'run' || run.deed === 'serve' ? '' : parts[0]!
  return listed(parts.length > 1 ? [parts.slice(0, -1).join(', '), `then ${parts.at(-1)}`] : parts, '')
    .replace(/ {2,}/g, ' ')
    .replace(' then', ', then')
}

function groupPhrase(
  run: Run,
  { state, results }: { state: Result['state']; results: readonly Result[] },
  isLater: boolean,
  isOnly: boolean,
): string {
  const last = results.at(-1)!
  const times =
    results.length > 1 && !isOnly ? (results.length === 2 ? ' twice' : ` ${numberWord(results.length)} times`) : ''
  switch (state) {
    case 'passed':
      if (run.deed === 'test') return last.passed ? `${isLater ? 'all ' : ''}${last.passed} passed` : 'passed'
      return run.deed === 'lint' || run.deed === 'typecheck' ? 'clean' : run.deed === 'run' ? 'worked' : 'passed'
    case 'failed':
      return run.deed === 'test' && last.failed
        ? `${last.failed} failed${times}`
        : `failed${results.length > 1 ? times || (results.length === 2 ? ' twice' : ` ${numberWord(results.length)} times`) : ''}`
    case 'none':
      return 'no tests found'
    case 'missing':
      return 'command not found'
    case 'running':
      return 'in the background'
    case 'unknown':
      return run.deed === 'test' ? 'outcome not shown' : ''
  }
}
