// A turn as one true sentence: subject verb object, after reading …, running … (with what came of it), because "…" → outcome.
// First a tree of clauses, each with the ids of the events it stands on; then text, in one place, within a budget: what does not fit is
// left out, never cut in a word.
import { samePath } from '../turn/files.ts'
import { saysWhat } from '../turn/speech.ts'
import type { Outcome, Turn } from '../turn/turn.ts'
import { becauseOf } from './because.ts'
import { type Clause, render } from './clause.ts'
import type { Deed } from './deeds.ts'
import { fitted } from './fit.ts'
import { chosen, isPersonsOwn, ownDeed } from './main.ts'
import { capital, filesPhrase, listed, plural } from './names.ts'
import { quoted, shortened } from './quote.ts'
import { runPhrase, runsOf } from './running.ts'
import { agentName } from './softdeeds.ts'
import { triedPhrase, wantedPhrase } from './wanted.ts'

export interface Sentence {
  readonly text: string
  readonly verb: string
  readonly clauses: readonly Clause[]
}

export const sentenceOf = (turn: Turn, label: string): string => tell(turn, label).text

// The verb alone: what turns are looked up by.
export const verbOf = (turn: Turn): string => mainOf(turn).main.verb

const mainOf = (turn: Turn): ReturnType<typeof chosen> => (isPersonsOwn(turn) ? ownDeed(turn) : chosen(turn))

export function tell(turn: Turn, label: string): Sentence {
  const own = isPersonsOwn(turn)
  const subject: Clause = { role: 'subject', text: own ? 'You' : subjectOf(turn, label), events: [] }
  const { main, also } = mainOf(turn)
  const clauses = [
    subject,
    { role: 'did' as const, text: main.text, events: main.events },
    ...around(turn, main, also, own),
  ]
  const kept = fitted(clauses.map(sayable), main, turn.queued.find(({ text }) => saysWhat(text)) ?? null).map(sayable)
  return { text: render(kept), verb: main.verb, clauses: kept }
}

// Whatever stands in names of branches, tools and files: a clause is one line, and nobody says more of it than this.
const CLAUSE_MAX = 130
function sayable(clause: Clause): Clause {
  const { text } = clause
  if (text.length <= CLAUSE_MAX && !LINE_END.test(text)) return clause
  const short = shortened(text.replace(/\s+/g, ' ').trim(), CLAUSE_MAX - 1)
  // What was quoted stays quoted.
  return { ...clause, text: (short.split('"').length - 1) % 2 === 1 ? `${short}"` : short }
}
const LINE_END = /[\n\r\u2028\u2029]/

// Nobody calls the agent they work with by its product's last name.
export const spokenLabel = (label: string): string => capital(label.replace(/ (?:Code|CLI|Agent)$/, ''))

function subjectOf(turn: Turn, label: string): string {
  if (turn.agentId === null) return spokenLabel(label)
  return turn.agentType === null ? `${spokenLabel(label)}'s subagent` : `The ${agentName(turn.agentType)}`
}

// What it was at when it was heard last, or what it waited for. It may be at it still, or may have ended and never said so.
function doingPhrase(call: Turn['pending'][number]): string {
  if (call.kind === 'plan') return 'was waiting for you to look at its plan'
  if (call.kind === 'ask')
    return `was waiting for your answer${call.of === '' ? '' : ` to ${quoted(shortened(call.of, 80))}`}`
  return `was ${progressive(wantedPhrase(call))}`
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
    clauses.push({ role: 'doing', text: doingPhrase(doing), events: [doing.event] })
  const reading = readingOf(turn, main)
  if (reading) clauses.push(reading)
  const running = runningOf(turn, main)
  if (running) clauses.push(running)
  // What was never answered is said with the verb.
  const saysPrompt = /answer(?:ed)? .|^started on /.test(main.text) && !/^(?:answered|read)$/.test(main.verb)
  const because = saysPrompt ? null : becauseOf(turn)
  if (because) clauses.push(because)
  const outcome = outcomeOf(turn, main)
  if (outcome) clauses.push(outcome)
  return clauses
}

function readingOf(turn: Turn, main: Deed): Clause | null {
  if (main.verb === 'read' || main.verb === 'looked') return null
  // What it changed it has read as well; nobody needs to be told.
  const reads = turn.reads.filter(({ path }) => !turn.files.some((file) => samePath(turn, file.path, path)))
  const all = reads.length + turn.readsMore
  const looked = turn.done.some((done) => done.deed === 'history' && (done.how === 'diff' || done.how === 'show'))
  const parts: string[] = []
  if (all > 0)
    parts.push(
      filesPhrase(
        reads.map(({ path }) => path),
        all <= 2 ? 2 : main.verb === 'answered' || main.verb === 'investigated' || main.verb === 'tried' ? 2 : 0,
        turn.readsMore,
        [...reads, ...turn.files].map(({ path }) => path),
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
  const runs = runsOf(turn)
  const tests = runs.filter(({ deed }) => deed === 'test')
  const checks = runs.filter(({ deed }) => deed === 'lint' || deed === 'typecheck' || deed === 'build')
  const rest = runs.filter(({ deed }) => deed === 'run')
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

// What the record knows, and true whenever it is read. The time zone is the reader's to know; a sentence says its own.
function lastHeardWords(ended: string | null): string {
  const ms = ended === null ? Number.NaN : Date.parse(ended)
  return Number.isNaN(ms) ? '' : ` (${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC)`
}

function outcomeText(turn: Turn, main: Deed): string {
  const outcomes: Readonly<Record<Outcome, () => string>> = {
    answered: () => (main.is === 'word' ? '' : 'answered'),
    asked: () =>
      main.verb === 'asked' ? '' : `asked you ${turn.askedLast ? quoted(shortened(turn.askedLast, 80)) : 'a question'}`,
    // Without a key that was pressed: the next prompt stands where an answer would.
    interrupted: () =>
      main.verb === 'was stopped'
        ? ''
        : turn.overtaken
          ? main.verb === 'did not answer'
            ? 'your next prompt came first'
            : 'was interrupted by your next prompt'
          : 'was interrupted',
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
    running: () => `was still working when last heard${lastHeardWords(turn.ended)}`,
    continued: () => 'ran out of context',
  }
  return outcomes[turn.outcome]()
}
