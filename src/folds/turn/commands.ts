// What became of a command: its acts, judged by what it put out. Its exit code alone says little: a pipe hides it, a list shares it.
import { type Event, headOf, textOf } from '../../event/event.ts'
import { baseName } from '../shell/act.ts'
import type { Deed } from '../shell/read.ts'
import { changeFile, isAside, isNameless, readFile } from './files.ts'
import { did, note, type Seen } from './gitresults.ts'
import { errorWords, isMissing, readTests, type TestsSaid } from './testoutput.ts'
import { MAX, type OpenTurn, type PendingAct, type PendingCall, type RunResult } from './turn.ts'

const CHECKS: ReadonlySet<Deed> = new Set<Deed>(['test', 'build', 'lint', 'typecheck'])
const DONE: ReadonlySet<Deed> = new Set<Deed>([
  'commit',
  'push',
  'pull',
  'merge',
  'rebase',
  'pick',
  'revert',
  'reset',
  'tag',
  'branch',
  'switch',
  'clone',
  'repository',
  'pr',
  'issue',
  'release',
  'install',
  'stage',
  'stash',
  'hosting',
  'history',
])

const MUTE: ReadonlySet<Deed> = new Set<Deed>([
  'read',
  'list',
  'search',
  'quiet',
  'folder',
  'create',
  'modify',
  'delete',
  'rename',
  'history',
  'hosting',
  'stage',
  'web',
  'switch',
  'branch',
])

// Where an agent records no such thing, its words say it.
const BACKGROUND = /^Command (?:is )?running in (?:the )?background\b/
// Where output of background work is kept.
const OUTPUT_FILE = /\.(?:output|log|out)$/

export function commandResult(turn: OpenTurn, call: PendingCall, event: Event, failed: boolean): void {
  const acts = call.acts ?? []
  if (
    acts.length === 0 ||
    acts.some(({ deed, paths }) => deed === 'read' && paths?.some((path) => OUTPUT_FILE.test(path)))
  )
    lateOutput(turn, call, event)
  // What was only looked at needs no reading of what it showed.
  const output = failed || acts.some(({ deed }) => !MUTE.has(deed)) ? textOf(event) : ''
  const inBackground =
    event.payload.result?.background === true ||
    BACKGROUND.test(headOf(event.payload.text)) ||
    (acts.length === 1 && acts[0]!.background === true)
  const seen: Ran = {
    turn,
    call,
    output,
    failed,
    inBackground,
    isMissing: (failed || acts.some((act) => act.hides && isCheck(act))) && isMissing(output),
    tests: acts.some((act) => act.deed === 'test') ? readTests(output) : null,
    checks: acts.filter((act) => isCheck(act)).length,
    inScratch: acts.some(({ deed, from }) => deed === 'repository' && from !== undefined),
  }
  // What stands before a check that ran has run as well, whatever the check said. Otherwise a failed command has changed nothing.
  const lastCheck = acts.findLastIndex(isCheck)
  // The files it names are seen from where it began.
  const { cwd } = turn
  turn.cwd = call.cwd ?? cwd
  for (const [i, each] of acts.entries()) take(seen, each, failed && !(i < lastCheck && seen.isMissing === false))
  turn.cwd = cwd
}

interface Ran extends Seen {
  readonly isMissing: boolean
  readonly tests: TestsSaid | null
  readonly checks: number
}

const isCheck = ({ deed }: Pick<PendingAct, 'deed'>): boolean => CHECKS.has(deed)

