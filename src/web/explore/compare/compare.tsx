// Compare: two sessions side by side, the first at the left. Which they are is in the address; where one is missing, it is chosen here.
import { useQuery } from '@tanstack/react-query'
import { useMemo } from 'react'
import { compareSessions } from '../../../folds/compare/compare.ts'
import type { SessionSummary, TurnStory } from '../../../wire/live.ts'
import { askTools } from '../../state/api.ts'
import { go, useLabel, useNow, useRoute, useSession } from '../../state/hooks.ts'
import { useMissingSession } from '../../state/missing.ts'
import { hrefOf } from '../../state/route.ts'
import { useTurns } from '../../state/turns.ts'
import { useActions } from '../../ui/actions.ts'
import { Dot, Notice, WaitingLines } from '../../ui/bits.tsx'
import { presenceOf, projectName, spanOf, titleOf, when } from '../../ui/words.ts'
import { Facts, Files, Tools } from './facts.tsx'
import { Picker } from './picker.tsx'
import { AlignedTurns } from './turns.tsx'
import './compare.css'

export type Letter = 'a' | 'b'

export function Compare() {
  const { a, b } = useRoute()
  useActions(
    a !== null && b !== null
      ? [{ name: 'Change the sides', run: () => go({ view: 'explore', place: 'compare', a: b, b: a }) }]
      : [],
  )
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard
    <section className="compare scroller" tabIndex={0} aria-label="Two sessions side by side">
      <header className="compare-head">
        <h1>Two sessions side by side</h1>
        {a !== null && b !== null && (
          <button type="button" className="plain" onClick={() => go({ view: 'explore', place: 'compare', a: b, b: a })}>
            Change the sides
          </button>
        )}
      </header>
      <Pair a={a} b={b} />
    </section>
  )
}

function Pair({ a, b }: { a: string | null; b: string | null }) {
  const left = useSide('a', a)
  const right = useSide('b', b)
  return (
    <>
      <div className="compare-row compare-sides">
        <span />
        <SideHead letter="a" side={left} id={a} other={right.session} />
        {a === null ? (
          <span className="compare-later">… and then the other.</span>
        ) : (
          <SideHead letter="b" side={right} id={b} other={left.session} />
        )}
      </div>
      {a !== null && b !== null && <Both left={left} right={right} />}
    </>
  )
}

interface Side {
  readonly session: SessionSummary | undefined
  readonly missing: Error | null
  readonly turns: readonly TurnStory[]
  readonly tools: readonly { readonly tool: string; readonly calls: number }[]
  readonly isPending: boolean
  readonly error: Error | null
}
function useSide(letter: Letter, id: string | null): Side {
  const session = useSession(id)
  const missing = useMissingSession(id, letter)
  const { turns, isPending, error } = useTurns(session === undefined ? null : id)
  const tools = useQuery({
    // Asked again as it goes on.
    queryKey: ['tools', id, session?.tools ?? 0],
    queryFn: ({ signal }) => askTools(id ?? '', signal),
    enabled: session !== undefined,
    placeholderData: (before) => before,
  })
  return {
    session,
    missing,
    turns,
    tools: tools.data?.tools ?? [],
    isPending: isPending || tools.isPending,
    error: error ?? tools.error,
  }
}

interface HeadProps {
  readonly letter: Letter
  readonly side: Side
  readonly id: string | null
  readonly other: SessionSummary | undefined
}
function SideHead({ letter, side, id, other }: HeadProps) {
  if (id === null) return <Picker letter={letter} other={other} />
  if (side.missing) return <p className="aside bad">{side.missing.message}</p>
  if (side.session === undefined) return <p className="aside">Loading …</p>
  return <SessionHead letter={letter} session={side.session} />
}

function SessionHead({ letter, session }: { letter: Letter; session: SessionSummary }) {
  const nowMs = useNow()
  const route = useRoute()
  const label = useLabel(session.agent)
  const span = spanOf(session.started, session.ended)
  return (
    <div className="compare-side">
      <h2>
        <i aria-hidden="true">{letter.toUpperCase()}</i>
        <a href={hrefOf({ view: 'story', session: session.id })}>{titleOf(session)}</a>
      </h2>
      <p className="aside">
        <Dot presence={presenceOf(session, nowMs)} /> {label} · {projectName(session)} · {when(session.started, nowMs)}
        {span && ` · ${span}`}{' '}
        <a
          className="compare-other"
          href={hrefOf({ view: 'explore', place: 'compare', a: route.a, b: route.b, [letter]: null })}
        >
          choose another<span className="quietly"> session for {letter.toUpperCase()}</span>
        </a>
      </p>
    </div>
  )
}

function Both({ left, right }: { left: Side; right: Side }) {
  const { session: a } = left
  const { session: b } = right
  const compared = useMemo(
    () =>
      a === undefined || b === undefined
        ? null
        : compareSessions<TurnStory>(
            { session: a, turns: left.turns, tools: left.tools },
            { session: b, turns: right.turns, tools: right.tools },
          ),
    [a, b, left.turns, right.turns, left.tools, right.tools],
  )
  const error = left.error ?? right.error
  if (error)
    return (
      <Notice title="They could not be read." bad>
        <p>{error.message}</p>
      </Notice>
    )
  if (compared === null || a === undefined || b === undefined)
    return left.missing || right.missing ? null : <WaitingLines what="both sessions" />
  if (left.isPending || right.isPending) return <WaitingLines what="their turns" />
  return (
    <>
      {a.id === b.id && <p className="compare-note">Both sides are the same session.</p>}
      <Facts facts={compared.facts} />
      <Tools tools={compared.tools} />
      <Files files={compared.files} a={a} b={b} />
      <AlignedTurns pairs={compared.turns} more={compared.more} a={a} b={b} />
    </>
  )
}
