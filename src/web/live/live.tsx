// Live: a session as it happens. Without one: what is going on right now.
import { useEffect } from 'react'
import type { SessionSummary } from '../../wire/live.ts'
import { go, lookAt, useLive, useNow, useRoute, useSession, useStore, useWindow } from '../state/hooks.ts'
import { useMissingSession } from '../state/missing.ts'
import { hrefOf, type Route } from '../state/route.ts'
import { useOutline } from '../state/turns.ts'
import { type Lane, laneKey } from '../state/window.ts'
import { Notice, WaitingLines } from '../ui/bits.tsx'
import { Masthead } from '../ui/masthead.tsx'
import { KIND_FILTERS, type KindFilter } from '../ui/rows.ts'
import { presenceOf } from '../ui/words.ts'
import { Rail } from './rail.tsx'
import { Reader } from './reader.tsx'
import { Resume } from './resume.tsx'
import './live.css'

export function Live() {
  const route = useRoute()
  const session = useSession(route.session)
  const missing = useMissingSession(route.session)
  if (session === undefined)
    return missing === null ? (
      <WaitingLines what="the session" />
    ) : (
      <Notice isAlone title="This session is not here." bad>
        <p>{missing.message}</p>
      </Notice>
    )
  return <LiveSession key={session.id} session={session} route={route} />
}

function LiveSession({ session, route }: { session: SessionSummary; route: Route }) {
  const lane: Lane = { session: session.id, agent: route.agent }
  const held = useWindow(lane, route.event)
  const told = useOutline(session.id)
  const store = useStore()
  const nowMs = useNow()
  useLooking(session)
  return (
    <div className="live">
      <div className="live-main">
        <Masthead session={session} side={<Resume session={session} />}>
          <Filters session={session} route={route} />
        </Masthead>
        {held === null || held.status === 'loading' ? (
          <WaitingLines what="records" />
        ) : held.status === 'failed' ? (
          <Notice title="The records could not be read." bad>
            <p>{held.error.message}</p>
            <button type="button" className="plain" onClick={() => store.openWindow(lane, route.event)}>
              Try again
            </button>
          </Notice>
        ) : (
          <Reader key={laneKey(lane)} session={session} held={held} turns={told.turns} />
        )}
      </div>
      <Rail
        session={session.id}
        turns={told.turns}
        error={told.error}
        event={route.event}
        isIdle={presenceOf(session, nowMs) === 'idle'}
      />
    </div>
  )
}

const FILTER_WORDS: Readonly<Record<KindFilter, string>> = {
  prompts: 'Prompts',
  answers: 'Answers',
  thinking: 'Thinking',
  tools: 'Tools',
  errors: 'Errors',
  notes: 'Notes',
}
const LAST: readonly (readonly [string, string])[] = [
  ['15m', 'Last 15 min'],
  ['1h', 'Last hour'],
  ['24h', 'Last 24 hours'],
]

function Filters({ session, route }: { session: SessionSummary; route: Route }) {
  const flip = (kind: KindFilter) =>
    go(
      {
        ...route,
        event: null,
        only: route.only.includes(kind) ? route.only.filter((k) => k !== kind) : [...route.only, kind],
      },
      'replace',
    )
  return (
    <fieldset className="filters" aria-label="Show only">
      {KIND_FILTERS.map((kind) => (
        <button
          key={kind}
          type="button"
          className="chip"
          aria-pressed={route.only.includes(kind)}
          onClick={() => flip(kind)}
        >
          {FILTER_WORDS[kind]}
        </button>
      ))}
      <select
        className={route.last === null ? 'chip' : 'chip chosen'}
        aria-label="Of which time of the session"
        value={route.last ?? ''}
        onChange={({ target }) => go({ ...route, event: null, last: target.value || null }, 'replace')}
      >
        <option value="">All of it</option>
        {LAST.map(([value, name]) => (
          <option key={value} value={value}>
            {name}
          </option>
        ))}
      </select>
      {route.agent !== null && <LaneChip session={session} route={route} agentId={route.agent} />}
      {(route.only.length > 0 || route.last !== null) && (
        <button type="button" className="bare" onClick={() => go({ ...route, only: [], last: null }, 'replace')}>
          Everything
        </button>
      )}
    </fieldset>
  )
}

function LaneChip({ session, route, agentId }: { session: SessionSummary; route: Route; agentId: string }) {
  const lane = session.agents.find((agent) => agent.id === agentId)
  const name = agentId === 'main' ? 'Main agent' : (lane?.type ?? (lane?.hidden ? 'Helper' : 'Subagent'))
  return (
    <a className="chip lane-chip" href={hrefOf({ ...route, agent: null, event: null })} title={lane?.task ?? undefined}>
      Only {name}
      {lane?.task ? `: ${lane.task}` : agentId === 'main' ? '' : ` ${agentId.slice(0, 8)}`} <b aria-hidden="true">×</b>
      <span className="quietly">, show the whole session</span>
    </a>
  )
}

// A session that is open in front of someone has been looked at.
function useLooking(session: SessionSummary): void {
  const isLive = useLive((state) => state.loaded)
  useEffect(() => {
    if (!isLive) return
    const look = () => {
      if (!document.hidden) lookAt(session)
    }
    look()
    document.addEventListener('visibilitychange', look)
    return () => document.removeEventListener('visibilitychange', look)
  }, [session, isLive])
}
