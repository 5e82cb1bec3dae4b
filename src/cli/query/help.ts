// What `afn-otel query` says about itself and its catalogue.
import type { Query } from '../../shared/queries/query'
import { table } from '../../shared/queries/table'
import { prometheusOption } from '../backends'
import { type Options, optionLines } from '../options'

export const options = {
  list: {
    type: 'boolean',
    default: false,
    help: 'lists the catalogue queries; with NAME, shows the query and its parameters',
  },
  param: {
    type: 'string',
    multiple: true,
    argument: 'k=v',
    help: 'query parameter; can be repeated',
  },
  since: { type: 'string', default: '1h', help: 'how far back: 90s, 30m, 1h, 3d, 2w' },
  limit: { type: 'string', default: '20', help: 'maximum number of traces or groups' },
  tier: {
    type: 'string',
    default: 'all',
    help: 'tier of traces to query: detailed, sampled or errors',
    otherwise: 'all tiers for which the query is valid; numbers come from one tier',
  },
  tempo: {
    type: 'string',
    argument: 'URL',
    help: 'Tempo, or an afn-otel up',
    otherwise: 'AFN_TEMPO_URL, else AFN_LOCAL_URL, else http://127.0.0.1:3200',
  },
  ...prometheusOption,
  grafana: {
    type: 'string',
    argument: 'URL',
    help: 'prints Grafana links instead of trace ids',
    otherwise: 'AFN_GRAFANA',
  },
  json: { type: 'boolean', default: false, help: 'prints the result as JSON' },
} as const satisfies Options

export const help = `Usage: afn-otel query NAME [--param NAME=VALUE]… [OPTIONS]
       afn-otel query 'TRACEQL OR PROMQL' [OPTIONS]
       afn-otel query --list [NAME]

${optionLines(options)}

Exit codes: 0 success, even if nothing was found; 1 the backend is unreachable or rejects the request; 2 usage error.`

export function list(catalogue: ReadonlyMap<string, Query>): string {
  const rows = [...catalogue.values()].map(({ name, kind, language, tiers, title }) => [
    name,
    kind,
    language === 'traceql' ? tiers.join(' ') : 'metrics',
    title,
  ])
  return table(['NAME', 'RESULT', 'TIERS', 'TITLE'], rows).join('\n')
}

export function parametersOf({ name, title, question, kind, tiers, parameters, note, body }: Query): string {
  const lines = parameters.map(
    ({ name, type, fallback, meaning }) =>
      `  --param ${name}=… (${type}${fallback === undefined ? ', required' : `, default ${fallback}`}) ${meaning}`,
  )
  const notes = note === undefined ? [] : [`Note: ${note}`]
  return [
    `${name}: ${title}`,
    question,
    `Result: ${kind}; tiers: ${tiers.join(', ')}`,
    ...notes,
    ...lines,
    '',
    body,
  ].join('\n')
}
