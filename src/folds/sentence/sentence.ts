// A turn as one true sentence: subject verb object, after reading …, running … (with what came of it), because "…" → outcome.
// First a tree of clauses, each with the ids of the events it stands on; then text, in one place, within a budget: what does not fit is
// left out, never cut in a word.
import type { Outcome, Turn } from '../turn/turn.ts'
import { becauseOf } from './because.ts'
import { type Clause, type Role, render } from './clause.ts'
import { type Deed, deedsOf } from './deeds.ts'
import { filesPhrase, listed, plural } from './names.ts'
import { gistOf, quoted, shortened } from './quote.ts'
import { runPhrase } from './running.ts'
import { agentName, triedPhrase, wantedPhrase } from './softdeeds.ts'

export interface Sentence {
  readonly text: string
  readonly verb: string
  readonly clauses: readonly Clause[]
}

export const SENTENCE_AIM = 220
export const SENTENCE_MAX = 300

export const sentenceOf = (turn: Turn, label: string): string => tell(turn, label).text

export function tell(turn: Turn, label: string): Sentence {
  const own = isPersonsOwn(turn)
  const subject: Clause = { role: 'subject', text: own ? 'You' : subjectOf(turn, label), events: [] }
  const { main, also } = own ? ownDeed(turn) : chosen(turn)
  const clauses = [
    subject,
    { role: 'did' as const, text: main.text, events: main.events },
    ...around(turn, main, also, own),
  ]
  const kept = fitted(clauses, main)
  return { text: render(kept), verb: main.verb, clauses: kept }
}

// "Claude Code" is Claude to whoever works with it.
export const spokenLabel = (label: string): string => label.replace(/ (?:Code|CLI|Agent)$/, '')

function subjectOf(turn: Turn, label: string): string {
  if (turn.agentId === null) return spokenLabel(label)
  return turn.agentType === null ? `${spokenLabel(label)}’s subagent` : `The ${agentName(turn.agentType)}`
}

// A command that a person typed and no model answered.
export const isPersonsOwn = ({ prompt, cycles, pending, tools }: Turn): boolean =>
  prompt?.command !== undefined && cycles === 0 && pending.length === 0 && Object.keys(tools).length === 0

function ownDeed(turn: Turn): { main: Deed; also: readonly Deed[] } {
  const typed = turn.prompt!.text.replace(/^!\s*/, '')
  const run = turn.runs[0]
  const said =
    turn.prompt!.command === 'slash' && turn.answer !== ''
      ? ` (${quoted(shortened(turn.answer.replace(/\s+/g, ' ').trim(), 90))})`
      : ''
  const command =
    turn.prompt!.command === 'shell'
      ? `\`${shortened(typed.replace(/\s+/g, ' '), 80)}\``
      : shortened(typed.replace(/\s+/g, ' '), 80)
  const came = run ? /\(.*\)$/.exec(runPhrase(turn, run))?.[0] : undefined
  return {
    main: {
      rank: 0,
      verb: 'ran',
      text: `ran ${command}${came ? ` ${came}` : said}`,
      events: [turn.prompt!.event],
      is: 'run',
    },
    also: [],
  }
}

function chosen(turn: Turn): { main: Deed; also: readonly Deed[] } {
  const deeds = deedsOf(turn)
  const strong = deeds.filter(({ rank }) => rank >= 55)
  if (strong.length > 0) return { main: strong[0]!, also: deeds.slice(1) }
  const answered = turn.answer !== '' && (turn.outcome === 'answered' || turn.outcome === 'asked')
  const lead = deeds[0]
  // Tests and commands run only to find something out.
  if (answered && lead?.is === 'run' && turn.reads.length + turn.looked >= 3) {
    const gist = gistOf(turn.answer, turn.prompt?.text ?? '', 90)
    return {
      main: {
        rank: 0,
        verb: 'investigated',
        text: `investigated and found ${quoted(gist)}`,
        events: [turn.answerEvent!],
        is: 'word',
      },
      also: deeds,
    }
  }
  const isLook = lead === undefined || lead.rank <= 32 || (lead.is === 'word' && lead.rank <= 10)
  if (!isLook) return { main: lead, also: deeds.slice(1) }
  if (answered) return { main: answerDeed(turn), also: deeds }
  if (lead !== undefined) return { main: lead, also: deeds.slice(1) }
  return { main: silence(turn), also: [] }
}

const NO_RESPONSE = /^(?:no response requested\.?|\(no content\)|no content)$/i

function answerDeed(turn: Turn): Deed {
  const events = turn.answerEvent === null ? [] : [turn.answerEvent]
  const base = { rank: 0, events, is: 'word' as const }
  if (NO_RESPONSE.test(turn.answer.trim())) return { ...base, verb: 'gave', text: 'gave no response' }
  if (turn.outcome === 'asked')
    return { ...base, verb: 'asked', text: `asked ${quoted(shortened(turn.askedLast, 120))}` }
  const gist = gistOf(turn.answer, turn.prompt?.text ?? turn.standing ?? '', 110)
  return { ...base, verb: 'answered', text: gist === '' ? 'answered' : `answered ${quoted(gist)}` }
}

