// The hits of one session: what it is, and each place in it, a click away.
import { useState } from 'react'
import type { SearchHit } from '../../../wire/rest.ts'
import { go, useLive, useNow } from '../../state/hooks.ts'
import { hrefOf } from '../../state/route.ts'
import { SessionMenu } from '../../ui/session-menu.tsx'
import { compact, costOf, counted, fullTime, projectName, titleOf, when } from '../../ui/words.ts'
import { type HitGroup, kindWord, withFilter } from './model.ts'

const SHOWN = 5

interface Props {
  readonly group: HitGroup
  readonly total: number | undefined // hits of this session; not known yet
  readonly q: string
  readonly best: boolean
}
export function Group({ group: { first, hits, session: id }, total, q, best }: Props) {
  const nowMs = useNow()
  const [isOpen, setOpen] = useState(false)
  const session = useLive((state) => state.sessions.rows.get(id))
  const label = useLive((state) => state.sessions.labels[first.agent] ?? first.agent)
  const shown = isOpen ? hits : hits.slice(0, SHOWN)
  const folded = hits.length - shown.length
  const isFurther = total !== undefined && total > hits.length && !q.includes('session:')
  const cost = session ? costOf(session) : null
  return (
    <li className="group">
      <h2>
        <a href={hrefOf({ view: 'live', session: id })}>
          {session ? titleOf(session) : (first.sessionTitle ?? 'Untitled session')}
        </a>
      </h2>
      <p className="aside group-line">
        <span>
          {label} · {session ? projectName(session) : first.project}
          {session && ` · ${counted(session.turns, 'turn')}`}
          {cost !== null && ` · ${cost}`}
          {total !== undefined && total > 1 && ` · ${compact(total)} hits`}
        </span>
      </p>
      <span className="group-menu">
        <SessionMenu session={session ?? { id, title: first.sessionTitle, native: id, last: '' }} />
      </span>
      <ol>
        {shown.map((hit) => (
          <Hit key={hit.event} hit={hit} nowMs={nowMs} />
        ))}
      </ol>
      {(folded > 0 || isFurther) && (
        <p className="group-more">
          {folded > 0 && (
            <button type="button" className="bare" onClick={() => setOpen(true)}>
              {folded} more
            </button>
          )}
          {isFurther && (
            <button
              type="button"
              className="bare"
              onClick={() => go({ view: 'explore', q: withFilter(q, 'session', id), best })}
            >
              All {compact(total)} in this session
            </button>
          )}
        </p>
      )}
    </li>
  )
}

function Hit({ hit, nowMs }: { hit: SearchHit; nowMs: number }) {
  return (
    <li>
      <a className="hit" data-hit={hit.event} href={hrefOf({ view: 'live', session: hit.session, event: hit.event })}>
        <span className={/error/.test(hit.kind) ? 'hit-kind bad' : 'hit-kind'}>{kindWord(hit.kind, hit.tool)}</span>
        <span className="hit-text">
          {hit.snippet.map((part, i) =>
            // biome-ignore lint/suspicious/noArrayIndexKey: parts of one text never move
            part.hit ? <mark key={i}>{part.text}</mark> : <span key={i}>{part.text}</span>,
          )}
        </span>
        <time dateTime={hit.time ?? undefined} title={fullTime(hit.time)}>
          {when(hit.time, nowMs)}
        </time>
      </a>
    </li>
  )
}
