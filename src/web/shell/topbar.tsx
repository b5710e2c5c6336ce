// The three views, and the search box that leads to one of them.
import { type ReactNode, useEffect, useRef, useState } from 'react'
import { go, useLive, useRoute } from '../state/hooks.ts'
import { hrefOf, type View } from '../state/route.ts'
import { Icon } from '../ui/bits.tsx'
import { useKeys } from '../ui/keys.ts'

const VIEWS: readonly (readonly [View, string])[] = [
  ['live', 'Live'],
  ['story', 'Story'],
  ['explore', 'Explore'],
]

export function TopBar({ menu, palette }: { menu: ReactNode; palette: ReactNode }) {
  const route = useRoute()
  const last = useLastSession(route.session ?? route.replay?.session ?? null)
  const hrefFor = (view: View) => hrefOf({ view, session: view === 'explore' ? null : last })
  useKeys({
    '1': () => go({ view: 'live', session: last }),
    '2': () => go({ view: 'story', session: last }),
    '3': () => go({ view: 'explore' }),
  })
  return (
    <div className="topbar">
      {menu}
      <nav className="tabs" aria-label="Views">
        {VIEWS.map(([view, name]) => (
          <a key={view} href={hrefFor(view)} aria-current={route.view === view ? 'page' : undefined}>
            {name}
          </a>
        ))}
      </nav>
      {palette}
      <SearchBox />
    </div>
  )
}

// Going to Explore and back to Live finds the same session.
function useLastSession(session: string | null): string | null {
  const last = useRef(session)
  useEffect(() => {
    if (session !== null) last.current = session
  }, [session])
  const isKnown = useLive((state) => last.current !== null && state.sessions.rows.has(last.current))
  return session ?? (isKnown ? last.current : null)
}

const TYPING_MS = 120
function SearchBox() {
  const route = useRoute()
  const box = useRef<HTMLInputElement>(null)
  const [words, setWords] = useState(route.q)
  const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined)
  useEffect(() => {
    // The address changed by other hands: back, a link, an example.
    setWords((now) => (now.trim() === route.q ? now : route.q))
  }, [route.q])
  useKeys({ '/': () => box.current?.select() })
  const ask = (q: string) => {
    clearTimeout(timer.current)
    if (q === '' && route.view !== 'explore') return
    go({ view: 'explore', q, best: route.best }, route.view === 'explore' ? 'replace' : 'push')
  }
  return (
    <search className="search">
      <Icon name="search" />
      <input
        ref={box}
        type="search"
        value={words}
        placeholder="Search every session"
        aria-label="Search every session"
        aria-keyshortcuts="/"
        autoComplete="off"
        spellCheck={false}
        onChange={(event) => {
          const q = event.target.value
          setWords(q)
          clearTimeout(timer.current)
          timer.current = setTimeout(() => ask(q.trim()), TYPING_MS)
        }}
        onKeyDown={(event) => {
          if (event.key === 'Escape') {
            event.preventDefault() // of its own a browser empties the box, and with it the results
            event.currentTarget.blur()
          }
          if (event.key === 'Enter') ask(words.trim())
          if (event.key === 'ArrowDown' || event.key === 'Enter') document.querySelector<HTMLElement>('a.hit')?.focus()
        }}
      />
      <kbd>/</kbd>
    </search>
  )
}
