/** Whether an expression of RE2 matches nothing at all, by its grammar: an engine that tries one way after another may need years for that. */

/** A piece at a time: an escape, a class, a group's beginning, how often (lazily or not), or any other character. */
const piece =
  /\\Q(.*?)(?:\\E|$)|\\[pP]\{[^}]*\}|\\x\{[^}]*\}|\\(.)|\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]|\((?:\?(?:P?<\w+>|[a-zA-Z-]*(:|\))))?|([*+?]|\{(\d+),?\d*\})\??|./gsu

interface Group {
  /** Of the branches before this one. */
  branches: boolean
  /** Of this branch, as far as its last part. */
  branch: boolean
  /** Of its last part, which may still be repeated. */
  last: boolean
}

const begun = (): Group => ({ branches: false, branch: true, last: true })
const whole = ({ branches, branch, last }: Group) => branches || (branch && last)

/** @returns false for what is no expression */
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
