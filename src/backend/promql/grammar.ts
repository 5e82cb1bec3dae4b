/** Prometheus' own grammar of PromQL, as it is made for editors. */
import { parser } from '@prometheus-io/lezer-promql'
import { type PromqlError, parseError } from './error'
import { notImplemented } from './signatures'

export type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

/** An editor mends what is wrong and reads on, which takes many times as long. */
const strict = parser.configure({ strict: true })

/** Of a query: characters, and levels of brackets. */
const LONGEST = 32_768
const DEEPEST = 100
/** Brackets, operators and commas take the grammar some microseconds each. What people write has one for seven characters and more. */
const [FEW_SIGNS, MOST_SIGNS, CHARACTERS_OF_A_SIGN] = [500, 1_500, 6]

/** @throws PromqlError where it is no PromQL */
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

/** What begins a text or a comment. */
const quotes: ReadonlySet<string> = new Set('"\'`#')

/** The grammar does not know numbers such as `1.`, and has a comment as a part of what stands around it. Every place stays. */
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

/** The first of this name. `getChild` of lezer goes up to the root first, by as many steps as the node is deep. */
export function childOf(node: SyntaxNode | null | undefined, name: string): SyntaxNode | undefined {
  for (let child = node?.firstChild; child; child = child.nextSibling) if (child.name === name) return child
  return undefined
}

export function childrenOf(node: SyntaxNode | null | undefined): SyntaxNode[] {
  const found: SyntaxNode[] = []
  for (let child = node?.firstChild; child; child = child.nextSibling) found.push(child)
  return found
}

/** Characters of what is quoted, and of the name before it. */
const SHOWN = 40

/** What to say of a place that is no PromQL. */
export function unexpected(query: string, from: number): PromqlError {
  const name = /(?:^|[^\w:])([a-z_:][\w:]*)\s*$/i.exec(query.slice(Math.max(0, from - SHOWN), from))?.[1]
  if (name !== undefined && query.startsWith('(', from))
    return notImplemented(name) ?? parseError(query, from, `unknown function with name ${JSON.stringify(name)}`)
  const [found = ''] = /^(?:[\w:.]+|\S)/.exec(query.slice(from, from + SHOWN).trim()) ?? []
  return parseError(query, from, found === '' ? 'unexpected end of input' : `unexpected ${JSON.stringify(found)}`)
}
