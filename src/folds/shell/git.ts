// git and gh: which of their many words change something, and what.
import { type Act, act, baseName, operands, optionIn } from './act.ts'
import { inPlace, type Simple } from './simple.ts'

const GLOBAL_VALUED = new Set(['-C', '-c', '--git-dir', '--work-tree', '--namespace'])

export function gitActs(simple: Simple): readonly Act[] {
  let at = 0
  let place = simple.place
  while (at < simple.args.length && simple.args[at]!.startsWith('-')) {
    if (simple.args[at] === '-C') place = inPlace(place, simple.args[at + 1] ?? '')
    at += GLOBAL_VALUED.has(simple.args[at]!) ? 2 : 1
  }
  const verb = simple.args[at] ?? ''
  const args = simple.args.slice(at + 1)
  const said: Simple = { ...simple, name: `git ${verb}`, args }
  const here = (paths: readonly string[]) => paths.map((path) => inPlace(place, path))
  const named = operands(args)
  const is = (...flags: readonly string[]) => flags.some((flag) => args.includes(flag))
  switch (verb) {
    case 'commit':
      return [commit(said, args)]
    case 'push':
      return [is('--dry-run', '-n') ? act(said, 'history') : act(said, 'push', branchPushed(args, named))]
    case 'pull':
      return [act(said, is('--rebase', '-r') ? 'rebase' : 'pull', upstream(named))]
    case 'merge':
      return [act(said, 'merge', { ...(merged(args) && { of: merged(args) }), ...step(args) })]
    case 'rebase': {
      const onto = optionIn(args, '--onto') ?? operands(args, new Set(['-X', '-s', '--exec', '-x', '--onto']))[0]
      return [act(said, 'rebase', { ...(onto && { of: onto }), ...step(args) })]
    }
    case 'cherry-pick':
      return [act(said, 'pick', { ...(named[0] && { of: named.join(' ') }), ...step(args) })]
    case 'revert':
      return [act(said, 'revert', { ...(named[0] && { of: named[0] }), ...step(args) })]
    case 'add':
    case 'stage':
      return [act(said, 'stage', { paths: here(named) })]
    case 'mv': {
      const to = named.at(-1)
      if (named.length < 2 || to === undefined) return [act(said, 'history')]
      const [target] = here([to])
      return named.slice(0, -1).map((from) => act(said, 'rename', { from: inPlace(place, from), of: target! }))
    }
    case 'rm':
      return is('--cached') ? [act(said, 'stage')] : here(named).map((path) => act(said, 'delete', { of: path }))
    case 'checkout':
    case 'switch':
      return [switching(said, args, named, here)]
    case 'restore':
      return [is('--staged') ? act(said, 'stage') : act(said, 'reset', { paths: here(named), how: 'files' })]
    case 'reset':
      return [act(said, is('--hard') ? 'reset' : 'stage')]
    case 'stash':
      return [act(said, named[0] === 'list' || named[0] === 'show' ? 'history' : 'stash', { how: named[0] ?? 'push' })]
    case 'tag':
      return [named[0] && !is('-l', '--list') ? act(said, 'tag', { of: named[0] }) : act(said, 'history')]
    case 'branch':
      return [branching(said, args, named)]
    case 'clone':
      return [act(said, 'clone', { ...(named[0] && { of: named[0] }) })]
    case 'init':
      // Made in a folder for temporary files, or one whose name only the shell knew: to try something out.
      return [
        act(said, 'repository', {
          how: 'init',
          ...(/^\/?(?:private\/)?(?:tmp|var)\b|\$/.test(inPlace(place, named[0] ?? '') || place) && {
            from: 'scratch',
          }),
        }),
      ]
    case 'worktree':
      return [
        named[0] === 'add'
          ? act(said, 'branch', { how: 'worktree', of: optionIn(args, '-b') ?? named[2] ?? baseName(named[1] ?? '') })
          : act(said, 'history'),
      ]
    case 'apply':
    case 'am':
      return [is('--check', '--stat') ? act(said, 'history') : act(said, 'modify', { some: true, tool: `git ${verb}` })]
    case 'fetch':
    case 'config':
    case 'remote':
      return [act(said, 'quiet')]
    default:
      return [
        act(said, 'history', { how: verb, ...(verb === 'diff' || verb === 'show' ? { of: named[0] ?? '' } : {}) }),
      ]
  }
}

const step = (args: readonly string[]): { how?: string } => {
  const found = args.find((arg) => /^--(continue|abort|skip|quit)$/.test(arg))
  return found === undefined ? {} : { how: found.slice(2) }
}

// Branches merged at once, one blank between them: no name of a branch has one.
const MERGE_VALUED = new Set(['-m', '-F', '--file', '-s', '--strategy', '-X', '--strategy-option', '--into-name'])
const merged = (args: readonly string[]): string => operands(args, MERGE_VALUED).slice(0, 8).join(' ')

function commit(said: Simple, args: readonly string[]): Act {
  if (args.includes('--dry-run')) return act(said, 'history')
  const subject = subjectOf(said, args)
  return act(said, 'commit', {
    ...(subject !== null && { of: subject }),
    ...(args.includes('--amend') && { how: 'amend' }),
  })
}

const firstLine = (text: string): string | null => {
  const line = text
    .split('\n')
    .map((each) => each.trim())
    .find((each) => each !== '')
  return line === undefined ? null : line
}

