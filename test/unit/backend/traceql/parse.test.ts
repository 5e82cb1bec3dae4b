// What is TraceQL and what is not, and which message a user gets then. Tempo 3.1 judges each of these alike.
import { parser as lezer } from '@grafana/lezer-traceql'
import { describe, expect, it } from 'vitest'
import type { Query } from '../../../../src/backend/traceql/ast'
import { TraceqlError } from '../../../../src/backend/traceql/error'
import { parse } from '../../../../src/backend/traceql/parse'
import { printField } from '../../../../src/backend/traceql/print'
import { problemsIn } from '../../../../src/shared/queries/language'

const fieldOf = (text: string): string => {
  const query = parse(text)
  const [stage] = query.type === 'search' ? query.stages : []
  return stage?.type === 'filter' ? printField(stage.expression) : ''
}

const problem = (text: string): string => {
  try {
    parse(text)
    return 'none'
  } catch (error) {
    expect(error).toBeInstanceOf(TraceqlError)
    return (error as Error).message
  }
}

describe("a query that Grafana's grammar refuses and Tempo takes parses", () => {
  it.each([
    ['hints behind numbers', '{ } | rate() with (sample=0.1, exemplars=false)'],
    ['arithmetic between numbers', '({ } | rate()) / ({ } | count_over_time())'],
    ['arithmetic with a constant', '100 * ({ } | rate())'],
    ['negative numbers', '{ } | rate() > -5'],
    ['durations of several units', '{ duration > 1m30s }'],
    ['span:childCount', '{ span:childCount > 2 }'],
    ['comparisons of numbers', '{ } | rate() > 5'],
    ['nested sets', '{ nestedSetLeft > 1 }'],
    ['the least and the greatest int', '{ span.a > minInt && span.a < maxInt }'],
    ['names in other scripts', '{ span.鍵 = "値" }'],
  ])('%s', (_, text) => {
    expect(problemsIn(text, 'traceql')).not.toEqual([])
    expect(problem(text)).toBe('none')
  })
})

describe("a query that Grafana's grammar takes parses, or is refused as by Tempo", () => {
  const texts = [
    '{}',
    '{ true }',
    '{ name = "a" && span.b != 3 }',
    '{ (.a || .b) && resource.c =~ `d.*` }',
    '{ !span.ok }',
    '{ event:name = "exception" && event.x = 1 }',
    '{ link:traceID = "ab" || link:spanID = "cd" }',
    '{ instrumentation:name = "x" && instrumentation:version != "" }',
    '{ kind = server && status = error && statusMessage != "" }',
    '{ traceDuration > 1s && rootName = "a" && rootServiceName = "b" }',
    '{ trace:duration > 1s && trace:rootName = "a" && trace:rootService = "b" && trace:id = "1" }',
    '{ span:duration > 10ms && span:name = "x" && span:status = ok && span:kind = client && span:id = "a" }',
    '{ } with (most_recent=true)',
    '{ .a > -5 }',
    '{ .a = nil || .b != nil }',
    '{ .a + 1 > 2 * .b }',
    '{ span."a b" = 1 }',
    '{ .a } >> { .b } && { .c }',
    '({ .a } || { .b }) > { .c }',
    '{ .a } &>> { .b } &~ { .c } &< { .d }',
    '{ .a } !> { .b } !<< { .c } !~ { .d }',
    '{ .a } | count() > 2 | avg(duration) >= 1s',
    '{ .a } | by(.b) | max(.c) < 3.5 | coalesce() | select(.d, name)',
    '{ .a } | rate() by (.b, resource.c)',
    '{ .a } | quantile_over_time(duration, 0.5, 0.99) by (.b) | topk(3)',
    '{ .a } | histogram_over_time(duration) | bottomk(3)',
    '{ .a } | compare({ status = error }, 10)',
    '{ .a } // what follows is a comment',
  ]
  it.each(texts)('%s', text => {
    let errors = 0
    lezer.parse(text).iterate({ enter: ({ type }) => void (type.isError && errors++) })
    expect(errors).toBe(0)
    expect(problem(text)).toBe('none')
  })
})

