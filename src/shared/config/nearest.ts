/** The one of `known` that takes the fewest changes to become `word`, in whatever case; `known` holds one at least. */
export function nearest(word: string, known: readonly string[]): string {
  const best = known.map(name => ({ name, changes: changes(word.toLowerCase(), name.toLowerCase()) }))
  return best.reduce((least, one) => (one.changes < least.changes ? one : least)).name
}

/** @returns the known word that was meant, where a few slips lie between the two; undefined: no word is near */
export function meant(word: string, known: readonly string[]): string | undefined {
  // longer ones are no slips, and cost time
  if (word.length < 2 || word.length > 40) return undefined
  const best = nearest(word, known)
  return changes(word.toLowerCase(), best.toLowerCase()) <= Math.max(1, Math.floor(word.length / 3)) ? best : undefined
}

/** How many characters have to be put in, taken out or replaced (Levenshtein). */
function changes(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 1; i <= a.length; i++) {
    const next = [i]
    for (let j = 1; j <= b.length; j++)
      next[j] = Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1))
    row = next
  }
  return row[b.length]!
}
