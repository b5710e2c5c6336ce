// What commands do to files: what their words say to the letter, and what is only known to be touched.
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { commandDoings } from './commands.ts'

const all = (under: string) => ({ is: 'touch', paths: [], under, named: null })
const touch = (...paths: string[]) => ({ is: 'touch', paths, under: null, named: null })
const write = (path: string, text: string | null) => ({ is: 'write', path, text })

const cases: readonly (readonly [string, string, readonly object[]])[] = [
  ['a text in a here-document', "cat > a.md <<'EOF'\n# Bread\n$5\nEOF", [write('/w/a.md', '# Bread\n$5\n')]],
  ['the same, the other way round', 'cat <<EOF > a.md\nbread\nEOF', [write('/w/a.md', 'bread\n')]],
  ['with tabs that the shell takes away', 'cat <<-EOF > a.md\n\t\tbread\n\tEOF', [write('/w/a.md', 'bread\n')]],
  ['with an escaped dollar', 'cat > a.md <<EOF\n\\$5\nEOF', [write('/w/a.md', '$5\n')]],
  ['with words only the shell knows', 'cat > a.md <<EOF\n$HOME\nEOF', [write('/w/a.md', null)]],
  ['appended', "cat >> a.md <<'EOF'\nmore\nEOF", [{ is: 'append', path: '/w/a.md', text: 'more\n' }]],
  ['through tee', "cat <<'EOF' | tee a.md\nx\nEOF", [write('/w/a.md', 'x\n')]],
  ['by tee, appended', "tee -a a.md <<'EOF'\nx\nEOF", [{ is: 'append', path: '/w/a.md', text: 'x\n' }]],
  ['in another folder', "cd src && cat > a.ts <<'EOF'\nx\nEOF", [write('/w/src/a.ts', 'x\n')]],
  ['an echo', 'echo "node_modules" > .gitignore', [write('/w/.gitignore', 'node_modules\n')]],
  ['an echo of what only the shell knows', 'echo "$VERSION" > VERSION', [write('/w/VERSION', null)]],
  ['what a program put out', 'curl https://example.org > page.html', [write('/w/page.html', null)]],
  ['into nothing', 'npm test > /dev/null 2>&1', []],
  ['moved', 'mv a.ts b.ts', [{ is: 'move', from: '/w/a.ts', to: '/w/b.ts' }]],
  ['moved by git', 'git mv src/a.ts b.ts', [{ is: 'move', from: '/w/src/a.ts', to: '/w/b.ts' }]],
  ['moved into a folder', 'mv a.ts src/', [{ is: 'move', from: '/w/a.ts', to: '/w/src/a.ts' }]],
  [
    'several copied into a folder',
    'cp a.ts b.ts lib',
    [
      { is: 'copy', from: '/w/a.ts', to: '/w/lib/a.ts' },
      { is: 'copy', from: '/w/b.ts', to: '/w/lib/b.ts' },
    ],
  ],
  [
    'removed',
    'rm -rf dist old.ts',
    [
      { is: 'remove', path: '/w/dist' },
      { is: 'remove', path: '/w/old.ts' },
    ],
  ],
  ['removed by a pattern: what is left is as it was', 'rm -rf /tmp/x.*', []],
  ['a program that names a file', 'code a.ts && node a.ts', []],
  ['made folders are no files', 'mkdir -p src/web', []],
  ['edited in place', "sed -i 's/a/b/' a.ts b.ts", [touch('/w/a.ts', '/w/b.ts')]],
  ['edited wherever it was found', "grep -rl a . | xargs sed -i 's/a/b/'", [all('/w')]],
  ['formatted by name', 'npx prettier --write src/a.ts', [touch('/w/src/a.ts')]],
  ['formatted all over', 'cd web && gofmt -w .', [all('/w/web')]],
  ['only asked whether it is formatted', 'gofmt -l .', []],
  ['taken back by git', 'git checkout -- a.ts', [touch('/w/a.ts')]],
  ['another branch', 'git checkout main', [all('/w')]],
  ['a new branch changes no file', 'git checkout -b mine', []],
  ['tests change no file', 'npm test && npx tsc --noEmit', []],
  [
    'a patch in the words of the command',
    "apply_patch <<'EOF'\n*** Begin Patch\n*** Update File: a.ts\n@@\n-x\n+y\n*** End Patch\nEOF",
    [{ is: 'patch', path: '/w/a.ts', hunks: [{ at: null, to: null, after: null, before: ['x'], now: ['y'] }] }],
  ],
  [
    'a patch for git',
    "git apply <<'EOF'\n--- a/a.ts\n+++ b/a.ts\n@@ -1 +1 @@\n-x\n+y\nEOF",
    [{ is: 'patch', path: '/w/a.ts', hunks: [{ at: 1, to: 1, after: null, before: ['x'], now: ['y'] }] }],
  ],
]
for (const [what, command, expected] of cases)
  test(what, () => assert.deepEqual(commandDoings(command, '/w'), expected))

test('a script may write what it names', () => {
  const [doing] = commandDoings("python3 - <<'EOF'\nopen('a.ts', 'w').write('x')\nEOF", '/w')
  assert.ok(doing?.is === 'touch' && doing.named?.includes('a.ts'))
})
