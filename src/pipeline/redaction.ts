// Called by collector.ts: the second line of redaction, for senders that are not our SDK and for what the SDK missed.
import { CARDS, EMAIL, EMAIL_IN_KEY, MASKED, SECRET_KEYS, secretPatterns } from '../redact/re2'
import { canaryMarks } from './data-quality'
import { env } from './environment'
import { note, type Section } from './note'

/** Covers attributes of resource, scope, span, event, data point and log, and the log body. */
export function redaction(summary: 'info' | 'silent'): Section {
  return {
    allow_all_keys: true,
    redact_all_types: note('else values inside arrays and maps leak', true),
    summary,
    hash_function: note('keyed, so that the same value stays joinable', 'hmac-sha256'),
    hmac_key: env('AFN_HMAC_KEY'),
    ignored_keys: env('AFN_FULL_CONTENT_KEYS'),
    allowed_values: note('what the first line masked is no leak', [MASKED]),
    blocked_key_patterns: note('A hit masks a value of any type.', [...SECRET_KEYS]),
    blocked_values: note(
      'From src/redact: each begins with a literal where it can, since each is looked for in every value.',
      [EMAIL, ...CARDS, ...secretPatterns()],
    ),
  }
}

/** Names and messages are no attributes: for the time of the redaction they are. A key, by what it is a copy of. */
const HELD = 'afn.second_line.'

interface Place {
  /** of OTTL; a list of statements runs in one context, the lowest that it names: each place has a list of its own */
  readonly context: string
  readonly fields: readonly string[]
}

const scope: Place = { context: 'scope', fields: ['name', 'version'] }
const resource: Place = { context: 'resource', fields: [] }
const traces: readonly Place[] = [
  resource,
  scope,
  { context: 'span', fields: ['name', 'status.message', 'trace_state'] },
  { context: 'spanevent', fields: ['name'] },
]
const logs: readonly Place[] = [resource, scope, { context: 'log', fields: ['event_name', 'severity_text'] }]

const held = (context: string, field: string): string => `${context}.attributes["${HELD}${field}"]`

/** Puts names and messages among the attributes, before the redaction. A key that holds an address goes. */
function hold({ context, fields }: Place): Section {
  return {
    statements: [
      ...fields.map(field => `set(${held(context, field)}, ${context}.${field}) where ${context}.${field} != ""`),
      `delete_matching_keys(${context}.attributes, ${quoted(EMAIL_IN_KEY)})`,
    ],
  }
}

/** Takes them back. A hash in a name would make each person a series of the metrics of spans. */
function release({ context, fields }: Place): Section[] {
  const attributes = `${context}.attributes`
  const taken = {
    conditions: [`${attributes}["redaction.masked.count"] != nil`],
    statements: fields.flatMap(field => [
      `set(${context}.${field}, ${held(context, field)}) where ${held(context, field)} != nil`,
      `replace_pattern(${context}.${field}, "[\\\\da-f]{64}", "[REDACTED]")`,
    ]),
  }
  // what the first line masked is told by its masks
  const ours = `^(?:${HELD.replaceAll('.', '\\.')}|redaction\\.(?:body\\.)?(?:allowed|ignored)\\.)`
  const left = { statements: [`delete_matching_keys(${attributes}, ${quoted(ours)})`] }
  return fields.length === 0 ? [left] : [taken, left]
}

const statements = (
  signal: 'trace' | 'log',
  places: readonly Place[],
  make: (place: Place) => Section | Section[],
): Section => ({
  error_mode: 'ignore',
  [`${signal}_statements`]: places.flatMap(make),
})

export function holdTraces(): Section {
  const { trace_statements: holding, ...others } = statements('trace', traces, hold)
  return { ...others, trace_statements: [...(holding as Section[]), ...canaryMarks()] }
}
export const releaseTraces = (): Section => statements('trace', traces, release)
export const holdLogs = (): Section => statements('log', logs, hold)
export const releaseLogs = (): Section => statements('log', logs, release)

/** Exemplars carry the attributes that a view filtered out of the series; the redaction does not know them. */
export const metricText = (): Section => ({
  error_mode: 'ignore',
  metric_statements: [
    { statements: [...replaced('scope.name'), ...replaced('scope.version')] },
    { statements: replaced('metric.description') },
    {
      context: 'exemplar',
      statements: all.map(
        ([pattern, mask]) => `replace_all_patterns(exemplar.filtered_attributes, "value", ${pattern}, ${mask})`,
      ),
    },
  ],
})

/** A string of OTTL. */
function quoted(pattern: string): string {
  return `"${pattern.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

/** Statements cost more than what they look for: here the secrets are one expression. */
const all = [
  [quoted(EMAIL), '"[EMAIL]"'],
  [quoted(`(?:${CARDS.join('|')})`), '"[CARD]"'],
  [quoted(`(?:${secretPatterns().join('|')})`), '"[SECRET]"'],
] as const

const replaced = (field: string): string[] =>
  all.map(([pattern, mask]) => `replace_pattern(${field}, ${pattern}, ${mask})`)
