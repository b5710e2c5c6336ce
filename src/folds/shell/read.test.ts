// Commands are read as commands: what each does, by named cases, and that no text whatever stops the reading.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { anyText } from '../../testing/any-text.ts'
import { readCommand } from './read.ts'

// Deed, then what it acts on; acts that say nothing are left out.
const acts = (text: string): string[] =>
  readCommand(text)
    .filter(({ deed }) => deed !== 'quiet')
    .map(({ deed, of, from, how, paths }) =>
      [deed, how, from && `${from} →`, of, ...(paths ?? [])].filter(Boolean).join(' '),
    )

const cases: readonly (readonly [command: string, acts: readonly string[]])[] = [
  // Words that look like something else
  [`git commit -m 'add tests'`, ['commit add tests']],
  ['ls src/latest', ['list src/latest']],
  ['grep -rn "npm test" docs', ['search npm test docs']],
  ['cat test.log', ['read test.log']],
  ['echo "git push"', []],
  ['npm run latest-report', ['run']],
  // A shell in a shell of another kind
  ['powershell -NoProfile -Command "npm test"', ['test']],
  ['pwsh -c "Get-Content oven.log"', ['read oven.log']],
  ['powershell.exe -Command git commit -m rye', ['commit rye']],
  ['cmd /c npm run build', ['build']],
  ['cmd.exe /C "git push"', ['push']],
  ['powershell bake.ps1', ['run']],
  // Databases: what follows the file is a question
  ["sqlite3 ovens.db '.tables'", ['read ovens.db']],
  ["sqlite3 -readonly ovens.db 'select * from rye'", ['read ovens.db']],
  // Patches
  [
    "apply_patch <<'EOF'\n*** Begin Patch\n*** Add File: a.ts\n+x\n*** Update File: b.ts\n*** Move to: c.ts\n@@\n-x\n+y\n*** Update File: e.ts\n*** Delete File: d.ts\n*** End Patch\nEOF",
    ['create a.ts', 'rename b.ts → c.ts', 'modify e.ts', 'delete d.ts'],
  ],
  ["cd oven && apply_patch <<'EOF'\n*** Begin Patch\n*** Delete File: d.ts\n*** End Patch\nEOF", ['delete oven/d.ts']],
  ['apply_patch < oven.patch', ['run']],
  // Package managers
  ['brew tap bakery/tap', ['run']],
  ['brew install bread', ['install install bread']],
  ['brew info bread', ['list']],
  // Tests, by the program that is meant
  ['npm test', ['test']],
  ['npm t', ['test']],
  ['pnpm --filter web test', ['test']],
  ['yarn vitest run', ['test']],
  ['npm run test:unit -- --watch=false', ['test']],
  ['bun test', ['test']],
  ['npx jest src', ['test']],
  ['uv run pytest -m browser -v', ['test']],
  ['python3 -m pytest tests/', ['test']],
  ['python -m unittest', ['test']],
  ['pytest --collect-only', ['list']],
  ['go test ./... -race', ['test']],
  ['go test -c ./pkg', ['build']],
  ['cargo test --all', ['test']],
  ['cargo nextest run', ['test']],
  ['node --test src', ['test']],
  ['make check-all', ['lint']],
  ['make test', ['test']],
  ['just test-integration', ['test']],
  ['./gradlew :app:test --info', ['test']],
  ['mvn -q verify', ['test']],
  ['dotnet test', ['test']],
  ['mise run test:ci', ['test']],
  ['bundle exec rspec spec/oven_spec.rb', ['test']],
  ['docker compose exec web pytest', ['test']],
  ['./gradlew :app:testDebugUnitTest', ['test']],
  ['python manage.py test ovens', ['test']],
  ['python manage.py migrate', ['run']],
  ['php artisan test', ['test']],
  ['flutter test', ['test']],
  ['zig build test', ['test']],
  ['./run-tests.sh', ['test']],
  ['./scripts/test-something-by-hand.sh', ['run']],
  // Builds, checks, packages
  ['npm run build', ['build']],
  ['npx tsc --noEmit', ['typecheck']],
  ['tsc', ['build']],
  ['cargo clippy -- -D warnings', ['lint']],
  ['golangci-lint run ./...', ['lint']],
  ['mise run fmt:check', ['lint']],
  ['uv run ty check', ['typecheck']],
  ['ruff check src', ['lint']],
  ['cargo fmt', ['format']],
  ['cargo fmt --check', ['lint']],
  ['cargo add yeast', ['install add yeast']],
  ['flutter analyze', ['lint']],
  ['pre-commit run --all-files', ['lint']],
  ['npm ci', ['install ci']],
  ['npm install left-pad', ['install install left-pad']],
  [
    'go get github.com/a/oven/v6@v6.1.0 && go mod tidy',
    ['install get github.com/a/oven/v6@v6.1.0 go.mod go.sum', 'install tidy'],
  ],
  // Wrappers
  ['sudo env A=1 timeout 60 make test', ['test']],
  ['time nohup npm test &', ['test']],
  ['CI=1 npm test', ['test']],
  [`bash -c 'cd oven && npm test'`, ['test']],
  [`bash -lc "git push origin main"`, ['push main']],
  ['find . -name "*.ts" | xargs rm', ['list .']],
  [`find . -name '*.go' -exec gofmt -w {} +`, ['list .', 'format {}']],
  // Places
  ['cd oven && cat crust.ts', ['read oven/crust.ts']],
  ['(cd a && cat b.ts); cat c.ts', ['read a/b.ts', 'read c.ts']],
  ['cd a/b && cat ../c.ts', ['read a/c.ts']],
  ['git -C oven mv a.ts b.ts', ['rename oven/a.ts → oven/b.ts']],
  // Files changed by commands alone
  [`sed -i '' 's|old/mod|new/mod|g' a.go b.go`, ['modify old/mod → new/mod a.go b.go']],
  [`sed -n '1,20p' a.go`, ['read a.go']],
  [`for f in a.go b.go; do sed -i s/x/y/ $f; done`, ['modify x → y a.go', 'modify x → y b.go']],
  [`grep -rl old . | xargs sed -i 's/old/new/g'`, ['search old .', 'modify old → new']],
  [`perl -pi -e 's/a/b/' x.txt`, ['modify a → b x.txt']],
  [`perl -e 'print 1'`, ['run']],
  ['mv a.ts b.ts', ['rename a.ts → b.ts']],
  ['git rm -r old', ['delete old']],
  ['rm -f a.log b.log', ['delete a.log', 'delete b.log']],
  ['cat > src/a.ts <<EOF\nrm -rf /\nEOF', ['create text src/a.ts']],
  ['echo x >> notes.md', ['modify notes.md']],
  ['npm test > /dev/null 2>&1', ['test']],
  ['npm test > out.log', ['test', 'create output out.log']],
  ['gofmt -l .', ['lint']],
  ['gofmt -w a.go', ['format a.go']],
  ['npx prettier --write src/a.ts', ['format src/a.ts']],
  ['touch new.ts', ['create new.ts']],
  ['cp a.ts b.ts', ['create copy a.ts → b.ts']],
  ['cp -r x/a.ts b.ts lib', ['create copy x/a.ts → lib/a.ts', 'create copy b.ts → lib/b.ts']],
  ['cd src && cp a.ts lib/', ['create copy src/a.ts → src/lib/a.ts']],
  ['cp -t lib a.ts b.ts', ['create copy a.ts → lib/a.ts', 'create copy b.ts → lib/b.ts']],
  ['cp -r src/. out/', ['create copy src/. → out/']],
  // git and its host
  ['git commit -am "Fix the oven"', ['commit Fix the oven']],
  ["git commit -q -F - <<'EOF'\nBake bread\n\nSlowly.\nEOF", ['commit Bake bread']],
  ['git commit -m "$(cat <<\'EOF\'\nKnead the dough\n\nCo-Authored-By: x\nEOF\n)"', ['commit Knead the dough']],
  ['git commit --amend --no-edit', ['commit amend']],
  ['git add -A && git commit -m one && git push -u origin oven', ['stage', 'commit one', 'push oven']],
  ['git checkout -b oven', ['branch create oven']],
  ['git checkout -- a.ts', ['reset files a.ts']],
  ['git rebase origin/main', ['rebase origin/main']],
  ['git rebase --continue', ['rebase continue']],
  ['git --no-pager log -3', ['history log']],
  ['gh pr create --draft -t "Bread" -b x', ['pr draft Bread →']],
  ['gh pr view 104 --json title', ['hosting pr view 104']],
  ['gh pr merge https://github.com/a/b/pull/7 --squash', ['pr merge 7']],
  ['gh api repos/a/b/pulls/9/comments', ['hosting pr view 9']],
  // Structure
  ['if [ -f a ]; then rm a; else touch b; fi', ['delete a', 'create b']],
  ['while read x; do npm test; done < list', ['test']],
  ['oven() { rm -rf /; }', []],
  ['echo "$(git rev-parse HEAD)"', ['history rev-parse']],
  ['true || git push', ['push']],
]
for (const [command, expected] of cases)
  test(`reads ${JSON.stringify(command)}`, () => assert.deepEqual(acts(command), expected))