function silence(turn: Turn): Deed {
  const base = { rank: 0, events: [turn.firstEvent], is: 'word' as const }
  const waiting = turn.pending.at(-1)
  const why = becauseOf(turn)?.text.replace(/^because (?:of )?/, '')
  const asked = why === undefined ? '' : ` ${why}`
  switch (turn.outcome) {
    case 'running':
      return waiting
        ? { ...base, verb: 'started', text: `started to ${wantedPhrase(waiting)}`, events: [waiting.event] }
        : { ...base, verb: 'started', text: 'started to work' }
    case 'interrupted':
      if (waiting)
        return { ...base, verb: 'started', text: `started to ${wantedPhrase(waiting)}`, events: [waiting.event] }
      return { ...base, verb: 'was stopped', text: `was stopped before it answered${asked}` }
    case 'failed':
      return { ...base, verb: 'did not answer', text: `could not answer${asked}` }
    default:
      return { ...base, verb: 'did not answer', text: `did not answer${asked}` }
  }
}

// "run the tests" → "running the tests".
function progressive(phrase: string): string {
  const [verb = '', ...rest] = phrase.split(' ')
  const ing = /^(?:run|commit)$/.test(verb)
    ? `${verb}${verb.at(-1)}ing`
    : /[^e]e$/.test(verb)
      ? `${verb.slice(0, -1)}ing`
      : `${verb}ing`
  return [ing, ...rest].join(' ')
}

// Everything but subject and main deed, in the order it is said.
function around(turn: Turn, main: Deed, also: readonly Deed[], own: boolean): Clause[] {
  if (own) return []
  const clauses: Clause[] = []
  const isShared = [main, ...also].some(({ verb }) => verb === 'committed' || verb === 'opened')
  const least = isShared || main.rank >= 60 ? 46 : 39
  const more = also.filter(
    (deed) =>
      deed.rank >= least &&
      deed.is !== 'run' &&
      deed.is !== 'look' &&
      deed.is !== 'aside' &&
      deed.text !== main.text &&
      !(deed.is === 'tried' && main.is !== 'word'),
  )
  for (const deed of more.slice(0, 3))
    clauses.push({
      role: 'also',
      text: deed.short && deed.is !== 'files' ? deed.short : deed.text,
      events: deed.events,
    })
  const tried = also.find((deed) => deed.is === 'tried' && deed.rank < 39)
  if (tried && main.is !== 'files')
    clauses.push({ role: 'also', text: `${triedPhrase(turn.refusals.at(-1)!)} (refused)`, events: tried.events })
  const doing = turn.outcome === 'running' ? turn.pending.at(-1) : undefined
  if (doing && !main.text.startsWith('started to') && doing.kind !== 'delegate')
    clauses.push({ role: 'doing', text: `is ${progressive(wantedPhrase(doing))}`, events: [doing.event] })
  const reading = readingOf(turn, main)
  if (reading) clauses.push(reading)
  const running = runningOf(turn, main)
  if (running) clauses.push(running)
  // What was never answered is said with the verb.
  const because = /answer(?:ed)? ./.test(main.text) && main.verb !== 'answered' ? null : becauseOf(turn)
  if (because) clauses.push(because)
  const outcome = outcomeOf(turn, main)
  if (outcome) clauses.push(outcome)
  return clauses
}

function readingOf(turn: Turn, main: Deed): Clause | null {
  if (main.verb === 'read' || main.verb === 'looked') return null
  // What it changed it has read as well; nobody needs to be told.
  const changed = new Set(turn.files.map(({ path }) => path))
  const reads = turn.reads.filter(({ path }) => !changed.has(path))
  const all = reads.length + turn.readsMore
  const looked = turn.done.some((done) => done.deed === 'history' && (done.how === 'diff' || done.how === 'show'))
  const parts: string[] = []
  if (all > 0)
    parts.push(
      filesPhrase(
        reads.map(({ path }) => path),
        all <= 2 ? 2 : main.verb === 'answered' || main.verb === 'investigated' || main.verb === 'tried' ? 2 : 0,
        turn.readsMore,
      ),
    )
  if (looked && main.verb !== 'reviewed') parts.push('the diff')
  const events = reads.map(({ event }) => event)
  if (main.is !== 'look' && turn.web.length > 0) {
    parts.push(
      turn.web.some(({ is }) => is === 'search') ? 'the web' : plural(turn.web.length + turn.webMore, 'web page'),
    )
    events.push(...turn.web.map(({ event }) => event))
  }
  if (parts.length > 0) return { role: 'after', text: `after reading ${listed(parts)}`, events }
  return turn.looked > 0 && main.verb !== 'searched'
    ? { role: 'after', text: 'after searching the code', events: turn.looks.map(({ event }) => event) }
    : null
}

