// Colours of series: the model's own where it has one, else that of the name, as in all other views.
import { colours, type Panel } from '../../../../monitoring/dashboards/board'
import { coloursByName, paint } from '../colours'

/** As CSS writes them. */
export function coloursOf({ colours: fixed = {} }: Panel, series: readonly string[]): string[] {
  const others = coloursByName(series.filter(name => !Object.hasOwn(fixed, name)))
  return series.map(name => (Object.hasOwn(fixed, name) ? colours[fixed[name]!] : paint(others.get(name)!)))
}
