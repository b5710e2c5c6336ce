// What a session is, above whatever is shown of it.
import type { ReactNode } from 'react'
import type { SessionSummary } from '../../wire/live.ts'
import { useLabel, useNow, useRoute } from '../state/hooks.ts'
import { replayOf } from '../state/replay-route.ts'
import { hrefOf } from '../state/route.ts'
import { Dot, Icon } from './bits.tsx'
import { SessionMenu, useSessionActions } from './session-menu.tsx'
import {
  compact,
  costOf,
  counted,
  fullTime,
  PRESENCE_WORDS,
  presenceOf,
  projectName,
  spanOf,
  titleOf,
  tokensOf,
  when,
} from './words.ts'

interface Props {
  readonly session: SessionSummary
  readonly side?: ReactNode // beside the title
  readonly children?: ReactNode
}
export function Masthead({ session, side, children }: Props) {
  const nowMs = useNow()
  const label = useLabel(session.agent)
  const presence = presenceOf(session, nowMs)
  const span = spanOf(session.started, session.ended)
  const { tokens } = session
  const replay = replayOf(session.id, useRoute().event)
  useSessionActions(session, replay)
  return (
    <header className="masthead">
      <div className="masthead-head">
        <h1 title={titleOf(session)}>{titleOf(session)}</h1>
        <div className="masthead-side">
          <a className="plain" href={hrefOf({ view: 'explore', replay })}>
            <Icon name="play" /> Replay
          </a>
          {side}
          <SessionMenu session={session} />
        </div>
      </div>
      <ul className="meta">
        <li className={`presence ${presence}`}>
          <Dot presence={presence} /> <span aria-hidden="true">{PRESENCE_WORDS[presence]}</span>
        </li>
        <li>{label}</li>
        <li title={session.cwd ?? session.project}>
          {projectName(session)}
          {session.branch && <code> {session.branch}</code>}
        </li>
        {session.model && <li className="wide">{session.model}</li>}
        <li className="wide" title={`${fullTime(session.started)} – ${fullTime(session.ended)}`}>
          {when(session.started, nowMs)}
          {span && ` · ${span}`}
        </li>
        <li className="wide">{counted(session.turns, 'turn')}</li>
        {tokensOf(session) > 0 && (
          <li
            className="wide"
            title={`input ${compact(tokens.input)} · output ${compact(tokens.output)} · cache read ${compact(tokens.cacheRead)} · cache write ${compact(tokens.cacheWrite)}`}
          >
            {compact(tokensOf(session))} tokens
          </li>
        )}
        {costOf(session) !== null && <li className="wide">{costOf(session)}</li>}
        {session.errors > 0 && <li className="wide bad">{counted(session.errors, 'error')}</li>}
      </ul>
      {children}
    </header>
  )
}
