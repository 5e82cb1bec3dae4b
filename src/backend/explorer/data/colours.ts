// Which colour stands for a name: a hue by the name alone, in every view and at every load. None of them is red, which is for what failed.

const HUES = 10
const SHADES = 3
/** Of the palette, `--c0` to `--c29`: a row of hues for each shade. */
export const COLOURS = HUES * SHADES

/** Of the palette, or that of failures. */
export type Colour = number | 'bad'

/** As CSS writes it. */
export const paint = (colour: Colour): string => `var(--${colour === 'bad' ? 'bad' : `c${colour}`})`

function hueOf(name: string): number {
  let hash = 7
  for (let index = 0; index < name.length; index++) hash = Math.imul(hash ^ name.charCodeAt(index), 0x01000193)
  // the low bits of neighbours such as `web-1` and `web-2` differ least
  return ((hash ^ (hash >>> 15)) >>> 0) % HUES
}

/** Colours for names that are shown together: names of one hue differ in shade, in the order of the alphabet. */
export function coloursOf(names: readonly string[]): number[] {
  const ofHue = new Map<number, string[]>()
  for (const name of [...new Set(names)].sort()) {
    const hue = hueOf(name)
    ofHue.set(hue, [...(ofHue.get(hue) ?? []), name])
  }
  return names.map(name => {
    const hue = hueOf(name)
    return hue + HUES * (ofHue.get(hue)!.indexOf(name) % SHADES)
  })
}

/** The same by name. */
export function coloursByName(names: Iterable<string>): ReadonlyMap<string, number> {
  const all = [...names]
  const colours = coloursOf(all)
  return new Map(all.map((name, index) => [name, colours[index]!]))
}

/** Of a name that is shown alone. */
export const colourOf = (name: string): number => hueOf(name)
