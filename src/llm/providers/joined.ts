// Joins the pieces of a streamed text. Called by the folds.

/** More than a content attribute can hold need not be remembered. */
const MAX = 131_072

export function joined(known: unknown, piece: unknown): string | unknown {
  if (known === undefined || known === null) return piece ?? known
  if (typeof piece !== 'string' || typeof known !== 'string' || known.length >= MAX) return known
  return known + piece
}
