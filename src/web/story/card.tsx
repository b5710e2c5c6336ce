// One turn of a story, at any depth: its sentence as a diagram, its facts, and on demand the cycles behind it. A subagent's turn is the same
// card, smaller, under the call that sent it.
import { createElement, memo, useEffect, useRef } from 'react'
import type { TurnStory } from '../../wire/live.ts'
import { useNow } from '../state/hooks.ts'
import { hrefOf } from '../state/route.ts'
import { Icon } from '../ui/bits.tsx'
import { Flat } from '../ui/read-markdown.ts'
import { useToggle } from '../ui/toggle.ts'
import { ago, clock, counted, fullTime, presenceOf } from '../ui/words.ts'
import { SentenceDiagram } from './diagram.tsx'
import { FactsOf } from './facts.tsx'
import type { Scene } from './scene.ts'
import { bringIntoSight } from './sight.ts'
import { headingAt, Unfolded } from './unfold.tsx'

interface Props {
  readonly turn: TurnStory
  readonly number: number | null
  readonly depth: number // 0: in the row
  readonly scene: Scene
}

export const TurnCard = memo(function TurnCard({ turn, number, depth, scene }: Props) {
  const [isOpen, flip] = useToggle(`${turn.id}:turn`, false)
  const nowMs = useNow()
  const { mark, session, lanes } = scene
  const isAtWork = turn.outcome === 'running' && presenceOf(session, nowMs) !== 'idle'
  const isOpenAsked = mark?.way.includes(turn.id) === true && (mark.turn !== turn.id || mark.event !== null)
  const card = useGoingTo(mark, turn.id, isOpenAsked && !isOpen ? flip : null)
  const sent = lanes.under.get(turn.id)?.length ?? 0
  return (
    <article
      ref={card}
      className={['turn', turn.outcome, isAtWork && 'is-running', depth > 0 && 'nested'].filter(Boolean).join(' ')}
      data-turn={turn.id}
      data-stop={turn.id}
      data-depth={depth * 2}
      tabIndex={-1}
    >
      <div className="turn-margin">
        {number !== null && <b>{number}</b>}
        <a
          href={hrefOf({ view: 'live', session: turn.session, event: turn.prompt?.event ?? turn.firstEvent })}
          title={`${fullTime(turn.started)} · open in Live`}
        >
          {clock(turn.started) || 'no time'}
          <span className="quietly">, open in Live</span>
        </a>
      </div>
      <div className="turn-body">
        {createElement(headingAt(depth * 2), { className: 'quietly' }, turn.sentence)}
        <SentenceDiagram
          turn={turn}
          endNow={isAtWork ? 'is still working' : null}
          endNote={endNote(turn, isAtWork, nowMs)}
          markedEvent={mark?.turn === turn.id ? mark.event : null}
        />
        <FactsOf turn={turn} />
        {!isOpen && isWordy(turn) && (
          <p className="turn-answer">
            <Flat text={turn.answer} />
          </p>
        )}
        <button type="button" className="bare unfold" onClick={flip} aria-expanded={isOpen}>
          <Icon name="fold" /> {isOpen ? 'Fold' : `Unfold ${counted(turn.events, 'event')}`}
          {!isOpen && sent > 0 && ` and ${counted(sent, 'subagent')}`}
        </button>
        {isOpen && (
          <Unfolded
            turn={turn}
            depth={depth}
            scene={scene}
            drawTurn={(inner) => <TurnCard key={inner.id} turn={inner} number={null} depth={depth + 1} scene={scene} />}
          />
        )}
      </div>
    </article>
  )
})

// Opens what must be open for the place in the address, and brings a card inside a card into sight.
function useGoingTo(mark: Scene['mark'], turn: string, open: (() => void) | null) {
  const card = useRef<HTMLElement>(null)
  const done = useRef<Scene['mark']>(null)
  useEffect(() => {
    if (mark === null || done.current === mark) return
    done.current = mark
    open?.()
    if (mark.turn !== turn || mark.event !== null || mark.way.length < 2 || card.current === null) return
    bringIntoSight(card.current, 'start')
    card.current.focus({ preventScroll: true })
  })
  return card
}

function endNote(turn: TurnStory, isAtWork: boolean, nowMs: number): string {
  if (turn.outcome !== 'running') return ''
  const ended = ago(turn.ended, nowMs)
  if (!isAtWork) return ended === '' ? '' : `silent for ${ended}`
  const begun = ago(turn.started, nowMs)
  return begun === 'now' ? 'just begun' : `for ${begun}`
}

// Where the sentence tells what was done, the answer says something else again.
const isWordy = ({ answer, verb }: TurnStory): boolean =>
  answer !== '' && !/^(?:answered|asked|investigated|gave|ran)$/.test(verb)
