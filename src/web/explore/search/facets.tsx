// What was found, by what it is of: each line is a filter with the number it would leave. Beside the results, or folded over them.
import { type CSSProperties, useState } from 'react'
import type { Facet, FacetsAnswer, FacetValue } from '../../../wire/facets.ts'
import { go } from '../../state/hooks.ts'
import { compact, counted, fullTime, when } from '../../ui/words.ts'
import { chipsOf, FILTER_WORDS, kindWord, withFilter, withoutFilter } from './model.ts'

const SHOWN = 6

interface Props {
  readonly q: string
  readonly best: boolean
  readonly answer: FacetsAnswer | undefined
  readonly error: Error | null
  readonly isFolded?: boolean
}
export function Facets({ q, best, answer, error, isFolded = false }: Props) {
  const inside =
    error !== null ? (
      <p className="aside bad" role="alert">
        Not counted: {error.message}
      </p>
    ) : answer === undefined || answer.looked === 0 ? null : (
      <>
        {answer.times && <Times times={answer.times} />}
        {answer.facets.map((facet) => (
          <FacetList key={facet.filter} facet={facet} q={q} best={best} />
        ))}
        {answer.cut && (
          <p className="aside facets-note">
            Counted over the newest {counted(answer.looked, 'event')} {q === '' ? 'of all' : 'that fit'}. The results go
            on further back.
          </p>
        )}
      </>
    )
  if (inside === null) return null
  if (!isFolded) return inside
  const chosen = chipsOf(q).length
  return (
    <details className="facets-fold">
      <summary>Filters{chosen > 0 && ` · ${chosen} on`}</summary>
      <div className="facets-columns">{inside}</div>
    </details>
  )
}

function FacetList({ facet, q, best }: { facet: Facet; q: string; best: boolean }) {
  const [isOpen, setOpen] = useState(false)
  // One value alone has nothing to be compared with.
  const most = facet.values.length === 1 ? 0 : Math.max(1, ...facet.values.map(({ count }) => count))
  const shown = facet.values.filter((value, i) => isOpen || i < SHOWN || value.active)
  const hidden = facet.values.length - shown.length
  const name = facet.filter === 'since' ? 'Time' : FILTER_WORDS[facet.filter]
  const press = ({ value, active }: FacetValue) =>
    go({
      view: 'explore',
      q: active ? withoutFilter(q, facet.filter, value) : withFilter(q, facet.filter, value),
      best,
    })
  return (
    <section className="facet">
      <h2>{name}</h2>
      <ul aria-label={name}>
        {shown.map((value) => (
          <li key={value.value}>
            <button
              type="button"
              className="facet-row"
              aria-pressed={value.active}
              title={value.about ?? undefined}
              onClick={() => press(value)}
              style={{ '--share': `${most === 0 ? 0 : (value.count / most) * 100}%` } as CSSProperties}
            >
              <span className="facet-name">{facet.filter === 'type' ? kindWord(value.label, null) : value.label}</span>
              <span className="facet-count">
                {compact(value.count)}
                <span className="quietly"> events</span>
              </span>
            </button>
          </li>
        ))}
      </ul>
      {(hidden > 0 || isOpen) && (
        <button type="button" className="bare" onClick={() => setOpen(!isOpen)} aria-expanded={isOpen}>
          {isOpen ? 'Fewer' : `${hidden} more`}
        </button>
      )}
      {isOpen && facet.left > 0 && (
        <p className="aside">
          and {facet.left} others; type {facet.filter}: to name one
        </p>
      )}
    </section>
  )
}

// When it was: one bar a span, from the first found to the last.
const WIDTH = 200
const RISE = 34
function Times({ times }: { times: NonNullable<FacetsAnswer['times']> }) {
  const { fromMs, widthMs, counts } = times
  const most = Math.max(1, ...counts)
  const step = WIDTH / counts.length
  const bars = counts
    .map((count, i) => {
      if (count === 0) return ''
      const height = Math.max(1.5, (count / most) * RISE)
      return `M${(i * step).toFixed(1)} ${(RISE - height).toFixed(1)}h${(step * 0.78).toFixed(1)}V${RISE}h-${(step * 0.78).toFixed(1)}z`
    })
    .join('')
  const [from, to] = [fromMs, fromMs + widthMs * counts.length].map((ms) => new Date(ms).toISOString())
  const now = Date.now()
  return (
    <figure className="facet-times">
      <svg
        viewBox={`0 0 ${WIDTH} ${RISE + 1}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={`From ${fullTime(from!)} to ${fullTime(to!)}`}
      >
        <path className="spark-line" d={`M0 ${RISE + 0.5}H${WIDTH}`} />
        <path className="facet-bars" d={bars} />
      </svg>
      <figcaption aria-hidden="true">
        <span>{when(from!, now)}</span>
        <span>{when(to!, now)}</span>
      </figcaption>
    </figure>
  )
}
