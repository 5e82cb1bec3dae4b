/** Parses expressions inside the braces, with the operator precedence of Tempo's grammar. */
import { meant } from '../../shared/config/nearest'
import type { Attribute, Binary, Field, Intrinsic, Literal, SpanFilter, Value } from './ast'
import type { Cursor } from './cursor'
import { intrinsics, words } from './names'

/** `&&` and `||` have the same precedence, so `a || b && c` is `(a || b) && c`. */
const strength: Readonly<Record<Binary['op'], number>> = {
  '&&': 1,
  '||': 1,
  '=': 2,
  '!=': 2,
  '<': 2,
  '<=': 2,
  '>': 2,
  '>=': 2,
  '=~': 2,
  '!~': 2,
  '+': 3,
  '-': 3,
  '*': 5,
  '/': 5,
  '%': 5,
  '^': 6,
}
/** `-a ^ 2` is `-(a ^ 2)`, and `!a * 2` is `!(a * 2)`. */
const ofUnary = { '-': 3, '!': 4 } as const

export function parseField(cursor: Cursor, atLeast = 1): Field {
  return cursor.nested(() => {
    let left = parseOperand(cursor)
    for (;;) {
      const op = cursor.token.text as Binary['op']
      if (cursor.token.type !== 'operator' || !Object.hasOwn(strength, op) || strength[op] < atLeast)
        return asField(cursor, left)
      const { at } = cursor.takeOperator()
      // a power is right-associative
      const right = parseSide(cursor, op === '^' ? strength[op] : strength[op] + 1)
      left = combine(cursor, op, left, right, at)
    }
  })
}

/** `nil` is not a value: only `=` and `!=` accept it. */
interface Nil {
  readonly type: 'nil'
  readonly at: number
}

function parseSide(cursor: Cursor, atLeast: number): Field | Nil {
  return cursor.is('nil') ? { type: 'nil', at: cursor.take().at } : parseField(cursor, atLeast)
}

function asField(cursor: Cursor, side: Field | Nil): Field {
  if (side.type !== 'nil') return side
  throw cursor.wrong(side.at, 'nil', 'can only be compared with = or !=', 'for example span.name != nil')
}

function combine(cursor: Cursor, op: Binary['op'], left: Field | Nil, right: Field | Nil, at: number): Field {
  if (left.type === 'nil' || right.type === 'nil') {
    const nil = left.type === 'nil' ? left : right
    if (op !== '=' && op !== '!=')
      throw cursor.wrong(nil.at, 'nil', `cannot be used with ${op}`, 'compare nil with = or !=')
    const operand = left.type === 'nil' ? right : left
    if (operand.type === 'nil') return { type: 'literal', value: { kind: 'bool', value: false }, at }
    return { type: 'exists', negated: op === '=', operand, at }
  }
  return { type: 'binary', op, left, right, at }
}

function parseOperand(cursor: Cursor): Field | Nil {
  const { at } = cursor.token
  if (cursor.is('nil')) return parseSide(cursor, 1)
  if (cursor.is('-') || cursor.is('!')) {
    const op = cursor.take().text as '-' | '!'
    return { type: 'unary', op, operand: parseField(cursor, ofUnary[op] + 1), at }
  }
  if (cursor.skip('(')) {
    const inner = parseField(cursor)
    cursor.expect(')')
    return inner
  }
  return parseLiteral(cursor) ?? parseNamed(cursor)
}

export function parseLiteral(cursor: Cursor): Literal | undefined {
  const { token } = cursor
  const value = token.type === 'word' ? words.get(token.text) : constantOf(token)
  if (!value) return undefined
  cursor.take()
  return { type: 'literal', value, at: token.at }
}

function constantOf(token: Cursor['token']): Value | undefined {
  if (token.type === 'string') return { kind: 'string', value: token.value }
  if (token.type === 'float') return { kind: 'float', value: token.value }
  if (token.type === 'int' || token.type === 'duration') return { kind: token.type, value: token.value }
  return undefined
}

/** @throws TraceqlError if the next token is no attribute or intrinsic */
export function parseNamed(cursor: Cursor): Attribute | Intrinsic {
  const { token } = cursor
  const { at, text } = token
  if (token.type === 'attribute') {
    if (token.scope === 'parent')
      throw cursor.wrong(at, text, 'is not supported, as in Tempo', 'use a structural operator: { … } > { … }')
    cursor.take()
    return { type: 'attribute', scope: (token.scope || 'any') as Attribute['scope'], name: token.name, at }
  }
  const name = intrinsics.get(text.replace(/\p{White_Space}/gu, ''))
  if (name && (token.type === 'word' || token.type === 'scoped')) {
    cursor.take()
    return { type: 'intrinsic', name, at }
  }
  if (token.type === 'scoped')
    throw cursor.wrong(at, text, 'is not an intrinsic', `scoped intrinsics are ${scopedNames.join(', ')}`)
  if (text === 'parent')
    throw cursor.wrong(at, text, 'is not supported, as in Tempo', 'use nestedSetParent or a structural operator')
  if (token.type === 'word') {
    const word = meant(text, fieldWords)
    const attribute = `for an attribute, write span.${text}, resource.${text} or .${text}`
    throw cursor.wrong(
      at,
      text,
      'is not a TraceQL intrinsic',
      word ? `did you mean ${word}? ${capital(attribute)}` : attribute,
    )
  }
  throw cursor.unexpected('expected an attribute, an intrinsic or a value')
}

/** Words that can start a field or a value; error messages suggest them. */
const fieldWords = [...intrinsics.keys(), ...words.keys(), 'span', 'resource', 'event', 'link', 'instrumentation']

const capital = (text: string): string => text[0]!.toUpperCase() + text.slice(1)

const scopedNames = [...intrinsics.keys()].filter(name => name.includes(':'))

/** `(a, b)`, with at least one name. */
export function parseNames(cursor: Cursor): (Attribute | Intrinsic)[] {
  cursor.expect('(')
  const names = [parseNamed(cursor)]
  while (cursor.another(',')) names.push(parseNamed(cursor))
  cursor.expect(')')
  return names
}

/** `{ … }` */
export function parseBraces(cursor: Cursor): SpanFilter {
  const { at } = cursor.expect('{')
  const expression: Field = cursor.is('}')
    ? { type: 'literal', value: { kind: 'bool', value: true }, at }
    : parseField(cursor)
  cursor.expect('}')
  return { type: 'filter', expression, at }
}
