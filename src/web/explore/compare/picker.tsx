// The session that is still missing, chosen from a list: those of the same project first, or by words.
import { keepPreviousData, useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import type { SessionSummary } from '../../../wire/live.ts'
import { askSessions } from '../../state/api.ts'
import { useNow, useRoute } from '../../state/hooks.ts'
import { hrefOf } from '../../state/route.ts'
import { Dot } from '../../ui/bits.tsx'
import { ago, compact, counted, presenceOf, projectName, titleOf, tokensOf } from '../../ui/words.ts'

const LISTED = 40
const SHOWN = 12

export function Picker({ letter, other }: { letter: 'a' | 'b'; other: SessionSummary | undefined }) {
  const route = useRoute()
  const nowMs = useNow()
  const [words, setWords] = useState('')
  const asked = words.trim()
  const near = useList(asked, other?.project ?? null)
  const all = useList(asked, null)
  const rows = firstOf([...(near.data?.sessions ?? []), ...(all.data?.sessions ?? [])], other?.id)
  const error = all.error ?? near.error
  return (
    <div className="compare-picker">
      <h2>
        <i aria-hidden="true">{letter.toUpperCase()}</i>
        {letter === 'a' && other === undefined ? 'Choose a session …' : 'Choose the other …'}
      </h2>
      <input
        type="search"
        value={words}
        placeholder="Words in its title, or its project"
        aria-label={`Find the session for ${letter.toUpperCase()}`}
        autoComplete="off"
        spellCheck={false}
        onChange={({ target }) => setWords(target.value)}
        onKeyDown={(event) => event.key === 'Escape' && event.currentTarget.blur()}
      />
      <p className="aside">Here, or in the list of sessions.</p>
      {error && <p className="aside bad">{error.message}</p>}
      {rows.length === 0 && !all.isPending && <p className="aside">No session is called that.</p>}
      <ul>
        {rows.map((session) => (
          <li key={session.id}>
            <a href={hrefOf({ view: 'explore', place: 'compare', a: route.a, b: route.b, [letter]: session.id })}>
              <Dot presence={presenceOf(session, nowMs)} />
              <span>
                {titleOf(session)}
                <small>
                  {projectName(session)} · {counted(session.turns, 'turn')} · {compact(tokensOf(session))} tokens
                </small>
              </span>
              <time>{ago(session.ended, nowMs)}</time>
            </a>
          </li>
        ))}
      </ul>
    </div>
  )
}

const useList = (words: string, project: string | null) =>
  useQuery({
    queryKey: ['compare-list', words, project],
    queryFn: ({ signal }) => askSessions({ limit: LISTED, words, project }, signal),
    placeholderData: keepPreviousData,
  })

function firstOf(sessions: readonly SessionSummary[], without: string | undefined): readonly SessionSummary[] {
  const once = new Map(sessions.filter(({ id, turns }) => id !== without && turns > 0).map((row) => [row.id, row]))
  return [...once.values()].slice(0, SHOWN)
}
