// A sentence drawn as a diagram: a line with subject, verb and object, divided as grammarians do, and the other clauses hung from it.
// Every clause leads to the events behind it. Lines of text break where they must; the rules under them go along.
import type { TurnStory } from '../../wire/live.ts'
import { hrefOf } from '../state/route.ts'
import { type Branch, diagramOf, inkOf, OUTCOME_WORDS } from './parts.ts'

interface Props {
  readonly turn: TurnStory
  readonly endNow: string | null // how it stands at this moment, where that is more than the record can say
  readonly endNote: string // how long it has been at it, where it is
  readonly markedEvent: string | null
}

// Longer subjects stand on a line of their own; above the first, where the page is narrow.
const TINY = 10
const SHORT = 26

export function SentenceDiagram({ turn, endNow, endNote, markedEvent }: Props) {
  const { subject, verb, object, events, branches, end } = diagramOf(turn)
  const clause = { turn, markedEvent }
  return (
    <fieldset
      className={subject.length > SHORT ? 'diagram stacked' : subject.length > TINY ? 'diagram wordy' : 'diagram'}
    >
      <legend className="quietly">Clauses of the sentence, each with the events behind it</legend>
      <p className="subject">
        <span className="rule">
          <Inked text={subject} />
        </span>
      </p>
      <p className="predicate">
        <span className="rule">
          <Clause {...clause} events={events}>
            {verb}
          </Clause>
          {object !== '' && (
            <>
              <span className="bar" aria-hidden="true" />{' '}
              <Clause {...clause} events={events}>
                <Inked text={object} />
              </Clause>
            </>
          )}
        </span>
      </p>
      <ul className="branches">
        {branches.map((branch) => (
          <li key={branch.role + branch.text} className={branch.role}>
            <Slant />
            <Clause {...clause} events={branch.events}>
              <i>{branch.word}</i> <Inked text={endNow === null ? branch.text : asOfNow(branch)} />
            </Clause>
          </li>
        ))}
        {(end !== null || turn.outcome !== 'answered') && (
          <li className={`end ${turn.outcome}`}>
            <Slant isEnd />
            <Clause {...clause} events={end?.events ?? [turn.lastEvent]}>
              <Inked text={endNow ?? end?.text ?? OUTCOME_WORDS[turn.outcome]} />
            </Clause>
            {endNote !== '' && <span className="end-note">{endNote}</span>}
          </li>
        )}
      </ul>
    </fieldset>
  )
}

// The record knows what it was at when last heard; here it is still at it.
const asOfNow = ({ role, text }: Branch): string => (role === 'doing' ? text.replace(/^was /, 'is ') : text)

interface ClauseProps {
  readonly turn: TurnStory
  readonly events: readonly string[]
  readonly markedEvent: string | null
  readonly children: React.ReactNode
}
function Clause({ turn, events, markedEvent, children }: ClauseProps) {
  const event = events[0]
  if (event === undefined) return <span>{children}</span>
  return (
    <a
      className="clause"
      href={hrefOf({ view: 'story', session: turn.session, turn: turn.id, event })}
      aria-current={markedEvent !== null && events.includes(markedEvent) ? 'true' : undefined}
      title={events.length === 1 ? 'Show the event behind this' : `Show the ${events.length} events behind this`}
    >
      {children}
    </a>
  )
}

export function Inked({ text }: { text: string }) {
  return inkOf(text).map((ink, i) => {
    // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never change their order
    if (ink.as === 'code') return <code key={i}>{ink.text}</code>
    if (ink.as === 'text') return ink.text
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: as above
      <q key={i}>
        <Inked text={ink.text} />
      </q>
    )
  })
}

// The line from the trunk to its branch: broken for a reason, ending in an arrow for what came of it.
function Slant({ isEnd = false }: { isEnd?: boolean }) {
  return (
    <svg className="slant" viewBox="0 0 26 22" width="26" height="22" aria-hidden="true" focusable="false">
      <path d={isEnd ? 'M.75-1V8L9 16H23' : 'M.75-1V7L13 22H26'} />
      {isEnd && <path className="tip" d="M18.5 11.5L23.5 16L18.5 20.5" />}
    </svg>
  )
}
