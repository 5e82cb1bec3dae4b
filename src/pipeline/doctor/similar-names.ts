// Whether one name is a slip for another.

/** Wrong, missing, doubled or swapped letters that may be a slip. */
const mostSlips = 2

/** True when few letters differ, or the name lacks one word of the other, as `OTEL_EXPORTER_ENDPOINT` does. */
export function isNear(name: string, other: string): boolean {
  return lacksOneWord(name.split('_'), other.split('_')) || slips(name, other) <= mostSlips
}

function lacksOneWord(words: readonly string[], others: readonly string[]): boolean {
  return (
    words.length > 2 &&
    words.length === others.length - 1 &&
    others.some((_, left) => words.every((word, at) => word === others[at < left ? at : at + 1]))
  )
}

/** Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours. */
function slips(a: string, b: string): number {
  if (Math.abs(a.length - b.length) > mostSlips) return Number.POSITIVE_INFINITY
  let [before, last]: [number[], number[]] = [[], Array.from({ length: b.length + 1 }, (_, at) => at)]
  for (let i = 1; i <= a.length; i++) {
    const row = [i]
    for (let j = 1; j <= b.length; j++) {
      const isSame = a[i - 1] === b[j - 1]
      row[j] = Math.min(row[j - 1]! + 1, last[j]! + 1, last[j - 1]! + (isSame ? 0 : 1))
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        row[j] = Math.min(row[j]!, before[j - 2]! + 1)
    }
    ;[before, last] = [last, row]
  }
  return last[b.length]!
}
