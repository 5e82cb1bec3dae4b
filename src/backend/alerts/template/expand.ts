// Expands the templates of Prometheus' alerting rules and of Alertmanager.
import { functionsOf, isTrue, type Surroundings, type Value, written } from './functions'
import { type Node, type Operand, type Pipeline, parseTemplate, TemplateError } from './parse'

/** The data of the sample that a template describes. */
export interface Data {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** @returns the expanded text, or what Prometheus writes for a template that can't be expanded */
export function expand(text: string, { labels, value }: Data, surroundings: Surroundings): Promise<string> {
  const variables = new Map<string, Value>([
    ['$', { Labels: labels, Value: value, ExternalURL: surroundings.externalUrl, ExternalLabels: {} }],
    ['$labels', labels],
    ['$value', value],
    ['$externalLabels', {}],
    ['$externalURL', surroundings.externalUrl],
  ])
  return filled(text, variables, functionsOf(surroundings))
}

/** Expands a template of Alertmanager. @param data the initial dot; methods are functions */
export const fill = (text: string, data: object): Promise<string> =>
  filled(text, new Map<string, Value>([['$', data]]), functionsOf({ externalUrl: '', query: async () => [] }))

async function filled(
  text: string,
  variables: ReadonlyMap<string, Value>,
  functions: ReturnType<typeof functionsOf>,
): Promise<string> {
  if (!text.includes('{{')) return text
  try {
    return await listed(parseTemplate(text), variables.get('$'), new Map(variables))
  } catch (error) {
    return `<error expanding template: ${(error as Error).message}>`
  }

  async function listed(nodes: readonly Node[], dot: Value, known: Map<string, Value>): Promise<string> {
    // variables set inside end with this block
    const own = new Map(known)
    let out = ''
    for (const node of nodes) {
      if (node.type === 'text') out += node.text
      else if (node.type === 'action') {
        const found = await piped(node.pipeline, dot, own)
        if (node.pipeline.variables.length === 0) out += written(found)
      } else out += await controlled(node, dot, own)
    }
    return out
  }

  async function controlled(node: Exclude<Node, { type: 'text' | 'action' }>, dot: Value, known: Map<string, Value>) {
    const { type, pipeline, body, otherwise } = node
    const inner = new Map(known)
    const found = await piped(pipeline, dot, inner)
    if (!isTrue(found)) return listed(otherwise, dot, inner)
    if (type === 'if') return listed(body, dot, inner)
    if (type === 'with') return listed(body, found, inner)
    let out = ''
    for (const [key, each] of Object.entries(found as object)) {
      const [first, second] = pipeline.variables
      if (first !== undefined) inner.set(first, second === undefined ? each : Array.isArray(found) ? Number(key) : key)
      if (second !== undefined) inner.set(second, each)
      out += await listed(body, each, inner)
    }
    return out
  }

  async function piped(
    { variables: names, commands }: Pipeline,
    dot: Value,
    known: Map<string, Value>,
  ): Promise<Value> {
    let last: Value[] = []
    for (const command of commands) last = [await run(command, last, dot, known)]
    if (names.length === 1) known.set(names[0]!, last[0])
    return last[0]
  }

  async function run(command: readonly Operand[], last: readonly Value[], dot: Value, known: Map<string, Value>) {
    const [first, ...rest] = command as [Operand, ...Operand[]]
    if (first.type !== 'function') {
      const value = await operandValue(first, dot, known)
      if (rest.length + last.length === 0) return value
      if (typeof value !== 'function') throw new TemplateError("can't give argument to non-function")
      return value(...(await Promise.all(rest.map(operand => operandValue(operand, dot, known)))), ...last)
    }
    const called = functions[first.name]
    if (!called) throw new TemplateError(`function ${JSON.stringify(first.name)} not defined`)
    const args: Value[] = []
    for (const operand of rest) args.push(await operandValue(operand, dot, known))
    return called(...args, ...last)
  }

  async function operandValue(operand: Operand, dot: Value, known: Map<string, Value>): Promise<Value> {
    if (operand.type === 'literal') return operand.value
    if (operand.type === 'function') return run([operand], [], dot, known)
    if (operand.type === 'pipeline') return fieldOf(await piped(operand.pipeline, dot, known), operand.fields)
    if (operand.name === '') return fieldOf(dot, operand.fields)
    if (!known.has(operand.name)) throw new TemplateError(`undefined variable ${JSON.stringify(operand.name)}`)
    return fieldOf(known.get(operand.name), operand.fields)
  }
}

/** A missing label is empty. */
const fieldOf = (value: Value, fields: readonly string[]): Value =>
  fields.reduce((found, name) => (Object.hasOwn(found ?? {}, name) ? found[name] : ''), value)