function subjectOf(said: Simple, args: readonly string[]): string | null {
  for (const [i, arg] of args.entries()) {
    // -m x, -am x, -sm x; -mx
    const short = /^-([a-zA-Z]*)m(.*)$/s.exec(arg)
    if (short && !arg.startsWith('--')) return firstLine(short[2] === '' ? (args[i + 1] ?? '') : short[2]!)
    if (arg === '--message') return firstLine(args[i + 1] ?? '')
    if (arg.startsWith('--message=')) return firstLine(arg.slice('--message='.length))
    const isFile = arg === '-F' || arg === '--file' || arg === '-qF' || arg === '-aF'
    if (isFile && (args[i + 1] === '-' || args[i + 1] === '/dev/stdin')) return firstLine(said.stdin ?? '')
    if (arg === '--file=-' || arg === '-F-') return firstLine(said.stdin ?? '')
  }
  return null
}

function branchPushed(args: readonly string[], named: readonly string[]): { of?: string; how?: string } {
  const branch = named[1]?.replace(/^\+/, '').split(':').at(-1)
  const force = args.some((arg) => arg === '-f' || arg.startsWith('--force'))
  const gone = args.includes('--delete') || args.includes('-d') || named[1]?.startsWith(':') === true
  return {
    ...(branch && branch !== 'HEAD' && !branch.includes('$') && { of: branch }),
    ...(gone ? { how: 'delete' } : args.includes('--tags') ? { how: 'tags' } : force ? { how: 'force' } : {}),
  }
}

const upstream = (named: readonly string[]): { of?: string } => (named[0] ? { of: named.slice(0, 2).join('/') } : {})

function switching(
  said: Simple,
  args: readonly string[],
  named: readonly string[],
  here: (paths: readonly string[]) => string[],
): Act {
  const made = optionIn(args, '-b', '-B', '-c', '-C', '--create', '--orphan')
  if (made !== undefined) return act(said, 'branch', { of: made, how: 'create' })
  const at = args.indexOf('--')
  if (at >= 0) return act(said, 'reset', { paths: here(args.slice(at + 1)), how: 'files' })
  const ours = args.includes('--ours') || args.includes('--theirs')
  if (ours || named[0] === '.') return act(said, 'reset', { paths: here(named), how: 'files' })
  return act(said, 'switch', { ...(named[0] && { of: named[0] }) })
}

function branching(said: Simple, args: readonly string[], named: readonly string[]): Act {
  if (args.some((arg) => /^(-d|-D|--delete)$/.test(arg)))
    return act(said, 'branch', { of: named[0] ?? '', how: 'delete' })
  if (args.some((arg) => /^(-m|-M|--move)$/.test(arg)))
    return act(said, 'branch', { of: named.at(-1) ?? '', how: 'rename' })
  if (
    named.length > 0 &&
    !args.some((arg) => /^(-a|-r|-v|-vv|--list|--contains|--show-current|--merged|--set-upstream-to.*|-u)$/.test(arg))
  )
    return act(said, 'branch', { of: named[0]!, how: 'create' })
  return act(said, 'history', { how: 'branch' })
}

const GH_VALUED = new Set(
  '-t --title -b --body -F --body-file -B --base -H --head -R --repo -r --reviewer -a --assignee -l --label -m --milestone -p --project --json -q --jq --template -X --method -f -F --raw-field --field --notes --notes-file -L --limit -s --state -S --search'.split(
    ' ',
  ),
)
const PR_LOOKS = new Set(['view', 'diff', 'checks', 'list', 'status'])

export function ghActs(simple: Simple): readonly Act[] {
  const named = operands(simple.args, GH_VALUED)
  const [noun = '', verb = ''] = named
  const number = named[2] === undefined ? undefined : numberIn(named[2])
  const said: Simple = {
    ...simple,
    name: `gh ${noun} ${verb}`.trim(),
    args: simple.args.filter((arg) => arg !== noun && arg !== verb),
  }
  const repo = optionIn(simple.args, '-R', '--repo')
  const title = optionIn(simple.args, '-t', '--title')
  switch (noun) {
    case 'pr':
    case 'issue': {
      if (PR_LOOKS.has(verb)) return [act(said, 'hosting', { how: `${noun} ${verb}`, ...(number && { of: number }) })]
      if (verb === 'checkout') return [act(said, 'switch', { of: `PR #${number ?? ''}` })]
      const isDraft = verb === 'create' && (simple.args.includes('--draft') || simple.args.includes('-d'))
      return [
        act(said, noun, {
          how: isDraft ? 'draft' : verb,
          ...(number && { of: number }),
          ...(title !== undefined && { from: title }),
        }),
      ]
    }
    case 'release':
      return [
        verb === 'create'
          ? act(said, 'release', { of: named[2] ?? '' })
          : act(said, 'hosting', { how: `release ${verb}` }),
      ]
    case 'repo':
      if (verb === 'clone') return [act(said, 'clone', { of: named[2] ?? '' })]
      return [
        verb === 'create'
          ? act(said, 'repository', { how: 'create', of: named[2] ?? '' })
          : act(said, 'hosting', { how: `repo ${verb}` }),
      ]
    case 'api': {
      const method = optionIn(simple.args, '-X', '--method')?.toUpperCase() ?? 'GET'
      const pull = /pulls?\/(\d+)/.exec(simple.args.join(' '))?.[1]
      return [
        method === 'GET'
          ? act(said, 'hosting', { how: pull ? 'pr view' : 'api', ...(pull && { of: pull }) })
          : act(said, 'run'),
      ]
    }
    case 'run':
    case 'workflow':
      return [act(said, 'hosting', { how: 'run', ...(repo && { from: repo }) })]
    case 'auth':
      return [act(said, 'quiet')]
    default:
      return [act(said, 'hosting', { how: noun })]
  }
}

const numberIn = (word: string): string | undefined =>
  /^#?(\d+)$/.exec(word)?.[1] ?? /\/(?:pull|issues)\/(\d+)/.exec(word)?.[1]
