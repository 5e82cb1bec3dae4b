/** Type-checks a query like Prometheus' parser. */
import { type Aggregate, type Binary, type Call, comparisons, type Expr, type Selector, setOperators } from './ast'
import { parseError } from './error'
import { METRIC } from './labels'
import { acceptsNothing } from './patterns'
import { notImplemented, type Signature, signatures, type ValueType } from './signatures'

const words: Readonly<Record<ValueType, string>> = {
  scalar: 'scalar',
  vector: 'instant vector',
  matrix: 'range vector',
  string: 'string',
}

/**
 * @returns the type of the result
 * @throws PromqlError with the position of a type error
 */
export function check(query: string, expr: Expr): ValueType {
  const wrong = (at: number, message: string) => parseError(query, at, message)
  const expect = (part: Expr, wanted: ValueType, context: string) => {
    const type = typeOf(part)
    if (type !== wanted) throw wrong(part.from, `expected type ${words[wanted]} in ${context}, got ${words[type]}`)
  }

  function typeOf(part: Expr): ValueType {
    switch (part.type) {
      case 'number':
        return 'scalar'
      case 'string':
        return 'string'
      case 'paren':
        return typeOf(part.of)
      case 'selector':
        checkSelector(part)
        return part.range === undefined ? 'vector' : 'matrix'
      case 'subquery': {
        const type = typeOf(part.of)
        if (type !== 'vector') throw wrong(part.from, `subquery is only allowed on instant vector, got ${type} instead`)
        return 'matrix'
      }
      case 'unary': {
        const type = typeOf(part.of)
        if (type === 'scalar' || type === 'vector') return type
        throw wrong(
          part.from,
          `unary expression only allowed on expressions of type scalar or instant vector, got "${words[type]}"`,
        )
      }
      case 'aggregate':
        return typeOfAggregate(part)
      case 'binary':
        return typeOfBinary(part)
      case 'call':
        return typeOfCall(part)
    }
  }

  function checkSelector({ matchers, from }: Selector): void {
    if (matchers.every(acceptsNothing)) throw wrong(from, 'vector selector must contain at least one non-empty matcher')
    const names = matchers.filter(({ label, operator }) => label === METRIC && operator === '=')
    if (names.length > 1 && names[0] === matchers[0] && query.startsWith(names[0]!.value, from))
      throw wrong(from, `metric name must not be set twice: "${names[0]!.value}" or "${names[1]!.value}"`)
  }

  function typeOfAggregate({ operator, of, parameter }: Aggregate): ValueType {
    expect(of, 'vector', 'aggregation expression')
    if (parameter) expect(parameter, operator === 'count_values' ? 'string' : 'scalar', 'aggregation parameter')
    return 'vector'
  }

  function typeOfBinary({ left, right, operator, bool, matching, from }: Binary): ValueType {
    const types = [typeOf(left), typeOf(right)]
    if (bool && !comparisons.has(operator)) throw wrong(from, 'bool modifier can only be used on comparison operators')
    const numbers = types.filter(type => type === 'scalar').length
    if (comparisons.has(operator) && !bool && numbers === 2)
      throw wrong(from, 'comparisons between scalars must use BOOL modifier')
    const on = new Set(matching?.on ? matching.labels : [])
    for (const label of matching?.include ?? [])
      if (on.has(label)) throw wrong(from, `label "${label}" must not occur in ON and GROUP clause at once`)
    for (const [at, side] of [left, right].entries())
      if (types[at] !== 'scalar' && types[at] !== 'vector')
        throw wrong(side.from, 'binary expression must contain only scalar and instant vector types')
    if (numbers > 0 && matching && matching.labels.length > 0)
      throw wrong(from, 'vector matching only allowed between instant vectors')
    if (setOperators.has(operator)) {
      if (numbers > 0) throw wrong(from, `set operator "${operator}" not allowed in binary scalar expression`)
      if (matching?.many) throw wrong(from, `no grouping allowed for "${operator}" operation`)
    }
    return numbers === 2 ? 'scalar' : 'vector'
  }

  function typeOfCall(call: Call): ValueType {
    const signature = signatureOf(call)
    const { name, args, from } = call
    const { takes, optional, repeats, returns } = signature
    const least = takes.length - optional
    if (optional === 0 && args.length !== takes.length)
      throw wrong(from, `expected ${takes.length} argument(s) in call to "${name}", got ${args.length}`)
    if (args.length < least)
      throw wrong(from, `expected at least ${least} argument(s) in call to "${name}", got ${args.length}`)
    if (!repeats && args.length > takes.length)
      throw wrong(from, `expected at most ${takes.length} argument(s) in call to "${name}", got ${args.length}`)
    for (const [at, arg] of args.entries()) expect(arg, takes[at] ?? takes.at(-1)!, `call to function "${name}"`)
    return returns
  }

  function signatureOf({ name, from }: Call): Signature {
    const known = signatures.get(name)
    if (known) return known
    const missing = notImplemented(name)
    if (missing) throw missing
    throw wrong(from, `unknown function with name "${name}"`)
  }

  return typeOf(expr)
}
