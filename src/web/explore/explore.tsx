// Explore: what one looks for over all sessions. Each place in it is a folder; this is what they stand in.
import { useRoute } from '../state/hooks.ts'
import { hrefOf } from '../state/route.ts'
import { PLACES, placeOf } from './places.tsx'
import './explore.css'

export function Explore() {
  const route = useRoute()
  const here = placeOf(route)
  return (
    <div className="explore-frame">
      <nav className="places" aria-label="Explore">
        {PLACES.map((place) => (
          <a
            key={place.name}
            href={hrefOf({ view: 'explore', ...place.to(route) })}
            aria-current={place === here ? 'page' : undefined}
          >
            {place.name}
          </a>
        ))}
      </nav>
      <here.View />
    </div>
  )
}
