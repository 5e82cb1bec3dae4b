// Which colour of a palette stands for a name.

/** Of the palette, `--c0` to `--c15`. */
export const COLOURS = 16

function hashOf(name: string): number {
  let hash = 7
  for (let index = 0; index < name.length; index++) hash = (hash * 31 + name.charCodeAt(index)) >>> 0
  return hash
}

/**
 * Colours for names that are shown together; they differ as far as the palette has colours. A name keeps the colour in which it was shown
 * first. A new name takes the colour of its hash. Where another name here has that colour already, it takes the next free one.
 */
export function paletteOf(size: number): (names: readonly string[]) => number[] {
  /** By name, wherever it was shown first. */
  const chosen = new Map<string, number>()
  return names => {
    const here = new Map<string, number>()
    const taken = new Set<number>()
    const take = (name: string, first: number) => {
      const all = Array.from({ length: size }, (_, step) => (first + step) % size)
      const colour = all.find(one => !taken.has(one)) ?? first
      taken.add(colour)
      here.set(name, colour)
      if (!chosen.has(name)) chosen.set(name, colour)
    }
    const isNew = (name: string) => !here.has(name)
    for (const name of names) if (isNew(name) && chosen.has(name)) take(name, chosen.get(name)!)
    for (const name of names) if (isNew(name)) take(name, hashOf(name) % size)
    return names.map(name => here.get(name)!)
  }
}

export const coloursOf = paletteOf(COLOURS)

/** The same by name. */
export function coloursByName(names: Iterable<string>): ReadonlyMap<string, number> {
  const all = [...names]
  const colours = coloursOf(all)
  return new Map(all.map((name, index) => [name, colours[index]!]))
}

/** Of a name that is shown alone: always the one in which it was shown first. */
export const colourOf = (name: string): number => coloursOf([name])[0]!