describe('operators bind as in Tempo', () => {
  it.each([
    ['{ .a || .b && .c }', '(.a || .b) && .c'],
    ['{ .a && .b || .c }', '(.a && .b) || .c'],
    ['{ .a || (.b && .c) }', '.a || (.b && .c)'],
    ['{ .a + 2 * 3 = 7 && .b }', '((.a + (2 * 3)) = 7) && .b'],
    ['{ .a - 1 - 2 = 0 }', '((.a - 1) - 2) = 0'],
    ['{ 2 ^ 3 ^ .a = 1 }', '(2 ^ (3 ^ .a)) = 1'],
    ['{ -.a ^ 2 = 1 }', '(-(.a ^ 2)) = 1'],
    ['{ -.a + 1 = 2 }', '((-.a) + 1) = 2'],
    ['{ !.a && .b }', '(!.a) && .b'],
    ['{ span.a-b.c = 1 }', 'span.a-b.c = 1'],
    ['{ span."a b".c = 1 }', 'span."a b.c" = 1'],
    ['{ span:duration > 1h1m1.5s }', 'duration > 1h1m1.5s'],
  ])('%s', (text, expected) => {
    expect(fieldOf(text)).toBe(expected)
  })

  it('with structure before && and ||', () => {
    const shape = (stages: unknown): unknown => {
      const { type, op, left, right } = stages as Record<string, unknown>
      return type === 'spansets' ? [shape(left), op, shape(right)] : 'x'
    }
    const query = parse('{ .a } || { .b } > { .c } && { .d }') as Query & { stages: unknown[] }
    expect(shape(query.stages[0])).toEqual([['x', '||', ['x', '>', 'x']], '&&', 'x'])
  })

  it('arithmetic between numbers', () => {
    expect(parse('({ } | rate()) + 2 * ({ } | rate()) > 1 + 2 * 3 | topk(1)')).toMatchObject({
      type: 'metrics',
      metrics: {
        type: 'topk',
        of: { type: 'metricsFilter', value: 7, of: { op: '+', right: { op: '*', left: 2 } } },
      },
    })
  })
})

