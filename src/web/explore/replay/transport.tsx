// What one plays with: play and pause, steps, speed, and what time it is in the session.
import type { KeyboardEvent } from 'react'
import { Icon, type IconName } from '../../ui/bits.tsx'
import { counted, duration, fullTime } from '../../ui/words.ts'
import { beatBefore } from './clock.ts'
import { type Course, turnAt } from './course.ts'
import { type Player, SPEEDS, type Speed } from './player.ts'
import { Track } from './track.tsx'

export interface Hands {
  readonly toggle: () => void
  readonly step: (by: 1 | -1) => void
  readonly turn: (by: 1 | -1) => void
  readonly scrub: (playMs: number) => void
  readonly setSpeed: (speed: Speed) => void
  readonly onKey: (event: KeyboardEvent) => void
}

interface Props {
  readonly course: Course
  readonly player: Player
  readonly hands: Hands
  readonly isWaiting: boolean
}
export function Transport({ course, player, hands, isWaiting }: Props) {
  const { shown, isPlaying, speed } = player
  const count = course.letters.length
  const time = shown === 0 ? null : new Date(course.times[shown - 1]!).toISOString()
  const turn = turnAt(course, shown)
  const place = `${course.turns.length === 0 ? '' : `turn ${turn + 1} of ${course.turns.length}, `}${fullTime(time)}, ${shown} of ${count}`
  return (
    <section className="transport" aria-label="Playing">
      <Track course={course} playMs={player.playMs} spoken={place} scrub={hands.scrub} onKey={hands.onKey} />
      <div className="transport-row">
        <div className="transport-keys">
          <Button name="Previous turn" icon="turn-back" run={() => hands.turn(-1)} isOff={shown <= 1} />
          <Button name="Previous move" icon="step-back" run={() => hands.step(-1)} isOff={shown <= 1} />
          <button
            type="button"
            className="transport-play"
            onClick={hands.toggle}
            aria-label={isPlaying ? 'Pause' : shown >= count ? 'Play again' : 'Play'}
          >
            <Icon name={isPlaying ? 'pause' : 'play'} />
          </button>
          <Button name="Next move" icon="step-on" run={() => hands.step(1)} isOff={shown >= count} />
          <Button name="Next turn" icon="turn-on" run={() => hands.turn(1)} isOff={shown >= count} />
        </div>
        <fieldset className="speeds" aria-label="Speed">
          {SPEEDS.map((each) => (
            <button
              key={each}
              type="button"
              className="chip"
              aria-pressed={each === speed}
              onClick={() => hands.setSpeed(each)}
            >
              {each}×
            </button>
          ))}
        </fieldset>
        <p className="transport-place">
          <time dateTime={time ?? undefined}>{fullTime(time)}</time>
          <span>
            {shown.toLocaleString('en-US')} of {counted(count, 'record')}
          </span>
        </p>
        <p className="transport-said">{isWaiting ? 'Loading …' : saidAt(course, player)}</p>
      </div>
    </section>
  )
}

// What passes unseen is said: while it plays as a beat, and where one stands behind it.
function saidAt({ times }: Course, { shown, isPlaying }: Player): string {
  const coming = isPlaying ? beatBefore(times, shown) : null
  if (coming !== null) return `${duration(coming)} pass`
  const passed = beatBefore(times, shown - 1)
  return passed === null ? '' : `${duration(passed)} later`
}

interface ButtonProps {
  readonly name: string
  readonly icon: IconName
  readonly run: () => void
  readonly isOff: boolean
}
function Button({ name, icon, run, isOff }: ButtonProps) {
  return (
    <button type="button" className="icon-button" aria-label={name} title={name} onClick={run} disabled={isOff}>
      <Icon name={icon} />
    </button>
  )
}
