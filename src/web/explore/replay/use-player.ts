// The player in a page: it runs with the frames, follows hands and keys, and keeps its place in the address.
import { useCallback, useEffect, useRef, useState } from 'react'
import { go, useRoute } from '../../state/hooks.ts'
import type { ReplayPlace } from '../../state/replay-route.ts'
import { type Course, indexOfEvent } from './course.ts'
import { advanced, type Player, playerAt, SPEEDS, type Speed, stoodAt } from './player.ts'

const FRAME_MS_MAX = 250 // a page that slept goes on where it was
const SAVED_EVERY_MS = 1_000
const SPEED_AT_FIRST: Speed = 5

export type Change = (player: Player) => Player

// `ready`: how many records can be shown.
export function usePlayer(course: Course, place: ReplayPlace, ready: number) {
  const route = useRoute()
  const [player, setPlayer] = useState(() => startOf(course, place))
  const latest = useRef({ player, ready, route })
  latest.current = { player, ready, route }
  const written = useRef<string | null>(null)
  const change = useCallback((how: Change) => {
    latest.current = { ...latest.current, player: how(latest.current.player) }
    setPlayer(latest.current.player)
  }, [])

  // Somebody else changed the address: back, or a link.
  const asked = keyOf(place.at, place.speed, place.event)
  useEffect(() => {
    if (written.current === asked || written.current === null) return
    written.current = asked
    change((now) => ({ ...startOf(course, place), speed: speedIn(place) ?? now.speed }))
  }, [asked, course, place, change])

  const save = useCallback(() => {
    const { player: now, route: at } = latest.current
    if (at.replay === null) return
    const replay = { ...at.replay, at: now.shown, event: null, speed: now.speed }
    written.current = keyOf(replay.at, replay.speed, null)
    go({ ...at, replay }, 'replace')
  }, [])
  // At rest the place is in the address at once; while it plays, now and then.
  const { isPlaying, shown, speed } = player
  // biome-ignore lint/correctness/useExhaustiveDependencies: a new place is saved
  useEffect(() => {
    if (!isPlaying) save()
  }, [isPlaying, shown, speed, save])
  useEffect(() => {
    if (!isPlaying) return
    const saving = setInterval(save, SAVED_EVERY_MS)
    let frame = 0
    let last = performance.now()
    const run = (now: number) => {
      const wallMs = Math.min(FRAME_MS_MAX, now - last)
      last = now
      change((old) => advanced(old, course.clock, wallMs, latest.current.ready))
      frame = requestAnimationFrame(run)
    }
    frame = requestAnimationFrame(run)
    return () => {
      clearInterval(saving)
      cancelAnimationFrame(frame)
    }
  }, [isPlaying, course, change, save])
  return [player, change] as const
}

const keyOf = (at: number | null, speed: number | null, event: string | null): string => `${at}|${speed}|${event}`
const speedIn = ({ speed }: ReplayPlace): Speed | null => SPEEDS.find((each) => each === speed) ?? null

function startOf(course: Course, place: ReplayPlace): Player {
  const speed = speedIn(place) ?? SPEED_AT_FIRST
  const first = (course.turns[0]?.index ?? 0) + 1
  const at = place.at ?? (place.event === null ? first : shownWith(course, place.event))
  return stoodAt(playerAt(course.clock, at, speed), course.clock, at)
}

// So many that the event is among them, and all that came in its millisecond.
function shownWith(course: Course, event: string): number {
  let at = indexOfEvent(course, event)
  if (at === null) return 1
  while (at + 1 < course.times.length && course.times[at + 1] === course.times[at]) at++
  return at + 1
}
