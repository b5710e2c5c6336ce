// What is going on right now, as the front page: who works, who waits for you, and what was last.
import { useMemo } from 'react'
import type { SessionSummary } from '../../wire/live.ts'
import { useLabel, useLiveSlowly, useNow, useRoute } from '../state/hooks.ts'
import { hrefOf, type View } from '../state/route.ts'
import { isListed } from '../state/sessions.ts'
import { Dot } from '../ui/bits.tsx'
import { Flat } from '../ui/read-markdown.ts'
import { Sparkline } from '../ui/sparkline.tsx'
import {
  ago,
  compact,
  costOf,
  counted,
  elided,
  PRESENCE_WORDS,
  presenceOf,
  projectName,
  titleOf,
  tokensOf,
} from '../ui/words.ts'
import { Passing } from './passing.tsx'

const RECENT_SHOWN = 8
const ACTIVE_SHOWN = 12
const LAST_CUT = 140 // the fold keeps the beginning only

export function Now({ view }: { view: View }) {
  const rows = useLiveSlowly((state) => state.sessions.rows)
  const nowMs = useNow()
  const { list } = useRoute()
  const { active, recent } = useMemo(
    () =>
      sorted(
        [...rows.values()].filter((row) => isListed(row, list, nowMs)),
        nowMs,
      ),
    [rows, list, nowMs],
  )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="now scroller" tabIndex={0} aria-label="What is going on">
      <h1>{headline(active, nowMs)}</h1>
      {active.length > 0 && (
        <ul className="now-active">
          {active.slice(0, ACTIVE_SHOWN).map((session) => (
            <ActiveCard key={session.id} session={session} view={view} />
          ))}
        </ul>
      )}
      {active.length + recent.length === 0 && <p className="aside">No session fits what the list is narrowed to.</p>}
      <Passing />
      {recent.length > 0 && (
        <>
          <h2>{active.length > 0 ? 'Before that' : 'Most recent'}</h2>
          <ul className="now-recent">
            {recent.slice(0, RECENT_SHOWN).map((session) => (
              <li key={session.id}>
                <a href={hrefOf({ view: 'story', session: session.id })}>
                  <span>{titleOf(session)}</span>
                  <small>
                    {projectName(session)} · {counted(session.turns, 'turn')} · {ago(session.ended, nowMs)}
                  </small>
                </a>
              </li>
            ))}
          </ul>
        </>
      )}
    </section>
  )
}

const NUMBERS = [
  'no',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
]
const spelled = (n: number): string => NUMBERS[n] ?? String(n)

const RANK = { waiting: 0, errored: 1, working: 2, idle: 3 } as const
function sorted(rows: SessionSummary[], nowMs: number) {
  const active = rows.filter((row) => presenceOf(row, nowMs) !== 'idle')
  const recent = rows.filter((row) => presenceOf(row, nowMs) === 'idle')
  active.sort((a, b) => RANK[presenceOf(a, nowMs)] - RANK[presenceOf(b, nowMs)] || order(b.started, a.started))
  recent.sort((a, b) => order(b.ended, a.ended))
  return { active, recent }
}
const order = (a: string | null, b: string | null) => ((a ?? '') < (b ?? '') ? -1 : (a ?? '') > (b ?? '') ? 1 : 0)

function headline(active: readonly SessionSummary[], nowMs: number): string {
  const count = (presence: string) => active.filter((row) => presenceOf(row, nowMs) === presence).length
  const [working, waiting, errored] = [count('working'), count('waiting'), count('errored')]
  const parts = [
    { n: working, verb: working === 1 ? 'is working' : 'are working' },
    { n: waiting, verb: waiting === 1 ? 'waits for you' : 'wait for you' },
    { n: errored, verb: errored === 1 ? 'was stopped by an error' : 'were stopped by an error' },
  ]
    .filter(({ n }) => n > 0)
    .map(({ n, verb }, i) => `${spelled(n)} ${i > 0 ? '' : n === 1 ? 'session ' : 'sessions '}${verb}`)
  if (parts.length === 0) return 'All is quiet.'
  const text = parts.length === 1 ? parts[0]! : `${parts.slice(0, -1).join(', ')} and ${parts.at(-1)}`
  return `${text[0]!.toUpperCase()}${text.slice(1)}.`
}

function ActiveCard({ session, view }: { session: SessionSummary; view: View }) {
  const nowMs = useNow()
  const label = useLabel(session.agent)
  const presence = presenceOf(session, nowMs)
  return (
    <li>
      <a href={hrefOf({ view, session: session.id })} className={`now-card ${presence}`}>
        <span className="now-state">
          <Dot presence={presence} /> <span aria-hidden="true">{PRESENCE_WORDS[presence]}</span>
          <time>{ago(session.ended, nowMs)}</time>
        </span>
        <strong>{titleOf(session)}</strong>
        <span className="now-last">
          <Flat text={elided(session.last, LAST_CUT)} />
        </span>
        <small>
          {label} · {projectName(session)}
          {session.branch && ` · ${session.branch}`} · {counted(session.turns, 'turn')}
          {tokensOf(session) > 0 && ` · ${compact(tokensOf(session))} tokens`}
          {costOf(session) !== null && ` · ${costOf(session)}`}
        </small>
        <Sparkline session={session} nowMs={nowMs} />
      </a>
    </li>
  )
}
