/**
 * Sample series of good and bad events for an SLI, for tests of its rules. Labels that match Prometheus' selectors are found by search.
 * Queries are not evaluated, so that tests reveal queries that do not do what the SLI means.
 */
import { parser } from '@prometheus-io/lezer-promql'
import { labelName } from '../../shared/otlp/prometheus-names'
import { expressionOf, matches } from './matching'
import { edgeExpression, inWindow, prometheusName } from './queries'
import type { LatencySli, Matcher, RatioSli, Sli } from './spec'

/** What a counter counts. */
export type EventKind = 'good' | 'bad' | 'all' | 'none'

export type SampleSeries =
  | { readonly series: string; readonly counts: EventKind }
  /** A native histogram: good observations are below `threshold`, bad ones above. */
  | { readonly series: string; readonly threshold: number }

/** @returns undefined if no series fit the SLI */
export function samplesOf(sli: Sli): readonly SampleSeries[] | undefined {
  if (sli.kind === 'raw') return ofQuotient(sli.errorRatioQuery)
  if (sli.kind === 'events') return ofQueries(inWindow(sli.errorQuery, '5m'), inWindow(sli.totalQuery, '5m'))
  return sli.kind === 'ratio' ? ofRatio(sli) : ofLatency(sli)
}

type Labels = Readonly<Record<string, string>>

function ofRatio({ metric, where, selects, alternatives }: RatioSli): SampleSeries[] | undefined {
  const [first = []] = alternatives
  const selected = labelsFor([...where, ...first], [])
  const others = labelsFor(where, alternatives)
  if (!selected || !others) return undefined
  const name = `${prometheusName(metric)}${metric.type === 'histogram' ? '_count' : ''}`
  const [good, bad] = selects === 'bad' ? [others, selected] : [selected, others]
  if (metric.type === 'native') {
    // all observations of a series are below or above any threshold, since its labels define what it counts
    return [
      { series: seriesOf(name, good), threshold: Number.POSITIVE_INFINITY },
      { series: seriesOf(name, bad), threshold: Number.NEGATIVE_INFINITY },
    ]
  }
  return [
    { series: seriesOf(name, good), counts: 'good' },
    { series: seriesOf(name, bad), counts: 'bad' },
  ]
}

function ofLatency({ metric, where, threshold }: LatencySli): SampleSeries[] | undefined {
  const labels = labelsFor(where, [])
  if (!labels) return undefined
  const name = prometheusName(metric)
  if (metric.type === 'native') return [{ series: seriesOf(name, labels), threshold }]
  const [le = ''] = edgeExpression(threshold).replaceAll('\\', '').split('|').toReversed()
  return [
    { series: seriesOf(`${name}_count`, labels), counts: 'all' },
    { series: seriesOf(`${name}_bucket`, { ...labels, le }), counts: 'good' },
  ]
}

/** A ratio of counters is a division of two queries. */
function ofQuotient(query: string): readonly SampleSeries[] | undefined {
  const text = inWindow(query, '5m')
  let top = parser.parse(text).topNode.firstChild
  while (top?.name === 'ParenExpr') top = top.firstChild
  const [left, operator, right] = [top?.firstChild, top?.firstChild?.nextSibling, top?.lastChild]
  if (top?.name !== 'BinaryExpr' || operator?.name !== 'Div' || !left || !right) return undefined
  return ofQueries(text.slice(left.from, left.to), text.slice(right.from, right.to))
}

interface Selector {
  readonly name: string
  readonly matchers: readonly Matcher[]
}

function ofQueries(errors: string, total: string): SampleSeries[] | undefined {
  const [bad, all] = [selectorsIn(errors), selectorsIn(total)]
  const [firstBad] = bad
  const [firstAll] = all
  if (!firstBad || !firstAll) return undefined
  const buckets = bad.filter(
    ({ name, matchers }) => name.endsWith('_bucket') && matchers.some(({ attribute }) => attribute === 'le'),
  )
  const found = buckets.length > 0 ? ofBuckets(firstAll, buckets) : ofErrors(firstBad, firstAll, bad)
  if (!found) return undefined
  // a sum of several series is empty while one of them is missing
  const rest = [...bad, ...all].flatMap(selector => {
    const labels = labelsFor(selector.matchers, [])
    return labels ? [{ series: seriesOf(selector.name, labels), counts: 'none' as const }] : []
  })
  const names = new Set(found.map(({ series }) => series))
  const isCovered = (selector: Selector) =>
    found.some(
      one =>
        one.selector.name === selector.name &&
        selector.matchers.every(matcher => matches(matcher, one.labels[matcher.attribute] ?? '')),
    )
  const missing = rest.filter(({ series }, at) => !names.has(series) && !isCovered([...bad, ...all][at]!))
  return [...found.map(({ series, counts }) => ({ series, counts })), ...missing]
}

interface FoundSample {
  readonly series: string
  readonly counts: EventKind
  readonly selector: Selector
  readonly labels: Labels
}

function ofErrors(bad: Selector, all: Selector, everyBad: readonly Selector[]): FoundSample[] | undefined {
  const isSameMetric = bad.name === all.name
  const errors = labelsFor([...bad.matchers, ...(isSameMetric ? all.matchers : [])], [])
  const others = labelsFor(
    all.matchers,
    everyBad.filter(({ name }) => name === all.name).map(({ matchers }) => matchers),
  )
  if (!errors || !others) return undefined
  return [found(bad, errors, 'bad'), found(all, others, isSameMetric ? 'good' : 'all')]
}