describe('a wrong query is refused with the place and the reason', () => {
  it.each([
    ['{ name = "a"', '1:13: end of the query: is unexpected here; expected }'],
    [
      '{ service.name = "a" }',
      '1:3: service: is not a TraceQL intrinsic; for an attribute, write span.service, resource.service or .service',
    ],
    [
      '{ status = eror }',
      '1:12: eror: is not a TraceQL intrinsic; did you mean error? For an attribute, write span.eror, resource.eror or .eror',
    ],
    [
      '{ spn.user.id = 1 }',
      '1:3: spn: is not a TraceQL intrinsic; did you mean span? For an attribute, write span.spn, resource.spn or .spn',
    ],
    ['{} | count_overtime()', '1:6: count_overtime: is unexpected here; did you mean count_over_time()?'],
    ['{} | selct(name)', '1:6: selct: is unexpected here; did you mean select()?'],
    ['{} | everything()', '1:6: everything: is unexpected here; expected a span filter such as { status = error }'],
    ['{\n  span.a == 1\n}', '2:11: =: is unexpected here; expected an attribute, an intrinsic or a value'],
    ["{ span.a = 'x' }", `1:12: ': is not a valid quote; use " or \``],
    ['{ span.a = "x }', '1:12: ": the string is not closed; close it with "'],
    [
      '{ span.a = "\\q" }',
      '1:12: "\\q": contains an unknown escape sequence; use \\\\ for a backslash, or use backticks',
    ],
    ['{ span. = 1 }', '1:3: span.: the name is missing; write span.name'],
    ['{ trace:name = "a" }', /^1:3: trace:name: is not an intrinsic; scoped intrinsics are span:duration, /],
    ['{ parent.a = 1 }', '1:3: parent.a: is not supported, as in Tempo; use a structural operator: { … } > { … }'],
    ['{ span.a = 9223372036854775808 }', '1:12: 9223372036854775808: does not fit into 64 bits'],
    ['{ name = 3 }', '1:8: =: cannot combine strings and ints'],
    ['{ kind = "server" }', '1:8: =: cannot combine a kind and strings'],
    ['{ status > ok }', '1:10: >: is not defined for a status'],
    ['{ duration }', '1:3: expression of type duration: is not a condition; compare it with a value'],
    ['{ name = nil }', '1:8: span:name = nil: is never true: every span has this attribute; compare it with ""'],
    ['{ nil > 3 }', '1:3: nil: cannot be used with >; compare nil with = or !='],
    ['{ span.a =~ 3 }', '1:10: =~: cannot combine attributes and ints'],
    ['{ } | count()', '1:7: count(): is not compared with a value; for example count() > 2'],
    ['{ } | count() + 1 > 2', /^1:15: \+: needs an aggregate on the left and a constant on the right, as in Tempo; /],
    ['{ } | count() > max(duration)', /^1:15: >: needs an aggregate on the left/],
    ['{ } | avg(name) > 1', '1:7: avg(): needs numbers, not strings'],
    ['{ } | by(1)', '1:7: by(): does not reference a span; use an attribute or an intrinsic'],
    ['5 > 3', '1:3: >: cannot combine a constant and a constant'],
    ['{ } + { }', '1:5: +: cannot combine spans and spans'],
    ['coalesce() | { }', '1:1: coalesce(): needs a span filter before it'],
    ['{ } | topk(5)', '1:7: topk: needs metrics before it; for example {} | rate() by (name) | topk(5)'],
    ['{ } | rate() | topk(0)', '1:16: topk(0): keeps nothing; use 1 or more'],
    [
      '{ } | rate() + 5',
      '1:14: +: is unexpected here; for arithmetic, put each metrics query in parentheses: ({} | rate()) * 2',
    ],
    [
      '{ } | rate() | { }',
      '1:16: {: is unexpected here; only topk(), bottomk() and comparisons can follow a metrics function',
    ],
    ['({ } | rate()) * 10s', '1:18: constant: of type duration cannot be used in arithmetic; use a plain number'],
    [
      '{ } | quantile_over_time(duration, 1.5)',
      '1:36: 1.5: is greater than 1; use a quantile between 0 and 1, such as 0.95',
    ],
    ['{ } | rate() by (.a, .b, .c, .d, .e, .f)', '1:14: by: has 6 names; the limit is 5, as in Tempo'],
    ['({ } | compare({ true })) * 2', '1:8: compare(): cannot be used in arithmetic or filters; use it on its own'],
    ['{ } with (sample)', '1:17: ): is unexpected here; expected ='],
  ])('%s', (text, message) => {
    if (typeof message === 'string') expect(problem(text)).toBe(message)
    else expect(problem(text)).toMatch(message)
  })
})

describe('a hostile query', () => {
  it('is refused where it nests too deep', () => {
    expect(problem(`{ ${'('.repeat(50_000)}`)).toMatch(/is nested more than 100 levels deep/)
    expect(problem(`${'('.repeat(50_000)}`)).toMatch(/is nested more than 100 levels deep/)
    expect(problem(`{ ${'.a + '.repeat(200)} 1 > 0 }`)).toMatch(/is nested more than 100 levels deep/)
    expect(problem(`{ ${'!'.repeat(50_000)} }`)).toMatch(/is nested more than 100 levels deep/)
  })
  it('is refused where it is too long', () => {
    expect(problem(`{ ${'.a || '.repeat(2_000)} .a }`)).toMatch(/has more than 1000 operators/)
    expect(problem(`{ name = "${'x'.repeat(200_000)}" }`)).toMatch(/the limit is 131072/)
  })
})
