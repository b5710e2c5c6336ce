// What a sentence is about: the strongest deed of the turn, or what was said when nothing was done, or that nothing was.
import type { Turn } from '../turn/turn.ts'
import { becauseOf } from './because.ts'
import { type Deed, deedsOf } from './deeds.ts'
import { gistOf, isOpening } from './gist.ts'
import { filesPhrase } from './names.ts'
import { quoted, shortened } from './quote.ts'
import { resultsPhrase, runsOf } from './running.ts'
import { wantedPhrase } from './wanted.ts'

// A command that a person typed and no model answered.
export const isPersonsOwn = ({ prompt, cycles, pending, tools }: Turn): boolean =>
  prompt?.command !== undefined && cycles === 0 && pending.length === 0 && Object.keys(tools).length === 0

interface Chosen {
  readonly main: Deed
  readonly also: readonly Deed[]
}

export function ownDeed(turn: Turn): Chosen {
  const typed = turn.prompt!.text.replace(/^!\s*/, '')
  const run = turn.runs[0]
  const said =
    turn.prompt!.command === 'slash' && turn.answer !== '' && !NO_RESPONSE.test(turn.answer)
      ? ` (${quoted(shortened(turn.answer.replace(/\s+/g, ' ').trim(), 90))})`
      : ''
  const command =
    turn.prompt!.command === 'shell'
      ? `\`${shortened(typed.replace(/\s+/g, ' '), 80)}\``
      : shortened(typed.replace(/\s+/g, ' '), 80)
  const came = run && resultsPhrase(run) !== '' ? `(${resultsPhrase(run)})` : undefined
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

export function chosen(turn: Turn): Chosen {
  const deeds = deedsOf(turn)
  const strong = deeds.filter(({ rank }) => rank >= 55)
  if (strong.length > 0) return { main: strong[0]!, also: deeds.slice(1) }
  const answered = turn.answer !== '' && (turn.outcome === 'answered' || turn.outcome === 'asked')
  const lead = deeds[0]
  const first = (deed: Deed): Chosen => ({ main: deed, also: deeds.filter((each) => each !== deed) })
  if (answered && lead?.is === 'run' && isProbe(turn, lead)) return probed(turn, deeds)
  const isLook = lead === undefined || lead.rank <= 32 || (lead.is === 'word' && lead.rank <= 10)
  if (!isLook) return first(lead)
  // What it will do next is no answer, where something was done.
  if (answered && lead !== undefined && isOpening(gistOf(turn.answer, turn.prompt?.text ?? '', GIST_MAX)))
    return first(lead)
  if (answered) return first(readDeed(turn) ?? answerDeed(turn))
  // A list of what there is to do is told where nothing else is.
  if (lead !== undefined && (lead.rank > 10 || turn.pending.length === 0)) return first(lead)
  return { main: silence(turn), also: [] }
}

const ASKS_TO_RUN = /\b(?:run|test|tests|build|execute|try|start|check|install|lint)\b/i
// Wants words for it, whatever else it speaks of: "can you give me the command to test this?"
const ASKS_TO_BE_TOLD =
  /^\W*(?:(?:ok(?:ay)?|so|and|hey|hm+|please)\b[\s,]*)*(?:(?:can|could|would) you (?:please )?)?(?:give|show|tell|explain|help) (?:me|us)\b|^\W*(?:what|why|how)\b/i

// Tests and commands run only to find something out.
function isProbe(turn: Turn, lead: Deed): boolean {
  const prompt = turn.prompt?.text ?? ''
  const wasAsked = ASKS_TO_RUN.test(prompt) && !ASKS_TO_BE_TOLD.test(prompt)
  return (lead.rank <= 43 && !wasAsked && turn.answer.length > 200) || turn.reads.length + turn.looked >= 3
}

// One command is no investigation: that it failed is what there is to tell. And what only failed has found nothing out.
function probed(turn: Turn, deeds: readonly Deed[]): Chosen {
  const runs = runsOf(turn).filter(({ deed }) => deed !== 'format')
  const failed = runs.every(({ results }) => results.every(({ state }) => state !== 'passed'))
  const isOne = runs.length < 2 && turn.reads.length + turn.looked === 0
  if (isOne && failed) return { main: deeds[0]!, also: deeds.slice(1) }
  if (isOne || (failed && runs.every(({ deed }) => deed === 'run'))) return { main: answerDeed(turn), also: deeds }
  const gist = gistOf(turn.answer, turn.prompt?.text ?? '', 90)
  // What it will do next is nothing that was found.
  if (isOpening(gist)) return { main: deeds[0]!, also: deeds.slice(1) }
  const text = `investigated and found ${quoted(gist)}`
  return { main: { rank: 0, verb: 'investigated', text, events: [turn.answerEvent!], is: 'word' }, also: deeds }
}

const NO_RESPONSE = /^(?:no response requested\.?|\(no content\)|no content)$/i

const GIST_MAX = 110

function answerDeed(turn: Turn, max = GIST_MAX): Deed {
  const events = turn.answerEvent === null ? [] : [turn.answerEvent]
  const base = { rank: 0, events, is: 'word' as const }
  if (NO_RESPONSE.test(turn.answer.trim())) return { ...base, verb: 'gave', text: 'gave no response' }
  if (turn.outcome === 'asked')
    return { ...base, verb: 'asked', text: `asked ${quoted(shortened(turn.askedLast, 120))}` }
  const gist = gistOf(turn.answer, turn.prompt?.text ?? turn.standing ?? '', max)
  return { ...base, verb: 'answered', text: gist === '' ? 'answered' : `answered ${quoted(gist)}` }
}

// Asked for in so many words, the reading is what was done: "read README.md and answered …".
const ASKS_TO_READ = /(?:^|[.,:;?!\n]|\b(?:and|then|please|you|to))\s*read\b/i
function readDeed(turn: Turn): Deed | null {
  const all = turn.reads.length + turn.readsMore
  if (all === 0 || all > 3 || turn.outcome !== 'answered' || !ASKS_TO_READ.test(turn.prompt?.text ?? '')) return null
  const read = `read ${filesPhrase(
    turn.reads.map(({ path }) => path),
    2,
  )}`
  const { text, events } = answerDeed(turn, Math.max(50, GIST_MAX - read.length))
  const reading = turn.reads.map(({ event }) => event)
  return { rank: 0, verb: 'read', text: `${read} and ${text}`, events: [...reading, ...events], is: 'word' }
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
        : { ...base, verb: 'started', text: why === undefined ? 'started to work' : `started on${asked}` }
    case 'interrupted':
      if (waiting)
        return { ...base, verb: 'started', text: `started to ${wantedPhrase(waiting)}`, events: [waiting.event] }
      if (turn.overtaken) return { ...base, verb: 'did not answer', text: `did not answer${asked}` }
      return { ...base, verb: 'was stopped', text: `was stopped before it answered${asked}` }
    case 'failed':
      return { ...base, verb: 'did not answer', text: `could not answer${asked}` }
    default:
      return { ...base, verb: 'did not answer', text: `did not answer${asked}` }
  }
}
