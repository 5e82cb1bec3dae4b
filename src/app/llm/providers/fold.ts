// Code for assembling streamed events.
import { count, type Doc } from '../wire/json'

/** Replaces known fields by later values. Changes the object in place, because copying it for each event would take quadratic time. */
export function update(known: Doc, said: Doc | undefined): Doc {
  for (const [name, value] of Object.entries(said ?? {})) if (name !== '__proto__') known[name] = value
  return known
}

const MOST_PLACES = 256

/** The list index for a piece. An event's index is limited, so that it cannot make a list long, which is always searched from its start. */
export function placeOf(index: unknown, otherwise = 0): number {
  return Math.min(count(index) ?? otherwise, MOST_PLACES)
}

/** Maximum characters, beyond what a content attribute can hold. */
const MAX = 131_072

export function joined(known: unknown, piece: unknown): string | unknown {
  if (known === undefined || known === null) return piece ?? known
  if (typeof piece !== 'string' || typeof known !== 'string' || known.length >= MAX) return known
  return known + piece
}
