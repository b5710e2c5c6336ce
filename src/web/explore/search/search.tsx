// Search: full text over everything, as it is typed; what is found together by session, what it is of beside it. Without words, every
// session in a table.
import { keepPreviousData, useInfiniteQuery } from '@tanstack/react-query'
import { useLayoutEffect, useMemo, useRef } from 'react'
import { askSearch } from '../../state/api.ts'
import { go, useRoute } from '../../state/hooks.ts'
import { Notice, WaitingLines } from '../../ui/bits.tsx'
import { Chips } from './chips.tsx'
import { useFacets } from './counted.ts'
import { Facets } from './facets.tsx'
import { Grammar } from './grammar.tsx'
import { Group } from './hits.tsx'
import { groupsOf, heading, uniqueHits } from './model.ts'
import { Nothing } from './nothing.tsx'
import { SessionTable } from './table.tsx'
import { useWalk } from './walk.ts'
import './search.css'
import './facets.css'
import './table.css'

const HITS_A_PAGE = 50
const LEFT_MAX = 30

export function Search() {
  const { q, best } = useRoute()
  return q.trim() === '' ? <SessionTable /> : <Results q={q.trim()} best={best} />
}

function Results({ q, best }: { q: string; best: boolean }) {
  const search = useInfiniteQuery({
    queryKey: ['search', q, best],
    queryFn: ({ pageParam, signal }) =>
      askSearch({ q, limit: HITS_A_PAGE, offset: pageParam, rank: best ? 1 : 0 }, signal),
    initialPageParam: 0,
    getNextPageParam: (page) => page.next,
    placeholderData: keepPreviousData,
    staleTime: 5_000,
    retry: false,
  })
  const isOld = search.isPlaceholderData
  const facets = useFacets(q, !search.isPending && !isOld && search.error === null)
  const hits = useMemo(() => uniqueHits(search.data?.pages ?? []), [search.data])
  const groups = useMemo(() => groupsOf(hits), [hits])
  const last = search.data?.pages.at(-1)
  const scroller = useRef<HTMLElement>(null)
  useWalk(scroller)
  useReturn(scroller, `${q}\n${best}`, groups.length > 0 && !isOld)
  const isNone = !search.isPending && search.error === null && hits.length === 0
  return (
    <div className="search-view">
      <section
        ref={scroller}
        className={`search-main scroller ${isOld ? 'is-old' : ''}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
        tabIndex={0}
        aria-label="Search results"
      >
        <header className="search-head">
          <h1 aria-live="polite">
            {search.error
              ? 'No answer'
              : search.isPending
                ? 'Searching …'
                : heading(isOld ? undefined : facets.now, hits.length, groups.length, search.hasNextPage)}
          </h1>
          <div className="search-line">
            {!isNone && <Order best={best} q={q} />}
            {last && !search.error && (
              <p className="aside">
                Read as {last.understood} · {last.tookMs < 1 ? 'under 1' : Math.round(last.tookMs)} ms
              </p>
            )}
          </div>
          <Chips q={q} best={best} facets={facets.shown} />
        </header>
        <Facets q={q} best={best} answer={facets.shown} error={facets.error} isFolded />
        {search.error ? (
          <Notice title="This search did not work." bad>
            <p>{search.error.message}</p>
            <button type="button" className="plain" onClick={() => search.refetch()}>
              Try again
            </button>
          </Notice>
        ) : search.isPending ? (
          <WaitingLines what="results" />
        ) : isNone ? (
          <Nothing q={q} best={best} />
        ) : (
          <ol className="groups">
            {groups.map((group) => (
              <Group key={group.session} group={group} total={facets.now?.bySession[group.session]} q={q} best={best} />
            ))}
          </ol>
        )}
        {search.hasNextPage && (
          <button
            type="button"
            className="plain"
            disabled={search.isFetchingNextPage}
            onClick={() => search.fetchNextPage()}
          >
            {search.isFetchingNextPage ? 'Loading …' : 'More results'}
          </button>
        )}
        {!search.isPending && !search.error && <Grammar q={q} isOpen={hits.length === 0} />}
      </section>
      <aside className="facets-rail scroller" aria-label="What was found, by what it is of">
        <Facets q={q} best={best} answer={facets.shown} error={facets.error} />
      </aside>
    </div>
  )
}

function Order({ best, q }: { best: boolean; q: string }) {
  return (
    <fieldset className="filters" aria-label="Order">
      {[false, true].map((isBest) => (
        <button
          key={String(isBest)}
          type="button"
          className="chip"
          aria-pressed={best === isBest}
          onClick={() => go({ view: 'explore', q, best: isBest }, 'replace')}
        >
          {isBest ? 'Best match' : 'Newest'}
        </button>
      ))}
    </fieldset>
  )
}

// Where a reader was in these results when they went to see one of them.
const left = new Map<string, { readonly top: number; readonly event: string | null }>()
function useReturn(scroller: React.RefObject<HTMLElement | null>, key: string, isThere: boolean): void {
  useLayoutEffect(() => {
    const list = scroller.current
    if (list === null || !isThere) return
    const place = left.get(key)
    if (place !== undefined) {
      left.delete(key)
      list.scrollTop = place.top
      if (place.event !== null)
        list.querySelector<HTMLElement>(`a.hit[data-hit="${CSS.escape(place.event)}"]`)?.focus({ preventScroll: true })
    }
    const keep = (event: Event) => {
      const hit = event.target instanceof Element ? event.target.closest<HTMLElement>('a.hit') : null
      if (hit === null) return
      for (const old of [...left.keys()].slice(0, Math.max(0, left.size - LEFT_MAX))) left.delete(old)
      left.set(key, { top: list.scrollTop, event: hit.dataset.hit ?? null })
    }
    list.addEventListener('click', keep)
    return () => list.removeEventListener('click', keep)
  }, [scroller, key, isThere])
}
