// How views read the live state and the address, and how they move. The only place that touches window, history and storage.
import { createContext, useCallback, useContext, useEffect, useMemo, useSyncExternalStore } from 'react'
import type { SessionSummary } from '../../wire/live.ts'
import { EVERYTHING, hrefOf, type ListFilter, parseRoute, type Route } from './route.ts'
import { look, meet, parseSeen, type Seen } from './seen.ts'
import type { LiveState, LiveStore, WindowState } from './store.ts'
import { type Lane, laneKey } from './window.ts'

export const StoreContext = createContext<LiveStore | null>(null)

export function useStore(): LiveStore {
  const store = useContext(StoreContext)
  if (store === null) throw new Error('a view is drawn outside the store')
  return store
}

// `select` must give the same value for the same state.
export function useLive<T>(select: (state: LiveState) => T): T {
  const store = useStore()
  return useSyncExternalStore(store.subscribe, () => select(store.state()))
}

// For what is costly to make anew, as a list of everything: at once when it is quiet, a few times a second when it is not.
const SLOWLY_MS = 300
export function useLiveSlowly<T>(select: (state: LiveState) => T): T {
  const store = useStore()
  const subscribe = useCallback(
    (listener: () => void) => {
      let timer: ReturnType<typeof setTimeout> | undefined
      let isDue = false
      const rest = () => {
        timer = isDue ? setTimeout(rest, SLOWLY_MS) : undefined
        if (isDue) listener()
        isDue = false
      }
      const stop = store.subscribe(() => {
        isDue = true
        if (timer === undefined) rest()
      })
      return () => {
        clearTimeout(timer)
        stop()
      }
    },
    [store],
  )
  return useSyncExternalStore(subscribe, () => select(store.state()))
}

export const useSession = (id: string | null): SessionSummary | undefined =>
  useLive((state) => (id === null ? undefined : state.sessions.rows.get(id)))

export const useLabel = (agent: string): string => useLive((state) => state.sessions.labels[agent] ?? agent)

// The records of a lane, asked for when they are not there (again, when they were let go of).
export function useWindow(lane: Lane | null, around: string | null): WindowState | null {
  const store = useStore()
  const key = lane === null ? null : laneKey(lane)
  const held = useLive((state) => (key === null ? null : (state.windows.get(key) ?? null)))
  const isGone = held === null
  // biome-ignore lint/correctness/useExhaustiveDependencies: the key stands for the lane
  useEffect(() => {
    if (lane !== null) store.openWindow(lane, around)
  }, [store, key, around, isGone])
  return held
}

const moved = new EventTarget()
const onMove = (listener: () => void) => {
  window.addEventListener('popstate', listener)
  moved.addEventListener('moved', listener)
  return () => {
    window.removeEventListener('popstate', listener)
    moved.removeEventListener('moved', listener)
  }
}

const routeOf = (address: string): Route => {
  const [path = '/', search = ''] = address.split('?', 2)
  return parseRoute(path, search)
}
const addressNow = (): string => window.location.pathname + window.location.search

export function useRoute(): Route {
  const address = useSyncExternalStore(onMove, addressNow)
  return useMemo(() => routeOf(address), [address])
}

// What the list of sessions shows stays as it is, unless the wish says otherwise.
export function go(to: Partial<Route>, how: 'push' | 'replace' = 'push'): void {
  const href = hrefOf({ ...to, list: to.list ?? routeOf(addressNow()).list })
  if (href === addressNow()) return
  window.history[how === 'push' ? 'pushState' : 'replaceState'](null, '', href)
  moved.dispatchEvent(new Event('moved'))
}

// A link inside the page says where to, seldom which sessions to list.
export function follow(pathname: string, search: string): void {
  const { list, ...to } = parseRoute(pathname, search)
  go(isEverything(list) ? to : { ...to, list })
}
export const isEverything = (list: ListFilter): boolean =>
  list.by === null && list.project === null && list.active === null
export const narrowList = (change: Partial<ListFilter>): void => {
  const route = routeOf(addressNow())
  go({ ...route, list: { ...route.list, ...change } }, 'replace')
}
export const wholeList = (): void => narrowList(EVERYTHING)

// A clock that ticks for everyone at once, so that relative times agree with each other.
const TICK_MS = 15_000
let nowMs = Date.now()
const tickers = new Set<() => void>()
let timer: ReturnType<typeof setInterval> | undefined
const tick = () => {
  nowMs = Date.now()
  for (const listener of tickers) listener()
}
export function useNow(): number {
  const subscribe = useCallback((listener: () => void) => {
    tickers.add(listener)
    timer ??= setInterval(tick, TICK_MS)
    return () => {
      tickers.delete(listener)
      if (tickers.size > 0) return
      clearInterval(timer)
      timer = undefined
    }
  }, [])
  return useSyncExternalStore(subscribe, () => nowMs)
}

const SEEN_KEY = 'openstory.seen'
const SAVE_MS = 1_000
let seen: Seen | null = null
let saving: ReturnType<typeof setTimeout> | undefined
const readers = new Set<() => void>()
// Storage may be full, forbidden or hold something else; unread counts are then kept for as long as the page is open.
const guarded = <T>(run: () => T, otherwise: T): T => {
  try {
    return run()
  } catch (error) {
    console.warn('openstory: unread counts are not kept', error)
    return otherwise
  }
}
const seenNow = (): Seen => {
  seen ??= guarded(() => parseSeen(window.localStorage.getItem(SEEN_KEY)), {})
  return seen
}
function setSeen(next: Seen): void {
  if (next === seen) return
  seen = next
  if (saving === undefined)
    saving = setTimeout(() => {
      saving = undefined
      guarded(() => window.localStorage.setItem(SEEN_KEY, JSON.stringify(seen)), undefined)
    }, SAVE_MS)
  for (const listener of readers) listener()
}
export const useSeen = (): Seen =>
  useSyncExternalStore((listener) => {
    readers.add(listener)
    return () => readers.delete(listener)
  }, seenNow)
export const lookAt = (row: SessionSummary): void => setSeen(look(seenNow(), row))
export const meetAll = (rows: Iterable<SessionSummary>): void => setSeen(meet(seenNow(), rows))

// At the machine itself, where the record may be shown to the byte.
const HERE = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/
export const useIsHere = (): boolean => HERE.test(window.location.hostname)

const subscribeTo = (media: MediaQueryList) => (listener: () => void) => {
  media.addEventListener('change', listener)
  return () => media.removeEventListener('change', listener)
}
// Too narrow for an outline beside the story.
const compact = typeof window === 'undefined' ? null : window.matchMedia('(max-width: 1179px)')
export const useCompact = (): boolean =>
  useSyncExternalStore(compact === null ? () => () => {} : subscribeTo(compact), () => compact?.matches ?? false)
const narrow = typeof window === 'undefined' ? null : window.matchMedia('(max-width: 819px)')
export const useNarrow = (): boolean =>
  useSyncExternalStore(narrow === null ? () => () => {} : subscribeTo(narrow), () => narrow?.matches ?? false)
