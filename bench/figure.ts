// One figure of the table, and whether it is within its reach.
export interface Figure {
  readonly what: string
  readonly value: string
  readonly reach: string
  readonly ok: boolean | null // null: there is no reach
}

export const figure = (what: string, value: string, reach = '', ok: boolean | null = null): Figure => ({
  what,
  value,
  reach,
  ok: reach === '' ? null : ok,
})

// `limits`: of the median and of the slowest hundredth, where there is one.
export function timesFigure(
  what: string,
  times: readonly number[],
  limits: readonly [number, number?],
  more = '',
): Figure {
  const sorted = times.toSorted((a, b) => a - b)
  const [p50, p99] = [at(sorted, 0.5), at(sorted, 0.99)]
  const [most, mostOf99] = limits
  const isOk = p50 <= most && (mostOf99 === undefined || p99 <= mostOf99)
  const reach = mostOf99 === undefined ? `p50 ≤ ${most} ms` : `p50 ≤ ${most} ms, p99 ≤ ${mostOf99} ms`
  return figure(what, `p50 ${ms(p50)}, p99 ${ms(p99)}${more}`, reach, isOk)
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN

export const ms = (value: number): string => `${value < 10 ? value.toFixed(1) : value.toFixed(0)} ms`

const verdictOf = ({ ok }: Figure): string => (ok === null ? '' : ok ? 'ok' : '**missed**')

export const tableOf = (figures: readonly Figure[]): string =>
  [
    '| what | measured | reach | |',
    '| --- | --- | --- | --- |',
    ...figures.map((one) => `| ${one.what} | ${one.value} | ${one.reach} | ${verdictOf(one)} |`),
  ].join('\n')
