// A command line as the simple commands it runs, in order: through pipelines, lists, subshells, loops, functions, substitutions, `bash -c`
// and the wrappers that only run another command (sudo, env, time, xargs …). A real parser reads it; nothing is guessed from substrings.
// Never throws: what cannot be parsed is null.
import {
  type Command,
  type CommandNode,
  type CompoundList,
  type ParsedScript,
  type PipelineNode,
  parse,
  type Redirection,
  type Statement,
  type Word,
} from 'unbash'
import { baseName } from './act.ts'
import { isPlain, substitutions, wordValue } from './words.ts'
import { DEPTH_MAX, unwrap } from './wrappers.ts'

export interface Simple {
  readonly name: string // the program without its folder
  readonly args: readonly string[] // without quotes; what only the shell could know stands as it was written
  readonly writes: readonly string[] // files its output goes to
  readonly appends: readonly string[]
  readonly stdin: string | null // a here-document or here-string
  readonly exact: string | null // the same, letter for letter as the program reads it; null where only the shell could know
  readonly place: string // the folder `cd` went to before, '' where it began
  readonly from: string | null // the program whose output it reads through a pipe
  readonly into: string | null // the program that reads its output
  readonly onlyFailures: boolean // what it prints is filtered so that only what went wrong is left
  readonly background: boolean
  readonly some: boolean // it runs on what another command lists: xargs, find -exec, a loop over a pattern
}

const TEXT_MAX = 64 * 1024
const COMMANDS_MAX = 400
const LOOP_MAX = 20

export function simpleCommands(text: string): readonly Simple[] | null {
  return read(text.length > TEXT_MAX ? text.slice(0, TEXT_MAX) : text, { place: '', depth: 0, words: new Map() })
}

interface Around {
  place: string
  readonly depth: number
  readonly words: ReadonlyMap<string, string> // variables whose value stands in the text
}

function read(text: string, around: Around): Simple[] | null {
  let script: ParsedScript
  try {
    script = parse(text)
  } catch {
    return null // the parser gave up; whoever asked says "a command"
  }
  if ((script.errors?.length ?? 0) > 0 && script.commands.length === 0) return null
  const found: Simple[] = []
  statements(script.commands, { ...around, words: new Map(around.words) }, found)
  return found
}

function statements(list: readonly Statement[], around: Around, found: Simple[]): void {
  for (const { command, background } of list) walk(command, around, found, { background: background === true })
}

interface Piped {
  readonly background: boolean
  readonly from?: string | null
  readonly into?: string | null
  readonly onlyFailures?: boolean
}

// `| grep -v '^ok'`, `| grep FAIL`: what passes is not shown, so nothing shown means that all passed.
function leavesFailures(next: CommandNode | undefined, around: Around): boolean {
  if (next?.type !== 'Command' || !/^[ef]?grep$|^rg$/.test(programOf(next) ?? '')) return false
  const args = next.args.map((arg) => (arg.type === 'Word' ? wordValue(arg, around) : arg.text))
  const pattern = args.find((arg) => !arg.startsWith('-')) ?? ''
  const showsPassed = /\bok\b|pass/i.test(pattern)
  return args.some((arg) => /^-[a-zA-Z]*v/.test(arg)) ? showsPassed : !showsPassed && /fail|error/i.test(pattern)
}

function walk(node: Statement['command'] | PipelineNode | CommandNode, around: Around, found: Simple[], piped: Piped) {
  if (found.length >= COMMANDS_MAX || around.depth > DEPTH_MAX) return
  switch (node.type) {
    case 'AndOr':
      for (const each of node.commands) walk(each, around, found, piped)
      return
    case 'Pipeline': {
      const names = node.commands.map((each) => (each.type === 'Command' ? programOf(each) : null))
      for (const [i, each] of node.commands.entries())
        walk(each, around, found, {
          ...piped,
          from: names[i - 1] ?? null,
          into: names[i + 1] ?? null,
          onlyFailures: leavesFailures(node.commands[i + 1], around),
        })
      return
    }
    case 'Command':
      simple(node, around, found, piped)
      return
    case 'Redirected': {
      const first = found.length
      walk(node.command, around, found, piped)
      redirectAll(node.redirects, around, found, first)
      return
    }
    case 'Subshell':
      statements(node.body.commands, { ...around, depth: around.depth + 1 }, found)
      return
    case 'For':
    case 'Select':
      loop(node.name.value, node.wordlist ?? [], node.body, around, found)
      return
    default:
      for (const body of bodiesOf(node)) statements(body.commands, around, found)
  }
}

function bodiesOf(node: CommandNode): readonly CompoundList[] {
  switch (node.type) {
    case 'If':
      return [
        node.clause,
        node.then,
        ...node.elif.flatMap((each) => [each.clause, each.then]),
        ...(node.else ? [node.else] : []),
      ]
    case 'While':
      return [node.clause, node.body]
    case 'ArithmeticFor':
    case 'BraceGroup':
      return [node.body]
    case 'Case':
      return node.items.map((item) => item.body)
    default:
      return [] // a function is only said, not run; tests and sums run nothing
  }
}

