// What runners print, by the runner: counts, names of what failed, or that nothing ran. The outputs are written for this test.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyText } from '../../testing/any-text.ts'
import { errorWords, isMissing, readTests } from './testoutput.ts'

type Said = readonly [state: string | null, passed: number, failed: number, names?: readonly string[]]
const outputs: readonly (readonly [runner: string, output: string, said: Said])[] = [
  ['pytest that passed', '....\n======= 18 passed, 2 skipped in 1.24s =======', ['passed', 18, 0]],
  [
    'pytest that failed',
    'FAILED tests/test_oven.py::test_heat - assert 1 == 2\n== 1 failed, 17 passed, 3 warnings in 2.0s ==',
    ['failed', 17, 1, ['tests/test_oven.py::test_heat']],
  ],
  ['pytest with errors', '=== 2 passed, 1 error in 0.30s ===', ['failed', 2, 1]],
  ['pytest, quiet', '3 passed in 0.02s', ['passed', 3, 0]],
  [
    'pytest that was cut off',
    'tests/a.py::test_x FAILED [ 10%]\ntests/a.py::test_y PASSED',
    ['failed', 0, 0, ['tests/a.py::test_x']],
  ],
  ['pytest without tests', 'collected 0 items\n\n==== no tests ran in 0.01s ====', ['none', 0, 0]],
  ['unittest', 'Ran 5 tests in 0.003s\n\nOK', ['passed', 5, 0]],
  ['unittest that failed', 'Ran 5 tests in 0.003s\n\nFAILED (failures=1, errors=1)', ['failed', 0, 2]],
  [
    'jest',
    '  ● oven › heats up\n\nTests:       1 failed, 2 skipped, 11 passed, 14 total',
    ['failed', 11, 1, ['oven › heats up']],
  ],
  ['jest without tests', 'No tests found, exiting with code 1', ['none', 0, 0]],
  ['vitest', ' Test Files  1 passed (1)\n      Tests  6 passed (6)', ['passed', 6, 0]],
  [
    'vitest that failed',
    ' × oven heats up 12ms\n Test Files  1 failed (1)\n      Tests  1 failed | 5 passed (6)',
    ['failed', 5, 1, ['oven heats up']],
  ],
  ['mocha', '  12 passing (40ms)\n  1 failing', ['failed', 12, 1]],
  ['node:test', 'ℹ tests 3\nℹ pass 3\nℹ fail 0', ['passed', 3, 0]],
  ['node:test as TAP', '# pass 2\n# fail 1\nnot ok 3 - bakes', ['failed', 2, 1, ['bakes']]],
  ['TAP alone', 'TAP version 13\nok 1 - a\nnot ok 2 - b\n1..2', ['failed', 0, 0, ['b']]],
  ['bun', ' 5 pass\n 1 fail\nRan 6 tests across 2 files.', ['failed', 5, 1]],
  ['deno', 'ok | 5 passed | 0 failed (12ms)', ['passed', 5, 0]],
  ['go', 'ok  \tbakery/oven\t0.412s\n?   \tbakery/cmd\t[no test files]', ['passed', 0, 0]],
  [
    'go that failed',
    '--- FAIL: TestHeat (0.00s)\n    oven_test.go:9: cold\nFAIL\nFAIL\tbakery/oven\t0.1s\nok  \tbakery/x\t0.1s',
    ['failed', 0, 0, ['TestHeat']],
  ],
  ['go that does not build', 'FAIL\tbakery/oven [build failed]', ['failed', 0, 0]],
  [
    'go with nothing to run',
    'testing: warning: no tests to run\nPASS\nok  \tbakery/oven\t0.1s [no tests to run]',
    ['none', 0, 0],
  ],
  ['gotestsum', 'DONE 120 tests, 2 skipped, 1 failure in 3.1s', ['failed', 119, 1]],
  ['cargo', 'test oven::heats ... ok\ntest result: ok. 7 passed; 0 failed; 0 ignored', ['passed', 7, 0]],
  [
    'cargo that failed',
    'test oven::heats ... FAILED\ntest result: FAILED. 6 passed; 1 failed; 0 ignored',
    ['failed', 6, 1, ['oven::heats']],
  ],
  ['nextest', '     Summary [   0.1s] 5 tests run: 4 passed, 1 failed, 0 skipped', ['failed', 4, 1]],
  ['rspec', '10 examples, 1 failure\n\nrspec ./spec/oven_spec.rb:7 # heats', ['failed', 9, 1]],
  ['minitest', '10 runs, 12 assertions, 0 failures, 0 errors, 0 skips', ['passed', 10, 0]],
  ['phpunit', 'OK (5 tests, 7 assertions)', ['passed', 5, 0]],
  ['phpunit that failed', 'Tests: 5, Assertions: 7, Failures: 2.', ['failed', 3, 2]],
  ['dotnet', 'Passed!  - Failed:     0, Passed:    10, Skipped:     0, Total:    10', ['passed', 10, 0]],
  ['maven', '[INFO] Tests run: 5, Failures: 1, Errors: 0, Skipped: 0', ['failed', 4, 1]],
  ['gradle', '12 tests completed, 2 failed', ['failed', 10, 2]],
  ['ctest', '80% tests passed, 1 tests failed out of 5', ['failed', 4, 1]],
  ['playwright', '  2 failed\n  5 passed (3.1s)', ['failed', 5, 2]],
  ['mix', '10 tests, 0 failures', ['passed', 10, 0]],
  ['XCTest', 'Executed 5 tests, with 0 failures (0 unexpected) in 0.1 seconds', ['passed', 5, 0]],
  ['flutter', '00:03 +12: All tests passed!', [null, 0, 0]],
  ['colours', '\u001b[32m3 passed\u001b[0m in 0.1s', ['passed', 3, 0]],
  [
    'a file that speaks of tests',
    'The tests passed last week.\nSee FAIL in the docs.\n3 tests are missing',
    [null, 0, 0],
  ],
  ['nothing', '', [null, 0, 0]],
]
for (const [runner, output, [state, passed, failed, names]] of outputs)
  test(`tests as told by ${runner}`, () => {
    const said = readTests(output)
    assert.deepEqual([said.state, said.passed, said.failed], [state, passed, failed])
    if (names) assert.deepEqual(said.names, names)
  })

test('a program that is not there is not a failed test', () => {
  assert.ok(isMissing('bash: pytest: command not found'))
  assert.ok(isMissing('zsh: command not found: mise'))
  assert.ok(!isMissing('the oven was not found in the kitchen list'))
})

test('an error is known by its first telling line', () => {
  assert.equal(errorWords('Exit code 1\nsome output\nfatal: not a git repository'), 'fatal: not a git repository')
  assert.equal(errorWords('Exit code 2\n\nwhat happened'), 'what happened')
})

test('any output is read, bounded', () => {
  fc.assert(
    fc.property(anyText(300), (text) => {
      const { passed, failed, names } = readTests(text)
      assert.ok(passed >= 0 && failed >= 0 && names.length <= 5)
    }),
  )
  assert.equal(
    readTests(`${'== 1 failed in 1s ==\n'.repeat(5)}${'x'.repeat(1_000_000)}\n== 2 passed in 1s ==`).passed,
    2,
  )
})
