// Commands that read, write, move and remove files, and those that look things up.
import { type Act, act, baseName, operands, optionIn } from './act.ts'
import { patchActs } from './patched.ts'
import { inPlace, type Simple } from './simple.ts'

const words = (text: string): ReadonlySet<string> => new Set(text.split(' '))

const READERS = words(
  'cat head tail less more bat nl xxd hexdump od strings wc jq yq awk gawk cut sort uniq diff cmp comm column file stat md5sum sha256sum shasum tac fold paste csvlook sqlite3 duckdb plutil zcat gunzip pdftotext exiftool Get-Content',
)
const VALUED = words(
  '-n -c -f -d -k -t -F -v -s -e --arg --argjson --indent -w -b --lines --bytes -A -B -C -m --max-count -g --glob --type -j --include --exclude --exclude-dir',
)
const LISTERS = words('ls tree find fd du df eza exa locate Get-ChildItem')
const SEARCHERS = words('grep rg ag ack egrep fgrep ugrep ast-grep sg findstr Select-String')
const QUIET = words(
  'echo printf cd pwd pushd popd true false : sleep export set unset which type command whoami date test [ [[ read wait exit return trap alias source . ulimit umask hash env printenv uname hostname id clear tput kill pkill killall ps lsof jobs fg bg chmod chown basename dirname realpath readlink seq yes tr rev xargs shopt local declare',
)
const FIRST_IS_PROGRAM = words('jq yq awk gawk') // their first operand says how, not what
const ONLY_FIRST = words('sqlite3 duckdb') // what follows the file is asked of it

export function fileActs(simple: Simple): readonly Act[] | null {
  const { name, args, place } = simple
  const here = (path: string) => inPlace(place, path)
  const named = operands(args, VALUED)
  const plain = operands(args) // `-f` of rm takes no word
  const has = (test: RegExp) => args.some((arg) => test.test(arg))
  switch (name) {
    case 'sed':
    case 'gsed':
    case 'perl':
      return inPlaceEdit(simple)
    case 'mv': {
      const to = plain.at(-1)
      if (plain.length < 2 || to === undefined) return [act(simple, 'quiet')]
      return plain.slice(0, -1).map((from) => act(simple, 'rename', { from: here(from), of: here(to) }))
    }
    case 'cp':
    case 'rsync':
    case 'install':
    case 'ln':
      return copied(simple)
    case 'rm':
    case 'trash':
    case 'unlink':
      return plain.map((path) =>
        act(simple, 'delete', { of: here(path), ...(has(/^-[a-zA-Z]*r|^--recursive$/i) && { how: 'recursive' }) }),
      )
    case 'mkdir':
    case 'rmdir':
      return plain.map((path) => act(simple, 'folder', { of: here(path) }))
    case 'touch':
      return plain.map((path) => act(simple, 'create', { of: here(path) }))
    case 'truncate':
      return operands(args, words('-s --size -r')).map((path) => act(simple, 'modify', { of: here(path) }))
    case 'tee':
      return plain.map((path) => act(simple, has(/^(-a|--append)$/) ? 'modify' : 'create', { of: here(path) }))
    case 'apply_patch':
    case 'applypatch':
      return patchActs(simple)
    case 'patch':
      return [act(simple, has(/^--dry-run$/) ? 'read' : 'modify', { some: true, tool: 'patch' })]
    case 'curl':
    case 'wget':
    case 'http':
    case 'https':
      return [web(simple)]
    case 'unzip':
    case 'tar':
      return [act(simple, has(/^(-l|-t|-?t[a-z]*)$/) ? 'list' : 'run')]
    case 'open':
    case 'xdg-open':
      return [act(simple, 'run')]
  }
  if (QUIET.has(name)) return [act(simple, 'quiet')]
  if (LISTERS.has(name))
    return [act(simple, 'list', { paths: name === 'find' ? named.slice(0, 1).map(here) : named.map(here) })]
  if (SEARCHERS.has(name)) return [search(simple, named)]
  if (READERS.has(name)) {
    const files =
      FIRST_IS_PROGRAM.has(name) && optionIn(args, '-f', '--from-file') === undefined
        ? named.slice(1)
        : ONLY_FIRST.has(name)
          ? plain.slice(0, 1)
          : named
    if (files.length === 0) return [act(simple, simple.stdin === null || simple.writes.length > 0 ? 'quiet' : 'read')]
    return [act(simple, 'read', { paths: files.map(here), tool: name })]
  }
  return null
}

