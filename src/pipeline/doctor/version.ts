// Compares versions.

/** -1, 0 or 1 by the numbers of the version, as many as the shorter one has; undefined when one has none. */
export function compareVersions(a: string, b: string): number | undefined {
  const [left, right] = [numbersOf(a), numbersOf(b)]
  const both = Math.min(left.length, right.length)
  if (both === 0) return undefined
  for (let at = 0; at < both; at++) if (left[at] !== right[at]) return Math.sign(left[at]! - right[at]!)
  return 0
}

function numbersOf(version: string): number[] {
  const [digits = ''] = /^v?(\d+(?:\.\d+)*)/.exec(version)?.slice(1) ?? []
  return digits === '' ? [] : digits.split('.').map(Number)
}