// A loop over words that stand there runs once for each of them; over a pattern or a command's output, once for all.
function loop(name: string, words: readonly Word[], body: CompoundList, around: Around, found: Simple[]): void {
  const values = words.map((word) => wordValue(word, around))
  const plain = values.every((value, i) => isPlain(words[i]!) && value !== '')
  if (!plain || values.length === 0 || values.length > LOOP_MAX) {
    const first = found.length
    statements(body.commands, around, found)
    for (let i = first; i < found.length; i++) found[i] = { ...found[i]!, some: true }
    return
  }
  for (const value of values) {
    const inner = { ...around, words: new Map([...around.words, [name, value]]) }
    statements(body.commands, inner, found)
  }
}

const programOf = (command: Command): string | null => (command.name ? baseName(command.name.value) : null)

function simple(command: Command, around: Around, found: Simple[], piped: Piped): void {
  for (const each of command.prefix)
    if (each.type === 'Assignment' && each.value.type === 'Word' && command.name === undefined)
      (around.words as Map<string, string>).set(each.name, wordValue(each.value, around))
  for (const script of substitutions(command)) inside(script, around, found)
  const redirects = redirectsOf(command.redirects, around)
  if (command.name === undefined) {
    if (redirects.writes.length > 0) found.push({ ...EMPTY, ...redirects, place: around.place }) // `> file` alone
    return
  }
  const args = command.args.map((arg) => (arg.type === 'Word' ? wordValue(arg, around) : arg.text))
  const one: Simple = {
    ...EMPTY,
    name: baseName(wordValue(command.name, around)),
    args,
    ...redirects,
    place: around.place,
    from: piped.from ?? null,
    into: piped.into ?? null,
    onlyFailures: piped.onlyFailures === true,
    background: piped.background,
  }
  if ((one.name === 'cd' || one.name === 'pushd') && args.length > 0) around.place = inPlace(around.place, args.at(-1)!)
  const script = (text: string, place: string) =>
    around.depth >= DEPTH_MAX ? null : read(text, { place, depth: around.depth + 1, words: around.words })
  for (const each of unwrap(one, script)) if (found.length < COMMANDS_MAX) found.push(each)
}

const EMPTY: Simple = {
  name: '',
  args: [],
  writes: [],
  appends: [],
  stdin: null,
  exact: null,
  place: '',
  from: null,
  into: null,
  onlyFailures: false,
  background: false,
  some: false,
}

// A path as it is meant from where the command line began.
export function inPlace(place: string, path: string): string {
  if (path.startsWith('/') || path.startsWith('~') || place === '' || path === '') return path
  const steps = `${place}/${path}`.split('/')
  const kept: string[] = []
  for (const [i, step] of steps.entries()) {
    if (step === '.' || (step === '' && i > 0)) continue
    if (step === '..' && kept.length > 0 && kept.at(-1) !== '..' && kept.at(-1) !== '') kept.pop()
    else kept.push(step)
  }
  return kept.join('/')
}

function inside(script: ParsedScript, around: Around, found: Simple[]): void {
  if (around.depth >= DEPTH_MAX) return
  statements(script.commands, { ...around, depth: around.depth + 1 }, found)
}

type Redirects = Pick<Simple, 'writes' | 'appends' | 'stdin' | 'exact'>

function redirectsOf(redirects: readonly Redirection[], around: Around): Redirects {
  const writes: string[] = []
  const appends: string[] = []
  let stdin: string | null = null
  let exact: string | null = null
  for (const each of redirects) {
    if (each.type === 'HereDoc') {
      stdin = each.body.text
      exact = hereDocument(each)
    } else if (each.type === 'HereString') stdin = each.target ? wordValue(each.target, around) : ''
    else if (each.target !== undefined) {
      const path = wordValue(each.target, around)
      if (/^\d+$|^-$/.test(path) || path.startsWith('/dev/')) continue
      if (each.operator === '>>' || each.operator === '&>>') appends.push(inPlace(around.place, path))
      else if (each.operator !== '<' && each.operator !== '<&' && each.operator !== '<>')
        writes.push(inPlace(around.place, path))
    }
  }
  return { writes, appends, stdin, exact }
}

// What the program reads: without leading tabs behind `<<-`, with `\\$` for a dollar where the mark is not quoted.
function hereDocument({
  operator,
  delimiter,
  body,
  closing,
}: Extract<Redirection, { type: 'HereDoc' }>): string | null {
  if (closing === undefined || body.parts !== undefined) return null // cut off; or with words that the shell replaces
  const text = operator === '<<-' ? body.text.replace(/^\t+/gm, '') : body.text
  return delimiter?.quoted ? text : text.replace(/\\(?:\n|([$`\\]))/g, (_, kept: string | undefined) => kept ?? '')
}

// What is redirected around a loop or group belongs to its last command.
function redirectAll(redirects: readonly Redirection[], around: Around, found: Simple[], first: number): void {
  const { writes, appends, stdin, exact } = redirectsOf(redirects, around)
  const at = found.length - 1
  if (at < first) return
  const last = found[at]!
  found[at] = {
    ...last,
    writes: [...last.writes, ...writes],
    appends: [...last.appends, ...appends],
    stdin: last.stdin ?? stdin,
    exact: last.exact ?? exact,
  }
}
