// How long to wait before the next try: doubling, bounded on both sides. Attempts count from 0.
export const RETRY_MS_MIN = 200
export const RETRY_MS_MAX = 30_000

export const retryDelayMs = (attempt: number, minMs = RETRY_MS_MIN, maxMs = RETRY_MS_MAX): number =>
  Math.min(maxMs, minMs * 2 ** Math.min(attempt, 20))