test('an exit code that a pipe hides is known to be hidden', () => {
  const [tests] = readCommand('go test ./... 2>&1 | tail -20')
  assert.deepEqual([tests?.deed, tests?.hides], ['test', true])
  assert.equal(readCommand('go test ./...')[0]?.hides, undefined)
})

test('a command is named without its long ends, and never cut in a word', () => {
  assert.equal(readCommand('uv run pytest -m browser -v')[0]?.words, 'uv run pytest -m browser -v')
  assert.equal(readCommand(`go test ${'./pkg/with/a/long/name '.repeat(9)}`)[0]?.words.endsWith('name'), true)
})

const shellText = fc.string({
  unit: fc.constantFrom(
    ...`ab '"$(){}[]<>|&;\\\n\`#!*?~=-/`.split(''),
    'git ',
    'cat <<EOF\n',
    '$(',
    'bash -c ',
    'for x in ',
  ),
  maxLength: 60,
})
test('whatever text a command is, it is read, quickly and without an error', () => {
  fc.assert(
    fc.property(fc.oneof(anyText(200), shellText), (text) => {
      for (const one of readCommand(text)) assert.ok(one.words.length <= 100)
    }),
    { numRuns: 2_000 },
  )
  readCommand(`${'('.repeat(5_000)}${'$('.repeat(5_000)}`)
  readCommand('bash -c '.repeat(3_000))
  readCommand(`echo ${'x'.repeat(300_000)}`)
})
