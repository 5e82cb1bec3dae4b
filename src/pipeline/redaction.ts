// Called by collector.ts: the second line of redaction, for senders that are not our SDK and for what the SDK missed.
import { env } from './environment'
import { note, type Section } from './note'

/** In Go's RE2 syntax. They are few on purpose: each one is looked for in every value of every span. */
const email = '[A-Za-z0-9._%+-]+@[A-Za-z0-9.-]+\\.[A-Za-z]{2,}'
/** API keys and JSON web tokens, in one expression: what costs is the number of times that a value is read. */
const secret =
  '\\b(?:(?:sk|pk|rk)-(?:lf-|ant-|proj-)?[A-Za-z0-9_-]{16,}|eyJ[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]{8,}\\.[A-Za-z0-9_-]+)'

const replacements = [
  [email, '[EMAIL]'],
  [secret, '[SECRET]'],
] as const

/** Covers attributes of resource, scope, span, event, data point and log, and the log body. */
export function redaction(summary: 'info' | 'silent'): Section {
  return {
    allow_all_keys: true,
    redact_all_types: note('else values inside arrays and maps leak', true),
    summary,
    hash_function: note('keyed, so that the same value stays joinable', 'hmac-sha256'),
    hmac_key: env('AFN_HMAC_KEY'),
    blocked_key_patterns: note(
      'A hit masks a value of any type, so all are anchored: a loose .*token.* would mask gen_ai.usage.input_tokens.',
      [
        '(?i)^http\\.request\\.header\\.(authorization|proxy-authorization|cookie|x-api-key)$',
        '(?i)^http\\.response\\.header\\.set-cookie$',
        '(?i)(^|[._-])(password|passwd|secret|api[_-]?key|access[_-]?token|refresh[_-]?token|authorization)$',
      ],
    ),
    blocked_values: note('No pattern of digits alone: with redact_all_types it would hit counts.', [email, secret]),
  }
}

const quoted = (pattern: string): string => pattern.replaceAll('\\', '\\\\')

function replaceIn(...fields: string[]): string[] {
  return fields.flatMap(field => replacements.map(pair => `replace_pattern(${field}, ${replace(pair)})`))
}

const replace = ([pattern, by]: readonly [string, string]): string => `"${quoted(pattern)}", "${by}"`

/** Keys are looked at for e-mail addresses alone: the other pattern cost each span 4 µs more, a tenth of the funnel. */
const replaceInKeys = (attributes: string): string =>
  `replace_all_patterns(${attributes}, "key", ${replace(replacements[0])})`

/**
 * What the redaction processor does not look at. A list of statements runs in one context, the lowest that it names, so
 * each context has its own list: in a shared one, spans without events would be passed over in silence.
 */
export const traceText = (): Section => ({
  error_mode: 'ignore',
  trace_statements: [
    { statements: replaceIn('scope.name', 'scope.version') },
    { statements: [...replaceIn('span.name', 'span.status.message'), replaceInKeys('span.attributes')] },
    { statements: [...replaceIn('spanevent.name'), replaceInKeys('spanevent.attributes')] },
  ],
})

/** Exemplars carry the attributes that a view filtered out of the series. */
export const metricText = (): Section => ({
  error_mode: 'ignore',
  metric_statements: [
    { statements: replaceIn('scope.name', 'scope.version') },
    {
      context: 'exemplar',
      statements: replacements.map(
        pair => `replace_all_patterns(exemplar.filtered_attributes, "value", ${replace(pair)})`,
      ),
    },
  ],
})

export const logText = (): Section => ({
  error_mode: 'ignore',
  log_statements: [
    { statements: replaceIn('scope.name', 'scope.version') },
    { statements: [...replaceIn('log.event_name'), replaceInKeys('log.attributes')] },
  ],
})
