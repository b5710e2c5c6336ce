// What was spent day by day, as bars; and behind them the same as a table.
import { memo } from 'react'
import type { CostRow } from '../../../folds/cost.ts'
import { usdOf } from '../../../folds/money.ts'
import type { CostPlace } from '../../state/cost-route.ts'
import { go } from '../../state/hooks.ts'
import { hrefOf } from '../../state/route.ts'
import { counted, dollars } from '../../ui/words.ts'
import { type Bar, type Bars, barsOf, longDay, monthName, shortDay } from './model.ts'

const WIDTH = 1_000
const HEIGHT = 120
const AIR = 0.22
const THIN_PX = 3 // a day on which little was spent is still seen

interface Props {
  readonly rows: readonly CostRow[]
  readonly place: CostPlace
}
export const DayChart = memo(function DayChart({ rows, place }: Props) {
  const chart = barsOf(rows)
  const { bars, of, most } = chart
  if (bars.length < 2) return null
  const name = of === 'day' ? longDay : monthName
  return (
    <figure className="days">
      <figcaption>
        {of === 'day' ? 'By day' : 'By month'} <span>at most {dollars({ usd: usdOf(most), lower_bound: false })}</span>
        {bars.some(({ row }) => row.lower_bound) && <span>paler: it may have been more</span>}
      </figcaption>
      <Drawn chart={chart} place={place} />
      <p className="days-ends" aria-hidden="true">
        <span>{of === 'day' ? shortDay(bars[0]!.key) : monthName(bars[0]!.key)}</span>
        <span>{of === 'day' ? shortDay(bars.at(-1)!.key) : monthName(bars.at(-1)!.key)}</span>
      </p>
      <details>
        <summary>The {of === 'day' ? 'days' : 'months'} as a table</summary>
        <table className="days-table">
          <thead>
            <tr>
              <th scope="col">{of === 'day' ? 'Day' : 'Month'}</th>
              <th scope="col">Requests</th>
              <th scope="col">Cost</th>
            </tr>
          </thead>
          <tbody>
            {bars
              .filter(({ requests }) => requests > 0)
              .toReversed()
              .map((bar) => (
                <tr key={bar.key}>
                  <th scope="row">
                    <a href={hrefOf({ view: 'explore', cost: narrowed(place, bar) })}>{name(bar.key)}</a>
                  </th>
                  <td>{bar.requests}</td>
                  <td>{dollars(bar.row)}</td>
                </tr>
              ))}
          </tbody>
        </table>
      </details>
    </figure>
  )
})

const narrowed = (place: CostPlace, { key, last }: Bar): CostPlace => ({
  ...place,
  since: key,
  until: last,
  row: null,
  cut: place.cut === 'day' && key === last ? 'session' : place.cut,
})

function Drawn({ chart, place }: { chart: Bars; place: CostPlace }) {
  const { bars, most, of } = chart
  const step = WIDTH / bars.length
  return (
    <svg
      viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
      preserveAspectRatio="none"
      role="img"
      aria-label={`${counted(bars.length, of)} as bars; the table below says the same`}
    >
      <path className="days-line" d={`M0 ${HEIGHT - 0.5}H${WIDTH}`} />
      {bars.map((bar, i) => {
        const height = most === 0 ? 0 : (bar.nano / most) * (HEIGHT - 8)
        const isSeen = bar.requests > 0
        return (
          // biome-ignore lint/a11y/noStaticElementInteractions: the links of the table are the same for keys
          <g
            key={bar.key}
            className={bar.row.usd === null ? 'is-unknown' : bar.row.lower_bound ? 'is-least' : undefined}
            onClick={isSeen ? () => go({ view: 'explore', cost: narrowed(place, bar) }) : undefined}
          >
            <title>{`${of === 'day' ? longDay(bar.key) : monthName(bar.key)}: ${isSeen ? dollars(bar.row) : 'nothing'}`}</title>
            <rect className="days-hand" x={i * step} y={0} width={step} height={HEIGHT} />
            {isSeen && (
              <rect
                className="days-bar"
                x={i * step + (step * AIR) / 2}
                y={HEIGHT - Math.max(THIN_PX, height)}
                width={step * (1 - AIR)}
                height={Math.max(THIN_PX, height)}
              />
            )}
          </g>
        )
      })}
    </svg>
  )
}
