// Parses the templates of labels and annotations, in the language of Go's text/template, as Prometheus does.
// https://pkg.go.dev/text/template

export type Node =
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'action'; readonly pipeline: Pipeline }
  | {
      readonly type: 'if' | 'with' | 'range'
      readonly pipeline: Pipeline
      readonly body: readonly Node[]
      readonly otherwise: readonly Node[]
    }

/** Each command gets the result of the previous one as its last argument. */
export interface Pipeline {
  /** The variables that it sets; for a range, two of them are the index and the value. */
  readonly variables: readonly string[]
  readonly commands: readonly (readonly Operand[])[]
}

export type Operand =
  | { readonly type: 'literal'; readonly value: string | number | boolean | null }
  | { readonly type: 'function'; readonly name: string }
  /** `$name` with its fields; the empty name stands for the dot. */
  | { readonly type: 'variable'; readonly name: string; readonly fields: readonly string[] }
  | { readonly type: 'pipeline'; readonly pipeline: Pipeline; readonly fields: readonly string[] }

export class TemplateError extends Error {}

/** An action, with the white space that `-` trims on either side. */
const ACTION =
  /(\s*\{\{-(?=\s)|\{\{)((?:"(?:[^"\\\n]|\\.)*"|`[^`]*`|\/\*[\s\S]*?\*\/|(?!-?\}\})[^"`])*?)((?<=\s)-\}\}\s*|\}\})/g
const TOKEN =
  /\s*(?:("(?:[^"\\\n]|\\.)*")|`([^`]*)`|([+-]?(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(\$\w*(?:\.\w+)*|\.(?:\w+(?:\.\w+)*)?|[A-Za-z_]\w*)|(:=|[|(),=]))/y

/** @throws TemplateError */
export function parseTemplate(text: string): readonly Node[] {
  const open: { node: Extract<Node, { body: unknown }> | undefined; nodes: Node[]; ends: number }[] = []
  let nodes: Node[] = []
  let at = 0
  const put = (until: number) => {
    if (until > at) nodes.push({ type: 'text', text: text.slice(at, until) })
  }
  const close = () => {
    const opened = open.pop()
    if (!opened) throw new TemplateError('unexpected {{end}}')
    nodes = opened.nodes
    return opened.ends
  }
  for (const found of text.matchAll(ACTION)) {
    put(found.index)
    at = found.index + found[0].length
    const action = found[2]!.trim()
    if (action === '' || action.startsWith('/*')) continue
    const [, word = '', rest = ''] = /^(\w+)\b\s*([\s\S]*)$/.exec(action) ?? []
    if (word === 'if' || word === 'with' || word === 'range') {
      const node = { type: word, pipeline: pipelineIn(rest), body: [] as Node[], otherwise: [] as Node[] } as const
      nodes.push(node)
      open.push({ node, nodes, ends: 1 })
      nodes = node.body
    } else if (word === 'else') {
      const opened = open.at(-1)
      if (!opened?.node) throw new TemplateError('unexpected {{else}}')
      nodes = opened.node.otherwise as Node[]
      const [, inner, condition = ''] = /^(if|with)\b\s*([\s\S]*)$/.exec(rest) ?? []
      if (inner) {
        const type = inner as 'if' | 'with'
        const node = { type, pipeline: pipelineIn(condition), body: [] as Node[], otherwise: [] as Node[] } as const
        nodes.push(node)
        open.push({ node, nodes, ends: opened.ends + 1 })
        nodes = node.body
      }
    } else if (word === 'end') for (let ends = open.at(-1)?.ends ?? 1; ends > 0; ends--) close()
    else if (/^(?:define|block|template|break|continue)$/.test(word))
      throw new TemplateError(`{{${word}}} is not supported`)
    else nodes.push({ type: 'action', pipeline: pipelineIn(action) })
  }
  put(text.length)
  if (open.length > 0) throw new TemplateError('unexpected EOF')
  if (/\{\{/.test(text.slice(at))) throw new TemplateError('unclosed action')
  return nodes
}

type Token = { readonly operand: Operand } | { readonly sign: string }

function pipelineIn(text: string): Pipeline {
  const tokens = tokensOf(text)
  let at = 0
  const signAt = (index: number) => {
    const token = tokens[index]
    return token && 'sign' in token ? token.sign : undefined
  }

  function pipeline(): Pipeline {
    const variables: string[] = []
    const names = tokens.slice(at).findIndex(token => 'sign' in token && token.sign !== ',')
    if (names > 0 && [':=', '='].includes(signAt(at + names)!)) {
      for (const token of tokens.slice(at, at + names))
        if ('operand' in token && token.operand.type === 'variable') variables.push(token.operand.name)
      at += names + 1
    }
    const commands: Operand[][] = [[]]
    for (; at < tokens.length && signAt(at) !== ')'; at++) {
      const token = tokens[at]!
      if ('operand' in token) commands.at(-1)!.push(token.operand)
      else if (token.sign === '|') commands.push([])
      else if (token.sign === '(') {
        at++
        const inner = pipeline()
        if (signAt(at) !== ')') throw new TemplateError('unclosed left paren')
        const next = tokens[at + 1]
        // field access after a parenthesis, as in `(…).Name`
        const isField = next && 'operand' in next && next.operand.type === 'variable' && next.operand.name === ''
        const fields = isField && next.operand.type === 'variable' ? next.operand.fields : []
        if (isField && fields.length > 0) at++
        commands.at(-1)!.push({ type: 'pipeline', pipeline: inner, fields })
      } else throw new TemplateError(`unexpected ${token.sign}`)
    }
    if (commands.some(command => command.length === 0)) throw new TemplateError('missing value for command')
    return { variables, commands }
  }

  const all = pipeline()
  if (at < tokens.length) throw new TemplateError('unexpected right paren')
  return all
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  const end = text.trimEnd().length
  while (TOKEN.lastIndex < end) {
    const from = TOKEN.lastIndex
    const [whole, quoted, raw, number, name, sign] = TOKEN.exec(text) ?? []
    if (!whole?.trim())
      throw new TemplateError(`unexpected ${JSON.stringify(text.slice(from).trim().slice(0, 1))} in command`)
    if (sign !== undefined) tokens.push({ sign })
    else tokens.push({ operand: operandOf(quoted, raw, number, name) })
  }
  return tokens
}

const words: Readonly<Record<string, boolean | null>> = { true: true, false: false, nil: null }

function operandOf(quoted?: string, raw?: string, number?: string, name = ''): Operand {
  if (quoted !== undefined) return { type: 'literal', value: unquoted(quoted) }
  if (raw !== undefined) return { type: 'literal', value: raw }
  if (number !== undefined) return { type: 'literal', value: Number(number.replaceAll('_', '')) }
  if (Object.hasOwn(words, name)) return { type: 'literal', value: words[name]! }
  const [first = '', ...fields] = name.split('.')
  if (name.startsWith('$') || first === '') return { type: 'variable', name: first, fields: fields.filter(Boolean) }
  return { type: 'function', name: first }
}

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r' }

function unquoted(text: string): string {
  return text
    .slice(1, -1)
    .replace(/\\(?:x([\da-f]{2})|u([\da-f]{4})|(.))/gi, (_, x?: string, u?: string, other = '') =>
      x || u ? String.fromCharCode(Number.parseInt((x ?? u)!, 16)) : (escapes[other] ?? other),
    )
}
