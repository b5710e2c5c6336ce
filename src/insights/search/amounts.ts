// Amounts of money as people type them in a search: >1, >=0.50, <2, 1..5, $3 (that or more); in USD. Pure.

export interface CostSpan {
  readonly minNano: number | null // both included
  readonly maxNano: number | null
}

const USD_MAX = 1_000_000 // whoever asks for more finds nothing, exactly

// Null where it is not an amount.
export function readCost(typed: string): CostSpan | null {
  const text = typed.replaceAll('$', '').trim()
  const dots = text.indexOf('..')
  if (dots >= 0) {
    const [min, max] = [nanoOf(text.slice(0, dots)), nanoOf(text.slice(dots + 2))]
    return min === null || max === null ? null : { minNano: min, maxNano: max }
  }
  const sign = ['>=', '<=', '>', '<'].find((one) => text.startsWith(one)) ?? ''
  const nano = nanoOf(text.slice(sign.length))
  if (nano === null) return null
  switch (sign) {
    case '>':
      return { minNano: nano + 1, maxNano: null }
    case '<':
      return { minNano: null, maxNano: nano - 1 }
    case '<=':
      return { minNano: null, maxNano: nano }
    default:
      return { minNano: nano, maxNano: null }
  }
}

function nanoOf(text: string): number | null {
  const digits = text.trim()
  if (!/^\d{0,9}(\.\d{0,9})?$/.test(digits) || !/\d/.test(digits)) return null
  return Math.round(Math.min(USD_MAX, Number(digits)) * 1e9)
}
