// Chance that can be had again: everything a run does follows from its seed.
export interface Random {
  below(n: number): number // 0 … n - 1
  chance(share: number): boolean
  pick<T>(things: readonly T[]): T
}

// mulberry32, after Tommy Ettinger.
export function randomFrom(seed: number): Random {
  let state = seed >>> 0
  const next = () => {
    state = (state + 0x6d2b79f5) >>> 0
    let t = state
    t = Math.imul(t ^ (t >>> 15), t | 1)
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61)
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32
  }
  const below = (n: number) => Math.floor(next() * n)
  return { below, chance: (share) => next() < share, pick: (things) => things[below(things.length)]! }
}
