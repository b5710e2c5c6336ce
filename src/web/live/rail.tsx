// The session's turns beside it, like a table of contents: where one is, and a way to anywhere else.
import { memo, useLayoutEffect, useRef } from 'react'
import type { OutlineTurn } from '../../folds/outline.ts'
import { hrefOf } from '../state/route.ts'
import { clock } from '../ui/words.ts'

const TURNS_SHOWN = 300

interface Props {
  readonly session: string
  readonly turns: readonly OutlineTurn[]
  readonly error: Error | null
  readonly event: string | null
  readonly isIdle: boolean // then nothing goes on, whatever was not finished
}
export function Rail({ session, turns, error, event, isIdle }: Props) {
  const end = useRef<HTMLOListElement>(null)
  const told = turns.filter((turn) => turn.agentId === null && turn.prompt !== null)
  const last = told.at(-1)?.id
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new turn moves the list to its end
  useLayoutEffect(() => {
    const list = end.current
    if (list) list.scrollTop = list.scrollHeight
  }, [last])
  return (
    <aside className="rail" aria-label="Turns">
      <h2>Turns</h2>
      {error && <p className="aside bad">{error.message}</p>}
      {told.length === 0 && !error && <p className="aside">The first prompt begins the first turn.</p>}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard */}
      <ol className="scroller" ref={end} tabIndex={0} aria-label="Turns, oldest first">
        {told.slice(-TURNS_SHOWN).map((turn) => (
          <TurnLink key={turn.id} session={session} turn={turn} isHere={turn.prompt?.event === event} isIdle={isIdle} />
        ))}
      </ol>
    </aside>
  )
}

interface TurnLinkProps {
  readonly session: string
  readonly turn: OutlineTurn
  readonly isHere: boolean
  readonly isIdle: boolean
}
const TurnLink = memo(function TurnLink({ session, turn, isHere, isIdle }: TurnLinkProps) {
  const outcome = turn.outcome === 'running' && isIdle ? 'unfinished' : turn.outcome
  return (
    <li>
      <a
        className={outcome}
        href={hrefOf({ view: 'live', session, event: turn.prompt?.event ?? turn.id })}
        aria-current={isHere ? 'location' : undefined}
      >
        <span className="rail-text">{turn.prompt?.text || 'Work before any prompt'}</span>
        <span className="rail-facts">
          {clock(turn.started)}
          {outcome !== 'answered' && <b> {outcome}</b>}
        </span>
      </a>
    </li>
  )
})
