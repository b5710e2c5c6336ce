// What a test run says of itself, whichever runner it was: counts, names of what failed, or that there was nothing to run.
// Each pattern is a line that a runner prints as its summary; lines that only look alike (a log, a file's content) do not match whole.

export interface TestsSaid {
  readonly state: 'passed' | 'failed' | 'none' | null // null: no runner's words are in it
  readonly passed: number
  readonly failed: number
  readonly names: readonly string[]
}

const TEXT_MAX = 200_000
const NAMES_MAX = 5
// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are what is taken off
const COLOURS = /\x1b\[[\d;]*[A-Za-z]/g
export const withoutColours = (text: string): string => text.replace(COLOURS, '')

// Lines that count. Groups: p passed, f failed, e errors (as failed), t total.
const COUNTS: readonly RegExp[] = [
  /^test result: (?:ok|FAILED)\. (?<p>\d+) passed; (?<f>\d+) failed/, // cargo
  /^\s*Summary \[.*\] +(?<t>\d+) tests? run: (?<p>\d+) passed(?:.*?, (?<f>\d+) failed)?/, // nextest
  /^Tests: +(?:(?<f>\d+) failed, )?(?:\d+ (?:skipped|todo), )*(?:(?<p>\d+) passed, )?(?<t>\d+) total/, // jest
  /^\s*Tests +(?:(?<f>\d+) failed)?(?: \| )?(?:(?<p>\d+) passed)?(?: \| \d+ (?:skipped|todo))* \((?<t>\d+)\)/, // vitest
  /^(?:#|ℹ) (?:pass (?<p>\d+)|fail (?<f>\d+))\s*$/, // node:test
  /^\s+(?<p>\d+) passing(?: \(|$)/, // mocha
  /^\s+(?<f>\d+) failing$/,
  /^\s*(?<p>\d+) pass$/, // bun
  /^\s*(?<f>\d+) fail$/,
  /^(?:ok|FAILED) \| (?<p>\d+) passed(?: \(.*?\))? \| (?<f>\d+) failed/, // deno
  /^(?<t>\d+) examples?, (?<f>\d+) failures?/, // rspec
  /^(?<t>\d+) (?:runs|tests), \d+ assertions, (?<f>\d+) failures, (?<e>\d+) errors/, // minitest
  /^OK \((?<p>\d+) tests?, \d+ assertions?\)/, // phpunit
  /^Tests: (?<t>\d+), Assertions: \d+(?:, Errors: (?<e>\d+))?(?:, Failures: (?<f>\d+))?/,
  /^\s*(?:Passed!|Failed!) +- Failed: +(?<f>\d+), Passed: +(?<p>\d+)/, // dotnet
  /^\s*(?:Tests run|\[(?:INFO|ERROR|WARNING)\] Tests run): (?<t>\d+), Failures: (?<f>\d+), Errors: (?<e>\d+)(?!.*Time elapsed)/, // maven
  /^(?<t>\d+) tests completed, (?<f>\d+) failed/, // gradle
  /^\d+% tests passed, (?<f>\d+) tests failed out of (?<t>\d+)/, // ctest
  /^DONE (?<t>\d+) tests(?:, \d+ skipped)?(?:, (?<f>\d+) failures?)?/, // gotestsum
  /^Executed (?<t>\d+) tests?, with (?<f>\d+) failures?/, // XCTest
  /^(?<t>\d+) tests?, (?<f>\d+) failures?/, // mix, bats
]
const PYTEST = /(?:^|\s)(?:(\d+) failed|(\d+) passed|(\d+) errors?)\b/g
const PYTEST_LINE =
  /^(?:=+ )?(?:\d+ (?:failed|passed|skipped|deselected|xfailed|xpassed|warnings?|errors?|rerun)(?:, )?)+(?: in [\d.:]+\s?m?s?.*)?(?: =+)?$/
const PLAYWRIGHT = /^\s{2}(\d+) (passed|failed|flaky)(?: \(.*\))?$/
const UNITTEST = /^Ran (\d+) tests? in [\d.]+s$/
const UNITTEST_FAILED = /^FAILED \((?:failures=(\d+))?(?:, )?(?:errors=(\d+))?/

const FAILED_LINES =
  /^(?:FAIL|FAILED|--- FAIL: .*|FAIL\s+\S+.*|\s*not ok \d+.*|\*\* TEST FAILED \*\*|Some tests failed\.|error: test failed.*|> Task .*:test FAILED|There were failing tests.*|.*\[build failed\]|.*\[setup failed\]|\S+::\S+ (?:FAILED|ERROR)(?: +\[ *\d+%\])?)$/
// PASS alone is also printed when there was nothing to run.
const PASSED_WEAKLY = /^(?:PASS|OK)$/
const PASSED_LINES =
  /^(?:ok\s+\S+\s+(?:\(cached\)|[\d.]+m?s)(?!.*\[no tests to run\]).*|ok \d+( - .*)?|\*\* TEST SUCCEEDED \*\*|All tests passed!?|All \d+ tests passed.*)$/
const NOTHING =
  /^(?:.*no tests ran.*|collected 0 items.*|No tests? (?:files )?found.*|.*testing: warning: no tests to run|ok\s+\S+\s+.*\[no tests to run\]|No test files found.*|Tests: +0 total)$/i
const NAME: readonly RegExp[] = [
  /^FAILED (\S+?::[^\s[]+)/, // pytest
  /^(\S+::\S+) FAILED/,
  /^\s*--- FAIL: (\S+)/, // go
  /^test (\S+) \.\.\. FAILED$/, // cargo
  /^\s*● (.+ › .+)$/, // jest
  /^\s*(?:×|✗|✖) (.+?)(?: \(?[\d.]+ ?m?s\)?)?$/, // vitest, node:test
  /^\s*not ok \d+ (?:- )?(.+)$/, // TAP
  /^rspec (\S+:\d+)/,
]

// Most lines say nothing of tests; they are passed over at once.
const MAY_TELL = /\d|fail|pass|test|ok\b|[●×✗✖]/i

export function readTests(output: string): TestsSaid {
  const text = output.length > TEXT_MAX ? `${output.slice(0, TEXT_MAX / 4)}\n${output.slice(-TEXT_MAX)}` : output
  let passed = 0
  let failed = 0
  let ranLast = 0
  let saysPassed = false
  let saysFailed = false
  let saysNothing = false
  let saysWeakly = false
  const names: string[] = []
  for (const raw of withoutColours(text).split('\n')) {
    const line = raw.replace(/\r$/, '')
    if (line.length > 400 || !MAY_TELL.test(line)) continue
    const counts = countsIn(line)
    if (counts !== null) {
      passed += counts.passed
      failed += counts.failed
    }
    const ran = UNITTEST.exec(line)
    if (ran) ranLast = Number(ran[1])
    const unit = UNITTEST_FAILED.exec(line)
    if (unit && ranLast > 0) failed += Number(unit[1] ?? 0) + Number(unit[2] ?? 0)
    else if (line === 'OK' && ranLast > 0) passed += ranLast
    saysFailed ||= FAILED_LINES.test(line)
    saysPassed ||= PASSED_LINES.test(line)
    saysNothing ||= NOTHING.test(line)
    saysWeakly ||= PASSED_WEAKLY.test(line)
    if (names.length < NAMES_MAX)
      for (const pattern of NAME) {
        const name = pattern.exec(line)?.[1]
        if (name !== undefined && !names.includes(name)) names.push(name.slice(0, 120))
      }
  }
  const state = failed > 0 || saysFailed ? 'failed' : passed > 0 || saysPassed ? 'passed' : saysNothing ? 'none' : null
  return { state: state ?? (saysWeakly ? 'passed' : null), passed, failed, names: state === 'failed' ? names : [] }
}

function countsIn(line: string): { readonly passed: number; readonly failed: number } | null {
  for (const pattern of COUNTS) {
    const groups = pattern.exec(line)?.groups
    if (groups === undefined) continue
    const failed = Number(groups.f ?? 0) + Number(groups.e ?? 0)
    const passed = groups.p === undefined ? Math.max(0, Number(groups.t ?? 0) - failed) : Number(groups.p)
    return { passed, failed }
  }
  if (/^=| in [\d.:]/.test(line) && PYTEST_LINE.test(line)) {
    let passed = 0
    let failed = 0
    for (const [, f, p, e] of line.matchAll(PYTEST)) {
      failed += Number(f ?? 0) + Number(e ?? 0)
      passed += Number(p ?? 0)
    }
    return { passed, failed }
  }
  const one = PLAYWRIGHT.exec(line)
  if (one) return one[2] === 'failed' ? { passed: 0, failed: Number(one[1]) } : { passed: Number(one[1]), failed: 0 }
  return null
}

const MISSING =
  /(?:command not found|not found: command|is not recognized as an internal or external command|No such file or directory: '[^']+'|executable file not found|: not found$)/m
// The shell could not find the program: nothing ran.
export const isMissing = (output: string): boolean => MISSING.test(output.slice(0, 2_000))

// The first words of an error, for people.
export function errorWords(output: string): string {
  const lines = withoutColours(output.slice(0, 8_000))
    .split('\n')
    .map((line) => line.trim())
  const found =
    lines.find((line) => /\b(error|fatal|failed|exception|cannot|denied|not found|unable)\b/i.test(line)) ??
    lines.find((line) => line !== '' && !/^(?:Error: )?Exit code \d+$/.test(line))
  return (found ?? '').slice(0, 160)
}
