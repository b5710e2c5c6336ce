// Fifty invented turns and what is told of them: the sentence, and each clause with the places of the events it stands on.
// golden.txt is read by people when it changes; it is written anew with OPENSTORY_WRITE_GOLDEN=1.
import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { test } from 'node:test'
import { Tale } from '../../testing/made-story.ts'
import { turnsOf } from '../turn/lanes.ts'
import { tell } from './sentence.ts'

const GOLDEN = new URL('golden.txt', import.meta.url)
const passed = 'Tests: 12 passed, 12 total'
const failed = 'Tests: 2 failed, 10 passed, 12 total'
const fails = { failed: true, exit: 1 }
const refused = { failed: true, refused: true } as const

// The last turn of each tale that has work in it is the one that is told.
const tales: Readonly<Record<string, (tale: Tale) => Tale>> = {
  'an edit with its tests': (t) =>
    t
      .ask('The oven gets too hot, please fix it')
      .read('src/dial.ts')
      .edit('src/oven.ts')
      .run('npm test', passed)
      .say('Fixed.'),
  'failing tests fixed': (t) =>
    t
      .ask('the tests fail, why?')
      .run('npm test', failed, fails)
      .edit('src/oven.ts')
      .run('npm test', passed)
      .say('Fixed.'),
  'tests that fail in the end': (t) =>
    t.ask('make the crust crisp').edit('src/crust.ts').run('npm test', failed, fails).say('Two tests still fail.'),
  'a failure hidden by a pipe': (t) =>
    t.ask('bake').edit('a.go').run('go test ./... 2>&1 | tail -5', '--- FAIL: TestHeat\nFAIL\tbakery').say('Done.'),
  'a new file': (t) => t.ask('write a recipe for rye').write('docs/rye.md').say('Written.'),
  'many new files': (t) =>
    ['package.json', 'src/oven.ts', 'src/dough.ts', 'src/crust.ts', 'README.md', 'src/salt.ts']
      .reduce((tale, path) => tale.write(path), t.ask('ok'))
      .say('Set up.'),
  'files of the same name': (t) =>
    t.ask('rename the export').edit('src/a/index.ts').edit('src/b/index.ts').say('Done.'),
  'a change that was refused': (t) =>
    t.ask('Implement it').edit('src/oven.ts', 'a', 'b', refused).injected('interrupt'),
  'a refusal, and on it goes': (t) =>
    t.ask('add salt').edit('src/salt.ts', 'a', 'b', refused).edit('src/dough.ts').say('Put it into the dough.'),
  'a command that was refused': (t) =>
    t.ask('clean up').run('git mv old new').run('rm -rf build', '', refused).injected('interrupt'),
  'changes by commands alone': (t) =>
    t.ask('rename the module').run("grep -rl oven . | xargs sed -i 's|old/oven|new/oven|g'").say('All renamed.'),
  'files moved': (t) => t.ask('move it').run('git mv pkg/oven oven').say('Moved.'),
  'files moved by a pattern': (t) => t.ask('flatten it').run('git mv pkg/oven/*.go . && rmdir pkg/oven').say('Flat.'),
  'files deleted': (t) => t.ask('remove the old recipes').run('rm -f old.md older.md').say('Gone.'),
  'a formatter': (t) => t.ask('format it').run('gofmt -w oven.go').say('Formatted.'),
  'a package': (t) =>
    t
      .ask('bump the oven')
      .run('go get github.com/bakery/oven/v2@v2.1.0')
      .run('go test ./...', 'ok  \tx\t0.1s')
      .say('Bumped.'),
  'a commit': (t) =>
    t.ask('commit it').run('git commit -m "Bake bread"', '[main abc1234] Bake bread').say('Committed.'),
  'a quiet commit from a here-document': (t) =>
    t.ask('commit').run("git commit -q -F - <<'EOF'\nKnead the dough\n\nlong\nEOF").say('Committed.'),
  'a commit that did not happen': (t) =>
    t
      .ask('commit')
      .run('git commit -m "x"', 'nothing to commit, working tree clean', fails)
      .say('There was nothing to commit.'),
  'commit, push and a pull request': (t) =>
    t
      .ask('ship it')
      .run('git checkout -b rye && git commit -am "Add rye"', '[rye abc1234] Add rye')
      .run('git push -u origin rye', 'rye -> rye')
      .run('gh pr create --draft --title "Add rye"', 'https://example.org/bakery/bread/pull/42')
      .say('Opened.'),
  'a rebase with a conflict': (t) =>
    t
      .ask('rebase onto main')
      .run('git rebase origin/main', 'CONFLICT (content): Merge conflict in a.ts', fails)
      .edit('a.ts')
      .run('git rebase --continue', 'Successfully rebased and updated refs/heads/x.')
      .say('Rebased.'),
  'a commit that is not over': (t) => {
    t.ask('commit').run('git add -A')
    t.call('run', 'Shell', 'git commit -m "Bake"', { command: 'git commit -m "Bake"' })
    return t
  },
  'an answer': (t) => t.ask('how hot is the oven?').say('Great question! The oven is at 230 degrees. Rye wants 250.'),
  'an answer after reading': (t) =>
    t.ask('where is the heat set?').read('src/dial.ts').say('The heat is set in `setDial()` in src/dial.ts.'),
  'a question back': (t) => t.ask('bake').say('Which bread do you want?'),
  'a yes to a question': (t) =>
    t.ask('can you bake rye?').say('I can. Shall I use the old oven?').ask('yes').edit('src/oven.ts').say('Done.'),
  continue: (t) =>
    t.ask('rewrite the recipe for rye').say('Half of it.').ask('continue').edit('docs/rye.md').say('Done.'),
  'no answer': (t) => t.ask('check').say('No response requested.'),
  'an interruption before anything': (t) => t.ask('is the bread in the oven?').injected('interrupt'),
  'an error': (t) => t.ask('bake').read('a.ts').add({ kind: 'system.error', text: 'API Error: 500' }),
  subagents: (t) => {
    t.ask('where is everything?')
    for (const what of ['Find the oven', 'Find the dough'])
      t.result(t.call('delegate', 'Task', what, { description: what }, { agentType: 'Explore' }), 'found', {
        agentId: 'a1',
      })
    return t.say('Both are in the kitchen, behind the door, where they have always been.')
  },
  'a search on the web': (t) =>
    t
      .ask('look it up')
      .result(t.call('web', 'Web', 'rye bread temperature'), 'x')
      .say('It says 250 degrees.'),
  'a review': (t) =>
    t.ask('please review PR 7').run('gh pr diff 7', 'diff').read('src/oven.ts').say('It looks good, ready to merge.'),
  investigation: (t) =>
    t
      .ask('why is the bread cold?')
      .read('a.ts')
      .read('b.ts')
      .read('c.ts')
      .run('./measure --now', 'cold')
      .say('The bread is cold because the oven was never on.'),
  'a picture': (t) => t.ask('', { images: 1 }).edit('src/crust.ts').say('Like that.'),
  'a picture by its path': (t) =>
    t.ask("'/tmp/shots/crust 1.png' the crust is too dark").edit('src/crust.ts').say('Lighter.'),
  'a plan that was agreed': (t) =>
    t
      .add({
        kind: 'message.user.injected',
        text: 'Implement the following plan:\n\n# Plan: Bake `rye`\n\nFirst …',
        payload: { injected: 'plan' },
      })
      .edit('a.ts')
      .say('Done.'),
  'work behind a compaction': (t) =>
    t.ask('bake every bread there is').edit('a.ts').injected('compact_summary').edit('b.ts').say('Done.'),
  'a slash command that works': (t) => t.ask('/simplify', { command: 'slash' }).edit('a.ts').say('Simpler.'),
  'a slash command of the program': (t) =>
    t.ask('/model rye', { command: 'slash' }).injected('command_output', 'Set the model to rye'),
  'a command of the person’s own': (t) =>
    t
      .ask('! uv run pytest -m "not slow"', { command: 'shell' })
      .injected('shell_output', '== 1 failed, 3 passed in 2s =='),
  'another language': (t) =>
    t.ask('パンを焼いてください。オーブンは古いです。').edit('src/oven.ts').say('焼きました。'),
  'a memory note only': (t) => t.ask('remember that').write('/home/dev/.agent/memory/ovens.md').say('Noted.'),
  'a prompt of markup and pasted matter': (t) =>
    t
      .ask(
        '# Oven\n```\nError: too hot\n```\n<b>please</b> fix [this](http://x.example) in /home/dev/work/bakery/src/oven.ts',
      )
      .edit('src/oven.ts')
      .say('Done.'),
  'a tool of another program': (t) =>
    t
      .ask('note it')
      .result(t.call('other', 'mcp__linear__create_comment', ''), 'ok')
      .say('Noted there.'),
  'only a to-do list so far': (t) =>
    t.ask('Add a task for the salt').result(t.call('todo', 'TodoWrite', '', { todos: [] })),
  'a workflow of subagents': (t) =>
    t
      .ask('review it with a workflow')
      .result(t.call('delegate', 'Workflow', '', { script: 'x' }), 'launched', { background: true }),
  'words on the way, and the next prompt': (t) => {
    t.ask('list the breads').say('Looking.', 'tool_use').run('ls', 'rye').ask('only rye')
    return t
  },
  'work that the next prompt cut off': (t) => {
    t.ask('bake').edit('a.ts')
    t.call('run', 'Shell', 'bake --all', { command: 'bake --all' }, { stop: 'tool_use' })
    return t.ask('stop that')
  },
  'a command that was refused, of many words': (t) =>
    t
      .ask('add the formula')
      .write('Formula/bread.rb')
      .run('brew tap bakery/tap "$HOME/tap" --force 2>&1 | tail -5 && brew audit bread', '', refused),
  'looking after background work, refused': (t) =>
    t
      .ask('why does it hang?')
      .edit('src/oven.ts')
      .result(t.call('delegate', 'TaskOutput', 'b1', { task_id: 'b1' }), '', refused),
  'a command of the person’s own that the agent answered to': (t) =>
    t.ask('! npm test', { command: 'shell' }).injected('shell_output', passed).say('All twelve are green.'),
  'one command that failed': (t) =>
    t
      .ask('やって')
      .run('npm run lint', 'npm error Missing script: "lint"', fails)
      .say('There is no such script in package.json. '.repeat(8)),
  'one command, and an answer of its own': (t) =>
    t
      .ask('write some markdown')
      .run('npm run build', 'built')
      .say(`I have no way to write into the chat myself. ${'You would have to do that. '.repeat(8)}`),
  'a pull request checked out': (t) =>
    t
      .ask('can we test PR 68?')
      .run('gh pr checkout 68', "Switched to branch 'rye'")
      .run('npm test', passed)
      .say('It works.'),
  'several branches merged at once': (t) =>
    t
      .ask('merge them')
      .run('git merge --no-ff rye/crust wheat/crumb -m "Merge"', 'Merge made by the octopus strategy.')
      .say('Merged.'),
  'a file read by another name, and another of the same name': (t) =>
    t
      .ask('shorten the changelog like the other one')
      .add({ kind: 'system.session_start', payload: { cwd: '/home/dev/bakery' } })
      .run('cat CHANGES.md')
      .read('/home/dev/mill/CHANGES.md')
      .edit('/home/dev/bakery/CHANGES.md')
      .say('Shorter.'),
  'a file made by a command, and what it left cleared away': (t) =>
    t
      .ask('write a script that zips it')
      .run("cat > scripts/zip.mjs <<'EOF'\nzip()\nEOF")
      .run('npm run zip', 'made')
      .run('rm -f dist/bread.zip')
      .say('Written.'),
  'several files moved to one place': (t) =>
    t.ask('all of it into the oven').run('git mv rye.go oat.go salt.go oven/').say('Moved.'),
  'a file that was to be read': (t) =>
    t.ask('Read the recipe').read('docs/rye.md').say('The recipe takes rye, salt and twelve hours.'),
  'an announcement that is no answer': (t) =>
    t
      .ask('can you look after the dough?')
      .read('dough.ts')
      .say('Now let me check the dough and all that belongs to it, step by step.'),
  'a command to be told of, not to be run': (t) =>
    t
      .ask('can you give me the command to test this?')
      .run('bake --help', 'usage')
      .run('go build ./...', '')
      .say(`The fixed oven is at ./oven, run it with the flag --rye. ${'It takes a while. '.repeat(12)}`),
  'a search that was stopped': (t) => t.ask('no more salt').run('grep -rn "salt" docs').injected('interrupt'),
  'a question with its choices': (t) =>
    t
      .ask('let us bake')
      .say(
        `I see a bakery. ${'It has ovens. '.repeat(16)}\n\n**What shall we bake?**\n\nA) Rye\nB) Oat\nC) Something else`,
      ),
  'a long replacement': (t) =>
    t
      .ask('the new mill')
      .run(`sed -i 's|${'rye/flour/'.repeat(7)}|${'oat/flour/'.repeat(7)}|g' oven.go`)
      .say('Replaced.'),
  'a queued prompt': (t) =>
    t.ask('bake rye').edit('a.ts').ask('add a test please', { queued: true }).edit('a.test.ts').say('Done.'),
}