function ofBuckets(all: Selector, buckets: readonly Selector[]): FoundSample[] | undefined {
  const total = labelsFor(all.matchers, [])
  const good = buckets.map(bucket => ({ bucket, labels: labelsFor(bucket.matchers, []) }))
  if (!total || good.some(({ labels }) => !labels)) return undefined
  return [found(all, total, 'all'), ...good.map(({ bucket, labels }) => found(bucket, labels as Labels, 'good'))]
}

const found = (selector: Selector, labels: Labels, counts: EventKind): FoundSample => ({
  series: seriesOf(selector.name, labels),
  counts,
  selector,
  labels,
})

/** The selectors of a query, in order. */
function selectorsIn(query: string): Selector[] {
  const selectors: Selector[] = []
  parser.parse(query).iterate({
    enter: ({ name, node }) => {
      if (name !== 'VectorSelector') return
      const text = (child: { from: number; to: number } | null) => (child ? query.slice(child.from, child.to) : '')
      const matchers = (node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher') ?? []).map(matcher => ({
        attribute: text(matcher.getChild('LabelName')),
        operator: text(matcher.getChild('MatchOp')) as Matcher['operator'],
        value: unquoted(text(matcher.getChild('StringLiteral'))),
      }))
      selectors.push({ name: text(node.getChild('Identifier')), matchers })
    },
  })
  return selectors.filter(({ name }) => name !== '')
}

function unquoted(literal: string): string {
  const body = literal.slice(1, -1)
  return literal.startsWith('`')
    ? body
    : body.replace(/\\(.)/g, (_, character: string) => (character === 'n' ? '\n' : character))
}

/** The smallest set of labels that meets all conditions and none of the alternatives to avoid. */
function labelsFor(conditions: readonly Matcher[], avoided: readonly (readonly Matcher[])[]): Labels | undefined {
  const all = [...conditions, ...avoided.flat()]
  const attributes = [...new Set(all.map(({ attribute }) => attribute))]
  const choices = attributes.map(attribute => {
    const mine = all.filter(matcher => matcher.attribute === attribute)
    const wanted = conditions.filter(matcher => matcher.attribute === attribute)
    return [...new Set(['', ...mine.flatMap(valuesFor), 'other', '200'])].filter(value =>
      wanted.every(one => matches(one, value)),
    )
  })
  for (const values of combinations(choices)) {
    const chosen = Object.fromEntries(attributes.map((attribute, at) => [attribute, values[at] ?? '']))
    const isAvoided = (matchers: readonly Matcher[]) => matchers.every(one => matches(one, chosen[one.attribute] ?? ''))
    if (avoided.some(isAvoided)) continue
    return Object.fromEntries(
      Object.entries(chosen)
        .filter(([, value]) => value !== '')
        .map(([attribute, value]) => [labelName(attribute) ?? attribute, value]),
    )
  }
  return undefined
}

const MOST_TRIES = 10_000

/** All combinations of one value per list. */
function* combinations(choices: readonly (readonly string[])[]): Generator<string[]> {
  const sizes = choices.map(({ length }) => length)
  const count = Math.min(
    MOST_TRIES,
    sizes.reduce((product, size) => product * size, 1),
  )
  for (let at = 0; at < count; at++) {
    let rest = at
    yield choices.map((values, index) => {
      const value = values[rest % sizes[index]!]!
      rest = Math.floor(rest / sizes[index]!)
      return value
    })
  }
}

function valuesFor({ operator, value }: Matcher): string[] {
  if (operator === '=' || operator === '!=') return [value]
  const expression = expressionOf(value)
  return expression ? exampleOf(value).filter(example => expression.test(example)) : []
}

/** A sample text for each alternative of an expression; may fail to match unusual expressions. */
function exampleOf(expression: string): string[] {
  const plain = expression.replace(/^\(\?[ims]+\)/, '').replace(/\(\?(?:[imsU-]*:|P?<\w+>)/g, '(')
  return alternativesOf(plain).map(simplest)
}

function alternativesOf(expression: string): string[] {
  const parts = ['']
  let depth = 0
  for (const [piece] of expression.matchAll(/\\.|\[[^\]]*\]|[\s\S]/g)) {
    if (piece === '(') depth++
    if (piece === ')') depth--
    if (piece === '|' && depth === 0) parts.push('')
    else parts[parts.length - 1] += piece
  }
  return parts
}

function simplest(expression: string): string {
  const group = /\(((?:\\.|[^()\\])*)\)([?*+]|\{\d+(?:,\d*)?\})?/.exec(expression)
  if (group) {
    const [all, inner = '', repeat = ''] = group
    const first = alternativesOf(inner)[0] ?? ''
    const times = repeat === '?' || repeat === '*' ? 0 : Number(/\d+/.exec(repeat)?.[0] ?? 1)
    return simplest(expression.replace(all, () => first.repeat(times)))
  }
  return expression.replace(/(\\.|\[[^\]]*\]|[^\\[])([?*+]|\{\d+(?:,\d*)?\})?/g, (_, atom: string, repeat = '') => {
    const times = repeat === '?' || repeat === '*' ? 0 : Number(/\d+/.exec(repeat)?.[0] ?? 1)
    return characterOf(atom).repeat(times)
  })
}

function characterOf(atom: string): string {
  if (atom === '.' || atom === '\\d') return '0'
  if (atom === '\\w') return 'a'
  if (atom === '^' || atom === '$') return ''
  if (atom.startsWith('\\')) return atom.slice(1)
  return atom.startsWith('[') ? (atom.startsWith('[^') ? '0' : atom.charAt(1)) : atom
}

export const seriesOf = (name: string, labels: Labels): string =>
  `${name}{${Object.entries(labels)
    .map(([label, value]) => `${label}=${JSON.stringify(value)}`)
    .join(',')}}`
