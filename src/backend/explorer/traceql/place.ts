// What may stand at the cursor of a half-written query. Reads the text before the cursor alone, token
// by token, since a query that is being written is rarely one that parses.

export type CursorContext =
  /** The name of an attribute, an intrinsic or a scope. `scope` is what stands before the dot. */
  | { readonly kind: 'name'; readonly scope: string | undefined; readonly from: number }
  /** A value of `name`; `quote` when a string is begun. */
  | { readonly kind: 'value'; readonly name: string; readonly quote: string; readonly from: number }
  | { readonly kind: 'operator'; readonly from: number }
  /** After `|`. */
  | { readonly kind: 'stage'; readonly from: number }
  | { readonly kind: 'start'; readonly from: number }
  | undefined

const TOKEN =
  /\s+|\/\/[^\n]*|"(?:[^"\\]|\\.)*"?|`[^`]*`?|[A-Za-z_$][\w.:-]*(?:"(?:[^"\\]|\\.)*"?[\w.-]*)*|\.[\w.-]*|-?\d[\w.]*|&&|\|\||=~|!~|!=|<=|>=|[\s\S]/g

const COMPARISON = /^(?:=|!=|=~|!~|<|>|<=|>=)$/
const SCOPED = /^(span|resource|event|link|instrumentation|parent)\.(.*)$/

interface Token {
  readonly text: string
  readonly from: number
}

export function placeAt(before: string): CursorContext {
  const tokens = [...before.matchAll(TOKEN)].map(({ 0: text, index }): Token => ({ text, from: index }))
  const last = tokens.at(-1)
  if (last?.text.startsWith('//')) return undefined
  const partial = last && /^[\w$."`]/.test(last.text) ? last : undefined
  const told = tokens.slice(0, partial ? -1 : undefined).filter(({ text }) => !/^(\s|\/\/)/.test(text))
  const from = partial?.from ?? before.length
  const open = openBracket(told)
  const previous = told.at(-1)?.text ?? ''

  if (open === '{') {
    if (COMPARISON.test(previous)) return value(told.at(-2)?.text ?? '', partial, from)
    if (/^[{(!]$|^&&$|^\|\|$|^[-+*/^]$/.test(previous)) return name(partial, from)
    return { kind: 'operator', from }
  }
  if (open === '(') return name(partial, from)
  if (previous === '|') return { kind: 'stage', from }
  if (previous === '' || /^(&&|\|\||>|<|~)$/.test(previous)) return { kind: 'start', from }
  return undefined
}

/** The bracket that is open at the end: a `(` of `by(…)` or `select(…)`, or braces, whatever is grouped inside. */
function openBracket(tokens: readonly Token[]): string | undefined {
  let depth = 0
  let brace = false
  for (const { text } of tokens) {
    if (text === '{') brace = true
    else if (text === '}') brace = false
    else if (text === '(') depth += 1
    else if (text === ')') depth -= 1
  }
  return brace ? '{' : depth > 0 ? '(' : undefined
}

function name(partial: Token | undefined, from: number): CursorContext {
  const text = partial?.text ?? ''
  if (/^["`]/.test(text)) return undefined
  const [, scope, rest] = SCOPED.exec(text) ?? []
  if (scope !== undefined) return { kind: 'name', scope, from: from + text.length - rest!.length }
  if (text.startsWith('.')) return { kind: 'name', scope: '', from: from + 1 }
  return { kind: 'name', scope: undefined, from }
}

function value(of: string, partial: Token | undefined, from: number): CursorContext {
  const quote = /^["`]/.exec(partial?.text ?? '')?.[0] ?? ''
  // a closed string is complete
  if (quote && partial!.text.length > 1 && partial!.text.endsWith(quote)) return undefined
  return { kind: 'value', name: of, quote, from: from + quote.length }
}
