/** Decides from its syntax whether an RE2 expression matches the empty string: a backtracking engine might need years for that. */

/** Matches one token: an escape, a class, the start of a group, a repetition (greedy or lazy), or any other character. */
const piece =
  /\\Q(.*?)(?:\\E|$)|\\[pP]\{[^}]*\}|\\x\{[^}]*\}|\\(.)|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]|\((?:\?(?:P?<\w+>|[a-zA-Z-]*(:|\))))?|([*+?]|\{(\d+),?\d*\})\??|./gsu

interface Group {
  /** Whether a previous alternative does. */
  branches: boolean
  /** Whether the current alternative does, without its last part. */
  branch: boolean
  /** Whether the last part does; a repetition may still follow. */
  last: boolean
}

const begun = (): Group => ({ branches: false, branch: true, last: true })
const whole = ({ branches, branch, last }: Group) => branches || (branch && last)

/** @returns false for an invalid expression */
export function matchesNothing(expression: string): boolean {
  const outer: Group[] = []
  let group = begun()
  const part = (isEmpty: boolean) => {
    group.branch &&= group.last
    group.last = isEmpty
  }
  for (const [text, literal, escaped, flags, often, times] of expression.matchAll(piece)) {
    if (literal !== undefined) part(literal === '')
    else if (escaped !== undefined) part('ABz'.includes(escaped))
    else if (text.startsWith('(')) {
      part(true)
      if (flags === ')') continue
      outer.push(group)
      group = begun()
    } else if (text === ')') {
      const isEmpty = whole(group)
      const before = outer.pop()
      if (!before) return false
      group = before
      group.last = isEmpty
    } else if (text === '|') group = { branches: whole(group), branch: true, last: true }
    else if (often !== undefined) group.last ||= often === '*' || often === '?' || Number(times) === 0
    else part(text === '^' || text === '$')
  }
  return outer.length === 0 && whole(group)
}
