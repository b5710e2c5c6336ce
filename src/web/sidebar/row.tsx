// One session in the list.
import { memo } from 'react'
import type { SessionSummary } from '../../wire/live.ts'
import { useLabel, useNow, useRoute, useSeen } from '../state/hooks.ts'
import { hrefOf } from '../state/route.ts'
import { unreadOf } from '../state/seen.ts'
import { Dot } from '../ui/bits.tsx'
import { Sparkline } from '../ui/sparkline.tsx'
import { treeOf } from '../ui/tree.ts'
import { ago, compact, costOf, counted, modelName, presenceOf, projectName, titleOf, tokensOf } from '../ui/words.ts'

export const SessionRow = memo(function SessionRow({ session }: { session: SessionSummary }) {
  const route = useRoute()
  const nowMs = useNow()
  const isOpen = route.session === session.id
  const unread = unreadOf(useSeen(), session)
  const presence = presenceOf(session, nowMs)
  const view = route.view === 'story' ? 'story' : 'live'
  // Where two sessions are compared and one is missing, the list is where it is taken from.
  const free = route.place !== 'compare' ? null : route.a === null ? 'a' : route.b === null ? 'b' : null
  return (
    <a
      className={`side-row ${presence}`}
      href={hrefOf(free === null ? { view, session: session.id } : { ...route, [free]: session.id })}
      aria-current={isOpen ? 'page' : undefined}
      title={session.cwd ?? session.project}
    >
      <Dot presence={presence} />
      <span className="side-title">{titleOf(session)}</span>
      <span className="side-time">{ago(session.ended, nowMs)}</span>
      <span className="side-where">
        <b>{projectName(session)}</b>
        {session.branch && <span className="side-branch">{session.branch}</span>}
      </span>
      {unread > 0 && !isOpen && (
        <span className="side-unread">
          {unread > 999 ? '999+' : unread}
          <span className="quietly"> new</span>
        </span>
      )}
      <Facts session={session} />
      {(isOpen || presence !== 'idle') && <Sparkline session={session} nowMs={presence === 'idle' ? null : nowMs} />}
    </a>
  )
})

function Facts({ session }: { session: SessionSummary }) {
  const label = useLabel(session.agent)
  const agents = treeOf(session.agents).work.length
  const cost = costOf(session)
  const tokens = tokensOf(session)
  return (
    <span className="side-facts">
      <span className="side-who">
        {label}
        {session.model && (
          <>
            <i>·</i>
            {modelName(session.model)}
          </>
        )}
      </span>
      {tokens > 0 && (
        <span>
          <i>·</i>
          {compact(tokens)} tok<span className="quietly">ens</span>
        </span>
      )}
      {cost !== null && (
        <span>
          <i>·</i>
          {cost}
        </span>
      )}
      {agents > 0 && (
        <span>
          <i>·</i>
          <span aria-hidden="true">↳ {agents}</span>
          <span className="quietly">{counted(agents, 'subagent')}</span>
        </span>
      )}
    </span>
  )
}
