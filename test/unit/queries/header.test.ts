import { expect, it } from 'vitest'
import { parseQuery } from '../../../src/shared/queries/header'
import { substitute } from '../../../src/shared/queries/substitute'

const head = ['Title: Slow chats', 'Question: Which are slow?', 'Answer: traces', 'Tiers: detailed, errors']
const file = (lines: string[], body = '{ duration > $over && name =~ $model }') =>
  [...lines.map(line => `// ${line}`), body].join('\n')
const parameters = ['$over duration = 2s: longer', '$model regex: the model']

it('reads a header as a person writes it', () => {
  const query = parseQuery('slow-chats.traceql', file([...head, 'Order: duration', ...parameters]))
  expect(query).toEqual({
    name: 'slow-chats',
    language: 'traceql',
    title: 'Slow chats',
    question: 'Which are slow?',
    kind: 'traces',
    tiers: ['detailed', 'errors'],
    parameters: [
      { name: 'over', type: 'duration', fallback: '2s', meaning: 'longer' },
      { name: 'model', type: 'regex', fallback: undefined, meaning: 'the model' },
    ],
    order: 'duration',
    note: undefined,
    body: '{ duration > $over && name =~ $model }',
  })
})

it.each([
  ['Bad Name.traceql', file([...head, ...parameters]), 'a query is called NAME.traceql or NAME.promql'],
  ['a.traceql', file(head.slice(1), '{}'), 'a.traceql: its header has no "Title: …"'],
  ['a.traceql', file([...head, 'Colour: red'], '{}'), 'a.traceql:5: expected one of Title'],
  ['a.traceql', file([...head, 'Title: again'], '{}'), 'a.traceql:5: Title is given twice'],
  ['a.traceql', file([...head.slice(0, 3), 'Tiers: high'], '{}'), 'Tiers is "high"; it is one of detailed'],
  [
    'a.traceql',
    file([...head, '$x number = 1: n'], '{ .a = $x }'),
    'a.traceql:5: $x has type "number"; there are text',
  ],
  ['a.traceql', file([...head, '$x int = 1.5: n'], '{ .a = $x }'), '$x has type int, such as 100; invalid value "1.5"'],
  ['a.traceql', file([...head, '$x label = a: n'], '{ .a = $x }'), '$x has type label, which traceql does not support'],
  ['a.traceql', file([...head, '$x int 1'], '{ .a = $x }'), 'expected "$name type = default: meaning"'],
  ['a.traceql', file([...head, '$since int = 1: n'], '{ .a = $since }'), '$since is filled in by the command'],
  ['a.traceql', file([...head, ...parameters], '{ duration > $over }'), '$model is declared twice or not used'],
  ['a.traceql', file(head, '{ duration > $over }'), '$over is used but not declared'],
  ['a.traceql', file(head, ''), 'a.traceql: there is no query below its header'],
])('says where %s is wrong', (name, text, message) => {
  expect(() => parseQuery(name, text)).toThrow(message)
})

const ask = (parameter: string, body: string, value: string) =>
  substitute(parseQuery('a.traceql', file([...head, parameter], body)), { x: value }, {})

it.each([
  ['text', 'plain 日本', '"plain 日本"'],
  ['text', 'say "hi"', '`say "hi"`'],
  ['text', 'back\\slash', '`back\\slash`'],
  ['text', 'both ` and "', '"both ` and \\""'],
  ['text', '" } || { "', '`" } || { "`'],
  ['text', '` } || { "\n', '"` } || { \\"\\n"'],
  ['text', '$y', '"$y"'],
  ['text', '$&', '"$&"'],
  ['regex', 'gpt-5\\..*', '`gpt-5\\..*`'],
  ['float', '1', '1.0'],
  ['float', '0.25', '0.25'],
  ['int', '12', '12'],
  ['duration', '1500ms', '1500ms'],
  ['attribute', 'span.user.id', 'span.user.id'],
  ['attribute', 'kind', 'kind'],
])('writes %s %s as %s', (type, value, written) => {
  expect(ask(`$x ${type}: n`, '{ $x }', value)).toBe(`{ ${written} }`)
})

it.each([
  ['text', '\ud800'],
  ['regex', ''],
  ['int', '1.5'],
  ['int', '1 || true'],
  ['float', '1e3'],
  ['float', '-'],
  ['duration', '2'],
  ['duration', '2s || true'],
  ['attribute', 'span.user.id) | rate('],
  ['attribute', 'user.id'],
  ['attribute', 'span.a b'],
])('refuses %s %s', (type, value) => {
  expect(() => ask(`$x ${type}: n`, '{ $x }', value)).toThrow(`$x has type ${type}`)
})

it('puts nothing into strings and comments', () => {
  expect(ask('$x int: n', '{ .a = $x && .b = "$x" && .c = `$x` } // $x', '1')).toBe(
    '{ .a = 1 && .b = "$x" && .c = `$x` } // $x',
  )
})

it('says which parameter is missing or unknown', () => {
  const query = parseQuery('a.traceql', file([...head, ...parameters]))
  expect(() => substitute(query, {}, {})).toThrow('a needs --param model=…: the model (regex)')
  expect(() => substitute(query, { model: 'x', hue: '1' }, {})).toThrow(
    'a has no parameter "hue"; parameters: over, model',
  )
})
