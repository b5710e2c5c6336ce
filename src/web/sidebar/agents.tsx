// The subagents of the open session, each under the one that called it.
import { memo, useMemo } from 'react'
import type { AgentRow } from '../../folds/session.ts'
import type { SessionSummary } from '../../wire/live.ts'
import { useNow, useRoute } from '../state/hooks.ts'
import { hrefOf } from '../state/route.ts'
import { useToggle } from '../ui/toggle.ts'
import { treeOf } from '../ui/tree.ts'
import { ago, compact, counted, presenceOf } from '../ui/words.ts'

const AGENTS_SHOWN = 40
const AT_WORK_MS = 90_000 // silence after which a subagent is taken to be done
const INDENT_REM = 0.8
const DEPTH_DRAWN = 5 // further in there would be no room for words

export function AgentTree({ session }: { session: SessionSummary }) {
  const tree = useMemo(() => treeOf(session.agents), [session.agents])
  const [isWhole, flip] = useToggle(`${session.id}:agents`, false)
  const [isHelped, flipHelpers] = useToggle(`${session.id}:helpers`, false)
  const over = tree.work.length - AGENTS_SHOWN
  const shown = isWhole || over <= 3 ? tree.work : tree.work.slice(-AGENTS_SHOWN)
  return (
    <div className="side-agents">
      {over > 3 && (
        <button type="button" className="bare" aria-expanded={isWhole} onClick={flip}>
          {isWhole ? 'Show fewer' : `Show ${counted(over, 'earlier subagent')}`}
        </button>
      )}
      {shown.length > 0 && (
        <ul aria-label="Subagents">
          {shown.map(({ agent, depth }) => (
            <AgentLink key={agent.id} agent={agent} depth={depth} session={session} name={agent.type ?? 'Subagent'} />
          ))}
        </ul>
      )}
      {tree.untold > 0 && <p>{counted(tree.untold, 'subagent')} without a transcript</p>}
      {tree.helpers.length > 0 && (
        <>
          <button type="button" className="bare" aria-expanded={isHelped} onClick={flipHelpers}>
            {counted(tree.helpers.length, 'helper')} of the agent’s own
          </button>
          {isHelped && (
            <ul aria-label="Helpers">
              {tree.helpers.map((agent) => (
                <AgentLink key={agent.id} agent={agent} depth={1} session={session} name={agent.type ?? 'Helper'} />
              ))}
            </ul>
          )}
        </>
      )}
    </div>
  )
}

interface LinkProps {
  readonly agent: AgentRow
  readonly depth: number
  readonly session: SessionSummary
  readonly name: string
}
const AgentLink = memo(function AgentLink({ agent, depth, session, name }: LinkProps) {
  const route = useRoute()
  const nowMs = useNow()
  const isOpen = route.agent === agent.id
  const isAtWork =
    presenceOf(session, nowMs) === 'working' && agent.ended !== null && nowMs - Date.parse(agent.ended) < AT_WORK_MS
  return (
    <li style={{ paddingLeft: `${(Math.min(depth, DEPTH_DRAWN) - 1) * INDENT_REM}rem` }}>
      <a
        href={hrefOf({ view: 'live', session: session.id, agent: isOpen ? null : agent.id })}
        aria-current={isOpen ? 'true' : undefined}
        title={agent.task ?? agent.id}
      >
        <span className={isAtWork ? 'side-agent at-work' : 'side-agent'}>
          {depth > 1 && <span className="quietly">{`level ${depth}, `}</span>}
          {name}
        </span>
        <span className="side-task">{agent.task ?? agent.id.slice(0, 8)}</span>
        <span className="side-time">
          {compact(agent.events)}
          {isAtWork ? ' · at work' : agent.ended === null ? '' : ` · ${ago(agent.ended, nowMs)}`}
        </span>
      </a>
    </li>
  )
})
