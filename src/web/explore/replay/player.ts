// A replay as it is watched: how many records have come, whether it plays, and how fast. Pure: time and hands come in, a player comes out.
// Records of one moment come together when it plays, and one by one when someone steps.
import { type Clock, playAt, shownAt } from './clock.ts'

export const SPEEDS = [1, 2, 5, 20, 100] as const
export type Speed = (typeof SPEEDS)[number]

export interface Player {
  readonly playMs: number
  readonly shown: number
  readonly isPlaying: boolean
  readonly speed: Speed
}

export const playerAt = (clock: Clock, shown: number, speed: Speed): Player => {
  const within = Math.max(Math.min(1, clock.at.length), Math.min(clock.at.length, Math.round(shown)))
  return { playMs: playAt(clock, within), shown: within, isPlaying: false, speed }
}

// `wallMs` went by. `ready`: how many records could be shown; the clock waits for those that are on their way.
export function advanced(player: Player, clock: Clock, wallMs: number, ready = Number.POSITIVE_INFINITY): Player {
  if (!player.isPlaying) return player
  const due = Math.min(clock.totalMs, player.playMs + Math.max(0, wallMs) * player.speed)
  const shown = shownAt(clock, due)
  if (shown > ready) {
    const held = Math.max(player.shown, ready)
    return { ...player, shown: held, playMs: Math.max(player.playMs, playAt(clock, held)) }
  }
  // Whoever stepped into the middle of a moment does not lose what they saw.
  const next = { ...player, playMs: due, shown: Math.max(player.shown, shown) }
  return due >= clock.totalMs ? { ...next, shown: clock.at.length, isPlaying: false } : next
}

// A place on the line, whether or not it plays.
export const scrubbed = (player: Player, clock: Clock, playMs: number): Player => {
  const at = Math.max(0, Math.min(clock.totalMs, playMs))
  return { ...player, playMs: at, shown: Math.max(Math.min(1, clock.at.length), shownAt(clock, at)) }
}

// Exactly so many records, held still.
export const stoodAt = (player: Player, clock: Clock, shown: number): Player => ({
  ...playerAt(clock, shown, player.speed),
})

// At the end it begins again.
export const toggled = (player: Player, clock: Clock): Player =>
  player.isPlaying
    ? { ...player, isPlaying: false }
    : player.shown >= clock.at.length
      ? { ...scrubbed(player, clock, 0), isPlaying: true }
      : { ...player, isPlaying: true }

export function faster({ speed }: Player, by: 1 | -1): Speed {
  const at = SPEEDS.indexOf(speed) + by
  return SPEEDS[Math.max(0, Math.min(SPEEDS.length - 1, at))]!
}
