// Story: a session told turn by turn, one sentence each, with the facts under it and the records behind it.
import { useMemo } from 'react'
import { VList } from 'virtua'
import type { SessionSummary } from '../../wire/live.ts'
import { go, useLabel, useNow, useRoute, useSession } from '../state/hooks.ts'
import { useMissingSession } from '../state/missing.ts'
import { useTurns } from '../state/turns.ts'
import { Notice, WaitingLines } from '../ui/bits.tsx'
import { Masthead } from '../ui/masthead.tsx'
import { dayName } from '../ui/words.ts'
import { TurnCard } from './card.tsx'
import { storyRows } from './model.ts'
import './story.css'

export function Story() {
  const route = useRoute()
  const session = useSession(route.session)
  const missing = useMissingSession(route.session)
  if (session !== undefined) return <SessionStory key={session.id} session={session} oldest={route.oldest} />
  return missing === null ? (
    <WaitingLines what="the story" />
  ) : (
    <Notice title="This session is not here." bad>
      <p>{missing.message}</p>
    </Notice>
  )
}

function SessionStory({ session, oldest }: { session: SessionSummary; oldest: boolean }) {
  const { turns, isPending, error, retry } = useTurns(session.id)
  const label = useLabel(session.agent)
  const nowMs = useNow()
  const rows = useMemo(() => storyRows(turns, oldest), [turns, oldest])
  return (
    <div className="story">
      <Masthead session={session}>
        <fieldset className="filters" aria-label="Order">
          {[false, true].map((isOldest) => (
            <button
              key={String(isOldest)}
              type="button"
              className="chip"
              aria-pressed={oldest === isOldest}
              onClick={() => go({ view: 'story', session: session.id, oldest: isOldest }, 'replace')}
            >
              {isOldest ? 'From the beginning' : 'Newest first'}
            </button>
          ))}
        </fieldset>
      </Masthead>
      {error ? (
        <Notice title="The story could not be read." bad>
          <p>{error.message}</p>
          <button type="button" className="plain" onClick={retry}>
            Try again
          </button>
        </Notice>
      ) : isPending ? (
        <WaitingLines what="the story" />
      ) : rows.length === 0 ? (
        <Notice title="Nothing to tell yet.">
          <p>A turn begins with a prompt. This session has none so far.</p>
        </Notice>
      ) : (
        <VList
          className="scroller turns"
          data={rows}
          bufferSize={600}
          tabIndex={0}
          role="region"
          aria-label="Turns of the session"
        >
          {(row) =>
            row.kind === 'day' ? (
              <h2 key={row.key} className="turns-day">
                {dayName(row.time, nowMs)}
              </h2>
            ) : (
              <TurnCard key={row.key} turn={row.turn} number={row.number} label={label} session={session} />
            )
          }
        </VList>
      )}
    </div>
  )
}
