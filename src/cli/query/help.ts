// What `afn-otel query` says about itself and its catalogue.
import type { Query } from '../../queries/query'
import { table } from '../../queries/table'

export const help = (): string => `Usage: afn-otel query NAME [--param NAME=VALUE]… [OPTIONS]
       afn-otel query 'TRACEQL OR PROMQL' [OPTIONS]
       afn-otel query --list [NAME]

--list           the questions of the catalogue; with NAME, its query and parameters
--param k=v      a parameter of the query; may be given several times
--since 1h       how far back: 90s, 30m, 1h, 3d, 2w [1h]
--limit 20       most traces or groups [20]
--tier all       detailed, sampled, errors: in which tier of traces [all that the query holds in; numbers come from one]
--tempo URL      Tempo, or an afn-otel up [AFN_TEMPO_URL, else AFN_LOCAL_URL, else http://127.0.0.1:3200]
--prometheus URL [AFN_PROMETHEUS_URL, else http://localhost:9090]
--grafana URL    prints links into Grafana instead of trace ids [AFN_GRAFANA]
--json           the answer as JSON

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
