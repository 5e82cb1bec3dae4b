/** Prometheus' PromQL grammar for editors. */
import { parser } from '@prometheus-io/lezer-promql'
import { type PromqlError, parseError } from './error'
import { notImplemented } from './signatures'

export type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

/** Without strict mode, the parser recovers from errors, which takes many times as long. */
const strict = parser.configure({ strict: true })

/** Maximum length of a query in characters, and maximum depth of its brackets. */
const LONGEST = 32_768
const DEEPEST = 100
/**
 * Limits brackets, operators and commas, each of which costs the parser some microseconds. Queries in practice have at most one per seven
 * characters.
 */
const [FEW_SIGNS, MOST_SIGNS, CHARACTERS_OF_A_SIGN] = [500, 1_500, 6]

/** @throws PromqlError for invalid PromQL */
export function treeOf(query: string) {
  if (query.length > LONGEST)
    throw parseError(query, 0, `the query has ${query.length} characters; the limit is ${LONGEST}`)
  try {
    return strict.parse(plain(query))
  } catch (error) {
    const place = error instanceof SyntaxError ? /\d+$/.exec(error.message) : undefined
    if (!place) throw error
    throw unexpected(query, Number(place[0]))
  }
}

/** The first characters of strings and comments. */
const quotes: ReadonlySet<string> = new Set('"\'`#')

/**
 * Rewrites what the grammar does not accept, without moving any position: numbers such as `1.`, and comments, which it treats as part of
 * the surrounding node.
 */
function plain(query: string): string {
  let depth = 0
  let signs = 0
  const most = Math.min(MOST_SIGNS, Math.max(FEW_SIGNS, Math.floor(query.length / CHARACTERS_OF_A_SIGN)))
  return query.replace(
    /"(?:[^"\\]|\\.)*(?:"|\\?$)|'(?:[^'\\]|\\.)*(?:'|\\?$)|`[^`]*(?:`|$)|#[^\n]*|[=!<>]=|[-+*/%^([{,<>]|(?<![\w.:])(?:and|or|unless|atan2)(?![\w.:])|[)\]}]|(?<![\w.])(\d+)\.(?![\w.])/gis,
    (found, digits: string | undefined, at: number) => {
      if (digits !== undefined) return `${digits} `
      const [first] = found
      if (first === ')' || first === ']' || first === '}') depth--
      else if (!quotes.has(first!) && ++signs > most)
        throw parseError(
          query,
          at,
          `the query has more than ${most} brackets, operators and commas in ${query.length} characters`,
        )
      if ((first === '(' || first === '[' || first === '{') && ++depth > DEEPEST)
        throw parseError(query, at, `the query is nested more than ${DEEPEST} levels deep`)
      return found.startsWith('#') ? ' '.repeat(found.length) : found
    },
  )
}

/** The first child with this name. Lezer's `getChild` walks up to the root first, which takes as many steps as the node is deep. */
export function childOf(node: SyntaxNode | null | undefined, name: string): SyntaxNode | undefined {
  for (let child = node?.firstChild; child; child = child.nextSibling) if (child.name === name) return child
  return undefined
}

export function childrenOf(node: SyntaxNode | null | undefined): SyntaxNode[] {
  const found: SyntaxNode[] = []
  for (let child = node?.firstChild; child; child = child.nextSibling) found.push(child)
  return found
}

/** Maximum number of characters to quote, and to search backwards for a function's name. */
const SHOWN = 40

/** The error for invalid syntax at a position. */
export function unexpected(query: string, from: number): PromqlError {
  const name = /(?:^|[^\w:])([a-z_:][\w:]*)\s*$/i.exec(query.slice(Math.max(0, from - SHOWN), from))?.[1]
  if (name !== undefined && query.startsWith('(', from))
    return notImplemented(name) ?? parseError(query, from, `unknown function with name ${JSON.stringify(name)}`)
  const [found = ''] = /^(?:[\w:.]+|\S)/.exec(query.slice(from, from + SHOWN).trim()) ?? []
  return parseError(query, from, found === '' ? 'unexpected end of input' : `unexpected ${JSON.stringify(found)}`)
}