// As it stands in the golden file: the name, the sentence, the clauses.
function told(tale: Tale): string {
  const at = new Map(tale.events.map(({ id }, n) => [id, n]))
  const turns = turnsOf(tale.events)
  const { text, verb, clauses } = tell(turns.findLast((turn) => turn.events > 1) ?? turns.at(-1)!, 'Baker Code')
  const lines = clauses.map(
    ({ role, text, events }) => `  ${role}: ${text} [${events.map((id) => at.get(id)).join(' ')}]`,
  )
  return [text, `  (${verb})`, ...lines].join('\n')
}

const written = new Map(Object.entries(tales).map(([name, tell]) => [name, told(tell(new Tale()))]))
if (process.env.OPENSTORY_WRITE_GOLDEN)
  writeFileSync(GOLDEN, [...written].map(([name, text]) => `# ${name}\n${text}\n`).join('\n'))
const golden = new Map(
  `\n${readFileSync(GOLDEN, 'utf8')}`
    .split('\n# ')
    .slice(1)
    .map((part) => [part.slice(0, part.indexOf('\n')), part.slice(part.indexOf('\n') + 1).trimEnd()]),
)

for (const [name, turn] of written)
  test(`the story of ${name} is told as it was`, () => assert.equal(turn, golden.get(name)))

test('the golden file tells of nothing else', () => assert.deepEqual([...golden.keys()], [...written.keys()]))

test('every clause that tells of work stands on events of its turn', () => {
  for (const [name, text] of written)
    for (const line of text.split('\n').filter((line) => /^ {2}(?:did|also|doing|after|running):/.test(line)))
      assert.match(line, /\[[\d ]+\]$/, `${name}: ${line}`)
})

test('what is quoted is quoted to its end', () => {
  for (const [name, text] of written) assert.equal((text.split('\n')[0]!.split('"').length - 1) % 2, 0, name)
})
