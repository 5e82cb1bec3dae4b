// Which colour of a palette stands for a name.

const COLOURS = 8

function hashOf(name: string): number {
  let hash = 7
  for (let index = 0; index < name.length; index++) hash = (hash * 31 + name.charCodeAt(index)) >>> 0
  return hash
}

/** The same for a name everywhere; two names may have one colour. */
export const colourOf = (name: string): number => hashOf(name) % COLOURS

/**
 * For the lines of one chart, as many of which have to differ as the palette has colours: the colour that a name has in another chart, else
 * its own, else the next that no line has here.
 */
export function paletteOf(size: number): (names: readonly string[]) => number[] {
  /** By name, in all charts. */
  const chosen = new Map<string, number>()
  return names => {
    const taken = new Set(names.flatMap(name => chosen.get(name) ?? []))
    return names.map(name => {
      const own = hashOf(name) % size
      const all = Array.from({ length: size }, (_, step) => (own + step) % size)
      const colour = chosen.get(name) ?? all.find(one => !taken.has(one)) ?? own
      taken.add(colour)
      chosen.set(name, colour)
      return colour
    })
  }
}

export const coloursOf = paletteOf(COLOURS)
