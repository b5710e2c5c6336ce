// Moving through a story by key: from card to card, and inside an unfolded one from record to record. Pure; the places are given as they
// stand on the page, outermost first, each with how deep it lies.
export interface Stop {
  readonly id: string
  readonly depth: number // 0: a turn of the row; 1: what is unfolded in it, and so on
  readonly isTurn: boolean
}

export function stepTo(stops: readonly Stop[], at: string | null, by: 1 | -1): Stop | null {
  const i = stops.findIndex(({ id }) => id === at)
  if (i < 0) return (by === 1 ? stops[0] : stops.at(-1)) ?? null
  return stops[i + by] ?? null
}

// What a place lies in: the card around it. Null at the row.
export function outOf(stops: readonly Stop[], at: string | null): Stop | null {
  const i = stops.findIndex(({ id }) => id === at)
  const depth = stops[i]?.depth ?? 0
  return i < 0 || depth === 0 ? null : (stops.slice(0, i).findLast((stop) => stop.isTurn && stop.depth < depth) ?? null)
}

// The turn of the row that follows or precedes one, by its place.
export const neighbourOf = <T extends { readonly id: string }>(
  turns: readonly T[],
  at: string | null,
  by: 1 | -1,
): T | null => {
  const i = turns.findIndex(({ id }) => id === at)
  return i < 0 ? (turns[by === 1 ? 0 : turns.length - 1] ?? null) : (turns[i + by] ?? null)
}
