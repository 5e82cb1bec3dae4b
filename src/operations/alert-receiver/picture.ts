/** Renders series and a threshold as SVG, with a text alternative. It has no texts of its own; the page supplies them. */
import type { Picture } from './evidence'

const [WIDTH, HEIGHT, LEFT, BOTTOM, TOP] = [360, 150, 44, 20, 8]

export function svgOf({ series, threshold, start, end }: Picture, label: string): string {
  const values = [...series.flatMap(({ points }) => points.map(([, value]) => value)), ...(threshold === undefined ? [] : [threshold])] // biome-ignore format: one line
  const [least, most] = [Math.min(0, ...values), Math.max(...values)]
  const room = (most - least || 1) * 1.08
  const x = (at: number) => round(LEFT + ((at - start) / (end - start)) * (WIDTH - LEFT - 4))
  const y = (value: number) => round(HEIGHT - BOTTOM - ((value - least) / room) * (HEIGHT - BOTTOM - TOP))
  const lines = series.map(
    ({ points }, index) =>
      `<path d="${pathOf(points, x, y, end - start)}" fill="none" stroke="currentColor" stroke-width="1.5" opacity="${1 - index * 0.17}"/>`,
  )
  const hours = [0, 1, 2, 3].map(part => start + (part / 3) * (end - start))
  return [
    `<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${label}" font-size="10" fill="currentColor">`,
    ...[least, least + room / 2.16, most].map(
      value =>
        `<text x="${LEFT - 4}" y="${y(value) + 3}" text-anchor="end">${shortOf(value)}</text><path d="M${LEFT} ${y(value)}H${WIDTH - 4}" stroke="currentColor" opacity=".15"/>`,
    ),
    ...hours.map(
      (at, index) =>
        `<text x="${x(at)}" y="${HEIGHT - 6}" text-anchor="${['start', 'middle', 'middle', 'end'][index]}">${new Date(at * 1_000).toISOString().slice(11, 16)}</text>`,
    ),
    ...lines,
    ...(threshold === undefined
      ? []
      : [
          `<path class="threshold" d="M${LEFT} ${y(threshold)}H${WIDTH - 4}" fill="none" stroke="#d32f2f" stroke-dasharray="4 3"/>`,
        ]),
    '</svg>',
  ].join('')
}

/** The line has gaps where nothing was recorded. */
function pathOf(
  points: Picture['series'][number]['points'],
  x: (at: number) => number,
  y: (value: number) => number,
  span: number,
): string {
  let before = Number.NEGATIVE_INFINITY
  return points
    .map(([at, value]) => {
      const command = at - before > span / 60 ? 'M' : 'L'
      before = at
      return `${command}${x(at)} ${y(value)}${command === 'M' ? 'h.5' : ''}`
    })
    .join('')
}

const round = (value: number): number => Math.round(value * 10) / 10

export const shortOf = (value: number): string => {
  const size = Math.abs(value)
  if (size >= 1e9) return `${Number((value / 1e9).toPrecision(3))}G`
  if (size >= 1e6) return `${Number((value / 1e6).toPrecision(3))}M`
  if (size >= 1e4) return `${Number((value / 1e3).toPrecision(3))}k`
  return String(Number(value.toPrecision(3)))
}
