// `afn-otel evaluate`: a version of an app on the cases of a dataset, compared with another version or with the recorded answers; or calls
// that a store has, rated by the evaluators of a file.
import { parseArgs } from 'node:util'
import { createSdkRedactor } from '../app/sdk/redactor'
import { evaluateStored } from './evaluate/stored/evaluate-stored'
import { compareVersions } from './evaluate/versions'
import { helpOption, print } from './help'
import { localOption } from './local/backend'
import { type Options, optionLines } from './options'
import { readSettings } from './read-settings'
import { plainText } from './terminal'

export const options = {
  dataset: { type: 'string', argument: 'FILE', help: 'cases, as afn-otel dataset writes them' },
  run: { type: 'string', argument: 'COMMAND', help: 'runs the version to evaluate, in a shell' },
  against: {
    type: 'string',
    argument: 'COMMAND',
    help: 'runs the version to compare with',
    otherwise: 'the recorded answers',
  },
  evaluators: {
    type: 'string',
    argument: 'FILE',
    help: 'evaluators.yaml; with --dataset, rate and per_hour do not apply',
    otherwise: 'AFN_EVALUATORS',
  },
  expected: { type: 'boolean', default: false, help: 'also rates whether the answer is exactly the expected one' },
  timeout: { type: 'string', argument: 'SECONDS', default: '600', help: 'longest time for all cases of one version' },
  query: {
    type: 'string',
    argument: 'TRACEQL',
    help: 'rates stored calls: which; a span that is no call, such as a request, stands for the calls below it',
  },
  since: { type: 'string', help: 'stored calls: how far back: 90s, 30m, 1h, 3d, 2w', otherwise: '1d' },
  from: {
    type: 'string',
    argument: 'TIME',
    help: 'stored calls: start, such as 2026-11-24T10:00:00Z; instead of --since',
  },
  to: { type: 'string', argument: 'TIME', help: 'stored calls: end', otherwise: 'now' },
  'max-cost': { type: 'string', argument: 'USD', help: 'stored calls: most that judges may cost in this run' },
  'dry-run': {
    type: 'boolean',
    default: false,
    help: 'stored calls: counts and prices; asks no model, writes nothing',
  },
  otlp: {
    type: 'string',
    argument: 'URL',
    help: 'stored calls: OTLP/HTTP endpoint of the results; sends OTEL_EXPORTER_OTLP_HEADERS',
    otherwise: 'OTEL_EXPORTER_OTLP_ENDPOINT, else http://localhost:4318',
  },
  tempo: { type: 'string', argument: 'URL', help: 'reads stored calls from Tempo instead of afn-otel up' },
  ...localOption,
  json: {
    type: 'boolean',
    default: false,
    help: 'prints the result as JSON: all ratings with --dataset, counts with --query',
  },
} as const satisfies Options

const help = `Usage: afn-otel evaluate --dataset FILE --run COMMAND [--against COMMAND] [--evaluators FILE] [--expected] [--json]
       afn-otel evaluate --query TRACEQL [--since 1d | --from TIME --to TIME] [--evaluators FILE] [--max-cost USD] [--dry-run]

With --dataset: runs your app on the cases of a dataset, rates its answers, and says whether they are better or worse than before, or
that no difference is seen. The app reads a JSON line per case from stdin (id, messages, system, tools, model, provider, parameters) and
writes a JSON line per answer to stdout: {"id": …, "output": "text"}, or {"id": …, "error": "text"}. Both versions get the same cases; an
exact test of the pairs at the 5 % level, for all evaluators together, tells a difference from chance.

With --query: rates calls that a running afn-otel up, or Tempo, has stored with their content, and writes each result into the trace of
its call, once however often the command runs. rate, per_hour (by the hour of the call) and when of the evaluators apply. Results wait in
AFN_CACHE_DIR (~/.cache/afn-otel) until they are sent.

${optionLines(options)}

Exit codes: 0 not worse, or all rated; 1 worse; a backend is unreachable or rejects the request, or some calls could not be rated; 2 usage
error, or a file or an app that can't be used.`

const say = (line: string): void => console.error(`afn-otel evaluate: ${plainText(line)}`)

/** What is said of stored calls alone. */
const storedOnly = ['since', 'from', 'to', 'max-cost', 'dry-run', 'otlp', 'tempo', 'url'] as const
const versionsOnly = ['dataset', 'run', 'against', 'expected'] as const

/** @returns the exit code, as `help` says */
export async function evaluate(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const { dataset, run, query } = values
  const isStored = query !== undefined
  const foreign = (isStored ? versionsOnly : storedOnly).filter(name => values[name])
  if (foreign.length > 0)
    throw new Error(
      isStored
        ? `--query rates stored calls; --${foreign[0]} is for a version of an app: leave one of them out`
        : `--${foreign[0]} is for stored calls; add --query TRACEQL`,
    )
  const settings = readSettings()
  const { redactor } = createSdkRedactor({ ...settings, captureContent: 'redacted' })
  const evaluators = values.evaluators ?? process.env.AFN_EVALUATORS
  if (isStored) {
    if (!evaluators) throw new Error('evaluate --query needs --evaluators FILE (or AFN_EVALUATORS)')
    const { since, from, to, otlp, tempo, url, json } = values
    return evaluateStored({
      ...{ query, since, from, to, otlp, tempo, url, json, evaluators, settings, redactor, say },
      maxCost: values['max-cost'],
      dryRun: values['dry-run'],
    })
  }
  if (!dataset || !run)
    throw new Error(
      'evaluate needs --dataset FILE and --run COMMAND, such as --run "node app.js"; or --query TRACEQL for stored calls',
    )
  const { against, expected, timeout, json } = values
  return compareVersions({ dataset, run, against, evaluators, expected, timeout, json, redactor, say })
}
