// A day over all sessions: a paragraph for each project, and under it each session with its sentences.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useEffect, useMemo } from 'react'
import type { DayAnswer, DayProject } from '../../wire/story.ts'
import { askDay } from '../state/api.ts'
import { go, useLabel, useLiveSlowly, useNow } from '../state/hooks.ts'
import { hrefOf } from '../state/route.ts'
import { Icon, Notice, WaitingLines } from '../ui/bits.tsx'
import { useKeys } from '../ui/keys.ts'
import { clock, counted, dayName, projectName } from '../ui/words.ts'
import { localDay, spanOfDay } from './calendar.ts'
import { type DaySession, daySessions, headOf, isOutdated } from './days.ts'
import { Inked } from './diagram.tsx'
import { OUTCOME_WORDS } from './parts.ts'

const ASK_AGAIN_MS = 2_000

// Without a date: today, or when nothing happened today the last day on which something did.
export function Day({ day }: { day: string | null }) {
  const nowMs = useNow()
  const today = localDay(new Date(nowMs))
  const first = useDay(day ?? today)
  const isEmpty = day === null && first.data?.projects.length === 0 && first.data.previous !== null
  const shown = isEmpty ? localDay(new Date(first.data?.previous ?? nowMs)) : (day ?? today)
  const { data, error, isPlaceholderData, refetch } = useDay(shown)
  const heard = useLiveSlowly((state) => state.turns)
  const isOld = data !== undefined && !isPlaceholderData && isOutdated(data, heard, spanOfDay(shown))
  useEffect(() => {
    if (!isOld) return
    const timer = setInterval(() => void refetch(), ASK_AGAIN_MS)
    return () => clearInterval(timer)
  }, [isOld, refetch])
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="day-story scroller" tabIndex={0} aria-label="A day over all sessions">
      <DayHead shown={shown} today={today} nowMs={nowMs} data={data} />
      {error ? (
        <Notice title="The day could not be read." bad>
          <p>{error.message}</p>
          <button type="button" className="plain" onClick={() => void refetch()}>
            Try again
          </button>
        </Notice>
      ) : data === undefined ? (
        <WaitingLines what="the day" />
      ) : (
        <div className={isPlaceholderData ? 'day-body old' : 'day-body'}>
          {data.projects.map((project) => (
            <Project key={project.project} project={project} heard={heard} />
          ))}
          {data.more && <p className="aside">The day had more turns than are told here; Explore finds the others.</p>}
        </div>
      )}
    </section>
  )
}

const useDay = (day: string) =>
  useQuery({
    queryKey: ['day', day],
    queryFn: ({ signal }) => askDay(spanOfDay(day), signal),
    placeholderData: keepPreviousData,
    staleTime: 5_000,
  })

interface HeadProps {
  readonly shown: string
  readonly today: string
  readonly nowMs: number
  readonly data: DayAnswer | undefined
}
function DayHead({ shown, today, nowMs, data }: HeadProps) {
  const before = data?.previous ? localDay(new Date(data.previous)) : null
  const after = data?.next ? localDay(new Date(data.next)) : null
  const toDay = (day: string | null) => day !== null && go({ view: 'story', day })
  useKeys({ '[': () => toDay(before), ']': () => toDay(after) })
  return (
    <header className="day-head">
      <h1>{dayName(spanOfDay(shown).since, nowMs)}</h1>
      <p>{data === undefined ? '' : headOf(data)}</p>
      <nav className="day-nav" aria-label="Days">
        <DayLink day={before} name="Previous day" keyName="[" nowMs={nowMs} />
        <input
          type="date"
          aria-label="Go to a day"
          value={shown}
          max={today}
          onChange={({ target }) => target.value !== '' && go({ view: 'story', day: target.value })}
        />
        <DayLink day={after} name="Next day" keyName="]" nowMs={nowMs} />
      </nav>
    </header>
  )
}

function DayLink({ day, name, keyName, nowMs }: { day: string | null; name: string; keyName: string; nowMs: number }) {
  if (day === null)
    return <span className="plain is-none">{name === 'Next day' ? 'Nothing after' : 'Nothing before'}</span>
  return (
    <a className="plain" href={hrefOf({ view: 'story', day })} aria-keyshortcuts={keyName}>
      {name === 'Previous day' && <Icon name="fold" />}
      <span className="quietly">{name} with work: </span>
      {dayName(spanOfDay(day).since, nowMs)}
      {name === 'Next day' && <Icon name="fold" />}
    </a>
  )
}

type Heard = Parameters<typeof daySessions>[1]
function Project({ project, heard }: { project: DayProject; heard: Heard }) {
  const sessions = useMemo(() => daySessions(project, heard), [project, heard])
  const byTurn = useMemo(
    () => new Map(project.sessions.flatMap(({ id, turns }) => turns.map(({ turn }) => [turn, id]))),
    [project],
  )
  return (
    <section className="day-project">
      <h2>{projectName(project)}</h2>
      <p className="day-paragraph">
        {project.story.parts.map(({ text, turns: [turn] }, i) => {
          const session = turn === undefined || i === 0 ? undefined : byTurn.get(turn)
          return (
            <span key={text}>
              {session === undefined ? (
                <Inked text={text} />
              ) : (
                <a href={hrefOf({ view: 'story', session, turn: turn ?? null })}>
                  <Inked text={text} />
                </a>
              )}{' '}
            </span>
          )
        })}
      </p>
      {sessions.map((session) => (
        <SessionOfDay key={session.id} session={session} />
      ))}
    </section>
  )
}

function SessionOfDay({ session }: { session: DaySession }) {
  const label = useLabel(session.agent)
  return (
    <section className="day-session">
      <h3>
        <a href={hrefOf({ view: 'story', session: session.id })}>{session.title ?? session.id}</a>
        <small>
          {label}
          {session.sent > 0 && ` · ${counted(session.sent, 'turn')} of subagents`}
        </small>
      </h3>
      <ol>
        {session.turns.map((turn) => (
          <li key={turn.id} className={turn.outcome}>
            <a href={hrefOf({ view: 'story', session: session.id, turn: turn.id })}>
              <time>{clock(turn.started)}</time>
              <span>
                <Inked text={turn.sentence} />
                {turn.outcome === 'running' && <span className="quietly"> {OUTCOME_WORDS.running}</span>}
              </span>
            </a>
          </li>
        ))}
      </ol>
    </section>
  )
}
