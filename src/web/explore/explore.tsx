// Explore: what one looks for over all sessions. Each place in it is a folder; this is what they stand in.
import { useRoute } from '../state/hooks.ts'
import { hrefOf } from '../state/route.ts'
import { PLACES } from './places.tsx'
import './explore.css'

export function Explore() {
  const route = useRoute()
  const here = PLACES.find(({ place }) => place === route.place) ?? PLACES[0]!
  return (
    <div className="explore">
      <nav className="places" aria-label="Explore">
        {PLACES.map(({ place, name }) => (
          <a
            key={name}
            href={hrefOf({ view: 'explore', place, ...(place === null && { q: route.q, best: route.best }) })}
            aria-current={place === here.place ? 'page' : undefined}
          >
            {name}
          </a>
        ))}
      </nav>
      <here.View />
    </div>
  )
}
