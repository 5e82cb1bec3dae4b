/**
 * The JSON Schema of SLO files: Sloth's `prometheus/v1` plus our additions. `CheckedFile` builds its messages from `x-takes` and
 * `x-refused`.
 */
import { type Severity, severities } from '../../shared/severities'
import { type AlertKind, alertSuffix, expectations, periods, THRESHOLD } from './spec'

const text = { type: 'string', minLength: 1 } as const
const names = {
  type: 'string',
  pattern: '^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$',
  // file names contain both names
  maxLength: 100,
  'x-takes':
    'up to 100 letters, digits, ".", "_" and "-", with a letter or a digit at both ends, such as "checkout-availability"',
}
const labels = {
  type: 'object',
  // labels with two leading underscores belong to Prometheus; the others identify the SLO of a series
  propertyNames: {
    pattern: '^(?!__|sloth_|alertname$)[a-zA-Z_][a-zA-Z0-9_]*$',
    'x-takes': 'letters, digits and "_", but neither "__…", "sloth_…" nor "alertname", which the generator sets',
  },
  // the same types as in Sloth
  additionalProperties: { type: ['string', 'number', 'boolean'] },
} as const
const annotations = {
  ...labels,
  propertyNames: { pattern: '^[a-zA-Z_][a-zA-Z0-9_]*$', 'x-takes': 'letters, digits and "_"' },
} as const

const object = (properties: Record<string, unknown>, required: readonly string[] = [], more: object = {}) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
  ...more,
})
const refused = (why: string) => ({ not: {}, 'x-refused': why })

const query = {
  type: 'string',
  minLength: 1,
  maxLength: 20_000,
  'x-takes': 'PromQL with {{.window}} in the place of a duration, such as sum(rate(requests_total[{{.window}}]))',
}

const attribute = {
  pattern: '^[A-Za-z_][A-Za-z0-9_.-]*$',
  maxLength: 200,
  'x-takes': 'the name of an attribute, such as error.type',
}
const condition = {
  'x-takes': 'a value, or one of {not: value}, {regex: expression}, {not_regex: expression}',
  anyOf: [
    { type: ['string', 'number', 'boolean'] },
    ...['not', 'regex', 'not_regex'].map(key => object({ [key]: { type: ['string', 'number', 'boolean'] } }, [key])),
  ],
}
const where = { type: 'object', propertyNames: attribute, additionalProperties: condition }
const alternatives = {
  'x-takes': 'a list of maps of attributes to values, such as - http.response.status_code: {regex: "5.."}',
  type: 'array',
  items: { ...where, minProperties: 1 },
  minItems: 1,
  maxItems: 50,
}
const metric = {
  type: 'string',
  pattern: '^[A-Za-z_:][A-Za-z0-9_.:/-]*$',
  maxLength: 250,
  'x-takes': "OpenTelemetry's name of a metric, such as http.server.request.duration",
}
const unit = { type: 'string', maxLength: 63, 'x-takes': 'a unit in UCUM, such as s, ms or {request}' }

const sli = object(
  {
    events: object({ error_query: query, total_query: query }, ['error_query', 'total_query']),
    raw: object({ error_ratio_query: query }, ['error_ratio_query']),
    plugin: refused("it would run Go code of Sloth's; write the queries that the plugin makes under sli.events"),
    ratio: object(
      {
        metric,
        type: { enum: ['counter', 'histogram', 'native'] },
        unit,
        where,
        bad: alternatives,
        good: alternatives,
      },
      ['metric'],
      { 'x-takes': 'a metric, and either bad or good', oneOf: [{ required: ['bad'] }, { required: ['good'] }] },
    ),
    latency: object(
      {
        metric,
        unit,
        threshold: {
          anyOf: [
            { type: 'number', exclusiveMinimum: 0 },
            { type: 'string', pattern: THRESHOLD.source },
          ],
          'x-takes': 'a duration, such as 2s or 500ms, or a number in the unit of the metric',
        },
        native: { type: 'boolean' },
        where,
      },
      ['metric', 'threshold'],
    ),
    evaluation: object({ name: text, where }),
  },
  [],
  {
    minProperties: 1,
    maxProperties: 1,
    'x-takes': 'exactly one of events, raw, ratio, latency, evaluation',
  },
)

const alert = object({ disable: { type: 'boolean' }, labels, annotations })
const kinds = Object.keys(alertSuffix) as AlertKind[]
const severity = { enum: [...severities, 'off'] }
const severitiesOfKinds = object(Object.fromEntries(kinds.map(kind => [kind, severity])))

const failures = { type: 'integer', minimum: 1, maximum: 1_000_000 }

