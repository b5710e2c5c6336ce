// The turns of a session as short lines to jump by: beside the story, or as a bar above it that opens into the same list.
import { memo, useEffect, useRef, useState } from 'react'
import { VList, type VListHandle } from 'virtua'
import type { TurnStory } from '../../wire/live.ts'
import { go, useRoute } from '../state/hooks.ts'
import { hrefOf } from '../state/route.ts'
import { Icon, Sheet } from '../ui/bits.tsx'
import { clock, counted } from '../ui/words.ts'
import { Inked } from './diagram.tsx'
import type { Lanes } from './lanes.ts'
import { lineOf, OUTCOME_WORDS } from './parts.ts'
import { neighbourOf } from './steps.ts'

interface Props {
  readonly lanes: Lanes
  readonly current: string | null
  readonly goTo: (turn: string | null) => void
}

export function Outline(props: Props) {
  return (
    <nav className="outline" aria-label="Outline">
      <h2>
        Outline <span>{counted(props.lanes.top.length, 'turn')}</span>
      </h2>
      <Lines {...props} />
      <p className="outline-keys" aria-hidden="true">
        <kbd>j</kbd> <kbd>k</kbd> walk <kbd>Enter</kbd> unfold <kbd>]</kbd> next turn
      </p>
    </nav>
  )
}

function Lines({ lanes, current, goTo }: Props) {
  const list = useRef<VListHandle>(null)
  const at = lanes.top.findIndex(({ id }) => id === current)
  useEffect(() => {
    if (at >= 0) list.current?.scrollToIndex(at, { align: 'nearest' })
  }, [at])
  return (
    <VList ref={list} className="scroller outline-list" data={lanes.top} bufferSize={300}>
      {(turn) => (
        <Line
          key={turn.id}
          turn={turn}
          number={lanes.numbers.get(turn.id) ?? null}
          sent={lanes.under.get(turn.id)?.length ?? 0}
          isHere={turn.id === current}
          goTo={goTo}
        />
      )}
    </VList>
  )
}

interface LineProps {
  readonly turn: TurnStory
  readonly number: number | null
  readonly sent: number
  readonly isHere: boolean
  readonly goTo: Props['goTo']
}
const Line = memo(function Line({ turn, number, sent, isHere, goTo }: LineProps) {
  return (
    <a
      className={`outline-line ${turn.outcome}`}
      href={hrefOf({ view: 'story', session: turn.session, turn: turn.id })}
      aria-current={isHere ? 'location' : undefined}
      onClick={() => goTo(turn.id)}
    >
      <b>{number ?? '–'}</b>
      <span className="outline-text">
        <Inked text={lineOf(turn)} />
      </span>
      <small>
        {clock(turn.started)}
        {sent > 0 && ` · ${counted(sent, 'subagent')}`}
        {turn.outcome !== 'answered' && <em> {OUTCOME_WORDS[turn.outcome]}</em>}
      </small>
    </a>
  )
})

export function OutlineBar(props: Props) {
  const { lanes, current } = props
  const { numbers } = lanes
  const route = useRoute()
  const [isOpen, setOpen] = useState(false)
  const at = lanes.top.findIndex(({ id }) => id === current)
  const here = lanes.top[at]
  const move = (by: 1 | -1) => {
    const next = neighbourOf(lanes.top, current, by)
    if (next === null) return
    props.goTo(next.id)
    go({ ...route, turn: next.id, event: null }, 'replace')
  }
  return (
    <div className="outline-bar">
      <button type="button" className="outline-open" onClick={() => setOpen(true)} aria-haspopup="dialog">
        <b>
          {numbers.get(current ?? '') ?? '–'} of {numbers.size}
        </b>
        <span>{here === undefined ? 'Outline' : <Inked text={lineOf(here)} />}</span>
      </button>
      <button
        type="button"
        className="icon-button up"
        onClick={() => move(-1)}
        aria-label="Previous turn"
        disabled={at === 0}
      >
        <Icon name="down" />
      </button>
      <button
        type="button"
        className="icon-button"
        onClick={() => move(1)}
        aria-label="Next turn"
        disabled={at === lanes.top.length - 1}
      >
        <Icon name="down" />
      </button>
      {isOpen && (
        <Sheet title="Outline" onClose={() => setOpen(false)}>
          <Choosing onChoose={() => setOpen(false)}>
            <ol className="outline-sheet">
              {lanes.top.map((turn) => (
                <li key={turn.id}>
                  <Line
                    turn={turn}
                    number={lanes.numbers.get(turn.id) ?? null}
                    sent={lanes.under.get(turn.id)?.length ?? 0}
                    isHere={turn.id === current}
                    goTo={props.goTo}
                  />
                </li>
              ))}
            </ol>
          </Choosing>
        </Sheet>
      )}
    </div>
  )
}

function Choosing({ onChoose, children }: { onChoose: () => void; children: React.ReactNode }) {
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: a link inside was chosen
    // biome-ignore lint/a11y/useKeyWithClickEvents: Enter on a link is a click
    <div onClick={onChoose}>{children}</div>
  )
}
