// Commits, pushes, branches, pull requests and packages, in words.
import type { Turn } from '../turn/turn.ts'
import type { Deed } from './deeds.ts'
import { listed, numberWord } from './names.ts'
import { quoted, shortened } from './quote.ts'

type Done = Turn['done'][number]
const SUBJECT_MAX = 90

type Of = (deed: Done['deed']) => readonly Done[]

export function gitDeeds(turn: Turn): Deed[] {
  const of: Of = (deed) => turn.done.filter((done) => done.deed === deed)
  return [...sharedDeeds(of), ...historyDeeds(of), ...placeDeeds(of)]
}

// What others see of it.
function sharedDeeds(of: Of): Deed[] {
  const deeds: Deed[] = []
  const commits = of('commit')
  if (commits.length > 0) deeds.push(commitDeed(commits))
  const stage = of('stage')[0]
  if (stage && commits.length === 0) deeds.push(one(stage, 39, 'staged', 'staged the changes'))
  deeds.push(...of('pr').map(prDeed), ...of('issue').slice(0, 2).map(issueDeed))
  const pushes = of('push')
  if (pushes.length > 0) deeds.push(pushDeed(pushes))
  const release = of('release')[0]
  if (release) deeds.push(one(release, 74, 'released', `released ${release.of || 'a version'}`))
  const tag = of('tag')[0]
  if (tag && release === undefined) deeds.push(one(tag, 58, 'tagged', `tagged ${tag.of}`))
  return deeds
}

function historyDeeds(of: Of): Deed[] {
  const deeds: Deed[] = []
  const rebase = of('rebase').at(-1)
  if (rebase?.how === 'conflict')
    deeds.push(one(rebase, 62, 'started', `started a rebase${onto(rebase.of)} that stopped at a conflict`))
  else if (rebase) deeds.push(one(rebase, 90, 'rebased', `rebased${onto(rebase.of) || ' the branch'}`))
  const merges = of('merge').filter(({ how }) => how !== 'conflict')
  const begun = of('merge')[0]
  if (merges.length > 0) {
    const names = merges.flatMap((merge) => merge.of?.split(' ') ?? ['the branch'])
    const told = names.length > 3 ? `${numberWord(names.length)} branches` : listed(names)
    const events = merges.map(({ event }) => event)
    deeds.push({ ...one(merges[0]!, 71, 'merged', `merged ${told}`), events })
  } else if (begun) {
    const names = listed(begun.of?.split(' ') ?? ['a branch'])
    deeds.push(one(begun, 62, 'started', `started to merge ${names}, with conflicts`))
  }
  const pick = of('pick').find(({ how }) => how !== 'conflict')
  if (pick) {
    const picked = pick.of?.split(' ') ?? []
    const what = picked.length > 1 ? `${picked.length} commits` : (picked[0] ?? 'a commit')
    deeds.push(one(pick, 71, 'cherry-picked', `cherry-picked ${what}`))
  }
  const revert = of('revert')[0]
  if (revert) deeds.push(one(revert, 67, 'reverted', `reverted ${revert.of ?? 'a commit'}`))
  const reset = of('reset')[0]
  const undid = reset?.how === 'files' ? 'put files back as they were in git' : 'reset the working copy'
  if (reset) deeds.push(one(reset, 56, 'undid', undid))
  return deeds
}

// Where the work stands: repositories, branches, what is put away.
function placeDeeds(of: Of): Deed[] {
  const deeds: Deed[] = []
  const clone = of('clone')[0]
  if (clone) deeds.push(one(clone, 85, 'cloned', `cloned ${repoName(clone.of ?? '')}`))
  const made = of('repository')[0]
  if (made?.how === 'init') deeds.push(one(made, 57, 'set up', 'set up a git repository'))
  else if (made) deeds.push(one(made, 57, 'created', `created the repository ${repoName(made.of ?? '')}`))
  const branch = of('branch').find(({ how }) => how === 'create' || how === 'worktree')
  if (branch?.how === 'create') deeds.push(one(branch, 45, 'created', `created the branch ${branch.of}`))
  else if (branch) deeds.push(one(branch, 45, 'created', `made a worktree${branch.of ? ` for ${branch.of}` : ''}`))
  const switched = of('switch').at(-1)
  if (switched?.of?.startsWith('PR ')) deeds.push(one(switched, 41, 'checked out', `checked out ${switched.of}`))
  else if (switched?.of) deeds.push(one(switched, 41, 'switched', `switched to ${switched.of}`))
  const stash = of('stash').find(({ how }) => how !== 'pop' && how !== 'apply')
  if (stash) deeds.push(one(stash, 40, 'stashed', 'stashed the changes'))
  return deeds
}

const one = ({ event }: Pick<Done, 'event'>, rank: number, verb: string, text: string): Deed => ({
  rank,
  verb,
  text,
  events: [event],
  is: 'git',
})
const onto = (of: string | undefined): string => (of === undefined || of === '' ? '' : ` onto ${of}`)
const repoName = (url: string): string =>
  url
    .replace(/\.git$/, '')
    .replace(/\/+$/, '')
    .split(/[/:]/)
    .at(-1) || 'a repository'

