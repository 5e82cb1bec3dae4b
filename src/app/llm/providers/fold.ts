// Puts what events say together.
import { count, type Doc } from '../wire/json'

/** What is said anew takes the place of what was said before. In place: a copy of all for each event would cost more with each. */
export function update(known: Doc, said: Doc | undefined): Doc {
  for (const [name, value] of Object.entries(said ?? {})) if (name !== '__proto__') known[name] = value
  return known
}

const MOST_PLACES = 256

/** The place of a piece: the number that an event says must not be a way to make a list long, which is walked through from its start. */
export function placeOf(index: unknown, otherwise = 0): number {
  return Math.min(count(index) ?? otherwise, MOST_PLACES)
}

/** More than a content attribute can hold need not be remembered. */
const MAX = 131_072

export function joined(known: unknown, piece: unknown): string | unknown {
  if (known === undefined || known === null) return piece ?? known
  if (typeof piece !== 'string' || typeof known !== 'string' || known.length >= MAX) return known
  return known + piece
}
