// The facts of a turn as short marks: what each is, how it came out, and the event behind it. Pure.
// The first of each kind are shown at once, the others on demand; what a turn forgot because it was too much is counted.
import { fileNames } from '../../folds/sentence/names.ts'
import { resultsPhrase } from '../../folds/sentence/running.ts'
import type { TurnStory } from '../../wire/live.ts'
import type { IconName } from '../ui/bits.tsx'
import { compact, costOf, counted, duration } from '../ui/words.ts'

export interface Fact {
  readonly key: string
  readonly icon: IconName
  readonly text: string
  readonly note?: string // new, deleted, how it came out
  readonly added?: number
  readonly removed?: number
  readonly tone: 'plain' | 'good' | 'bad' | 'wait'
  readonly event: string | null
  readonly title?: string
  readonly path?: string // of a file: it has a page of its own
  readonly url?: string
}

export interface Facts {
  readonly shown: readonly Fact[]
  readonly more: readonly Fact[]
}

const AT_ONCE = { files: 5, runs: 3, done: 4, agents: 4, web: 2, errors: 2, rest: 1 } as const

export function factsOf(turn: TurnStory): Facts {
  const groups: readonly (readonly [readonly Fact[], number])[] = [
    [fileFacts(turn), AT_ONCE.files],
    [runFacts(turn), AT_ONCE.runs],
    [doneFacts(turn), AT_ONCE.done],
    [agentFacts(turn), AT_ONCE.agents],
    [webFacts(turn), AT_ONCE.web],
    [troubles(turn), AT_ONCE.errors],
    [lookFacts(turn), AT_ONCE.rest],
    [readFacts(turn), AT_ONCE.rest],
  ]
  // A button that hides one fact is worse than the fact.
  const cut = (facts: readonly Fact[], max: number) => (max > 1 && facts.length <= max + 1 ? facts.length : max)
  return {
    shown: groups.flatMap(([facts, max]) => facts.slice(0, cut(facts, max))),
    more: groups.flatMap(([facts, max]) => facts.slice(cut(facts, max))),
  }
}

const CHANGE = {
  created: { icon: 'write', note: 'new' },
  modified: { icon: 'edit', note: undefined },
  deleted: { icon: 'close', note: 'deleted' },
  renamed: { icon: 'edit', note: 'renamed' },
} as const

function fileFacts({ files, filesMore }: TurnStory): Fact[] {
  const names = fileNames(files.map(({ path }) => path))
  const facts = files.map((file, i): Fact => {
    const { icon, note = file.added + file.removed === 0 ? 'changed' : undefined } = CHANGE[file.change]
    return {
      key: `file:${file.path}`,
      icon,
      text: file.change === 'renamed' && file.from !== undefined ? `${lastOf(file.from)} → ${names[i]}` : names[i]!,
      ...(note !== undefined && { note }),
      added: file.added,
      removed: file.removed,
      tone: 'plain',
      event: file.events[0] ?? null,
      path: file.path,
    }
  })
  return filesMore === 0
    ? facts
    : [...facts, plain('files', 'edit', `${counted(filesMore, 'file')} more, not kept by name`, null)]
}

const lastOf = (path: string): string => path.split('/').filter(Boolean).at(-1) ?? path
const plain = (key: string, icon: IconName, text: string, event: string | null): Fact => ({
  key,
  icon,
  text,
  tone: 'plain',
  event,
})

const RUN_TONES: Readonly<Record<string, Fact['tone']>> = { passed: 'good', failed: 'bad', missing: 'bad' }
function runFacts({ runs }: TurnStory): Fact[] {
  return [...runs]
    .sort((a, b) => Number(b.deed === 'test') - Number(a.deed === 'test'))
    .map((run) => {
      const last = run.results.at(-1)
      const came = resultsPhrase(run)
      const isJudged = run.deed !== 'run' || last?.state !== 'passed'
      return {
        key: `run:${run.words}`,
        icon: 'run' as const,
        text: run.times > 1 ? `${run.words} ×${run.times}` : run.words,
        ...(came !== '' && { note: came }),
        tone: isJudged ? (RUN_TONES[last?.state ?? ''] ?? 'plain') : 'plain',
        event: last?.event ?? null,
      }
    })
}

