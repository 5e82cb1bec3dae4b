// Queries of TraceQL and PromQL, up to what is asked of the store.
import { check } from '../../../src/backend/promql/check'
import { parse as parsePromql } from '../../../src/backend/promql/parse'
import { parse as parseTraceql } from '../../../src/backend/traceql/parse'
import type { Surface } from '../search.mjs'
import { filled } from './filled'

/** What is refused is read all the same. */
function tried(read: () => unknown): unknown {
  try {
    return read()
  } catch (error) {
    if (error instanceof Error && /^(?:Traceql|Promql)Error$/.test(error.name)) return error
    throw error
  }
}

/** One condition behind another, each in brackets of its own. */
export const traceql = (anchors: readonly string[]): Surface => ({
  name: 'traceql',
  anchors: [...anchors, '{', '}', '{}', '{ .a = 1 }', '|', '||', '&&', '(', ')', '"', '`', '\\', '/*', '*/', '//', '\n', '1', '.', '1h', '1ns', '.a', 'span.', '."a"', ' = ', '!', '-', ',', 'by(', 'select(', 'with (a=1)', 'nil', '=~', '{n}'], // biome-ignore format: a table
  harmless: length =>
    filled(length, '{ .a = 1 ', n => (n < 900 ? `&& span.http.request.method_${n} != "GET or POST" ` : ' '), '}'),
  run: text => tried(() => parseTraceql(text)),
})

export const promql = (anchors: readonly string[]): Surface => ({
  name: 'promql',
  anchors: [...anchors, '(', ')', '{', '}', '[', ']', '[5m]', '[5m:1m]', '"', "'", '`', '\\', '#', '\n', 'a', 'a{b="c"}', 'a{b=~"(|)"}', '=~', '"(a?|b?)"', '{1000}', '(|)', 'sum(', 'sum by (a) (', ' by (a)', ' on(a) ', ' group_left(a{n}) ', ' offset 5m', ' @ end()', '+', '-', '*', '^', ' and ', ' or ', ' unless ', ' bool ', '1', '1.', '0x', '5m', 'a{n},', ',', ':'], // biome-ignore format: a table
  harmless: length =>
    filled(length, '1', n => (n < 160 ? ` + sum by (job) (rate(http_requests_total{code="${n}"}[5m]))` : ' '), ''),
  run: text =>
    tried(() => {
      const expr = parsePromql(text)
      return check(text, expr)
    }),
})
