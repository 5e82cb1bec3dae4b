// Math.min and Math.max, which know no bigint.

export function least(a: bigint, b: bigint): bigint {
  return a < b ? a : b
}

export function most(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}

/** For `sort`: the smaller first. */
export function compare(a: bigint, b: bigint): number {
  return a === b ? 0 : a < b ? -1 : 1
}
