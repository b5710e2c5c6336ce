// Stories, made of sentences: a session's in one paragraph (what was wanted, the way, how it ended, what is unfinished), and a day's over
// all sessions of a project. Pure; each part says which turns it stands on.
import { type Deed, deedsOf } from '../sentence/deeds.ts'
import { isPersonsOwn } from '../sentence/main.ts'
import { capital, listed, plural } from '../sentence/names.ts'
import { plainWords, quoted, shortened } from '../sentence/quote.ts'
import { spokenLabel } from '../sentence/sentence.ts'
import { saysWhat } from '../turn/speech.ts'
import type { Turn } from '../turn/turn.ts'

export interface StoryPart {
  readonly text: string
  readonly turns: readonly string[]
}

export interface StoryText {
  readonly text: string
  readonly parts: readonly StoryPart[]
}

const HIGHLIGHTS_MAX = 4
const GOAL_MAX = 140

// `turns`: of one session, subagents' among them, in the order they began.
export function sessionStory(turns: readonly Turn[], label: string): StoryText {
  const main = turns.filter((turn) => turn.agentId === null)
  const told = main.filter((turn) => !isPersonsOwn(turn))
  if (told.length === 0)
    return storyOf([
      {
        text:
          main.length > 0
            ? 'Only commands were typed; nothing was asked.'
            : turns.length > 0
              ? 'Only subagents were at work; what they were sent for is told in another session, or was not kept.'
              : 'Nothing was asked yet.',
        turns: main.map(({ id }) => id),
      },
    ])
  const parts = [goal(told, spokenLabel(label)), ...journey(told), ending(told)]
  const left = unfinished(told)
  return storyOf(left === null ? parts : [...parts, left])
}

export interface SessionTurns {
  readonly label: string
  readonly title: string | null
  readonly turns: readonly Turn[]
}

// `day`: as people write it. One line for the whole, one for each session that did something.
export function dayStory(day: string, project: string, sessions: readonly SessionTurns[]): StoryText {
  const [sums, ...rest] = daySummary(sessions).parts
  if (sums === undefined) return storyOf([{ text: `${day}: nothing happened in ${project}.`, turns: [] }])
  return storyOf([
    { ...sums, text: `${day} in ${project}: ${sums.text.charAt(0).toLowerCase()}${sums.text.slice(1)}` },
    ...rest,
  ])
}

// The same where day and project stand over it already; without parts where nothing happened.
export function daySummary(sessions: readonly SessionTurns[]): StoryText {
  const worked = sessions.filter(({ turns }) => turns.some((turn) => turn.agentId === null && !isPersonsOwn(turn)))
  const all = worked.flatMap(({ turns }) => turns.filter((turn) => turn.agentId === null))
  if (all.length === 0) return storyOf([])
  const sums = summary(all)
  const parts: StoryPart[] = [
    {
      text: `${capital(plural(worked.length, 'session'))}, ${plural(all.length, 'turn')}${sums === '' ? '' : `; ${sums}`}.`,
      turns: all.map(({ id }) => id),
    },
  ]
  for (const { label, title, turns } of worked) {
    const main = turns.filter((turn) => turn.agentId === null && !isPersonsOwn(turn))
    const best = highlights(main, 2)
    const name = title === null ? '' : ` (${quoted(shortened(plainWords(title), 60))})`
    const did = best.length > 0 ? listed(best.map(({ text }) => text)) : 'answered'
    const left = unfinished(main)
    parts.push({
      text: `${spokenLabel(label)}${name} ${did}.${left === null ? '' : ` ${left.text}`}`,
      turns: main.map(({ id }) => id),
    })
  }
  return storyOf(parts)
}

const storyOf = (parts: readonly StoryPart[]): StoryText => ({ text: parts.map(({ text }) => text).join(' '), parts })

function goal(turns: readonly Turn[], label: string): StoryPart {
  const wanted = (isName: (words: string) => boolean) =>
    turns.find(({ prompt }) => {
      const words = plainWords(prompt?.text ?? '')
      return saysWhat(words) && !isName(words)
    })
  // The name of a command says how it is to be done, and not what.
  const first = wanted((words) => /^\/\S+$/.test(words)) ?? wanted(() => false) ?? turns[0]!
  const words = plainWords(first.prompt?.text ?? '')
  const spent = spentOn(turns)
  const asked =
    words === ''
      ? `${label} worked without words from you`
      : `You asked ${label} ${quoted(shortened(words, GOAL_MAX, first.prompt!.text.length >= 400))}`
  return {
    text: `${asked}${turns.length > 1 ? `, and ${plural(turns.length - 1, 'more thing')}` : ''}${spent === '' ? '' : `; it took ${spent}`}.`,
    turns: [first.id],
  }
}

