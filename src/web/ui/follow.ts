// Whether the reader goes along with the end of the session. Pure. It lets go only when a person moves up,
// never because something grew under their eyes, and takes hold again at the very end.
export interface Follow {
  readonly isFollowing: boolean
  readonly offset: number
}
export interface Scrolled {
  readonly offset: number
  readonly gap: number // pixels below what is seen
  readonly byHand: boolean // the wheel, a finger, a key or the scroll bar moved a moment ago
}

const END_PX = 32
const MOVE_PX = 2

export const startFollow = (isFollowing: boolean): Follow => ({ isFollowing, offset: 0 })

export function afterScroll(follow: Follow, { offset, gap, byHand }: Scrolled): Follow {
  if (!byHand) return { ...follow, offset }
  if (offset < follow.offset - MOVE_PX) return { isFollowing: gap <= MOVE_PX, offset }
  return { isFollowing: follow.isFollowing || gap <= END_PX, offset }
}