function take(seen: Ran, each: PendingAct, failed: boolean): void {
  const { turn, call } = seen
  switch (each.deed) {
    case 'test':
      return run(turn, call, each, testResult(seen, each))
    case 'build':
    case 'lint':
    case 'typecheck':
    case 'run':
    case 'serve':
      return run(turn, call, each, plainResult(seen, each))
    case 'format':
      if (!failed) formatted(turn, call, each)
      return run(turn, call, each, plainResult(seen, each))
    case 'create':
    case 'modify':
    case 'delete':
    case 'rename':
      if (!failed) changedBy(seen, each)
      return
    case 'read':
      if (!failed) for (const path of each.paths ?? []) readFile(turn, path, 'command', call.event)
      return
    case 'search':
      turn.looked++
      if (turn.looks.length < MAX.looks && each.of)
        turn.looks.push({ of: each.of.slice(0, MAX.short), event: call.event })
      return
    case 'list':
    case 'folder':
    case 'quiet':
      return
    case 'web':
      if (failed) return
      if (turn.web.length >= MAX.web) turn.webMore++
      else if (each.of && !/localhost|127\.0\.0\.1|0\.0\.0\.0/.test(each.of))
        turn.web.push({ of: each.of, is: 'page', event: call.event })
      return
    default:
      if (DONE.has(each.deed)) did(seen, each, failed)
  }
}

function run(
  turn: OpenTurn,
  call: PendingCall,
  { deed, words, tool }: PendingAct,
  result: Omit<RunResult, 'event'>,
): void {
  const same = turn.runs.find((each) => !each.typed && each.deed === deed && (deed === 'test' || each.words === words))
  const told: RunResult = { event: call.event, ...result }
  if (same) {
    same.times++
    same.results.push(told)
    if (same.results.length > MAX.results) same.results.shift()
  } else {
    if (turn.runs.length >= MAX.runs) {
      const weak = turn.runs.findIndex((each) => each.deed === 'run' || each.deed === 'serve')
      if (weak < 0) return
      turn.runs.splice(weak, 1)
    }
    turn.runs.push({ deed, words, tool: tool ?? words.split(' ')[0]!, times: 1, results: [told] })
  }
  if (deed === 'test') testsAfter(turn, result.state)
}

function testsAfter(turn: OpenTurn, state: RunResult['state']): void {
  if (state === 'passed') turn.tests = turn.tests === 'failed' || turn.tests === 'fixed' ? 'fixed' : 'passed'
  else if (state === 'failed') {
    if (turn.tests === 'none' && turn.files.every((file) => file.aside)) turn.testsBeforeChange = true
    turn.tests = 'failed'
  } else if ((state === 'unknown' || state === 'running') && turn.tests === 'none') turn.tests = 'unknown'
}

function testResult(
  { output, failed, inBackground, isMissing, tests, checks }: Ran,
  each: PendingAct,
): Omit<RunResult, 'event'> {
  if (inBackground) return { state: 'running' }
  const said = tests!
  const counts = {
    ...(said.passed > 0 && { passed: said.passed }),
    ...(said.failed > 0 && { failed: said.failed }),
    ...(said.names.length > 0 && { names: [...said.names] }),
  }
  if (said.state === 'failed')
    return { state: 'failed', ...counts, ...(said.failed === 0 && { said: errorWords(output) }) }
  if (said.state === 'passed') return { state: 'passed', ...counts }
  if (said.state === 'none') return { state: 'none' }
  if (isMissing) return { state: 'missing', said: errorWords(output) }
  // Nothing in the output is a runner's. Then the exit code counts, where it is the test's own.
  if (failed) return checks > 1 ? { state: 'unknown' } : { state: 'failed', said: errorWords(output) }
  // A build that broke before the tests prints compilers' lines and no runner's.
  if (each.hides && TROUBLE.test(output.slice(0, 20_000))) return { state: 'unknown' }
  return { state: each.hides && !each.onlyFailures ? 'unknown' : 'passed' }
}

