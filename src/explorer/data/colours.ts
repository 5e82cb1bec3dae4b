// Which of the eight colours of the palette stands for a name.

const COLOURS = 8

/** The same for a name everywhere; two names may have one colour. */
export function colourOf(name: string): number {
  let hash = 7
  for (let index = 0; index < name.length; index++) hash = (hash * 31 + name.charCodeAt(index)) >>> 0
  return hash % COLOURS
}

/** What names got in charts. */
const given = new Map<string, number>()

/**
 * For the lines of one chart, up to eight of which have to differ: the colour that a name has in another chart, else its
 * own, else the next that no line has here.
 */
export function coloursOf(names: readonly string[]): number[] {
  const taken = new Set(names.flatMap(name => given.get(name) ?? []))
  return names.map(name => {
    const own = colourOf(name)
    const all = Array.from({ length: COLOURS }, (_, step) => (own + step) % COLOURS)
    const colour = given.get(name) ?? all.find(one => !taken.has(one)) ?? own
    taken.add(colour)
    given.set(name, colour)
    return colour
  })
}
