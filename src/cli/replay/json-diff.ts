// What differs between two JSON values, by place. What was put into a list or taken out of it is that, and no change of all that follows.
import { sortedJson } from '../../shared/sorted-json'

export type Change =
  | { readonly kind: 'changed'; readonly path: string; readonly before: unknown; readonly after: unknown }
  | { readonly kind: 'added'; readonly path: string; readonly after: unknown }
  | { readonly kind: 'removed'; readonly path: string; readonly before: unknown }

/** Lists are compared element by element up to this product of their lengths; longer ones by position in the middle. */
const MOST_COMPARED = 250_000

/** @param path of both, as JSONPath. In a list it is the place in `after`, and of what was removed the one in `before` */
export function jsonDiff(before: unknown, after: unknown, path = '$'): Change[] {
  if (before === after) return []
  if (Array.isArray(before) && Array.isArray(after)) return listDiff(before, after, path)
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])]
    return keys.flatMap((key): Change[] => {
      const at = member(path, key)
      if (!Object.hasOwn(after, key)) return [{ kind: 'removed', path: at, before: before[key] }]
      if (!Object.hasOwn(before, key)) return [{ kind: 'added', path: at, after: after[key] }]
      return jsonDiff(before[key], after[key], at)
    })
  }
  return [{ kind: 'changed', path, before, after }]
}

function listDiff(before: readonly unknown[], after: readonly unknown[], path: string): Change[] {
  const old = before.map(sortedJson)
  const now = after.map(sortedJson)
  const changes: Change[] = []
  let [i, j] = [0, 0]
  for (const [a, b] of [...commonOf(old, now), [old.length, now.length] as const]) {
    // between two that are equal: as many as stand on both sides have changed
    for (; i < a && j < b; i++, j++) changes.push(...jsonDiff(before[i], after[j], `${path}[${j}]`))
    for (; i < a; i++) changes.push({ kind: 'removed', path: `${path}[${i}]`, before: before[i] })
    for (; j < b; j++) changes.push({ kind: 'added', path: `${path}[${j}]`, after: after[j] })
    i = a + 1
    j = b + 1
  }
  return changes
}

/** Places of a longest common subsequence. */
function commonOf(old: readonly string[], now: readonly string[]): (readonly [number, number])[] {
  let start = 0
  while (start < old.length && start < now.length && old[start] === now[start]) start++
  let end = 0
  while (end < old.length - start && end < now.length - start && old.at(-1 - end) === now.at(-1 - end)) end++
  const pairs = Array.from({ length: start }, (_, n) => [n, n] as const)
  pairs.push(...between(old.slice(start, old.length - end), now.slice(start, now.length - end), start))
  for (let n = end; n > 0; n--) pairs.push([old.length - n, now.length - n])
  return pairs
}

function between(old: readonly string[], now: readonly string[], offset: number): (readonly [number, number])[] {
  if (old.length * now.length > MOST_COMPARED) return []
  const longest = Array.from({ length: old.length + 1 }, () => new Uint32Array(now.length + 1))
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = now.length - 1; j >= 0; j--) {
      longest[i]![j] =
        old[i] === now[j] ? longest[i + 1]![j + 1]! + 1 : Math.max(longest[i + 1]![j]!, longest[i]![j + 1]!)
    }
  }
  const pairs: (readonly [number, number])[] = []
  for (let i = 0, j = 0; i < old.length && j < now.length; ) {
    if (old[i] === now[j]) pairs.push([offset + i++, offset + j++])
    else if (longest[i + 1]![j]! >= longest[i]![j + 1]!) i++
    else j++
  }
  return pairs
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const member = (path: string, key: string): string =>
  /^[A-Za-z_]\w*$/.test(key) ? `${path}.${key}` : `${path}[${JSON.stringify(key)}]`
