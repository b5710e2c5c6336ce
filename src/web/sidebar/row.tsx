// One session in the list, and the subagents under it.
import { memo } from 'react'
import type { SessionSummary } from '../../wire/live.ts'
import { useLabel, useNow, useRoute, useSeen } from '../state/hooks.ts'
import { hrefOf } from '../state/route.ts'
import { unreadOf } from '../state/seen.ts'
import { Dot } from '../ui/bits.tsx'
import { ago, compact, counted, presenceOf, projectName, titleOf, tokensOf } from '../ui/words.ts'

export const SessionRow = memo(function SessionRow({ session }: { session: SessionSummary }) {
  const route = useRoute()
  const nowMs = useNow()
  const label = useLabel(session.agent)
  const isOpen = route.session === session.id
  const unread = unreadOf(useSeen(), session)
  const presence = presenceOf(session, nowMs)
  const view = route.view === 'story' ? 'story' : 'live'
  return (
    <a
      className={`side-row ${presence}`}
      href={hrefOf({ view, session: session.id })}
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
      <span className="side-facts">
        {label}
        <i>·</i>
        {compact(session.events)} events
        <i>·</i>
        {compact(tokensOf(session))} tokens
        {session.agents.length > 0 && (
          <>
            <i>·</i>
            <span aria-hidden="true">↳ {session.agents.length}</span>
            <span className="quietly">{counted(session.agents.length, 'subagent')}</span>
          </>
        )}
      </span>
    </a>
  )
})

const AGENTS_SHOWN = 40
export function AgentRows({ session }: { session: SessionSummary }) {
  const route = useRoute()
  const nowMs = useNow()
  const view = route.view === 'story' ? 'live' : route.view
  return (
    <ul className="side-agents" aria-label="Subagents">
      {session.agents.slice(-AGENTS_SHOWN).map((agent) => (
        <li key={agent.id}>
          <a
            href={hrefOf({ view, session: session.id, agent: agent.id })}
            aria-current={route.agent === agent.id ? 'true' : undefined}
          >
            <span>{agent.type ?? 'Subagent'}</span>
            <code>{agent.id.slice(0, 8)}</code>
            <span className="side-time">
              {compact(agent.events)} · {ago(agent.ended, nowMs)}
            </span>
          </a>
        </li>
      ))}
    </ul>
  )
}
