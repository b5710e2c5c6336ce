// Nothing found: what to let go of, with how much is there then.
import { useQueries } from '@tanstack/react-query'
import { askFacets } from '../../state/api.ts'
import { go } from '../../state/hooks.ts'
import { counted } from '../../ui/words.ts'
import { looserWays } from './model.ts'

export function Nothing({ q, best }: { q: string; best: boolean }) {
  const all = looserWays(q)
  const found = useQueries({
    queries: all.map((way) => ({
      queryKey: ['facets', way.q],
      queryFn: ({ signal }: { signal: AbortSignal }) => askFacets(way.q, signal),
      staleTime: 5_000,
      retry: false,
    })),
  })
  const isAsking = found.some(({ isPending }) => isPending)
  // What finds nothing either is no help; what could not be counted may be.
  const ways = all
    .map((way, i) => ({ ...way, total: found[i]?.data?.total ?? null, cut: found[i]?.data?.cut ?? false }))
    .filter(({ total }) => total !== 0)
  return (
    <div className="nothing">
      <p>
        Nothing in the whole record is like that.{' '}
        {ways.length > 0 ? 'Looser, there is more:' : isAsking ? '' : 'It may have been said in other words.'}
      </p>
      {!isAsking && (
        <ul>
          {ways.map((way) => (
            <li key={way.name}>
              <button type="button" className="plain" onClick={() => go({ view: 'explore', q: way.q, best })}>
                {way.name}
              </button>
              <span className="number">
                {way.total !== null && `${way.cut ? 'over ' : ''}${counted(way.total, 'event')}`}
              </span>
              <code>{way.q}</code>
            </li>
          ))}
        </ul>
      )}
    </div>
  )
}