type Done = TurnStory['done'][number]
const DONE: Readonly<Partial<Record<Done['deed'], (done: Done) => string>>> = {
  commit: ({ of }) => `commit ${of === undefined ? '' : `“${of}”`}`,
  push: ({ of }) => `push ${of ?? ''}`,
  pull: () => 'pull',
  merge: ({ of, how }) => `merge ${of ?? ''}${how === 'conflict' ? ', conflict' : ''}`,
  rebase: ({ of, how }) => `rebase ${of ?? ''}${how === 'conflict' ? ', conflict' : ''}`,
  branch: ({ of, how }) => `${how === 'delete' ? 'deleted branch' : 'branch'} ${of ?? ''}`,
  switch: ({ of }) => `on ${of ?? 'another branch'}`,
  pr: ({ of, how }) => `PR ${of ? `#${of}` : ''} ${how ?? ''}`,
  issue: ({ of, how }) => `issue ${of ? `#${of}` : ''} ${how ?? ''}`,
  tag: ({ of }) => `tag ${of ?? ''}`,
  release: ({ of }) => `release ${of ?? ''}`,
  install: ({ of }) => `installed ${of ?? 'packages'}`,
}
function doneFacts({ done, doneMore }: TurnStory): Fact[] {
  const facts = done.flatMap((each, i): Fact[] => {
    const text = DONE[each.deed]?.(each).replace(/ +/g, ' ').trim()
    if (text === undefined) return []
    return [
      {
        ...plain(`done:${i}`, each.deed === 'install' ? 'other' : 'branch', text, each.event),
        title: each.words,
        ...(each.url !== undefined && /^https?:/i.test(each.url) && { url: each.url }),
      },
    ]
  })
  return doneMore === 0 ? facts : [...facts, plain('done', 'branch', `${doneMore} more`, null)]
}

const AGENT_NOTES = { running: 'at work', done: undefined, failed: 'failed', background: 'in the background' } as const
function agentFacts({ agents, agentsMore }: TurnStory): Fact[] {
  const facts = agents.map(({ call, event, type, what, state }, i): Fact => {
    const note = AGENT_NOTES[state]
    return {
      ...plain(`agent:${call ?? i}`, 'delegate', [type, what].filter(Boolean).join(': ') || 'subagent', event),
      tone: state === 'failed' ? 'bad' : 'plain',
      ...(note !== undefined && { note }),
    }
  })
  return agentsMore === 0
    ? facts
    : [...facts, plain('agents', 'delegate', `${counted(agentsMore, 'subagent')} more`, null)]
}

function webFacts({ web, webMore }: TurnStory): Fact[] {
  const facts = web.map(({ of, is, event }, i) =>
    plain(
      `web:${i}`,
      is === 'search' ? 'search' : 'web',
      is === 'search' ? `“${of}”` : of.replace(/^https?:\/\//, ''),
      event,
    ),
  )
  return webMore === 0 ? facts : [...facts, plain('web', 'web', `${counted(webMore, 'web page')} more`, null)]
}

function troubles({ errors, refusals }: TurnStory): Fact[] {
  return [
    ...errors.map(
      ({ text, event }, i): Fact => ({ ...plain(`error:${i}`, 'close', text || 'error', event), tone: 'bad' }),
    ),
    ...refusals.map(
      ({ by, name, of, event }, i): Fact => ({
        ...plain(`no:${i}`, 'close', `${name}${of === '' ? '' : ` ${of}`}`, event),
        note: by === 'rule' ? 'not allowed' : 'you refused',
        tone: 'wait',
      }),
    ),
  ]
}

// How many there were, and each by name on demand; one alone is named at once.
function lookFacts({ looks, looked }: TurnStory): Fact[] {
  const each = looks.map(({ of, event }, i) => plain(`look:${i}`, 'search', of, event))
  return looked <= 1
    ? each
    : [plain('looked', 'search', counted(looked, 'search', 'searches'), each[0]?.event ?? null), ...each]
}

function readFacts({ reads, readsMore }: TurnStory): Fact[] {
  const names = fileNames(reads.map(({ path }) => path))
  const each = reads.map(
    ({ path, event }, i): Fact => ({
      ...plain(`read:${path}`, 'read', names[i]!, event),
      note: 'read',
      path,
    }),
  )
  const all = reads.length + readsMore
  return all <= 1 ? each : [plain('reads', 'read', `${counted(all, 'file')} read`, each[0]?.event ?? null), ...each]
}

// `made 16 files`: leads to them. Null where it changed none.
export function filesPhrase({ files, filesMore }: TurnStory): string | null {
  const all = files.filter(({ aside }) => !aside).length + filesMore
  if (all === 0) return null
  const isNew = filesMore === 0 && files.every(({ change, aside }) => aside || change === 'created')
  return `${isNew ? 'made' : 'changed'} ${counted(all, 'file')}`
}

// Time, tokens and money, in one line under the rest.
export function measuresOf(turn: TurnStory): readonly string[] {
  const { tokens, started, ended, cycles, waitingMs } = turn
  const span = started === null || ended === null ? Number.NaN : Date.parse(ended) - Date.parse(started)
  const took = turn.durationMs ?? (span >= 0 ? span : null)
  const all = tokens.input + tokens.output + tokens.cacheRead + tokens.cacheWrite
  return [
    took !== null && took > 0 ? duration(took) : '',
    waitingMs >= 1_000 ? `${duration(waitingMs)} of it waiting for you` : '',
    cycles > 0 ? counted(cycles, 'cycle') : '',
    all > 0 ? `${compact(all)} tokens, ${compact(tokens.output)} written` : '',
    costOf(turn) ?? '',
    turn.failures > 0 ? counted(turn.failures, 'failed call') : '',
  ].filter((text) => text !== '')
}
