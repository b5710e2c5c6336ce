// What a command line does to files, read by the shell reader of the sentences: what it writes, moves, copies and removes is known by
// its words; what formatters, scripts and git put there is not, and is only known to be touched.
import { type Act, readSimple, type Simple } from '../shell/read.ts'
import { type Doing, patchDoings } from './doing.ts'
import { readPatch } from './patch.ts'
import { fullPath, nameOf } from './path.ts'

// Whether a command line may change files that it does not name: a look at its words, before anybody parses it, that rather says yes.
export const changesUnnamed = (text: string): boolean => UNNAMED.test(text)
const UNNAMED =
  /\b(?:mv|cp|rm|rsync|g?sed|perl|patch|xargs|find|black|isort|yapf)\b|\bgit\b[^|;&]{0,80}\b(?:mv|rm|checkout|switch|restore|reset|stash|pull|merge|rebase|cherry-pick|revert|apply|am)\b|fmt|format|prettier|autopep8|dprint|fix|lint/i

export function commandDoings(command: string, cwd: string): Doing[] {
  const read = readSimple(command)
  if (read === null) return [{ is: 'touch', paths: [], under: null, named: command }]
  const doings: Doing[] = []
  let piped: string | null = null // what the command before says, into the next
  for (const { simple, acts } of read) {
    const here = (path: string) => fullPath(cwd, path)
    const said = saidBy(simple, piped)
    doings.push(...ownDoings(simple, acts, said, here, cwd))
    for (const path of simple.writes) if (isFile(path)) doings.push({ is: 'write', path: here(path), text: said })
    for (const path of simple.appends) if (isFile(path)) doings.push({ is: 'append', path: here(path), text: said })
    piped = simple.into === null ? null : said
  }
  return doings
}

const isFile = (path: string): boolean => path !== '' && !/[$*?`]|^&|^\/dev\//.test(path)

// What a command prints, letter for letter, where that is plain; null: only the command knows.
function saidBy(simple: Simple, piped: string | null): string | null {
  const { name, args, from } = simple
  const input = simple.exact ?? (from === null ? null : piped)
  if (name === 'cat' && args.every((arg) => arg === '-')) return input
  if (name === 'tee') return input
  const words = args.join(' ')
  if (/[$`\\*?[{~]/.test(words)) return null
  if (name === 'echo' && !args[0]?.startsWith('-')) return `${words}\n`
  if (name === 'echo' && args[0] === '-n') return args.slice(1).join(' ')
  if (name === 'printf' && args.length === 1 && !words.includes('%')) return words
  return null
}

type Here = (path: string) => string

function ownDoings(simple: Simple, acts: readonly Act[], said: string | null, here: Here, cwd: string): Doing[] {
  const { name, args, stdin } = simple
  if (name === 'apply_patch' || name === 'applypatch') {
    const patch = stdin ?? args[0] ?? ''
    return readPatch(patch).flatMap((each) => patchDoings(each, (path) => here(inFolder(simple.place, path))))
  }
  const renames = acts.filter(({ deed }) => deed === 'rename').length
  return acts.flatMap((act) => actDoings({ simple, said, here, cwd, renames }, act))
}

const inFolder = (place: string, path: string): string => (place === '' ? path : fullPath(place, path))

interface Around {
  readonly simple: Simple
  readonly said: string | null // what it puts out
  readonly here: Here
  readonly cwd: string
  readonly renames: number // files that one command moves
}

function actDoings({ simple, said, here, cwd, renames }: Around, act: Act): Doing[] {
  const of = act.of === undefined || !isFile(act.of) ? null : here(act.of)
  const from = act.from === undefined || !isFile(act.from) ? null : here(act.from)
  const everything: Doing = {
    is: 'touch',
    paths: [],
    under: here(simple.place === '' ? '.' : simple.place),
    named: null,
  }
  switch (act.deed) {
    case 'create':
      if (act.how === 'copy') return of === null || from === null ? [] : [{ is: 'copy', from, to: of }]
      if (simple.name === 'touch') return []
      return of === null ? [] : [{ is: 'write', path: of, text: simple.name === 'tee' ? said : null }]
    case 'rename':
      if (of === null || from === null) return [] // what a pattern stood for keeps its content, wherever it went
      return [{ is: 'move', from, to: isFolder(simple, renames) ? `${of}/${nameOf(from)}` : of }]
    case 'delete':
      return of !== null ? [{ is: 'remove', path: of }] : []
    case 'modify': {
      if (simple.name === 'tee') return of === null ? [] : [{ is: 'append', path: of, text: said }]
      if (act.tool === 'patch' || act.tool === 'git apply') return patchCommand(simple, here, everything)
      const paths = (act.paths ?? []).filter(isFile).map(here)
      return act.some || paths.length === 0 ? [everything] : [{ is: 'touch', paths, under: null, named: null }]
    }
    case 'format': {
      const paths = act.paths?.filter((path) => isFile(path) && nameOf(path).includes('.')).map(here) ?? []
      return act.some || paths.length === 0 ? [everything] : [{ is: 'touch', paths, under: null, named: null }]
    }
    case 'lint':
      return simple.args.some((arg) => /^--?(?:fix|write|apply)/.test(arg)) ? [everything] : []
    case 'switch':
      return act.how === 'create' ? [] : [everything]
    case 'reset':
    case 'stash':
    case 'pull':
    case 'merge':
    case 'rebase':
    case 'pick':
    case 'revert': {
      const paths = act.paths?.filter(isFile).map(here) ?? []
      return paths.length > 0 ? [{ is: 'touch', paths, under: null, named: null }] : [{ ...everything, under: cwd }]
    }
    case 'run':
      // A script in the command's own words may write what it names; any other program is taken to say what it does.
      return act.how === 'script' ? [{ is: 'touch', paths: [], under: null, named: scriptWords(simple) }] : []
    default:
      return []
  }
}

// Into a folder: said so by a slash at its end, or by how many go there.
const isFolder = ({ args }: Simple, sources: number): boolean => args.at(-1)?.endsWith('/') === true || sources > 1

function patchCommand(simple: Simple, here: Here, everything: Doing): Doing[] {
  const patches = simple.exact === null ? [] : readPatch(simple.exact)
  if (patches.length === 0) return [everything]
  return patches.flatMap((each) => patchDoings(each, (path) => here(inFolder(simple.place, path))))
}

const scriptWords = ({ args, stdin }: Simple): string => [...args, stdin ?? ''].join('\n')