const COPY_VALUED = words('-m -o -g --mode --owner --group -e --exclude --include')

// Each file under the name it has where it went: into a folder, when a slash or an option says so or several go there.
function copied(simple: Simple): readonly Act[] {
  const { args, place } = simple
  const folder = optionIn(args, '-t', '--target-directory')
  const plain = operands(args, COPY_VALUED).filter((path) => path !== folder)
  const from = folder === undefined ? plain.slice(0, -1) : plain
  const to = folder ?? plain.at(-1)
  if (from.length === 0 || to === undefined) return [act(simple, 'quiet')]
  const isFolder = folder !== undefined || from.length > 1 || to.endsWith('/')
  return from.map((path) => {
    const name = baseName(path.replace(/\/+$/, ''))
    const into = isFolder && name !== '.' && name !== '..' && name !== '' ? `${to.replace(/\/+$/, '')}/${name}` : to
    return act(simple, 'create', { of: inPlace(place, into), from: inPlace(place, path), how: 'copy' })
  })
}

// sed and perl: in place they change files, else they print them.
function inPlaceEdit(simple: Simple): readonly Act[] {
  const { name, args, place } = simple
  const isPerl = name === 'perl'
  const changes = args.some((arg) =>
    isPerl ? /^-[a-z0-9]*i/i.test(arg) && !arg.startsWith('-I') : /^(-[a-zA-Z]*i|--in-place)/.test(arg),
  )
  if (isPerl && !changes) return [act(simple, 'run')]
  const scripts: string[] = []
  const files: string[] = []
  for (let i = 0; i < args.length; i++) {
    const arg = args[i]!
    if (arg === '-e' || arg === '--expression' || arg === '-f' || (isPerl && /^-[a-z0-9.]*e$/i.test(arg)))
      scripts.push(args[++i] ?? '')
    // BSD's sed takes the suffix of its copy as a word: `sed -i '' …`
    else if (arg === '-i' && (args[i + 1] === '' || /^\.[a-z]+$/.test(args[i + 1] ?? ''))) i++
    else if (arg === '-E' || arg.startsWith('-')) continue
    else if (scripts.length === 0) scripts.push(arg)
    else files.push(arg)
  }
  const paths = files.map((path) => inPlace(place, path))
  if (!changes) return [act(simple, paths.length > 0 ? 'read' : 'quiet', { paths, tool: 'sed' })]
  const swap = scripts.length === 1 ? swapOf(scripts[0]!) : null
  const some = simple.some || paths.length === 0 || paths.some((path) => /[*?$]/.test(path))
  return [
    act(simple, 'modify', {
      paths: paths.filter((path) => !/[*?$]/.test(path)),
      tool: name,
      ...(some && { some: true }),
      ...(swap && { from: swap[0], of: swap[1] }),
    }),
  ]
}

// `s|old|new|g`: what was replaced, when it is words and not a pattern.
function swapOf(script: string): readonly [string, string] | null {
  const text = script.trim()
  const mark = text[1]
  if (text[0] !== 's' || mark === undefined || /[\w\s\\]/.test(mark)) return null
  const parts: string[] = []
  let part = ''
  for (let i = 2; i < text.length; i++) {
    const next = text[i + 1]
    if (text[i] === '\\' && next !== undefined) {
      part += /[a-zA-Z0-9]/.test(next) ? `\\${next}` : next
      i++
    } else if (text[i] === mark) {
      parts.push(part)
      part = ''
    } else part += text[i]
  }
  parts.push(part)
  const [from = '', to = ''] = parts
  const isPlain = parts.length === 3 && from !== '' && !/[\\^$*+?()[\]{}|]/.test(from) && !/[\\$&]/.test(to)
  return isPlain && from.length <= 80 && to.length <= 80 ? [from, to] : null
}

function search(simple: Simple, named: readonly string[]): Act {
  const pattern = optionIn(simple.args, '-e', '--regexp') ?? named[0] ?? ''
  const files = named.slice(1).map((path) => inPlace(simple.place, path))
  // `… | grep x` looks through what another command says.
  if (simple.from !== null && files.length === 0) return act(simple, 'quiet')
  return act(simple, 'search', { of: pattern, paths: files })
}

function web(simple: Simple): Act {
  const url =
    simple.args.find((arg) => /^https?:\/\//.test(arg)) ??
    simple.args.find((arg) => /^[\w.-]+(:\d+)?(\/|$)/.test(arg) && /[.:]/.test(arg))
  return act(simple, 'web', { ...(url !== undefined && { of: url }), paths: [] })
}
