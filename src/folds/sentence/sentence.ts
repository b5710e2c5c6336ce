// A turn as one true sentence: subject verb object, after reading …, running … (with what came of it), because "…" → outcome.
// First a tree of clauses, each with the ids of the events it stands on; then text, in one place, within a budget: what does not fit is
// left out, never cut in a word.
import type { Outcome, Turn } from '../turn/turn.ts'
import { becauseOf } from './because.ts'
import { type Deed, deedsOf } from './deeds.ts'
import { filesPhrase, listed, plural } from './names.ts'
import { gistOf, quoted, shortened } from './quote.ts'
import { runPhrase } from './running.ts'
import { agentName, triedPhrase, wantedPhrase } from './softdeeds.ts'

export type Role = 'subject' | 'did' | 'also' | 'doing' | 'after' | 'running' | 'because' | 'outcome'

export interface Clause {
  readonly role: Role
  readonly text: string
  readonly events: readonly string[]
  readonly parts?: readonly Clause[]
}

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
  const clauses = [subject, { role: 'did' as const, text: main.text, events: main.events }, ...around(turn, main, also, own)]
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
const isPersonsOwn = ({ prompt, cycles, pending, tools }: Turn): boolean =>
  prompt?.command !== undefined && cycles === 0 && pending.length === 0 && Object.keys(tools).length === 0

function ownDeed(turn: Turn): { main: Deed; also: readonly Deed[] } {
  const typed = turn.prompt!.text.replace(/^!\s*/, '')
  const run = turn.runs[0]
  const said = turn.prompt!.command === 'slash' && turn.answer !== '' ? ` (${quoted(shortened(turn.answer.replace(/\s+/g, ' ').trim(), 90))})` : ''
  const command = turn.prompt!.command === 'shell' ? `\`${shortened(typed.replace(/\s+/g, ' '), 80)}\`` : shortened(typed.replace(/\s+/g, ' '), 80)
  const came = run ? /\(.*\)$/.exec(runPhrase(turn, run))?.[0] : undefined
  return { main: { rank: 0, verb: 'ran', text: `ran ${command}${came ? ` ${came}` : said}`, events: [turn.prompt!.event], is: 'run' }, also: [] }
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
    return { main: { rank: 0, verb: 'investigated', text: `investigated and found ${quoted(gist)}`, events: [turn.answerEvent!], is: 'word' }, also: deeds }
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
  if (turn.outcome === 'asked') return { ...base, verb: 'asked', text: `asked ${quoted(shortened(turn.askedLast, 120))}` }
  const gist = gistOf(turn.answer, turn.prompt?.text ?? turn.standing ?? '', 110)
  return { ...base, verb: 'answered', text: gist === '' ? 'answered' : `answered ${quoted(gist)}` }
}

function silence(turn: Turn): Deed {
  const base = { rank: 0, events: [turn.firstEvent], is: 'word' as const }
  const waiting = turn.pending.at(-1)
  switch (turn.outcome) {
    case 'running':
      return waiting ? { ...base, verb: 'started', text: `started to ${wantedPhrase(waiting)}`, events: [waiting.event] } : { ...base, verb: 'started', text: 'started to work' }
    case 'interrupted':
      if (waiting) return { ...base, verb: 'started', text: `started to ${wantedPhrase(waiting)}`, events: [waiting.event] }
      return { ...base, verb: 'was stopped', text: 'was stopped before it answered' }
    case 'failed':
      return { ...base, verb: 'did not answer', text: 'could not answer' }
    default:
      return { ...base, verb: 'did not answer', text: 'did not answer' }
  }
}

// Everything but subject and main deed, in the order it is said.
function around(turn: Turn, main: Deed, also: readonly Deed[], own: boolean): Clause[] {
  if (own) return []
  const clauses: Clause[] = []
  const more = also.filter((deed) => deed.rank >= 39 && deed.is !== 'run' && deed.is !== 'look' && deed.is !== 'aside' && deed.text !== main.text && !(deed.is === 'tried' && main.is !== 'word'))
  for (const deed of more.slice(0, 3)) clauses.push({ role: 'also', text: deed.short && deed.is !== 'files' ? deed.short : deed.text, events: deed.events })
  const tried = also.find((deed) => deed.is === 'tried' && deed.rank < 39)
  if (tried && main.is !== 'files') clauses.push({ role: 'also', text: `${triedPhrase(turn.refusals.at(-1)!)} (refused)`, events: tried.events })
  const doing = turn.outcome === 'running' ? turn.pending.at(-1) : undefined
  if (doing && !main.text.startsWith('started to') && doing.kind !== 'delegate') clauses.push({ role: 'doing', text: `is about to ${wantedPhrase(doing)}`, events: [doing.event] })
  const reading = readingOf(turn, main)
  if (reading) clauses.push(reading)
  const running = runningOf(turn, main)
  if (running) clauses.push(running)
  const because = becauseOf(turn)
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
  if (all > 0) parts.push(filesPhrase(reads.map(({ path }) => path), all <= 2 ? 2 : main.verb === 'answered' || main.verb === 'investigated' || main.verb === 'tried' ? 2 : 0, turn.readsMore))
  if (looked && main.verb !== 'reviewed') parts.push('the diff')
  const events = reads.map(({ event }) => event)
  if (main.is !== 'look' && turn.web.length > 0) {
    parts.push(turn.web.some(({ is }) => is === 'search') ? 'the web' : plural(turn.web.length + turn.webMore, 'web page'))
    events.push(...turn.web.map(({ event }) => event))
  }
  if (parts.length > 0) return { role: 'after', text: `after reading ${listed(parts)}`, events }
  return turn.looked > 0 && main.verb !== 'searched' ? { role: 'after', text: 'after searching the code', events: turn.looks.map(({ event }) => event) } : null
}

