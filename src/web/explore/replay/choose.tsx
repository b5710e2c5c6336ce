// No session in the address yet: the latest ones, to choose from.
import type { SessionSummary } from '../../../wire/live.ts'
import { useLiveSlowly, useNow } from '../../state/hooks.ts'
import { replayOf } from '../../state/replay-route.ts'
import { hrefOf } from '../../state/route.ts'
import { Dot } from '../../ui/bits.tsx'
import { ago, counted, presenceOf, projectName, titleOf } from '../../ui/words.ts'

const SHOWN = 20

export function Choose() {
  const nowMs = useNow()
  const sessions = useLiveSlowly((state) => state.sessions.rows)
  const latest = [...sessions.values()].filter(({ events }) => events > 0).sort(byEnd)
  return (
    <section
      className="explore scroller"
      // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
      tabIndex={0}
      aria-label="Replay"
    >
      <div className="explore-column">
        <header className="explore-head">
          <h1>Which session?</h1>
          <p className="aside">
            Every session can be replayed, from its head in Live and Story too. These are the latest.
          </p>
        </header>
        <ol className="replay-choice">
          {latest.slice(0, SHOWN).map((session) => (
            <li key={session.id}>
              <a href={hrefOf({ view: 'explore', replay: replayOf(session.id) })}>
                <Dot presence={presenceOf(session, nowMs)} />
                <span>{titleOf(session)}</span>
                <small>
                  {projectName(session)} · {counted(session.turns, 'turn')} · {ago(session.ended, nowMs)}
                </small>
              </a>
            </li>
          ))}
        </ol>
      </div>
    </section>
  )
}

const byEnd = (a: SessionSummary, b: SessionSummary): number => ((a.ended ?? '') < (b.ended ?? '') ? 1 : -1)
