// The frame: sessions on the left, one of three views on the right. Below 820 px the sessions are a drawer.
import { type MouseEvent, useCallback, useEffect, useRef, useState } from 'react'
import type { SessionSummary } from '../wire/live.ts'
import { Explore } from './explore/explore.tsx'
import { placeOf } from './explore/places.tsx'
import { Live } from './live/live.tsx'
import { Health } from './shell/health.tsx'
import { Help, PALETTE_KEY } from './shell/help.tsx'
import { LinkBanner, LinkMark } from './shell/link.tsx'
import { Empty, Offline } from './shell/nothing.tsx'
import { Now } from './shell/now.tsx'
import { Palette } from './shell/palette.tsx'
import { SignIn } from './shell/sign-in.tsx'
import { TopBar } from './shell/topbar.tsx'
import { Sidebar } from './sidebar/sidebar.tsx'
import { titleOfFiles } from './state/files-route.ts'
import { follow, useLive, useNarrow, useRoute, useSession } from './state/hooks.ts'
import type { Route } from './state/route.ts'
import { useTokenAsked } from './state/sign-in.ts'
import { useActions } from './ui/actions.ts'
import { Icon, WaitingLines } from './ui/bits.tsx'
import { useKeys } from './ui/keys.ts'
import { later } from './ui/later.tsx'
import { baseName, titleOf } from './ui/words.ts'
import './shell/shell.css'
import './shell/health.css'
import './shell/now.css'
import './shell/sign-in.css'

const Story = later('the story', async () => (await import('./story/story.tsx')).Story)

// The script of where one begins comes beside the list of sessions, not after it.
export const fetchView = (route: Route): Promise<unknown> =>
  route.view === 'story' ? Story.fetch() : route.view === 'explore' ? placeOf(route).View.fetch() : Promise.resolve()

export const App = () => (useTokenAsked() ? <SignIn /> : <Frame />)

function Frame() {
  const route = useRoute()
  const isNarrow = useNarrow()
  const [isOpen, setOpen] = useState(false)
  const [sheet, setSheet] = useState<'help' | 'palette' | null>(null)
  const isDrawn = isNarrow && isOpen
  useTitle(route)
  // biome-ignore lint/correctness/useExhaustiveDependencies: going anywhere closes the drawer
  useEffect(() => setOpen(false), [route])
  // Each closes itself alone: a sheet says that it closed a moment later, and another may have been asked for meanwhile.
  const closeHelp = useCallback(() => setSheet((now) => (now === 'help' ? null : now)), [])
  const closePalette = useCallback(() => setSheet((now) => (now === 'palette' ? null : now)), [])
  useKeys({ '?': () => setSheet('help') })
  useActions([{ name: 'Keys', keys: [], run: () => setSheet('help') }])
  usePaletteKey(setSheet)
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: plain links, taken inside the page
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link is a click
    <div className="app" onClick={followLink}>
      <a className="skip" href="#view">
        Skip to the session
      </a>
      <Drawer isNarrow={isNarrow} isOpen={isDrawn} close={() => setOpen(false)}>
        <div className="brand">
          <a href="/" className="wordmark" aria-label="OpenStory, what is going on">
            Open<em>Story</em>
          </a>
          <LinkMark />
        </div>
        <Sidebar
          foot={
            <>
              <Health />
              <button type="button" className="bare" onClick={() => setSheet('help')}>
                Keys <kbd>?</kbd>
              </button>
            </>
          }
        />
      </Drawer>
      <main className="main" inert={isDrawn}>
        <TopBar
          palette={
            <button type="button" className="bare palette-button" onClick={() => setSheet('palette')}>
              Go to <kbd>{PALETTE_KEY}</kbd>
            </button>
          }
          menu={
            isNarrow && (
              <button
                type="button"
                className="icon-button"
                aria-label="Sessions"
                aria-expanded={isOpen}
                onClick={() => setOpen(true)}
              >
                <Icon name="menu" />
              </button>
            )
          }
        />
        <LinkBanner />
        <div className="view" id="view" tabIndex={-1}>
          <View route={route} />
        </div>
      </main>
      {sheet === 'help' && <Help onClose={closeHelp} />}
      {sheet === 'palette' && <Palette onClose={closePalette} />}
    </div>
  )
}

// While someone types too, and away again with the same keys.
function usePaletteKey(set: (change: (now: 'help' | 'palette' | null) => 'palette' | null) => void): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() !== 'k' || !(event.metaKey || event.ctrlKey) || event.altKey || event.shiftKey) return
      event.preventDefault()
      set((now) => (now === 'palette' ? null : 'palette'))
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [set])
}

function View({ route }: { route: Route }) {
  const isLoaded = useLive((state) => state.loaded)
  const trouble = useLive((state) => state.trouble)
  const isEmpty = useLive((state) => state.loaded && state.sessions.total === 0)
  if (!isLoaded) return trouble === null ? <WaitingLines what="sessions" /> : <Offline trouble={trouble} />
  if (isEmpty) return <Empty />
  if (route.view === 'explore') return <Explore />
  if (route.view === 'story') return <Story />
  if (route.session === null) return <Now view={route.view} />
  return <Live />
}

interface DrawerProps {
  readonly isNarrow: boolean
  readonly isOpen: boolean
  readonly close: () => void
  readonly children: React.ReactNode
}
function Drawer({ isNarrow, isOpen, close, children }: DrawerProps) {
  const ref = useRef<HTMLElement>(null)
  useEffect(() => {
    if (!isOpen) return
    const back = document.activeElement
    ref.current?.querySelector<HTMLElement>('a, input')?.focus()
    const onKey = (event: KeyboardEvent) => event.key === 'Escape' && close()
    window.addEventListener('keydown', onKey)
    return () => {
      window.removeEventListener('keydown', onKey)
      if (back instanceof HTMLElement) back.focus()
    }
  }, [isOpen, close])
  return (
    <>
      {isOpen && <button type="button" className="veil" aria-label="Close the sessions" onClick={close} />}
      <aside ref={ref} className={isOpen ? 'side open' : 'side'} aria-label="All sessions" inert={isNarrow && !isOpen}>
        {children}
      </aside>
    </>
  )
}

// A plain click on a link of this page moves inside it; every other click is the browser's.
function followLink(event: MouseEvent): void {
  if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey)
    return
  const link = event.target instanceof Element ? event.target.closest('a') : null
  if (
    link === null ||
    link.hasAttribute('download') ||
    link.target !== '' ||
    link.origin !== window.location.origin ||
    link.hash !== ''
  )
    return
  event.preventDefault()
  follow(link.pathname, link.search)
}

function useTitle(route: Route): void {
  const session = useSession(route.session ?? route.replay?.session ?? null)
  const name = route.view === 'explore' ? exploredName(route, session) : session ? titleOf(session) : null
  useEffect(() => {
    document.title = name === null ? 'OpenStory' : `${name} · OpenStory`
  }, [name])
}

function exploredName({ files, replay, cost, commits, place, q }: Route, session: SessionSummary | undefined): string {
  if (files !== null) return titleOfFiles(files)
  if (replay !== null) return session === undefined ? 'Replay' : `Replay: ${titleOf(session)}`
  if (cost !== null) return 'Cost'
  if (commits !== null) return commits.repo === null ? 'Commits' : `Commits of ${baseName(commits.repo)}`
  return place === 'compare' ? 'Compare' : q || 'Explore'
}
