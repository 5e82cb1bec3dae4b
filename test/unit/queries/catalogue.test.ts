// collector/queries, the files that are shipped.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { parse } from 'yaml'
import { agentNames } from '../../../src/shared/otlp/agents/dialect'
import { queryNamed, readCatalogue } from '../../../src/shared/queries/catalogue'
import { kindOf, languageOf, problemsIn } from '../../../src/shared/queries/language'
import type { Parameter, Query } from '../../../src/shared/queries/query'
import { substitute } from '../../../src/shared/queries/substitute'

const root = path.resolve(import.meta.dirname, '../../..')
const catalogue = readCatalogue(path.join(root, 'collector/queries'))
const queries = [...catalogue.values()]
const registry = readFileSync(path.join(root, 'docs/semconv.md'), 'utf8')

/** A value of each type that is not the default, with what would end its place if it could. */
const values: Record<Parameter['type'], string> = {
  text: `a" || true } | {'b\``,
  regex: `a"|b\\.c`,
  int: '7',
  float: '3',
  duration: '250ms',
  attribute: 'resource.service.namespace',
  label: 'service_name',
}
const builtIns = { since: '3600s', rate: '300s' }
const filled = (query: Query, required = query.parameters.filter(({ fallback }) => fallback === undefined)) =>
  substitute(query, Object.fromEntries(required.map(({ name, type }) => [name, values[type]])), builtIns)

/** Grafana's grammar knows no escapes in strings; Tempo does. */
const withoutEscapes = (text: string) => text.replace(/"(?:[^"\\]|\\.)*"|`[^`]*`/gs, '"x"')

it('holds the topics of the issue, each in one language', () => {
  expect(queries.length).toBeGreaterThanOrEqual(40)
  expect(queries.filter(({ language }) => language === 'promql').length).toBeGreaterThanOrEqual(12)
})

it.each(queries.map(query => [query.name, query] as const))(
  '%s parses with its defaults and with other values',
  (_, query) => {
    for (const text of [filled(query), filled(query, [...query.parameters])]) {
      const readable = query.language === 'traceql' ? withoutEscapes(text) : text
      expect(problemsIn(readable, query.language)).toEqual([])
      expect(languageOf(readable)).toBe(query.language)
      if (query.language === 'traceql') expect(kindOf(text, 'traceql') === 'traces').toBe(query.kind === 'traces')
    }
  },
)

/** Names of other conventions: HTTP, databases, and what the Collector's redaction processor counts. */
const foreign = [
  'db.query.text',
  'db.system',
  'db.system.name',
  'http.route',
  'redaction.masked.count',
  'service.name',
  'url.path',
  'vcs.repository.name',
  'team',
]

it('uses attributes that the registry knows', () => {
  const unknown = queries
    .filter(({ language }) => language === 'traceql')
    .flatMap(query =>
      [
        ...filled(query)
          .replace(/"[^"]*"|`[^`]*`/g, '')
          .matchAll(/\b(?:span|event|resource)\.([\w.]+)/g),
      ]
        .map(([, name]) => name!)
        .filter(name => !registry.includes(`| \`${name}\` `) && !foreign.includes(name))
        .map(name => `${query.name}: ${name}`),
    )
  expect(unknown).toEqual([])
})

it('compares doubles with floats and ints with ints, since TraceQL finds nothing otherwise', () => {
  const floats = new Set([...registry.matchAll(/^\| `([^`]+)` +\| double /gm)].map(([, name]) => name))
  expect(floats.has('afn.llm.cost.total')).toBe(true)
  const wrong = queries
    .filter(({ language }) => language === 'traceql')
    .flatMap(query =>
      [...filled(query, [...query.parameters]).matchAll(/(?:span|event)\.([\w.]+) [<>]=? (\d+(?:\.\d+)?)\b/g)]
        .filter(([, name, number]) => floats.has(name!) !== number!.includes('.'))
        .map(([comparison]) => `${query.name}: ${comparison}`),
    )
  expect(wrong).toEqual([])
})

it('adds up only what has the attribute, since others would spoil the sum', () => {
  const sums = queries.flatMap(({ name, body }) => {
    const [, attribute] = /(?:sum|max|min|avg|quantile)_over_time\((span\.[\w.]+)/.exec(body) ?? []
    return attribute === undefined || body.includes(`${attribute} != nil`) ? [] : [name]
  })
  expect(sums).toEqual([])
})

it('does nothing else with an attribute that has to be absent but to compare it, or Tempo takes it wrongly', () => {
  const wrong = queries.flatMap(({ name, body }) =>
    [...body.matchAll(/(span\.[\w.]+) = nil/g)]
      .filter(([, attribute]) => new RegExp(`${attribute?.replaceAll('.', '\\.')} (?:!= nil|[-+*/])`).test(body))
      .map(([absent]) => `${name}: ${absent}`),
  )
  expect(wrong).toEqual([])
})

/** OTLP names as Prometheus keeps them: UnderscoreEscapingWithSuffixes. */
function metricsOfRegistry(): Set<string> {
  const files = ['afn/metrics', 'afn/redaction', 'upstream/metrics'].map(file => `semconv/registry/${file}.yaml`)
  const metrics = files.flatMap(
    file => (parse(readFileSync(path.join(root, file), 'utf8')) as { metrics: Metric[] }).metrics,
  )
  return new Set(
    metrics.flatMap(({ name, unit, instrument }) => {
      const base = `${name.replaceAll('.', '_')}${unit === 's' ? '_seconds' : ''}`
      return instrument === 'counter' ? [`${base}_total`] : ['_bucket', '_count', '_sum'].map(end => base + end)
    }),
  )
}
interface Metric {
  name: string
  unit: string
  instrument: string
}

it('asks Prometheus for metrics that the SDK or the Collector sends', () => {
  const known = metricsOfRegistry()
  known.add('afn_span_calls_total')
  const unknown = queries
    .filter(({ language }) => language === 'promql')
    .flatMap(({ name, body }) =>
      [...body.matchAll(/\b[a-z][a-z0-9_]*_(?:total|bucket|count|sum)\b/g)]
        .filter(([metric]) => !known.has(metric!))
        .map(([metric]) => `${name}: ${metric}`),
    )
  expect(unknown).toEqual([])
})

it('names what is like a name that it does not have', () => {
  expect(queryNamed(catalogue, 'slow-chats').title).toBe('Slow chats by model')
  expect(() => queryNamed(catalogue, 'slow-chat')).toThrow('unknown query "slow-chat"; did you mean slow-chats')
  expect(() => queryNamed(catalogue, 'cost')).toThrow('cost-by-user')
  expect(() => queryNamed(catalogue, 'xyzzyxyzzy')).toThrow('see afn-otel query --list')
})

it('a query for the cost of coding agents leaves one out, or counts what other instrumentations have named', () => {
  const ofAgents = queries.filter(({ name }) => name.startsWith('agents-cost-'))
  expect(ofAgents).toHaveLength(7)
  for (const { body } of ofAgents) expect(body).toContain(`span.afn.llm.dialect =~ "${agentNames.join('|')}"`)
})
