// Of which time the sums are, and in which time zone its days are counted.
import type { CostPlace } from '../../state/cost-route.ts'
import { go } from '../../state/hooks.ts'
import { isDay } from './model.ts'

const SPANS: readonly (readonly [string | null, string])[] = [
  [null, 'All time'],
  ['7d', '7 days'],
  ['30d', '30 days'],
  ['90d', '90 days'],
]
const OWN = Intl.DateTimeFormat().resolvedOptions().timeZone
const ZONES = [...new Set([OWN, 'UTC', ...Intl.supportedValuesOf('timeZone')])]

export function Times({ place }: { place: CostPlace }) {
  const show = (change: Partial<CostPlace>) => go({ view: 'explore', cost: { ...place, ...change } }, 'replace')
  return (
    <fieldset className="filters times" aria-label="Of which time">
      {SPANS.map(([since, name]) => (
        <button
          key={name}
          type="button"
          className="chip"
          aria-pressed={place.since === since && place.until === null}
          onClick={() => show({ since, until: null })}
        >
          {name}
        </button>
      ))}
      <label>
        from{' '}
        <input
          type="date"
          value={place.since !== null && isDay(place.since) ? place.since : ''}
          onChange={({ target }) => show({ since: target.value || null })}
        />
      </label>
      <label>
        to{' '}
        <input
          type="date"
          value={place.until !== null && isDay(place.until) ? place.until : ''}
          onChange={({ target }) => show({ until: target.value || null })}
        />
      </label>
      <label>
        <span className="quietly">Time zone of the days</span>
        <select
          className="chip"
          value={place.zone ?? OWN}
          onChange={({ target }) => show({ zone: target.value === OWN ? null : target.value })}
        >
          {(place.zone !== null && !ZONES.includes(place.zone) ? [place.zone, ...ZONES] : ZONES).map((zone) => (
            <option key={zone} value={zone}>
              {zone.replaceAll('_', ' ')}
            </option>
          ))}
        </select>
      </label>
    </fieldset>
  )
}
