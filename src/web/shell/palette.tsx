// ⌘K: sessions, views and what can be done here, by a few letters. One box, one list; the list is walked without leaving the box.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useId, useLayoutEffect, useMemo, useRef, useState } from 'react'
import type { SessionSummary } from '../../wire/live.ts'
import { askSessions } from '../state/api.ts'
import { ALL_CHECKOUTS } from '../state/commits-route.ts'
import { ALL_COST } from '../state/cost-route.ts'
import { go, useLive, useNow } from '../state/hooks.ts'
import { useActionsNow } from '../ui/actions.ts'
import { Dot } from '../ui/bits.tsx'
import { ago, presenceOf, projectName, titleOf } from '../ui/words.ts'
import { type Offer, offersFor } from './finding.ts'
import './palette.css'

interface Doable extends Offer {
  readonly run: () => void
  readonly session?: SessionSummary
}

const FOUND_MAX = 30

export function Palette({ onClose }: { onClose: () => void }) {
  const dialog = useRef<HTMLDialogElement>(null)
  const [words, setWords] = useState('')
  const [at, setAt] = useState(0)
  const listId = useId()
  const { offers, isAsking } = useOffers(words) // at once: Enter must take what these words mean, not what the last ones did
  const [isEager, setEager] = useState(false) // Enter came before the answer: its first offer is meant
  const here = Math.min(at, offers.length - 1)
  // Before anything else is heard: the next letter is meant for the box.
  useLayoutEffect(() => {
    const box = dialog.current
    box?.showModal()
    return () => box?.close()
  }, [])
  useEffect(() => {
    dialog.current?.querySelector(`[aria-selected="true"]`)?.scrollIntoView({ block: 'nearest' })
    if (here < 0) setAt(0)
  }, [here])
  const take = (offer: Doable | undefined) => {
    if (offer === undefined) return setEager(true)
    onClose()
    offer.run()
  }
  useEffect(() => {
    if (!isEager || isAsking) return
    setEager(false)
    if (offers[0] !== undefined) take(offers[0])
  })
  const move = (step: number) => setAt((here + step + offers.length) % Math.max(1, offers.length))
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the dialog itself answers Esc
    <dialog
      ref={dialog}
      className="sheet palette"
      aria-label="Go to a session, a view, or do something"
      onClose={onClose}
      onClick={(event) => event.target === dialog.current && onClose()}
    >
      <input
        type="text"
        role="combobox"
        aria-expanded="true"
        aria-controls={listId}
        aria-activedescendant={offers[here] === undefined ? undefined : `${listId}-${here}`}
        aria-label="Sessions, views and actions"
        placeholder="A session, a view, something to do"
        autoComplete="off"
        spellCheck={false}
        value={words}
        onChange={(event) => {
          setWords(event.target.value)
          setAt(0)
          setEager(false)
        }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown') move(1)
          else if (event.key === 'ArrowUp') move(-1)
          else if (event.key === 'Enter') take(offers[here])
          else return
          event.preventDefault()
        }}
      />
      <div className="palette-list scroller" role="listbox" id={listId} aria-label="Offers">
        {offers.map((offer, i) => (
          <OfferRow
            key={offer.id}
            offer={offer}
            id={`${listId}-${i}`}
            isHere={i === here}
            head={offers[i - 1]?.group === offer.group ? null : offer.group}
            take={() => take(offer)}
            meet={() => setAt(i)}
          />
        ))}
      </div>
      {offers.length === 0 && !isAsking && (
        <p className="palette-none">Nothing is called that. Search every session with /</p>
      )}
    </dialog>
  )
}

interface RowProps {
  readonly offer: Doable
  readonly id: string
  readonly isHere: boolean
  readonly head: string | null
  readonly take: () => void
  readonly meet: () => void
}
function OfferRow({ offer, id, isHere, head, take, meet }: RowProps) {
  const nowMs = useNow()
  const { session } = offer
  return (
    <>
      {head !== null && (
        <p className="palette-head" role="presentation">
          {head}
        </p>
      )}
      {/* biome-ignore lint/a11y/useFocusableInteractive: the box keeps the focus and says which option is meant */}
      {/* biome-ignore lint/a11y/useKeyWithClickEvents: the box answers Enter */}
      <div id={id} className="palette-row" role="option" aria-selected={isHere} onClick={take} onPointerMove={meet}>
        {session && <Dot presence={presenceOf(session, nowMs)} />}
        <span className="palette-name">{offer.name}</span>
        <span className="palette-about">{offer.about}</span>
        {session && <span className="palette-about">{ago(session.ended, nowMs)}</span>}
        {offer.keys.slice(0, 1).map((key) => (
          <kbd key={key}>{key}</kbd>
        ))}
      </div>
    </>
  )
}

const VIEWS: readonly Doable[] = [
  offerOf('Go to', 'What is going on', 'the front page', () => go({ view: 'live' })),
  offerOf('Go to', 'Explore', 'search every session', () => go({ view: 'explore' })),
  offerOf('Go to', 'Compare', 'two sessions side by side', () => go({ view: 'explore', place: 'compare' })),
  offerOf('Go to', 'Commits', 'what of them agents wrote', () => go({ view: 'explore', commits: ALL_CHECKOUTS })),
  offerOf('Go to', 'Cost', 'what was spent, by day, project, model', () => go({ view: 'explore', cost: ALL_COST })),
]

function offerOf(group: Offer['group'], name: string, about: string, run: () => void, keys: readonly string[] = []) {
  return { id: `${group}:${name}`, group, name, about, run, keys }
}

// What is known here at once, and what the server knows further down the list.
function useOffers(words: string): { readonly offers: readonly Doable[]; readonly isAsking: boolean } {
  const rows = useLive((state) => state.sessions.rows)
  const actions = useActionsNow()
  const asked = words.trim()
  const { data, isFetching } = useQuery({
    queryKey: ['palette', asked],
    queryFn: ({ signal }) => askSessions({ limit: FOUND_MAX, words: asked }, signal),
    enabled: asked.length > 1,
    placeholderData: keepPreviousData,
  })
  const offers = useMemo(() => {
    const known = new Map((data?.sessions ?? []).map((session) => [session.id, session]))
    for (const [id, session] of rows) known.set(id, session)
    const sessions = [...known.values()].sort((a, b) => ((a.ended ?? '') < (b.ended ?? '') ? 1 : -1))
    return offersFor(words, [
      ...sessions.map((session) => ({
        ...offerOf('Sessions', titleOf(session), projectName(session), () => go({ view: 'live', session: session.id })),
        id: session.id,
        session,
      })),
      ...VIEWS,
      ...actions.map(({ name, run, keys }) => offerOf('Do', name, '', run, keys)),
    ])
  }, [rows, data, actions, words])
  return { offers, isAsking: isFetching }
}