const time = {
  type: 'string',
  pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}(:[0-9]{2})?(Z|[+-][0-9]{2}:[0-9]{2})$',
  'x-takes': 'a time with its zone, such as 2026-12-01T02:00:00Z',
}
const clock = {
  type: 'string',
  pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
  'x-takes': 'a time of day in UTC, in quotes, such as "02:00"',
}
export const weekdays = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'] as const
const exclude = {
  type: 'array',
  maxItems: 100,
  items: {
    'x-takes': '{start, end} for one time, or {days, from, to} for every week',
    type: 'object',
    anyOf: [
      object({ start: time, end: time, reason: text }, ['start', 'end']),
      object(
        {
          days: { type: 'array', items: { enum: weekdays }, minItems: 1, uniqueItems: true },
          from: clock,
          to: clock,
          reason: text,
        },
        ['days', 'from', 'to'],
      ),
    ],
  },
}

const period = { enum: periods }
const plugins = refused("Sloth's plugins are Go code, which this generator does not run; remove them")

const slo = object(
  {
    name: names,
    objective: {
      type: 'number',
      exclusiveMinimum: 0,
      exclusiveMaximum: 100,
      'x-takes':
        'a percentage above 0 and below 100, with a point, such as 99.9 (at 100 there is no budget that could burn)',
    },
    description: { type: 'string', maxLength: 2_000 },
    labels,
    sli,
    period,
    severities: severitiesOfKinds,
    expects_data: { enum: [...expectations] },
    low_traffic: object({
      failures: {
        'x-takes': 'a number from 1, or one by severity such as {critical: 10, low: 2}',
        anyOf: [failures, object(Object.fromEntries(severities.map(severity => [severity, failures])))],
      },
      events: { type: 'integer', minimum: 0, maximum: 1_000_000_000 },
    }),
    exclude,
    alerting: object({
      name: { ...text, maxLength: 120, pattern: '^[^{}\\u0000-\\u001f]+$', 'x-takes': 'a name such as Checkout' },
      labels,
      annotations,
      page_alert: alert,
      ticket_alert: alert,
    }),
    plugins,
  },
  ['name', 'objective', 'sli'],
)

export const schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Service level objectives of @afn/otel',
  ...object(
    {
      $schema: { type: 'string' },
      version: { const: 'prometheus/v1' },
      service: names,
      compat: { enum: ['sloth'] },
      labels,
      period,
      severities: severitiesOfKinds,
      exclude,
      slos: { type: 'array', items: slo, minItems: 1, maxItems: 10_000 },
      slo_plugins: plugins,
    },
    ['version', 'service', 'slos'],
  ),
}

type Scalar = string | number | boolean
export type FileLabels = Readonly<Record<string, Scalar>>

/** The content of a file that matches the schema. */
export interface SloFile {
  readonly version: 'prometheus/v1'
  readonly service: string
  readonly compat?: 'sloth'
  readonly labels?: FileLabels
  readonly period?: (typeof periods)[number]
  readonly severities?: FileSeverities
  readonly exclude?: readonly FileExclusion[]
  readonly slos: readonly FileSlo[]
}

export type FileSeverities = Readonly<Partial<Record<AlertKind, (typeof severities)[number] | 'off'>>>

export type FailuresOfFile = number | Readonly<Partial<Record<Severity, number>>>

export interface FileSlo {
  readonly name: string
  readonly objective: number
  readonly description?: string
  readonly labels?: FileLabels
  readonly sli: FileSli
  readonly period?: (typeof periods)[number]
  readonly severities?: FileSeverities
  readonly expects_data?: (typeof expectations)[number]
  readonly low_traffic?: { readonly failures?: FailuresOfFile; readonly events?: number }
  readonly exclude?: readonly FileExclusion[]
  readonly alerting?: {
    readonly name?: string
    readonly labels?: FileLabels
    readonly annotations?: FileLabels
    readonly page_alert?: FileAlert
    readonly ticket_alert?: FileAlert
  }
}

export interface FileAlert {
  readonly disable?: boolean
  readonly labels?: FileLabels
  readonly annotations?: FileLabels
}

export type FileWhere = Readonly<
  Record<string, Scalar | { readonly not: Scalar } | { readonly regex: Scalar } | { readonly not_regex: Scalar }>
>

/** Exactly one member is set. */
export interface FileSli {
  readonly events?: { readonly error_query: string; readonly total_query: string }
  readonly raw?: { readonly error_ratio_query: string }
  readonly ratio?: {
    readonly metric: string
    readonly type?: 'counter' | 'histogram' | 'native'
    readonly unit?: string
    readonly where?: FileWhere
    readonly bad?: readonly FileWhere[]
    readonly good?: readonly FileWhere[]
  }
  readonly latency?: {
    readonly metric: string
    readonly unit?: string
    readonly threshold: number | string
    readonly native?: boolean
    readonly where?: FileWhere
  }
  readonly evaluation?: { readonly name?: string; readonly where?: FileWhere }
}

export type FileExclusion =
  | { readonly start: string; readonly end: string; readonly reason?: string }
  | {
      readonly days: readonly (typeof weekdays)[number][]
      readonly from: string
      readonly to: string
      readonly reason?: string
    }
