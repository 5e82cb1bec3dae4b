// Colours of series: the model's own where it has one, else of the palette by name, the same on all panels.
import { type Colour, colours, type Panel } from '../../../../monitoring/dashboards/board'
import { paletteOf } from '../colours'

/** Grey says that there is nothing to say. */
const names = (Object.keys(colours) as Colour[]).filter(name => name !== 'grey')
const chosen = paletteOf(names.length)

/** As CSS writes them. */
export function coloursOf({ colours: fixed = {} }: Panel, series: readonly string[]): string[] {
  const free = series.filter(name => !Object.hasOwn(fixed, name))
  const others = new Map(chosen(free).map((colour, index) => [free[index]!, names[colour]!]))
  return series.map(name => colours[fixed[name] ?? others.get(name)!])
}
