// The doorway: a command line in, the acts it is made of out, in order. A line that cannot be parsed is simply a command.
import { type Act, act, baseName } from './act.ts'
import { fileActs } from './files.ts'
import { ghActs, gitActs } from './git.ts'
import { innerCommand, isTestScript, runnerAct } from './runners.ts'
import { type Simple, simpleCommands } from './simple.ts'

export type { Act, Deed } from './act.ts'
export type { Simple } from './simple.ts'
export { inPlace } from './simple.ts'

export function readCommand(text: string): readonly Act[] {
  const commands = simpleCommands(text)
  if (commands === null) return [{ deed: 'run', words: 'a command' }]
  const acts = commands.flatMap(actsOf)
  return acts.length > ACTS_MAX ? acts.slice(0, ACTS_MAX) : acts
}
const ACTS_MAX = 200

// The same with the simple commands behind the acts: what they were given to read, and where their output went. Null: not to be parsed.
export const readSimple = (
  text: string,
): readonly { readonly simple: Simple; readonly acts: readonly Act[] }[] | null =>
  simpleCommands(text)?.map((simple) => ({ simple, acts: ownActs(simple) })) ?? null

function actsOf(simple: Simple): readonly Act[] {
  return [...ownActs(simple), ...written(simple)]
}

function ownActs(simple: Simple): readonly Act[] {
  const { name } = simple
  if (name === '') return []
  if (name === 'git') return gitActs(simple)
  if (name === 'gh') return ghActs(simple)
  const inner = innerCommand(simple)
  if (inner !== null) return meant(simple, inner)
  return meant(simple, simple)
}

const INTERPRETERS = /^(python[\d.]*|py|node|deno|bun|ruby|perl|php|tsx|ts-node|lua|osascript|swift|Rscript|julia)$/

function meant(simple: Simple, inner: Pick<Simple, 'name' | 'args'>): readonly Act[] {
  const found = runnerAct(simple, inner) ?? fileActs({ ...simple, ...inner })
  if (found !== null) return found
  if (INTERPRETERS.test(inner.name)) {
    const file = inner.args.find((arg) => !arg.startsWith('-'))
    const isInline =
      inner.args.some((arg) => /^(-c|-e|--eval|-p|-)$/.test(arg)) || (file === undefined && simple.stdin !== null)
    if (isInline)
      return [
        act(simple, 'run', {
          words: `a ${LANGUAGES[inner.name.replace(/[\d.]+$/, '')] ?? 'short'} script`,
          how: 'script',
        }),
      ]
    return [act(simple, 'run', { ...(file !== undefined && { of: file }) })]
  }
  const isShell = /^(bash|sh|zsh)$/.test(inner.name)
  const script = isShell ? inner.args.find((arg) => !arg.startsWith('-')) : undefined
  if (isTestScript(script ?? inner.name)) return [act(simple, 'test', { tool: baseName(script ?? inner.name) })]
  return [act(simple, 'run')]
}

const LANGUAGES: Readonly<Record<string, string>> = {
  python: 'Python',
  py: 'Python',
  node: 'Node',
  deno: 'Deno',
  bun: 'Bun',
  ruby: 'Ruby',
  perl: 'Perl',
  php: 'PHP',
  tsx: 'TypeScript',
  osascript: 'AppleScript',
}

const isNoFile = (path: string): boolean => path === '' || path.startsWith('&') || path.startsWith('/dev/')

// `> file` makes one, whatever the command before it; what a test run or a download put there is its output, not somebody's work.
function written(simple: Simple): readonly Act[] {
  const made = simple.writes
    .filter((path) => !isNoFile(path))
    .map((path) => act(simple, 'create', { of: path, how: simple.stdin === null ? 'output' : 'text' }))
  const grown = simple.appends.filter((path) => !isNoFile(path)).map((path) => act(simple, 'modify', { of: path }))
  return [...made, ...grown]
}