function runningOf(turn: Turn, main: Deed): Clause | null {
  if (main.is === 'run') return null
  const tests = turn.runs.filter(({ deed }) => deed === 'test')
  const checks = turn.runs.filter(({ deed }) => deed === 'lint' || deed === 'typecheck' || deed === 'build')
  const rest = turn.runs.filter(({ deed }) => deed === 'run')
  const notable = [...tests, ...checks].slice(0, 2)
  const shown = notable.length > 0 ? notable : rest.slice(-1)
  if (shown.length === 0) return null
  const parts = shown.map((run): Clause => ({ role: 'running', text: runPhrase(turn, run), events: run.results.map(({ event }) => event) }))
  return { role: 'running', text: `running ${listed(parts.map(({ text }) => text))}`, events: parts.flatMap(({ events }) => events), parts }
}

function outcomeOf(turn: Turn, main: Deed): Clause | null {
  const text = outcomeText(turn, main)
  return text === '' ? null : { role: 'outcome', text, events: [turn.refusals.length > 0 && turn.outcome === 'rejected' ? turn.refusals.at(-1)!.event : turn.lastEvent] }
}

function outcomeText(turn: Turn, main: Deed): string {
  const outcomes: Readonly<Record<Outcome, () => string>> = {
    answered: () => (main.is === 'word' ? '' : 'answered'),
    asked: () => (main.verb === 'asked' ? '' : `asked you ${turn.askedLast ? quoted(shortened(turn.askedLast, 80)) : 'a question'}`),
    interrupted: () => 'was interrupted',
    failed: () => {
      const error = turn.errors.at(-1)?.text ?? ''
      return error === '' ? 'hit an error' : `hit an error (${quoted(shortened(error.replace(/\s+/g, ' ').replace(/\{.*$/, '').trim() || 'no words', 50))})`
    },
    rejected: () => (main.is === 'tried' ? 'you refused' : `you refused to let it ${wantedPhrase(turn.refusals.at(-1) ?? { kind: 'other', name: 'a tool', of: '' })}`),
    running: () => 'is still working',
    continued: () => 'ran out of context',
  }
  return outcomes[turn.outcome]()
}

// What is left out first when there is no room.
const EXPENDABLE: readonly Role[] = ['after', 'also', 'doing', 'running']

function fitted(clauses: readonly Clause[], main: Deed): Clause[] {
  let kept = [...clauses]
  const long = () => render(kept).length > SENTENCE_AIM
  const swap = (role: Role, change: (clause: Clause) => Clause) => {
    kept = kept.map((clause) => (clause.role === role ? change(clause) : clause))
  }
  if (long()) swap('because', (clause) => ({ ...clause, text: shorterBecause(clause, 60) }))
  for (const role of EXPENDABLE) {
    while (long()) {
      const at = kept.findLastIndex((clause) => clause.role === role)
      const parts = at < 0 ? undefined : kept[at]!.parts
      if (at < 0) break
      // The tests are told before anything else that ran.
      if (parts && parts.length > 1) kept[at] = { ...kept[at]!, text: `running ${parts[0]!.text}`, parts: parts.slice(0, 1), events: parts[0]!.events }
      else if (role === 'running' && render(kept).length <= SENTENCE_MAX - 20) break
      else kept.splice(at, 1)
    }
  }
  if (render(kept).length > SENTENCE_MAX && main.short) swap('did', (clause) => ({ ...clause, text: main.short! }))
  if (render(kept).length > SENTENCE_MAX) swap('because', (clause) => ({ ...clause, text: shorterBecause(clause, 40) }))
  return kept
}

const shorterBecause = (clause: Clause, max: number): string =>
  clause.text.replace(/"([^"]*)"/g, (whole, words: string) => (words.length > max ? quoted(shortened(words.replace(/…$/, ''), max, words.endsWith('…'))) : whole))

// The one place where clauses become text.
export function render(clauses: readonly Clause[]): string {
  const of = (role: Role) => clauses.filter((clause) => clause.role === role).map(({ text }) => text)
  const predicate = listed([...of('did'), ...of('also'), ...of('doing')])
  const tail = [...of('after'), ...of('running'), ...of('because')].map((text) => `, ${text}`).join('')
  const outcome = of('outcome')[0]
  return `${of('subject')[0]} ${predicate}${tail}${outcome === undefined ? '' : ` → ${outcome}`}`
}
