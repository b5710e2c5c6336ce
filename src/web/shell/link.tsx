// Whether what is shown is what is: a word beside the name, and a line over the page when it is not.
import { useEffect, useState } from 'react'
import { useLive, useStore } from '../state/hooks.ts'
import type { Link } from '../state/link.ts'

interface Said {
  readonly tone: 'live' | 'behind' | 'away'
  readonly text: string
}
function said(link: Link): Said {
  if (link.at === 'live')
    return link.lag === 0 ? { tone: 'live', text: 'Live' } : { tone: 'behind', text: 'Catching up' }
  return link.at === 'waiting' || link.attempt > 0
    ? { tone: 'away', text: 'Reconnecting' }
    : { tone: 'behind', text: 'Connecting' }
}

export function LinkMark() {
  const link = useLive((state) => state.link)
  const { tone, text } = said(link)
  return (
    <span className={`link-mark ${tone}`} role="status">
      <span className="link-dot" aria-hidden="true" />
      {text}
    </span>
  )
}

const PATIENCE_MS = 1_500
export function LinkBanner() {
  const store = useStore()
  const link = useLive((state) => state.link)
  const isLoaded = useLive((state) => state.loaded)
  const isAway = isLoaded && said(link).tone === 'away'
  const [isLong, setLong] = useState(false)
  useEffect(() => {
    // A short cut is not worth a line that moves the page.
    const timer = isAway ? setTimeout(() => setLong(true), PATIENCE_MS) : undefined
    if (!isAway) setLong(false)
    return () => clearTimeout(timer)
  }, [isAway])
  if (link.at === 'live' && link.lag > 0)
    return <p className="banner">{link.lag.toLocaleString('en-US')} messages behind; catching up. Nothing is lost.</p>
  if (!isAway || !isLong) return null
  return (
    <p className="banner away" role="alert">
      OpenStory does not answer. What you see is what was known; the rest follows when it is back.
      <button type="button" className="bare" onClick={() => store.wake()}>
        Try now
      </button>
    </p>
  )
}
