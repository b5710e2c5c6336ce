// Two sequences laid beside each other: what is alike stands in one row, in the order of both; what has no partner stands alone. Pure.
// Weighted longest common subsequence: the pairs chosen have the greatest likeness in all, and none of them cross.

export interface Pair<T> {
  readonly a: T | null
  readonly b: T | null
  readonly likeness: number // 0 where one stands alone, else up to 1
}

export const LIKE_MIN = 0.34 // below it two prompts have words in common as any two have

// `likeness`: 0 to 1. Costs a.length × b.length.
export function aligned<T>(a: readonly T[], b: readonly T[], likeness: (a: T, b: T) => number): readonly Pair<T>[] {
  const width = b.length + 1
  const alike = new Float64Array(a.length * b.length)
  const best = new Float64Array((a.length + 1) * width) // of the rests from i and j on
  for (let i = a.length - 1; i >= 0; i--)
    for (let j = b.length - 1; j >= 0; j--) {
      const like = likeness(a[i]!, b[j]!)
      alike[i * b.length + j] = like >= LIKE_MIN ? like : 0
      const together = like >= LIKE_MIN ? like + best[(i + 1) * width + j + 1]! : 0
      best[i * width + j] = Math.max(together, best[(i + 1) * width + j]!, best[i * width + j + 1]!)
    }
  const pairs: Pair<T>[] = []
  for (let i = 0, j = 0; i < a.length || j < b.length; ) {
    const like = i < a.length && j < b.length ? alike[i * b.length + j]! : 0
    if (like > 0 && best[i * width + j] === like + best[(i + 1) * width + j + 1]!)
      pairs.push({ a: a[i++]!, b: b[j++]!, likeness: like })
    else if (j >= b.length || (i < a.length && best[i * width + j] === best[(i + 1) * width + j]))
      pairs.push({ a: a[i++]!, b: null, likeness: 0 })
    else pairs.push({ a: null, b: b[j++]!, likeness: 0 })
  }
  return pairs
}

// How alike two texts are by their words: what they share of all they have, rare words for more than common ones. The texts of both
// sequences say what is rare.
export function wordLikeness(
  texts: readonly (readonly string[])[],
): (a: readonly string[], b: readonly string[]) => number {
  const found = new Map<string, number>()
  for (const words of texts) for (const word of new Set(words)) found.set(word, (found.get(word) ?? 0) + 1)
  const weight = (word: string) => 1 / (found.get(word) ?? 1)
  return (a, b) => {
    const [left, right] = [new Set(a), new Set(b)]
    if (left.size === 0 || right.size === 0) return 0
    let shared = 0
    let all = 0
    for (const word of new Set([...left, ...right])) {
      all += weight(word)
      if (left.has(word) && right.has(word)) shared += weight(word)
    }
    return shared / all
  }
}