const TROUBLE =
  /^(?:\S+:\d+:\d+:? .*(?:error|warning)?|.*\berror(?:\[|:| TS\d).*|.*\b[1-9]\d* (?:errors?|issues?|problems?)\b.*|FAIL(?:ED)?\b.*|.*\bBUILD FAILED\b.*|npm (?:error|ERR!).*|error Command failed.*|g?make(?:\[\d+\])?: \*\*\* .*|.*\bERR_PNPM_\w+.*|.*\bELIFECYCLE\b.*|.*\bERROR task failed)$/im

function plainResult(
  { output, failed, inBackground, isMissing, checks }: Ran,
  each: PendingAct,
): Omit<RunResult, 'event'> {
  if (inBackground) return { state: 'running' }
  if (failed && isMissing) return { state: 'missing', said: errorWords(output) }
  const looksBad =
    isCheck(each) && TROUBLE.test(output.slice(0, 20_000)) && !/\b0 (?:errors?|issues?|problems?)\b/.test(output)
  if (failed)
    return checks > 1 && isCheck(each) && !looksBad
      ? { state: 'unknown' }
      : { state: 'failed', said: errorWords(output) }
  if (each.hides && isCheck(each)) return looksBad ? { state: 'failed', said: errorWords(output) } : { state: 'passed' }
  return { state: 'passed' }
}

// The output of a command that went on in the background, fetched by a call of its own.
export function readOutput(turn: OpenTurn, call: PendingCall, event: Event): void {
  if (OUTPUT_FILE.test(call.of)) lateOutput(turn, call, event)
}

function lateOutput(turn: OpenTurn, call: PendingCall, event: Event): void {
  const waiting = turn.runs.find((each) => each.deed === 'test' && each.results.at(-1)?.state === 'running')
  if (waiting === undefined) return
  const said = readTests(textOf(event))
  if (said.state === null || said.state === 'none') return
  const last = waiting.results.at(-1)!
  last.state = said.state
  if (said.passed > 0) last.passed = said.passed
  if (said.failed > 0) last.failed = said.failed
  last.event = call.event
  if (turn.tests === 'unknown') turn.tests = 'none'
  testsAfter(turn, said.state)
}

function formatted(turn: OpenTurn, call: PendingCall, each: PendingAct): void {
  for (const path of each.paths ?? [])
    if (!isNameless(path) && /\.\w+$/.test(path)) changeFile(turn, { path, change: 'modified' }, 'command', call.event)
}

function changedBy({ turn, call }: Seen, each: PendingAct): void {
  const tell = (path: string, change: 'created' | 'modified' | 'deleted' | 'renamed', from?: string) => {
    if (!isNameless(path)) changeFile(turn, { path, change, from }, 'command', call.event)
  }
  switch (each.deed) {
    case 'create':
      // A run's output kept in a file is a means, unless it was meant to be a file: a text written out.
      if (each.how === 'output' && !/\.\w+$/.test(each.of ?? '')) return
      if (isBack(each)) return
      tell(each.of ?? '', turn.reads.some(({ path }) => path === each.of) ? 'modified' : 'created')
      return
    case 'delete':
      // Scratch files that are cleared away were never part of the work.
      if (!isAside(each.of ?? '')) tell(each.of ?? '', 'deleted')
      return
    case 'rename':
      if (isBack(each) || (isAside(each.from ?? '') && isAside(each.of ?? ''))) return
      // Which files a pattern stood for only the shell knew.
      if (isNameless(each.from ?? '') || each.some) note(turn, call, each, {})
      else tell(movedTo(each), 'renamed', each.from)
      return
    default:
      for (const path of each.paths ?? (each.of ? [each.of] : [])) tell(path, 'modified')
      if (each.some || each.from !== undefined) note(turn, call, each, {})
  }
}

// A copy that was kept aside is put back: nothing came of it.
function isBack({ of = '', from = '' }: PendingAct): boolean {
  return isAside(from) && !isAside(of) && baseName(from).startsWith(baseName(of))
}

// `mv a dir/` puts it under the folder.
function movedTo({ of = '', from = '' }: PendingAct): string {
  const name = baseName(from)
  return of === '.' ? name : of === '..' ? `../${name}` : of.endsWith('/') ? `${of}${name}` : of
}
