// The second line of redaction, for senders that are not our SDK and for what the SDK missed.
import { CARDS, EMAIL, EMAIL_IN_KEY, MASKED, SECRET_KEYS, secretPatterns } from '../../shared/redact/re2'
import { canaryMarks } from './data-quality'
import { env } from './environment'
import { note, type Section } from './yaml-comments'

/** Covers attributes of resource, scope, span, event, data point and log, and the log body. */
export function redaction(summary: 'info' | 'silent'): Section {
  return {
    allow_all_keys: true,
    redact_all_types: note('otherwise values inside arrays and maps leak', true),
    summary,
    hash_function: note('keyed, so that equal values can still be joined', 'hmac-sha256'),
    hmac_key: env('AFN_HMAC_KEY'),
    ignored_keys: env('AFN_FULL_CONTENT_KEYS'),
    allowed_values: note('values that the first line masked are no leaks', [MASKED]),
    blocked_key_patterns: note('A matching key masks its value, whatever its type.', [...SECRET_KEYS]),
    blocked_values: note(
      'From src/shared/redact. Each expression begins with a literal if possible, because it is applied to every value.',
      [EMAIL, ...CARDS, ...secretPatterns()],
    ),
  }
}

/**
 * The processor `redaction` reads attributes alone. Names and messages are stashed as attributes before it and restored
 * behind it. A key is this prefix and the name of the field.
 */
const STASH = 'afn.second_line.'

interface TextFields {
  /** of OTTL; a list of statements runs in one context, the lowest that it names: each context has a list of its own */
  readonly context: string
  readonly fields: readonly string[]
}

const scope: TextFields = { context: 'scope', fields: ['name', 'version'] }
const resource: TextFields = { context: 'resource', fields: [] }
const traces: readonly TextFields[] = [
  resource,
  scope,
  { context: 'span', fields: ['name', 'status.message', 'trace_state'] },
  { context: 'spanevent', fields: ['name'] },
]
const logs: readonly TextFields[] = [resource, scope, { context: 'log', fields: ['event_name', 'severity_text'] }]

const stashed = (context: string, field: string): string => `${context}.attributes["${STASH}${field}"]`

/** Copies names and messages to attributes, before the redaction. Removes keys that contain an e-mail address. */
function stash({ context, fields }: TextFields): Section {
  return {
    statements: [
      ...fields.map(field => `set(${stashed(context, field)}, ${context}.${field}) where ${context}.${field} != ""`),
      `delete_matching_keys(${context}.attributes, ${quoted(EMAIL_IN_KEY)})`,
    ],
  }
}

/** Copies them back. A hash in a name would make each person a series of the metrics of spans. */
function restore({ context, fields }: TextFields): Section[] {
  const attributes = `${context}.attributes`
  const copied = {
    conditions: [`${attributes}["redaction.masked.count"] != nil`],
    statements: fields.flatMap(field => [
      `set(${context}.${field}, ${stashed(context, field)}) where ${stashed(context, field)} != nil`,
      `replace_pattern(${context}.${field}, "[\\\\da-f]{64}", "[REDACTED]")`,
    ]),
  }
  // the masks say what the first line masked
  const ours = `^(?:${STASH.replaceAll('.', '\\.')}|redaction\\.(?:body\\.)?(?:allowed|ignored)\\.)`
  const left = { statements: [`delete_matching_keys(${attributes}, ${quoted(ours)})`] }
  return fields.length === 0 ? [left] : [copied, left]
}

const statements = (
  signal: 'trace' | 'log',
  contexts: readonly TextFields[],
  make: (fields: TextFields) => Section | Section[],
): Section => ({
  error_mode: 'ignore',
  [`${signal}_statements`]: contexts.flatMap(make),
})

export function stashTraces(): Section {
  const { trace_statements: stashing, ...others } = statements('trace', traces, stash)
  return { ...others, trace_statements: [...(stashing as Section[]), ...canaryMarks()] }
}
export const restoreTraces = (): Section => statements('trace', traces, restore)
export const stashLogs = (): Section => statements('log', logs, stash)
export const restoreLogs = (): Section => statements('log', logs, restore)

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
