// The filters of a search as chips, each one press away from being gone.
import type { FacetsAnswer } from '../../../wire/facets.ts'
import { go, useLive } from '../../state/hooks.ts'
import { type Chip, chipsOf, FILTER_WORDS, kindWord, withoutFilter, wordsOf } from './model.ts'

interface Props {
  readonly q: string
  readonly best: boolean
  readonly facets: FacetsAnswer | undefined
}
export function Chips({ q, best, facets }: Props) {
  const chips = chipsOf(q)
  const nameOf = useNames(facets)
  if (chips.length === 0) return null
  return (
    <ul className="search-chips" aria-label="Filters">
      {chips.map((chip) => (
        <li key={chip.key}>
          <button
            type="button"
            className="search-chip"
            onClick={() => go({ view: 'explore', q: withoutFilter(q, chip.filter, chip.value), best })}
          >
            {chip.filter !== 'is' && <span>{FILTER_WORDS[chip.filter]}</span>} {nameOf(chip)}
            <b aria-hidden="true">×</b>
            <span className="quietly">, take this filter away</span>
          </button>
        </li>
      ))}
      {chips.length > 1 && (
        <li>
          <button type="button" className="bare" onClick={() => go({ view: 'explore', q: wordsOf(q), best })}>
            Clear all
          </button>
        </li>
      )}
    </ul>
  )
}

// As the facets call it, else as it was typed.
function useNames(facets: FacetsAnswer | undefined): (chip: Chip) => string {
  const labels = useLive((state) => state.sessions.labels)
  const rows = useLive((state) => state.sessions.rows)
  return ({ filter, value, label }) => {
    if (filter === 'agent') return labels[label] ?? label
    if (filter === 'session') return rows.get(label)?.title ?? label
    const known = facets?.facets.find((facet) => facet.filter === filter)?.values.find((one) => one.value === value)
    if (known === undefined) return filter === 'is' ? 'Errors only' : label
    return filter === 'type' ? kindWord(known.label, null) : known.label
  }
}