function runningOf(turn: Turn, main: Deed): Clause | null {
  if (main.is === 'run') return null
  const tests = turn.runs.filter(({ deed }) => deed === 'test')
  const checks = turn.runs.filter(({ deed }) => deed === 'lint' || deed === 'typecheck' || deed === 'build')
  const rest = turn.runs.filter(({ deed }) => deed === 'run')
  const notable = [...tests, ...checks].slice(0, 2)
  const shown =
    notable.length > 0 ? notable : main.is === 'files' ? [] : rest.filter(({ words }) => !words.includes('$')).slice(-1)
  if (shown.length === 0) return null
  const parts = shown.map(
    (run): Clause => ({ role: 'running', text: runPhrase(turn, run), events: run.results.map(({ event }) => event) }),
  )
  return {
    role: 'running',
    text: `running ${listed(parts.map(({ text }) => text))}`,
    events: parts.flatMap(({ events }) => events),
    parts,
  }
}

function outcomeOf(turn: Turn, main: Deed): Clause | null {
  const text = outcomeText(turn, main)
  return text === ''
    ? null
    : {
        role: 'outcome',
        text,
        events: [
          turn.refusals.length > 0 && turn.outcome === 'rejected' ? turn.refusals.at(-1)!.event : turn.lastEvent,
        ],
      }
}

function outcomeText(turn: Turn, main: Deed): string {
  const outcomes: Readonly<Record<Outcome, () => string>> = {
    answered: () => (main.is === 'word' ? '' : 'answered'),
    asked: () =>
      main.verb === 'asked' ? '' : `asked you ${turn.askedLast ? quoted(shortened(turn.askedLast, 80)) : 'a question'}`,
    interrupted: () => 'was interrupted',
    failed: () => {
      const error = turn.errors.at(-1)?.text ?? ''
      return error === ''
        ? 'hit an error'
        : `hit an error (${quoted(shortened(error.replace(/\s+/g, ' ').replace(/\{.*$/, '').trim() || 'no words', 50))})`
    },
    rejected: () =>
      main.is === 'tried'
        ? 'you refused'
        : `you refused to let it ${wantedPhrase(turn.refusals.at(-1) ?? { kind: 'other', name: 'a tool', of: '' })}`,
    running: () => 'is still working',
    continued: () => 'ran out of context',
  }
  return outcomes[turn.outcome]()
}

// What is left out, one after the other, until there is room.
function fitted(clauses: readonly Clause[], main: Deed): Clause[] {
  let kept = [...clauses]
  const change = (role: Role, to: (clause: Clause) => Clause) => {
    kept = kept.map((clause) => (clause.role === role ? to(clause) : clause))
  }
  const isLong = () => render(kept).length > SENTENCE_AIM
  // The weakest first; of what was done, second files before a commit.
  const drop = (role: Role, keep = 0) => {
    for (;;) {
      const places = kept.flatMap((clause, i) => (clause.role === role ? [i] : []))
      if (places.length <= keep || !isLong()) return
      const weak = places.findLast((i) => !/^(?:committed|made \d|made two|opened|pushed)/.test(kept[i]!.text))
      kept.splice(weak ?? places.at(-1)!, 1)
    }
  }
  const oneRun = () =>
    change('running', (clause) =>
      clause.parts && clause.parts.length > 1
        ? {
            ...clause,
            text: `running ${clause.parts[0]!.text}`,
            parts: clause.parts.slice(0, 1),
            events: clause.parts[0]!.events,
          }
        : clause,
    )
  const why = (max: number) => () => change('because', (clause) => ({ ...clause, text: shorterBecause(clause, max) }))
  const steps: readonly (() => void)[] = [
    why(70),
    () => (main.is === 'word' || main.is === 'tried' ? undefined : drop('after')),
    () => drop('also', 2),
    oneRun,
    why(55),
    () => drop('also', 1),
    () => drop('after'),
    why(40),
    () => (main.short ? change('did', (clause) => ({ ...clause, text: main.short! })) : undefined),
    () => (render(kept).length > SENTENCE_MAX - 40 ? drop('doing') : undefined),
    () => (render(kept).length > SENTENCE_MAX - 20 ? drop('running') : undefined),
    () => (render(kept).length > SENTENCE_MAX - 20 ? drop('also') : undefined),
  ]
  for (const step of steps) if (isLong()) step()
  return kept
}

const shorterBecause = (clause: Clause, max: number): string =>
  clause.text.replace(/"([^"]*)"/g, (whole, words: string) =>
    words.length > max ? quoted(shortened(words.replace(/…$/, ''), max, words.endsWith('…'))) : whole,
  )
