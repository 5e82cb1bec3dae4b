// Which colour stands for a name: a hue by the name alone, in every view and at every load. None of them is red, which is for what failed.

const HUES = 10
const SHADES = 3
/** Of the palette, `--c0` to `--c29`: a row of hues for each shade. */
export const COLOURS = HUES * SHADES

/** Of the palette, or that of failures or of warnings. */
export type Colour = number | 'bad' | 'warn'

/** As CSS writes it. */
export const paint = (colour: Colour): string => `var(--${typeof colour === 'number' ? `c${colour}` : colour})`

function hueOf(name: string): number {
  let hash = 7
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193)
  // the low bits of neighbours such as `web-1` and `web-2` differ least
  return ((hash ^ (hash >>> 15)) >>> 0) % HUES
}

/**
 * Colours for names that are shown together: names of one hue differ in shade, in the order of the alphabet. What a hue has no shade left for
 * takes a free one of the next hues, so that up to `COLOURS` names all differ.
 */
export function coloursOf(names: readonly string[]): number[] {
  const colours = new Map<string, number>()
  const taken = new Set<number>()
  const crowded: string[] = []
  const take = (name: string, hues: readonly number[]): boolean => {
    const free = hues.flatMap(hue => Array.from({ length: SHADES }, (_, shade) => hue + HUES * shade))
    const colour = free.find(one => !taken.has(one))
    if (colour === undefined) return false
    taken.add(colour)
    colours.set(name, colour)
    return true
  }
  for (const name of [...new Set(names)].sort()) if (!take(name, [hueOf(name)])) crowded.push(name)
  for (const name of crowded) {
    const hue = hueOf(name)
    if (
      !take(
        name,
        Array.from({ length: HUES }, (_, step) => (hue + step) % HUES),
      )
    )
      colours.set(name, hue)
  }
  return names.map(name => colours.get(name)!)
}

/** The same by name. */
export function coloursByName(names: Iterable<string>): ReadonlyMap<string, number> {
  const all = [...names]
  const colours = coloursOf(all)
  return new Map(all.map((name, index) => [name, colours[index]!]))
}

/** Of a name that is shown alone. */
export const colourOf = (name: string): number => hueOf(name)
