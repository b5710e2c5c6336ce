// What the palette offers for the words typed so far, best first. Pure.
export interface Offer {
  readonly id: string
  readonly group: 'Sessions' | 'Go to' | 'Do'
  readonly name: string
  readonly about: string // shown beside the name, and searched too
  readonly keys: readonly string[]
}

const SESSIONS_MAX = 12 // so that what can be done stays in sight

export function offersFor<T extends Offer>(words: string, offers: readonly T[]): readonly T[] {
  const needles = words
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '')
  const ranked = offers
    .map((offer, at) => ({ offer, at, rank: needles.length === 0 ? 0 : rankOf(offer, needles) }))
    .filter(({ rank }) => rank !== null)
    .sort((a, b) => (a.rank ?? 0) - (b.rank ?? 0) || a.at - b.at)
  // Groups stand together, in the order of the best of each.
  return [...Map.groupBy(ranked, ({ offer }) => offer.group)].flatMap(([group, some]) =>
    (group === 'Sessions' ? some.slice(0, SESSIONS_MAX) : some).map(({ offer }) => offer),
  )
}

// 0: the name begins with it; 1: a word of it does; 2: it is in the name; 3: it is in what stands beside it. Null: a word is nowhere.
function rankOf({ name, about }: Offer, needles: readonly string[]): number | null {
  const [head, rest] = [name.toLowerCase(), about.toLowerCase()]
  let worst = 0
  for (const needle of needles) {
    const rank = placeOf(needle, head, rest)
    if (rank === null) return null
    worst = Math.max(worst, rank)
  }
  return worst
}

function placeOf(needle: string, head: string, rest: string): number | null {
  if (head.startsWith(needle)) return 0
  const at = head.indexOf(needle)
  if (at > 0) return head.split(/[^\p{L}\p{N}]+/u).some((word) => word.startsWith(needle)) ? 1 : 2
  return rest.includes(needle) ? 3 : null
}
