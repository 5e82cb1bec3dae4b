/** Prometheus' own grammar of PromQL, as it is made for editors. */
import { parser } from '@prometheus-io/lezer-promql'
import { type PromqlError, parseError } from './error'
import { notImplemented } from './signatures'

export type SyntaxNode = ReturnType<typeof parser.parse>['topNode']

export const treeOf = (query: string) => parser.parse(plain(query))

/** The grammar does not know numbers such as `1.`, and has a comment as a part of what stands around it. Every place stays. */
const plain = (query: string): string =>
  query.replace(
    /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`|#[^\n]*|(?<![\w.])(\d+)\.(?![\w.])/g,
    (found, digits?: string) => {
      if (digits !== undefined) return `${digits} `
      return found.startsWith('#') ? ' '.repeat(found.length) : found
    },
  )

export function childrenOf(node: SyntaxNode | null | undefined): SyntaxNode[] {
  const found: SyntaxNode[] = []
  for (let child = node?.firstChild; child; child = child.nextSibling) found.push(child)
  return found
}

/** What to say of a place that is no PromQL. */
export function unexpected(query: string, from: number, to: number): PromqlError {
  const name = /([a-z_:][\w:]*)\s*$/i.exec(query.slice(0, from))?.[1]
  if (name !== undefined && query.startsWith('(', from))
    return notImplemented(name) ?? parseError(query, from, `unknown function with name ${JSON.stringify(name)}`)
  const found = query.slice(from, to).trim()
  if (found !== '') return parseError(query, from, `unexpected ${JSON.stringify(found.slice(0, 40))}`)
  const isEnd = query.slice(from).trim() === ''
  return parseError(query, from, isEnd ? 'unexpected end of input' : 'something is missing here')
}
