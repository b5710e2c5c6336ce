// What each part of the machine thinks is true, one click away.
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { askHealth } from '../state/api.ts'
import { useLive } from '../state/hooks.ts'
import { duration } from '../ui/words.ts'

const REFRESH_MS = 3_000

export function Health() {
  const [isOpen, setOpen] = useState(false)
  const { data, error } = useQuery({
    queryKey: ['health'],
    queryFn: ({ signal }) => askHealth(signal),
    refetchInterval: isOpen ? REFRESH_MS : false,
  })
  const isAway = useLive((state) => state.link.at === 'waiting')
  const isWell = data?.ok === true && !error && !isAway
  return (
    <>
      <button type="button" className="bare health-button" popoverTarget="health" aria-haspopup="dialog">
        <span className={`dot ${isWell || (!data && !error && !isAway) ? 'well' : 'errored'}`} aria-hidden="true" />
        {error || isAway ? 'No answer' : isWell ? 'Healthy' : data ? 'Trouble' : 'Health'}
      </button>
      <div
        id="health"
        className="health scroller"
        popover="auto"
        role="dialog"
        aria-label="Health"
        onToggle={(event) => setOpen(event.newState === 'open')}
      >
        <h2>{data ? `OpenStory ${data.version}` : 'OpenStory'}</h2>
        {error && <p className="aside bad">{error.message}</p>}
        {data && (
          <>
            <p className="aside">
              up {duration(data.uptimeS * 1_000)} · keeps everything in <code>{data.dataDir}</code>
            </p>
            <dl>
              {data.layers.map((layer) => (
                <div key={layer.name}>
                  <dt>
                    <span
                      className={`dot ${layer.ok ? 'well' : 'errored'}`}
                      role="img"
                      aria-label={layer.ok ? 'well' : 'in trouble'}
                    />
                    {layer.name}
                  </dt>
                  <dd>
                    {layer.says}
                    <small>{factsOf(layer.facts)}</small>
                  </dd>
                </div>
              ))}
            </dl>
          </>
        )}
      </div>
    </>
  )
}

// What is a number or a word, and not nothing.
const factsOf = (facts: Readonly<Record<string, unknown>>): string =>
  Object.entries(facts)
    .filter(([, value]) => typeof value === 'number' || typeof value === 'string' || typeof value === 'boolean')
    .filter(([name, value]) => value !== 0 && name !== 'name' && name !== 'kind')
    .map(([name, value]) => `${wordsOf(name)} ${typeof value === 'number' ? value.toLocaleString('en-US') : value}`)
    .join(' · ')

const wordsOf = (name: string): string => name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase()