function spentOn(turns: readonly Turn[]): string {
  const ms = turns.reduce(
    (sum, { durationMs, started, ended }) =>
      sum + (durationMs ?? (started && ended ? Math.max(0, Date.parse(ended) - Date.parse(started)) : 0)),
    0,
  )
  const minutes = Math.round(ms / 60_000)
  if (minutes < 1) return ''
  return minutes < 60
    ? plural(minutes, 'minute')
    : `${Math.floor(minutes / 60)} h${minutes % 60 === 0 ? '' : ` ${minutes % 60} min`}`
}

function journey(turns: readonly Turn[]): StoryPart[] {
  const best = highlights(turns, HIGHLIGHTS_MAX)
  const sums = summary(turns)
  const parts: StoryPart[] =
    best.length === 0
      ? [{ text: 'It answered and changed nothing.', turns: turns.map(({ id }) => id) }]
      : [
          {
            text: `It ${listed(
              best.map(({ text }) => text),
              'and then',
            )}.`,
            turns: best.map(({ turn }) => turn),
          },
        ]
  return sums === '' || turns.length < 3
    ? parts
    : [...parts, { text: `In all: ${sums}.`, turns: turns.map(({ id }) => id) }]
}

// The strongest deeds, in the order they were done. What left the machine is what people look for in a day.
function highlights(turns: readonly Turn[], max: number): { readonly text: string; readonly turn: string }[] {
  const seen = new Set<string>()
  return turns
    .flatMap((turn, at) =>
      deedsOf(turn)
        .filter(({ rank, is }) => (is === 'run' ? rank >= 43 : rank >= 44 && is !== 'tried'))
        .slice(0, 3)
        .map((deed) => ({
          deed,
          turn: turn.id,
          at,
          weight: deed.rank - (deed.is === 'run' ? 20 : 0) + (SHARED.has(deed.verb) ? 20 : 0),
        })),
    )
    .toSorted((a, b) => b.weight - a.weight)
    .filter(({ deed }) => !seen.has(deed.text) && seen.add(deed.text))
    .slice(0, max)
    .toSorted((a, b) => a.at - b.at || placeOf(a.deed).localeCompare(placeOf(b.deed)))
    .map(({ deed, turn }) => ({ text: deed.short ?? deed.text, turn }))
}
const SHARED: ReadonlySet<string> = new Set(['opened', 'merged', 'released'])
const placeOf = (deed: Deed): string => deed.events[0] ?? '' // ids begin with the time

function summary(turns: readonly Turn[]): string {
  const files = new Set(turns.flatMap((turn) => turn.files.filter((file) => !file.aside).map(({ path }) => path)))
  const commits = turns.flatMap((turn) => turn.done.filter(({ deed }) => deed === 'commit'))
  const pulls = new Set(
    turns.flatMap((turn) =>
      turn.done.flatMap(({ deed, how, of }) =>
        deed === 'pr' && (how === 'create' || how === 'draft') ? [of ?? ''] : [],
      ),
    ),
  )
  const parts = [
    files.size > 0 ? `${plural(files.size, 'file')} changed` : '',
    commits.length > 0 ? plural(commits.length, 'commit') : '',
    pulls.size > 0 ? plural(pulls.size, 'pull request') : '',
  ].filter((part) => part !== '')
  return listed(parts)
}

const ENDS: Readonly<Record<Turn['outcome'], string>> = {
  answered: 'It ended with an answer',
  asked: 'It ended with a question to you',
  interrupted: 'You stopped it',
  failed: 'It ended in an error',
  rejected: 'You refused its last step',
  running: 'It was still working when last heard',
  continued: 'It ran out of context',
}

function ending(turns: readonly Turn[]): StoryPart {
  const last = turns.at(-1)!
  const about = last.prompt && turns.length > 1 ? plainWords(last.prompt.text) : ''
  return {
    text: `${ENDS[last.outcome]}${about === '' ? '' : `, at ${quoted(shortened(about, 70))}`}.`,
    turns: [last.id],
  }
}

// What somebody would still have to look at.
function unfinished(turns: readonly Turn[]): StoryPart | null {
  const last = turns.at(-1)!
  const tested = turns.findLast(({ tests }) => tests !== 'none')
  const changed = turns.findLastIndex((turn) => turn.files.some((file) => !file.aside))
  const committed = turns.findLastIndex((turn) => turn.done.some(({ deed }) => deed === 'commit'))
  const hasCommits = committed >= 0
  const open: string[] = []
  if (tested?.tests === 'failed') open.push('the tests still fail')
  if (hasCommits && changed > committed) open.push('the last changes are not committed')
  if (last.outcome === 'asked' && last.askedLast !== '')
    open.push(`its question ${quoted(shortened(last.askedLast, 80))}`)
  return open.length === 0 ? null : { text: `Unfinished: ${listed(open)}.`, turns: [last.id] }
}
