// Story: a session told turn by turn, the whole of it in a paragraph above, its outline beside it. Without a session: a day.
import { type RefObject, useCallback, useEffect, useMemo, useRef, useState } from 'react'
import type { VListHandle } from 'virtua'
import type { StoryText } from '../../folds/story/story.ts'
import type { SessionSummary, TurnStory } from '../../wire/live.ts'
import { useCompact, useLabel, useNow, useRoute, useSession } from '../state/hooks.ts'
import { useMissingSession } from '../state/missing.ts'
import { hrefOf } from '../state/route.ts'
import { useTurns } from '../state/turns.ts'
import { Icon, Notice, WaitingLines } from '../ui/bits.tsx'
import { Masthead } from '../ui/masthead.tsx'
import { ScrollList } from '../ui/scroll-list.tsx'
import { counted, dayName, titleOf } from '../ui/words.ts'
import { localDay } from './calendar.ts'
import { TurnCard } from './card.tsx'
import { Day } from './day.tsx'
import { Inked } from './diagram.tsx'
import { openStop, useStoryKeys } from './keys.ts'
import { type Lanes, lanesOf } from './lanes.ts'
import { useMark } from './mark.ts'
import { Outline, OutlineBar } from './outline.tsx'
import { paragraphOf, type StoryRow, storyRows } from './rows.ts'
import type { Mark, Scene } from './scene.ts'
import { focusSoon, stopElement } from './sight.ts'
import './story.css'
import './unfold.css'
import './diagram.css'
import './outline.css'
import './day.css'

export function Story() {
  const route = useRoute()
  const session = useSession(route.session)
  const missing = useMissingSession(route.session)
  if (route.session === null) return <Day day={route.day} />
  if (session !== undefined) return <SessionStory key={session.id} session={session} />
  return missing === null ? (
    <WaitingLines what="the story" />
  ) : (
    <Notice isAlone title="This session is not here." bad>
      <p>{missing.message}</p>
    </Notice>
  )
}

function SessionStory({ session }: { session: SessionSummary }) {
  const { turns, isPending, error, retry } = useTurns(session.id)
  // A story that is there stays there when asking for more of it fails: the stream goes on.
  if (error !== null && turns.length === 0)
    return (
      <Notice isAlone title="The story could not be read." bad>
        <p>{error.message}</p>
        <button type="button" className="plain" onClick={retry}>
          Try again
        </button>
      </Notice>
    )
  return (
    <div className="story">
      <Told session={session} turns={turns} isPending={isPending} />
    </div>
  )
}

interface ToldProps {
  readonly session: SessionSummary
  readonly turns: readonly TurnStory[]
  readonly isPending: boolean // the head is there before the turns are, and the same one stays: a menu opened in it is not closed by them
}
function Told({ session, turns, isPending }: ToldProps) {
  const label = useLabel(session.agent)
  const isCompact = useCompact()
  const list = useRef<VListHandle>(null)
  const lanes = useMemo(() => lanesOf(turns, session.agents), [turns, session.agents])
  const rows = useMemo(() => storyRows(lanes), [lanes])
  const [mark, again] = useMark(lanes)
  const scene = useMemo(() => ({ session, label, lanes, mark }), [session, label, lanes, mark])
  const { current, look, goTo } = usePlace(list, rows)
  useLandingOnTurn(list, rows, mark, goTo)
  // The last turn from its beginning, and when one is there already, its end.
  const last = lanes.top.at(-1)?.id ?? null
  const toEnd = () => {
    if (current !== last) goTo(last)
    else list.current?.scrollToIndex(rows.length - 2, { align: 'end' })
  }
  useStoryKeys({ lanes, current, goTo, toEnd })
  const news = useNews(lanes, isPending)
  const outline = { lanes, current, goTo }
  return (
    <>
      {/* biome-ignore lint/a11y/noStaticElementInteractions: a link that is clicked again leads there again */}
      <div className="story-main" onClick={again} onKeyDown={openStop}>
        <Masthead session={session} />
        {isCompact && lanes.top.length > 1 && <OutlineBar {...outline} />}
        {isPending ? (
          <WaitingLines what="the story" />
        ) : (
          <ScrollList
            list={list}
            label="Turns of the session"
            className="turns"
            rows={rows}
            buffer={600}
            onScroll={look}
          >
            {(row) => <Row key={row.key} row={row} scene={scene} turns={turns} />}
          </ScrollList>
        )}
        {news !== null && (
          <button type="button" className="plain to-end" onClick={toEnd}>
            <Icon name="down" /> {news === 'turn' ? 'A new turn' : 'It goes on'} <kbd>G</kbd>
          </button>
        )}
      </div>
      {!isCompact && lanes.top.length > 0 && <Outline {...outline} />}
    </>
  )
}

function Row({ row, scene, turns }: { row: StoryRow; scene: Scene; turns: readonly TurnStory[] }) {
  const nowMs = useNow()
  switch (row.kind) {
    case 'whole':
      return <Whole turns={turns} scene={scene} />
    case 'day':
      return (
        <p className="turns-day">
          {row.time === null ? (
            dayName(row.time, nowMs)
          ) : (
            <a href={hrefOf({ view: 'story', day: localDay(new Date(row.time)) })} title="All sessions of this day">
              {dayName(row.time, nowMs)}
            </a>
          )}
        </p>
      )
    case 'turn':
      return <TurnCard turn={row.turn} number={row.number} depth={0} scene={scene} />
    case 'end':
      return <div className="turns-end" aria-hidden="true" />
  }
}

