// Small plots side by side as SVG, in the look of the page: ink on paper, hairlines, one accent; light or dark as the reader's system is.
// Both axes are logarithmic, so a line that is straight and climbs as the diagonal is linear, and a flat one does not grow.
export interface Panel {
  readonly title: string
  readonly unit: string
  readonly lines: readonly {
    readonly name: string
    readonly points: readonly (readonly [number, number])[]
  }[]
}

const COLUMNS = 3
const WIDTH = 252
const HEIGHT = 176
const GAP = 22
const INSIDE = { left: 40, right: 34, top: 34, bottom: 26 }
const DECADES_MIN = 2 // so that noise does not look like growth

const STYLE = `
  svg { --paper: #fcfcfa; --ink: #191b22; --ink-3: #656a76; --line: #e4e4dd; --accent: #2436c4; --second: #8a5a00 }
  @media (prefers-color-scheme: dark) {
    svg { --paper: #14161c; --ink: #e8e8e3; --ink-3: #949aa7; --line: #282c36; --accent: #a3b1ff; --second: #e0b25c }
  }
  text { font: 11px -apple-system, "Segoe UI", Inter, Ubuntu, "Noto Sans", "Liberation Sans", sans-serif; fill: var(--ink-3); font-variant-numeric: tabular-nums }
  .a text, .b text { paint-order: stroke; stroke: var(--paper); stroke-width: 3px; stroke-linejoin: round }
  .paper { fill: var(--paper) }
  .title { font-size: 13px; font-weight: 600; fill: var(--ink) }
  .grid { stroke: var(--line) }
  .line { fill: none; stroke-width: 1.75; stroke-linejoin: round; stroke-linecap: round }
  .a .line { stroke: var(--accent) } .a circle, .a text { fill: var(--accent) }
  .b .line { stroke: var(--second) } .b circle, .b text { fill: var(--second) }`

export function plot(panels: readonly Panel[]): string {
  const rows = Math.ceil(panels.length / COLUMNS)
  const [width, height] = [COLUMNS * WIDTH + (COLUMNS + 1) * GAP, rows * HEIGHT + (rows + 1) * GAP]
  const drawn = panels.map((panel, i) => {
    const [x, y] = [GAP + (i % COLUMNS) * (WIDTH + GAP), GAP + Math.floor(i / COLUMNS) * (HEIGHT + GAP)]
    return `<g transform="translate(${x} ${y})">${panelOf(panel)}</g>`
  })
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${panels.map(spoken).join('; ')}">
<style>${STYLE}
</style>
<rect class="paper" width="${width}" height="${height}" rx="7"/>
${drawn.join('\n')}
</svg>
`
}

const spoken = ({ title, unit, lines }: Panel): string =>
  `${title}: ${lines.map(({ name, points }) => `${name} ${points.map(([x, y]) => `${count(x)} events ${told(y)} ${unit}`).join(', ')}`.trim()).join('; ')}`

interface Scale {
  at(value: number): number
}

function panelOf({ title, unit, lines }: Panel): string {
  const [left, right, top, bottom] = [INSIDE.left, WIDTH - INSIDE.right, INSIDE.top, HEIGHT - INSIDE.bottom]
  const all = lines.flatMap(({ points }) => points)
  const xs = [...new Set(all.map(([x]) => x))].sort((a, b) => a - b)
  const [low, high] = decadesOf(all.map(([, y]) => y))
  const x = scale(xs[0]!, xs.at(-1)!, left, right)
  const y = scale(10 ** low, 10 ** high, bottom, top)
  const grid: string[] = []
  for (let decade = low; decade <= high; decade++) {
    const at = y.at(10 ** decade).toFixed(1)
    grid.push(
      `<path class="grid" d="M${left} ${at}H${right}"/><text x="${left - 7}" y="${at}" dy="3.5" text-anchor="end">${told(10 ** decade)}</text>`,
    )
  }
  const ticks = xs.map(
    (value) => `<text x="${x.at(value).toFixed(1)}" y="${bottom + 17}" text-anchor="middle">${count(value)}</text>`,
  )
  const drawn = lines.map((line, i) => `<g class="${'ab'[i % 2]}">${lineOf(line, x, y)}</g>`)
  return `<text class="title" x="0" y="11">${title}</text><text x="${WIDTH}" y="11" text-anchor="end">${unit}</text>${grid.join('')}${ticks.join('')}${drawn.join('')}`
}

function lineOf({ name, points }: Panel['lines'][number], x: Scale, y: Scale): string {
  const places = points.map(([px, py]) => [x.at(px).toFixed(1), y.at(py).toFixed(1)] as const)
  const [lastX, lastY] = places.at(-1)!
  const [firstX, firstY] = places[0]!
  const dots = places.map(([cx, cy]) => `<circle cx="${cx}" cy="${cy}" r="2.75"/>`).join('')
  const value = (n: number) => told(points.at(n)![1])
  return `<path class="line" d="M${places.map((place) => place.join(' ')).join('L')}"/>${dots}<text x="${firstX}" y="${firstY}" dy="-7" text-anchor="start">${value(0)}</text><text x="${Number(lastX) + 6}" y="${lastY}" dy="3.5">${value(-1)}${name === '' ? '' : `<tspan x="${Number(lastX) + 6}" dy="12">${name}</tspan>`}</text>`
}

function decadesOf(values: readonly number[]): readonly [number, number] {
  const low = Math.floor(Math.log10(Math.min(...values)))
  return [low, Math.max(low + DECADES_MIN, Math.ceil(Math.log10(Math.max(...values))))]
}

function scale(from: number, to: number, start: number, end: number): Scale {
  const span = Math.log(to / from) || 1
  return { at: (value) => start + (Math.log(value / from) / span) * (end - start) }
}

const told = (value: number): string =>
  value >= 10
    ? Math.round(value).toLocaleString('en')
    : value >= 1
      ? String(Number(value.toFixed(1)))
      : String(Number(value.toPrecision(1)))

const count = (events: number): string =>
  events >= 1e6 ? `${events / 1e6} M` : events >= 1e3 ? `${events / 1e3} k` : String(events)
