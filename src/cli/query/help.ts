// What `afn-otel query` says about itself and its catalogue.
import type { Query } from '../../queries/query'
import { table } from '../../queries/table'
import { prometheusOption } from '../backends'
import { type Options, optionLines } from '../options'

export const options = {
  list: {
    type: 'boolean',
    default: false,
    help: 'the questions of the catalogue; with NAME, its query and parameters',
  },
  param: {
    type: 'string',
    multiple: true,
    argument: 'k=v',
    help: 'a parameter of the query; may be given several times',
  },
  since: { type: 'string', default: '1h', help: 'how far back: 90s, 30m, 1h, 3d, 2w' },
  limit: { type: 'string', default: '20', help: 'most traces or groups' },
  tier: {
    type: 'string',
    default: 'all',
    help: 'detailed, sampled, errors: in which tier of traces',
    otherwise: 'all that the query holds in; numbers come from one',
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
    help: 'prints links into Grafana instead of trace ids',
    otherwise: 'AFN_GRAFANA',
  },
  json: { type: 'boolean', default: false, help: 'the answer as JSON' },
} as const satisfies Options

export const help = `Usage: afn-otel query NAME [--param NAME=VALUE]… [OPTIONS]
       afn-otel query 'TRACEQL OR PROMQL' [OPTIONS]
       afn-otel query --list [NAME]

${optionLines(options)}

Exit codes: 0 answered, even if nothing was found; 1 the backend is not there or refuses; 2 the command is not right.`

export function list(catalogue: ReadonlyMap<string, Query>): string {
  const rows = [...catalogue.values()].map(({ name, kind, language, tiers, title }) => [
    name,
    kind,
    language === 'traceql' ? tiers.join(' ') : 'metrics',
    title,
  ])
  return table(['NAME', 'ANSWER', 'TIERS', 'TITLE'], rows).join('\n')
}

export function parametersOf({ name, title, question, kind, tiers, parameters, note, body }: Query): string {
  const lines = parameters.map(
    ({ name, type, fallback, meaning }) =>
      `  --param ${name}=… (${type}${fallback === undefined ? ', must be given' : `, default ${fallback}`}) ${meaning}`,
  )
  const notes = note === undefined ? [] : [`Note: ${note}`]
  return [
    `${name}: ${title}`,
    question,
    `Answer: ${kind}; holds on ${tiers.join(', ')}`,
    ...notes,
    ...lines,
    '',
    body,
  ].join('\n')
}