// The session in one paragraph; each sentence of it leads to the turn it stands on.
function Whole({ turns, scene }: { turns: readonly TurnStory[]; scene: Scene }) {
  const story: StoryText = useMemo(() => paragraphOf(turns, scene.label), [turns, scene.label])
  if (turns.length === 0)
    return (
      <Notice title="Nothing to tell yet.">
        <p>A turn begins with a prompt. This session has none so far.</p>
      </Notice>
    )
  const sent = turns.length - scene.lanes.top.length
  if (turns.every(({ agentId }) => agentId !== null))
    return (
      <section className="whole" aria-label="The session in one paragraph">
        <p>
          <OfSubagents session={scene.session} turns={turns} />
        </p>
      </section>
    )
  return (
    <section className="whole" aria-label="The session in one paragraph">
      <p>
        {story.parts.map(({ text, turns: [turn] }) => (
          <span key={text} className={text.startsWith('Unfinished') ? 'unfinished' : undefined}>
            {turn === undefined ? (
              <Inked text={text} />
            ) : (
              <a href={hrefOf({ view: 'story', session: scene.session.id, turn })}>
                <Inked text={text} />
              </a>
            )}{' '}
          </span>
        ))}
      </p>
      {sent > 0 && (
        <p className="aside">
          {counted(sent, 'turn of subagents is', 'turns of subagents are')} told inside the turns that sent them.
        </p>
      )}
    </section>
  )
}

// Nobody asked anything here: the agent of another session did.
function OfSubagents({ session, turns }: { session: SessionSummary; turns: readonly TurnStory[] }) {
  const parent = useSession(session.parent)
  const agents = new Set(turns.map(({ agentId }) => agentId)).size
  const types = [...new Set(turns.flatMap(({ agentType }) => (agentType === null ? [] : [agentType])))]
  const named = types.length === 1 && types[0] !== undefined ? ` (${types[0]})` : ''
  const who = agents === 1 ? `The session of a subagent${named}` : `The session of ${agents} subagents${named}`
  if (session.parent === null)
    return `${who}. The one who sent ${agents === 1 ? 'it' : 'them'} left no transcript here.`
  return (
    <>
      {who}, sent by{' '}
      <a href={hrefOf({ view: 'story', session: session.parent })}>
        {parent === undefined ? 'another session' : `“${titleOf(parent)}”`}
      </a>
      .
    </>
  )
}

// Where the reader is: at the turn they went to for as long as it is in sight, else at the one that the top of the page lies in.
const TOP_PX = 60
function usePlace(list: RefObject<VListHandle | null>, rows: readonly StoryRow[]) {
  const [current, setCurrent] = useState<string | null>(null)
  const aim = useRef<string | null>(null)
  const look = useCallback(() => {
    const aimed = aim.current === null ? null : stopElement(aim.current)
    if (aimed !== null && isOnScreen(aimed)) return
    if (aimed !== null) aim.current = null
    setCurrent(turnAtTop(list.current, rows))
  }, [list, rows])
  const goTo = useCallback(
    (turn: string | null) => {
      const at = turn === null ? 0 : rows.findIndex(({ key }) => key === turn)
      if (at < 0) return
      aim.current = turn
      list.current?.scrollToIndex(at, { align: 'start' })
      setCurrent(turn)
      if (turn !== null) focusSoon(turn)
    },
    [list, rows],
  )
  return { current, look, goTo }
}

function isOnScreen(element: Element): boolean {
  const { top, bottom } = element.getBoundingClientRect()
  return top < window.innerHeight && bottom > 0
}

function turnAtTop(list: VListHandle | null, rows: readonly StoryRow[]): string | null {
  const at = list === null ? 0 : list.findItemIndex(list.scrollOffset + TOP_PX)
  const row = rows.slice(0, at + 1).findLast(({ kind }) => kind === 'turn') ?? rows.find(({ kind }) => kind === 'turn')
  return row?.key ?? null
}

// The card of the row that the address points into; what is deeper goes on from there by itself.
function useLandingOnTurn(
  list: RefObject<VListHandle | null>,
  rows: readonly StoryRow[],
  mark: Mark | null,
  goTo: (turn: string) => void,
) {
  const done = useRef<Mark | null>(null)
  useEffect(() => {
    const first = mark?.way[0]
    if (mark === null || first === undefined || done.current === mark) return
    const at = rows.findIndex(({ key }) => key === first)
    if (at < 0) return
    done.current = mark
    const isDeeper = mark.event !== null || mark.way.length > 1
    if (!isDeeper) goTo(first)
    else if (stopElement(mark.turn) === null) list.current?.scrollToIndex(at, { align: 'start' })
  })
}

// Whether something came below what is seen: said, never scrolled to.
const SEEN_PX = 80
const LOOK_MS = 300
function useNews({ top }: Lanes, isPending: boolean): 'turn' | 'more' | null {
  const last = top.at(-1)
  const end = last?.lastEvent ?? ''
  const [seen, setSeen] = useState<{ readonly count: number; readonly end: string } | null>(null)
  if (seen === null && !isPending) setSeen({ count: top.length, end })
  const isNew = seen !== null && (seen.count !== top.length || seen.end !== end)
  useEffect(() => {
    if (!isNew || last === undefined) return
    const look = () => {
      const bottom = stopElement(last.id)?.getBoundingClientRect().bottom ?? Number.POSITIVE_INFINITY
      if (bottom < window.innerHeight + SEEN_PX) setSeen({ count: top.length, end })
    }
    look()
    const timer = setInterval(look, LOOK_MS)
    return () => clearInterval(timer)
  }, [isNew, last, top.length, end])
  if (seen === null || !isNew) return null
  return seen.count !== top.length ? 'turn' : 'more'
}
