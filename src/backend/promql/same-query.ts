import { parse } from './parse'

/** Whether two texts are the same query. If one cannot be parsed, compares the texts. */
export function sameQuery(one: string, other: string): boolean {
  if (one.trim() === other.trim()) return true
  try {
    return shapeOf(one) === shapeOf(other)
  } catch {
    return one.replace(/\s+/g, '') === other.replace(/\s+/g, '')
  }
}

/** Ignores positions, parentheses (the tree expresses them) and the order of matchers. */
const shapeOf = (query: string): string =>
  JSON.stringify(parse(query), (key, value) => {
    if (key === 'from' || key === 'to') return undefined
    if (key === 'matchers') return (value as object[]).map(one => JSON.stringify(one)).sort()
    let inner = value
    while (inner?.type === 'paren') inner = inner.of
    return inner
  })