function commitDeed(commits: readonly Done[]): Deed {
  const subjects = commits.flatMap(({ of }) => (of ? [quoted(shortened(of, SUBJECT_MAX))] : []))
  const amended = commits.every(({ how }) => how === 'amend')
  const events = commits.map(({ event }) => event)
  const base = { rank: 70, verb: 'committed', events, is: 'git' as const }
  if (amended)
    return {
      ...base,
      verb: 'amended',
      text: `amended the commit${subjects[0] ? ` ${subjects[0]}` : ''}`,
      short: 'amended the commit',
    }
  if (commits.length === 1)
    return {
      ...base,
      text: `committed ${subjects[0] ?? 'the changes'}`,
      short: `committed ${subjects[0] ?? 'the changes'}`,
    }
  const shown = subjects.slice(-2)
  const brief = subjects.slice(0, 1)
  return {
    ...base,
    text:
      commits.length === 2
        ? `committed ${listed(shown)}`
        : `made ${numberWord(commits.length)} commits (${shown.join(', ')}${subjects.length > 2 ? ' …' : ''})`,
    short: `made ${numberWord(commits.length)} commits (${brief.join('')} …)`,
  }
}

const PR_VERBS: Readonly<Record<string, string>> = {
  merge: 'merged',
  comment: 'commented on',
  review: 'reviewed',
  edit: 'updated',
  close: 'closed',
  reopen: 'reopened',
  ready: 'marked as ready',
  'update-branch': 'updated',
}

function prDeed(pr: Done): Deed {
  const name = pr.of ? `PR #${pr.of}` : 'the PR'
  if (pr.how === 'create' || pr.how === 'draft') {
    const text = pr.of
      ? `opened ${pr.how === 'draft' ? 'draft ' : ''}${name}`
      : `opened a ${pr.how === 'draft' ? 'draft ' : ''}PR`
    return one(pr, 75, 'opened', text)
  }
  const verb = PR_VERBS[pr.how ?? ''] ?? 'worked on'
  return one(pr, verb === 'merged' ? 76 : 57, verb, `${verb} ${name}`)
}

function issueDeed(issue: Done): Deed {
  const name = issue.of ? `issue #${issue.of}` : 'an issue'
  const verb = issue.how === 'create' ? 'opened' : (PR_VERBS[issue.how ?? ''] ?? 'worked on')
  return one(issue, issue.how === 'create' ? 73 : 56, verb, `${verb} ${name}`)
}

function pushDeed(pushes: readonly Done[]): Deed {
  const last = pushes.at(-1)!
  const branch = last.of && last.of.length <= 40 ? last.of : ''
  if (last.how === 'delete') return one(last, 55, 'deleted', `deleted the remote branch ${branch}`.trim())
  const verb = last.how === 'force' ? 'force-pushed' : 'pushed'
  return {
    ...one(last, 59, 'pushed', branch ? `${verb} ${branch}` : verb === 'pushed' ? 'pushed' : 'force-pushed'),
    short: verb,
    events: pushes.map(({ event }) => event),
  }
}

export function packageDeeds(turn: Turn): Deed[] {
  const installs = turn.done.filter((done) => done.deed === 'install')
  const named = installs.filter(({ of, how }) => of && how !== 'tidy')
  if (named.length > 0) {
    const last = named.at(-1)!
    const names = [...new Set(named.flatMap(({ of }) => of!.split(' ')))].slice(0, 3).map(packageName)
    const isUp = /^(get|upgrade|update|up)$/.test(last.how ?? '') || named.some(({ of }) => /@(v?\d|latest)/.test(of!))
    const verb = /^(remove|rm|uninstall|un)$/.test(last.how ?? '')
      ? 'removed'
      : isUp
        ? 'upgraded'
        : /^add$/.test(last.how ?? '')
          ? 'added'
          : 'installed'
    const said =
      verb === 'upgraded'
        ? names.map(({ name, version }) => (version ? `${name} to ${version}` : name))
        : names.map(({ name }) => name)
    return [{ rank: 63, verb, text: `${verb} ${listed(said)}`, events: named.map(({ event }) => event), is: 'git' }]
  }
  const plain = installs.find(({ how }) => how !== 'tidy')
  return plain
    ? [{ rank: 38, verb: 'installed', text: 'installed the dependencies', events: [plain.event], is: 'git' }]
    : []
}

// `github.com/go-git/go-billy/v6@v6.0.0` is go-billy, v6.0.0; `@scope/name@1.2` is @scope/name, 1.2.
function packageName(word: string): { readonly name: string; readonly version: string } {
  const at = word.lastIndexOf('@')
  const [path, version] =
    at > 0
      ? [word.slice(0, at), word.slice(at + 1)]
      : [word.replace(/[=<>~^!].*$/, ''), /[=<>~^]+(.*)$/.exec(word)?.[1] ?? '']
  const steps = path.split('/')
  const name =
    path.startsWith('@') || steps.length < 3 ? path : (steps.findLast((step) => !/^v\d+$/.test(step)) ?? path)
  return {
    name,
    version:
      version === 'latest' ? 'the latest version' : /^[0-9a-f]{12,40}$/.test(version) ? version.slice(0, 7) : version,
  }
}
