/**
 * OpenSLO v1 as a JSON Schema (draft 2020-12), following the specification: OpenSLO has published none since 2024.
 * https://github.com/OpenSLO/OpenSLO
 */

/** RFC 1123 is stricter but only a minimum; the specification's own examples contain `AlertPolicy`. */
const name = { type: 'string', pattern: '^[A-Za-z0-9]([-_.A-Za-z0-9]{0,251}[A-Za-z0-9])?$', 'x-takes': 'a name' }
const text = { type: 'string' }
const description = { type: 'string', maxLength: 1050 }
const duration = {
  type: 'string',
  pattern: '^[1-9]\\d*[mhdwMQY]$',
  'x-takes': 'a duration, such as 5m, 12h, 30d, 4w, 1M, 1Q or 1Y',
}
const operator = { enum: ['lte', 'gte', 'lt', 'gt'] }

const metadata = {
  type: 'object',
  required: ['name'],
  additionalProperties: false,
  properties: {
    name,
    displayName: { type: 'string', maxLength: 63 },
    labels: {
      type: ['object', 'null'],
      propertyNames: { pattern: '^[a-zA-Z0-9]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$' },
      additionalProperties: { type: ['string', 'array'], items: text },
    },
    annotations: {
      type: ['object', 'null'],
      propertyNames: { pattern: '^([a-z0-9][-.a-z0-9]{0,252}/)?[a-zA-Z0-9]([-._a-zA-Z0-9]{0,61}[a-zA-Z0-9])?$' },
      additionalProperties: text,
    },
  },
}

/** Inline objects have no apiVersion. */
const inline = (spec: object, kind?: string) => ({
  type: 'object',
  required: [...(kind ? ['kind'] : []), 'metadata', 'spec'],
  additionalProperties: false,
  properties: { ...(kind && { kind: { const: kind } }), metadata, spec },
})

/** A reference by name, or an inline object. */
const eitherOf = (ref: string, kind: string, spec: object) => {
  const whole = inline(spec, kind)
  const byName = { type: 'object', required: [ref], additionalProperties: false, properties: { [ref]: name } }
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  return { if: { required: [ref] }, then: byName, else: whole }
}

/** A list that may also be null. */
const listOf = (items: object, bounds: object = {}) => ({ type: ['array', 'null'], items, ...bounds })

const metric = {
  type: 'object',
  required: ['metricSource'],
  additionalProperties: false,
  properties: {
    metricSource: {
      type: 'object',
      required: ['spec'],
      additionalProperties: false,
      properties: { metricSourceRef: name, type: text, spec: { type: 'object', minProperties: 1 } },
    },
  },
}

const sli = {
  type: 'object',
  additionalProperties: false,
  properties: {
    description,
    thresholdMetric: metric,
    ratioMetric: {
      type: 'object',
      additionalProperties: false,
      properties: {
        counter: { type: 'boolean' },
        good: metric,
        bad: metric,
        total: metric,
        rawType: { enum: ['success', 'failure'] },
        raw: metric,
      },
    },
  },
}

const condition = {
  type: 'object',
  required: ['severity', 'condition'],
  additionalProperties: false,
  properties: {
    description,
    severity: { type: 'string', minLength: 1 },
    condition: {
      type: 'object',
      required: ['op', 'threshold', 'lookbackWindow'],
      additionalProperties: false,
      properties: {
        kind: { const: 'burnrate' },
        op: operator,
        threshold: { type: 'number' },
        lookbackWindow: duration,
        // the default is written as 0m
        alertAfter: { ...duration, pattern: '^\\d+[mhdwMQY]$' },
      },
    },
  },
}

const notificationTarget = {
  type: 'object',
  required: ['target'],
  additionalProperties: false,
  properties: { description, target: { type: 'string', minLength: 1 } },
}

const policy = {
  type: 'object',
  additionalProperties: false,
  properties: {
    description,
    alertWhenNoData: { type: 'boolean' },
    alertWhenResolved: { type: 'boolean' },
    alertWhenBreaching: { type: 'boolean' },
    conditions: listOf(eitherOf('conditionRef', 'AlertCondition', condition), { maxItems: 1 }),
    notificationTargets: listOf(eitherOf('targetRef', 'AlertNotificationTarget', notificationTarget)),
  },
}

const objective = {
  type: 'object',
  additionalProperties: false,
  properties: {
    displayName: text,
    op: operator,
    value: { type: 'number' },
    target: { type: 'number', minimum: 0, exclusiveMaximum: 1 },
    targetPercent: { type: 'number', minimum: 0, exclusiveMaximum: 100 },
    timeSliceTarget: { type: 'number', minimum: 0, maximum: 1 },
    // a plain number means minutes
    timeSliceWindow: { type: ['string', 'number'], 'x-takes': duration['x-takes'] },
    indicator: inline(sli),
    indicatorRef: name,
    compositeWeight: { type: 'number', exclusiveMinimum: 0 },
  },
}

const slo = {
  type: 'object',
  required: ['service', 'budgetingMethod', 'objectives'],
  additionalProperties: false,
  properties: {
    description,
    service: { type: 'string', minLength: 1 },
    indicator: inline(sli),
    indicatorRef: name,
    timeWindow: listOf(
      {
        type: 'object',
        required: ['duration'],
        additionalProperties: false,
        properties: {
          duration,
          isRolling: { type: 'boolean' },
          calendar: {
            type: 'object',
            required: ['startTime', 'timeZone'],
            additionalProperties: false,
            properties: { startTime: text, timeZone: text },
          },
        },
      },
      { maxItems: 1 },
    ),
    budgetingMethod: { enum: ['Occurrences', 'Timeslices', 'RatioTimeslices'] },
    objectives: { type: 'array', minItems: 1, items: objective },
    alertPolicies: listOf(eitherOf('alertPolicyRef', 'AlertPolicy', policy)),
  },
}

const specs = {
  SLO: slo,
  SLI: sli,
  AlertPolicy: policy,
  AlertCondition: condition,
  AlertNotificationTarget: notificationTarget,
  Service: { type: ['object', 'null'], additionalProperties: false, properties: { description } },
  DataSource: {
    type: 'object',
    required: ['type', 'connectionDetails'],
    additionalProperties: false,
    // anything below connectionDetails may be a password, so it is not validated
    properties: { description, type: { type: 'string', minLength: 1 }, connectionDetails: {} },
  },
}

const one = {
  type: 'object',
  required: ['apiVersion', 'kind', 'metadata', 'spec'],
  additionalProperties: false,
  properties: { apiVersion: { const: 'openslo/v1' }, kind: { enum: Object.keys(specs) }, metadata, spec: {} },
  allOf: Object.entries(specs).map(([kind, spec]) => ({
    if: { required: ['kind'], properties: { kind: { const: kind } } },
    // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
    then: { properties: { spec } },
  })),
}

/** A document contains an object or a list of objects. */
export const openSloSchema = {
  type: ['object', 'array'],
  'x-takes': 'an OpenSLO object, or a list of them',
  if: { type: 'array' },
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema
  then: { items: one },
  else: one,
}
