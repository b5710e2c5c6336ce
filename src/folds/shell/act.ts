// What a command does, in the words of people: one act a simple command, whichever program did it.
import type { Simple } from './simple.ts'

// The last name of a path.
export const baseName = (path: string): string => path.slice(path.lastIndexOf('/') + 1)

export type Deed =
  | 'test'
  | 'build'
  | 'lint'
  | 'format'
  | 'typecheck'
  | 'install'
  | 'run'
  | 'serve'
  | 'commit'
  | 'push'
  | 'pull'
  | 'merge'
  | 'rebase'
  | 'pick'
  | 'revert'
  | 'reset'
  | 'stash'
  | 'tag'
  | 'stage'
  | 'branch'
  | 'switch'
  | 'clone'
  | 'repository'
  | 'history' // history: looked at what git knows
  | 'pr'
  | 'issue'
  | 'release'
  | 'hosting' // hosting: looked at what the host of the code knows
  | 'create'
  | 'modify'
  | 'delete'
  | 'rename'
  | 'folder'
  | 'read'
  | 'list'
  | 'search'
  | 'web'
  | 'quiet' // echo, cd, sleep: nothing to tell

export interface Act {
  readonly deed: Deed
  readonly words: string // the command as somebody would name it, on one line
  readonly of?: string // what it acts on: a path, a subject line, a branch, a number, an address, packages
  readonly from?: string // before it was renamed; what was replaced
  readonly how?: string // create, view, merge …; --continue, --abort; amend; draft
  readonly paths?: readonly string[] // files it changes or reads
  readonly some?: true // and more than stand there: it ran over what another command listed
  readonly tool?: string // the program that was meant in the end: pytest, not `uv run`
  readonly hides?: true // its exit code was lost in a pipe
  readonly onlyFailures?: true // and of its output only what went wrong was let through
  readonly background?: true
}

export const act = (simple: Simple, deed: Deed, more: Omit<Act, 'deed' | 'words'> & { words?: string } = {}): Act => ({
  deed,
  words: spoken(simple),
  ...(simple.some && { some: true }),
  ...(simple.into !== null && { hides: true }),
  ...(simple.onlyFailures && { onlyFailures: true }),
  ...(simple.background && { background: true }),
  ...more,
})

const WORDS_MAX = 60

// `go test ./... -run X`: up to where it would become long. Never cut inside a word, nor between an option and what it is set to.
export function spoken({ name, args }: Pick<Simple, 'name' | 'args'>): string {
  if (name.length > WORDS_MAX || /[\n\r]/.test(name)) return 'a command'
  let words = name
  for (const arg of args) {
    const next = `${words} ${/[\s"'|&;<>$]/.test(arg) ? `'${arg}'` : arg}`
    if (arg === '' || /[\n\r]/.test(arg) || arg.length > 40 || next.length > WORDS_MAX)
      return words.replace(/(?: -[\w-]+)+$/, '')
    words = next
  }
  return words
}

// What is no option. `valued`: options whose value is the next word.
export function operands(args: readonly string[], valued: ReadonlySet<string> = NONE): string[] {
  const found: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!
    if (arg === '--') return [...found, ...args.slice(i + 1)]
    if (valued.has(arg)) i++
    else if (!arg.startsWith('-') || arg === '-') found.push(arg)
  }
  return found
}
const NONE: ReadonlySet<string> = new Set()

// The value of an option: `-m x`, `--message x`, `--message=x`, `-mx`.
export function optionIn(args: readonly string[], ...names: readonly string[]): string | undefined {
  for (const [i, arg] of args.entries()) {
    for (const name of names) {
      if (arg === name) return args[i + 1]
      if (name.startsWith('--') && arg.startsWith(`${name}=`)) return arg.slice(name.length + 1)
    }
  }
  return undefined
}
