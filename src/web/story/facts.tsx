// The facts of a turn as a run of small marks under its sentence; each leads to its event.
import type { TurnStory } from '../../wire/live.ts'
import { filesMadeBy } from '../state/files-route.ts'
import { hrefOf } from '../state/route.ts'
import { Icon } from '../ui/bits.tsx'
import { useToggle } from '../ui/toggle.ts'
import { type Fact, factsOf, filesPhrase, measuresOf } from './fact.ts'

export function FactsOf({ turn }: { turn: TurnStory }) {
  const [isOpen, flip] = useToggle(`${turn.id}:facts`, false)
  const { shown, more } = factsOf(turn)
  const measures = measuresOf(turn)
  const made = filesPhrase(turn)
  return (
    <>
      {shown.length > 0 && (
        <ul className="chips" aria-label="Facts">
          {[...shown, ...(isOpen ? more : [])].map((fact) => (
            <li key={fact.key}>
              <Chip fact={fact} turn={turn} />
            </li>
          ))}
          {more.length > 0 && (
            <li>
              <button type="button" className="bare" onClick={flip} aria-expanded={isOpen}>
                {isOpen ? 'Fewer facts' : `${more.length} more`}
                {!isOpen && <span className="quietly"> facts</span>}
              </button>
            </li>
          )}
        </ul>
      )}
      {(made !== null || measures.length > 0) && (
        <ul className="measures" aria-label="Measures">
          {made !== null && (
            <li>
              <a
                className="measures-made"
                href={hrefOf({ view: 'explore', files: filesMadeBy(turn.id) })}
                title="The files of this turn, with what it took"
              >
                {made}
              </a>
            </li>
          )}
          {measures.map((text) => (
            <li key={text}>{text}</li>
          ))}
        </ul>
      )}
    </>
  )
}

function Chip({ fact, turn }: { fact: Fact; turn: TurnStory }) {
  const inside = (
    <>
      <Icon name={fact.icon} />
      <span className="chip-text">{fact.text}</span>
      {fact.note !== undefined && <span className={`chip-note is-${fact.tone}`}>{fact.note}</span>}
      {(fact.added ?? 0) > 0 && (
        <span className="plus">
          +{fact.added}
          <span className="quietly"> lines</span>
        </span>
      )}
      {(fact.removed ?? 0) > 0 && (
        <span className="minus">
          −{fact.removed}
          <span className="quietly"> lines</span>
        </span>
      )}
    </>
  )
  const title = fact.title ?? fact.text
  if (fact.event === null)
    return (
      <span className={`fact is-${fact.tone}`} title={title}>
        {inside}
      </span>
    )
  return (
    <a
      className={`fact is-${fact.tone}`}
      href={hrefOf({ view: 'story', session: turn.session, turn: turn.id, event: fact.event })}
      title={title}
    >
      {inside}
    </a>
  )
}
