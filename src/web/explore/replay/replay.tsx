// Replay: a session as it happened, with its records as Live draws them, a line to move along, and what was so at each moment.
import { useQuery } from '@tanstack/react-query'
import { useDeferredValue, useEffect, useMemo, useState } from 'react'
import type { SessionSummary } from '../../../wire/live.ts'
import type { TimelineAnswer } from '../../../wire/timeline.ts'
import { askCourse, askMoments, askSession } from '../../state/api.ts'
import { useLabel, useRoute, useSession } from '../../state/hooks.ts'
import type { ReplayPlace } from '../../state/replay-route.ts'
import { hrefOf } from '../../state/route.ts'
import { Notice, WaitingLines } from '../../ui/bits.tsx'
import { counted, titleOf } from '../../ui/words.ts'
import { Choose } from './choose.tsx'
import { courseOf, laidOut } from './course.ts'
import { useHands } from './hands.ts'
import { Panel, type Told } from './panel.tsx'
import { stoodAt } from './player.ts'
import { pageOf, type Span, spanAfter, useReel } from './reel.ts'
import { Screen } from './screen.tsx'
import { Transport } from './transport.tsx'
import { usePlayer } from './use-player.ts'
import './replay.css'
import './transport.css'

export function Replay() {
  const { replay } = useRoute()
  return replay === null ? <Choose /> : <OfSession key={replay.session} place={replay} />
}

function OfSession({ place }: { place: ReplayPlace }) {
  const known = useSession(place.session)
  const one = useQuery({
    queryKey: ['session', place.session],
    queryFn: ({ signal }) => askSession(place.session, signal),
    enabled: known === undefined,
    retry: false,
  })
  const session = known ?? one.data
  const timeline = useQuery({
    queryKey: ['timeline', place.session, 'course'],
    queryFn: ({ signal }) => askCourse(place.session, signal),
    staleTime: Number.POSITIVE_INFINITY,
  })
  const error = one.error ?? timeline.error
  if (error !== null)
    return (
      <Notice isAlone title="This session cannot be replayed." bad>
        <p>{error.message}</p>
        <button type="button" className="plain" onClick={() => void timeline.refetch()}>
          Try again
        </button>
      </Notice>
    )
  if (session === undefined || timeline.data === undefined) return <WaitingLines what="the session’s course" />
  if (timeline.data.letters === '')
    return (
      <Notice isAlone title="There is nothing to replay yet.">
        <p>Nothing has been written in this session.</p>
      </Notice>
    )
  return <Playing session={session} place={place} answer={timeline.data} renew={timeline.refetch} />
}

// What is told beside the records: asked for when the first of them are there.
function useTold(session: string, isDue: boolean): Told & { readonly renew: () => Promise<unknown> } {
  const { data, error, refetch } = useQuery({
    queryKey: ['moments', session],
    queryFn: ({ signal }) => askMoments(session, signal),
    staleTime: Number.POSITIVE_INFINITY,
    enabled: isDue,
  })
  return { moments: data, error, renew: refetch }
}

// Two frames after the records came: the list measures itself in the first and draws in the second.
function useDrawn(say: ((isDrawn: true) => void) | null): void {
  useEffect(() => {
    if (say === null) return
    let frame = requestAnimationFrame(() => {
      frame = requestAnimationFrame(() => say(true))
    })
    return () => cancelAnimationFrame(frame)
  }, [say])
}

interface PlayingProps {
  readonly session: SessionSummary
  readonly place: ReplayPlace
  readonly answer: TimelineAnswer
  readonly renew: () => Promise<unknown>
}
function Playing({ session, place, answer, renew }: PlayingProps) {
  const [isDrawn, setDrawn] = useState(false)
  const told = useTold(session.id, isDrawn)
  const laid = useMemo(() => laidOut(answer), [answer])
  const course = useMemo(() => courseOf(laid, told.moments ?? null), [laid, told.moments])
  const [older, setOlder] = useState<Span | null>(null)
  const [ready, setReady] = useState(Number.POSITIVE_INFINITY)
  const [player, change] = usePlayer(course, place, ready)
  const span = spanAfter(older, pageOf(player.shown))
  if (span !== older) setOlder(span)
  const reel = useReel(session.id, course, span)
  // What is on the reel without a hole is what the clock may run to.
  const end = reel.isWaiting ? player.shown : reel.from + reel.records.length
  if (end !== ready) setReady(end)
  useDrawn(isDrawn || reel.isWaiting ? null : setDrawn)
  const hands = useHands(course, change)
  const calm = useDeferredValue(player.shown)
  return (
    <div className="replay">
      <header className="replay-head">
        <p className="aside">
          The same in <a href={hrefOf({ view: 'live', session: session.id })}>Live</a>
          {' and '}
          <a href={hrefOf({ view: 'story', session: session.id })}>Story</a>
        </p>
        <h1 title={titleOf(session)}>{titleOf(session)}</h1>
        {session.events > answer.count && (
          <button type="button" className="bare" onClick={() => void Promise.all([renew(), told.renew()])}>
            {counted(session.events - answer.count, 'more record')} since. Take them in
          </button>
        )}
        {answer.count > answer.letters.length && (
          <p className="aside">
            This session is longer than a replay can be: its first {counted(answer.letters.length, 'record')}.
          </p>
        )}
      </header>
      <Screen
        session={session}
        label={useLabel(session.agent)}
        course={course}
        reel={reel}
        shown={player.shown}
        hasOlder={span.first > 0}
        more={() => setOlder({ ...span, first: Math.max(0, span.first - 1) })}
      />
      <aside className="replay-side scroller" aria-label="At this moment">
        <Panel
          session={session}
          course={course}
          told={told}
          shown={calm}
          goTo={(shown) => change((now) => stoodAt(now, course.clock, shown))}
        />
      </aside>
      <Transport course={course} player={player} hands={hands} isWaiting={reel.isWaiting} />
    </div>
  )
}
