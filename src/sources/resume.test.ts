// The command that goes on with a session: one a person can paste, whatever the folder is called.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { SOURCES } from './sources.ts'
import { commandIn } from './values.ts'

const UUID = '0198f2ab-4c11-7a01-9e55-0123456789ab'

test('the command goes into the folder first, and quotes what a shell would take apart', () => {
  const cases = [
    ['/home/dev/shop', 'x --resume abc', 'cd /home/dev/shop && x --resume abc'],
    ["/home/dev/it's here", 'x', "cd '/home/dev/it'\\''s here' && x"],
    ['/tmp/$(reboot);&', 'x', "cd '/tmp/$(reboot);&' && x"],
    ['-rf', 'x', 'cd ./-rf && x'],
    [null, 'x', 'x'],
  ] as const
  for (const [cwd, words, command] of cases) assert.equal(commandIn(cwd, ...words.split(' ')), command)
  assert.equal(commandIn('/home/dev', 'x', 'a b'), "cd /home/dev && x 'a b'")
})

test('what would do something in a terminal while it is pasted is no command', () => {
  assert.equal(commandIn('/tmp/a\nreboot', 'x'), null)
  assert.equal(commandIn('/tmp', 'x', '\u001b[2J'), null)
})

test('only what is called as the agent calls its sessions can be gone on with', () => {
  for (const source of SOURCES) {
    const command = source.resume?.(UUID, '/w')
    if (command === undefined) continue
    assert.ok(command?.startsWith('cd /w && ') && command.endsWith(UUID), source.agent)
  }
  assert.deepEqual(
    [...new Set(SOURCES.filter(({ resume }) => resume?.('agent-a1', '/w') === null).map(({ agent }) => agent))],
    ['claude-code', 'pi', 'codex', 'gemini'],
  )
})
