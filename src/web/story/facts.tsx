// The facts of a turn as a run of small marks under its sentence; each leads to its event. A file's mark has two ways: its name leads to the
// file's page, what was done to it to the call that did it.
import type { TurnStory } from '../../wire/live.ts'
import { fileAt, filesMadeBy } from '../state/files-route.ts'
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
  const { icon, text, tone, event, path, title = text } = fact
  const toEvent = event === null ? undefined : hrefOf({ view: 'story', session: turn.session, turn: turn.id, event })
  const name = (
    <>
      <Icon name={icon} />
      <span className="chip-text">{text}</span>
    </>
  )
  if (path !== undefined)
    return (
      <span className={`fact of-file is-${tone}`}>
        <a href={hrefOf({ view: 'explore', files: fileAt(path) })} title={`${path}: its page`}>
          {name}
        </a>
        {toEvent === undefined ? (
          <Deed fact={fact} />
        ) : (
          <a href={toEvent} title="The call that did it, in this turn" className="fact-deed">
            <Deed fact={fact} />
            <span className="quietly"> by this call</span>
          </a>
        )}
      </span>
    )
  return toEvent === undefined ? (
    <span className={`fact is-${tone}`} title={title}>
      {name}
      <Deed fact={fact} />
    </span>
  ) : (
    <a className={`fact is-${tone}`} href={toEvent} title={title}>
      {name}
      <Deed fact={fact} />
    </a>
  )
}

function Deed({ fact: { note, tone, added = 0, removed = 0 } }: { fact: Fact }) {
  return (
    <>
      {note !== undefined && <span className={`chip-note is-${tone}`}>{note}</span>}
      {added > 0 && (
        <span className="plus">
          +{added}
          <span className="quietly"> lines</span>
        </span>
      )}
      {removed > 0 && (
        <span className="minus">
          −{removed}
          <span className="quietly"> lines</span>
        </span>
      )}
    </>
  )
}
