/**
 * Writes the TypeScript constants. Called by `generate.ts`. Names are formed as in @opentelemetry/semantic-conventions,
 * so that a user finds `gen_ai.request.model` under the name that he would expect: ATTR_GEN_AI_REQUEST_MODEL.
 */
import { collect } from './collect'
import type { Attribute, Deprecated, Event, Metric, Registry } from './model'
import { spanType } from './resolve'

const HEADER = '// Generated from semconv/registry by `npm run generate`; do not edit.\n'

export function attributesFile(registries: readonly Registry[]): string {
  return (
    HEADER +
    collect(registries, 'attributes')
      .map(({ entry }) => attribute(entry))
      .join('')
  )
}

export function eventsFile(registries: readonly Registry[]): string {
  const one = (event: Event) => constant(`EVENT_${constantCase(event.name)}`, event.name, [event.brief])
  return (
    HEADER +
    collect(registries, 'events')
      .map(({ entry }) => one(entry))
      .join('')
  )
}

/**
 * A metric's name, and an object that `meter.createCounter` or `createHistogram` takes as it is: unit, description, value
 * type and bucket boundaries. Its type names no class of the API, since these files import nothing.
 */
export function metricsFile(registries: readonly Registry[]): string {
  return (
    HEADER +
    collect(registries, 'metrics')
      .map(({ entry }) => metric(entry))
      .join('')
  )
}

export function typesFile(registries: readonly Registry[]): string {
  const attributes = collect(registries, 'attributes').map(({ entry }) => entry)
  const rows = attributes.map(entry => `  '${entry.key}': '${spanType(entry)}',\n`)
  const doubles = attributes.filter(entry => entry.type === 'double').map(({ key }) => `  '${key}',\n`)
  return `${HEADER}
export type AttributeType = 'string' | 'int' | 'double' | 'boolean' | 'string[]'

/** The type that each attribute has on a span. Structured content is a JSON string there. */
export const ATTRIBUTE_TYPES: Readonly<Record<string, AttributeType>> = {
${rows.join('')}}

/** Attributes that are doubles on the wire even when the value is a whole number. */
export const DOUBLE_KEYS: ReadonlySet<string> = new Set([
${doubles.join('')}])
`
}

function attribute(entry: Attribute): string {
  const notes = [entry.brief, ...(entry.note ? [entry.note] : []), `Type: ${spanType(entry)}.`]
  if (entry.examples) notes.push(`Examples: ${entry.examples.map(value => `\`${JSON.stringify(value)}\``).join(', ')}.`)
  const own = constant(`ATTR_${constantCase(entry.key)}`, entry.key, notes, entry.deprecated)
  if (typeof entry.type === 'string') return own
  const values = entry.type.members.map(({ id, value, brief }) =>
    constant(`${constantCase(entry.key)}_VALUE_${constantCase(id)}`, value, [brief]),
  )
  return own + values.join('')
}

function metric(entry: Metric): string {
  const name = constantCase(entry.name)
  const notes = [entry.brief, `${entry.instrument}, unit ${entry.unit}.`]
  const buckets = entry.annotations?.['afn.buckets']
  const fields = [
    `  unit: ${quote(entry.unit)},\n`,
    `  description: ${quote(entry.brief)},\n`,
    ...(entry.annotations?.code_generation?.metric_value_type === 'int' ? ['  valueType: 0,\n'] : []),
    ...(buckets ? [`  advice: {\n${edges(buckets.join(', '))}  },\n`] : []),
  ]
  const options = `\n/** Options of the instrument \`${entry.name}\`. */\nexport const METRIC_OPTIONS_${name} = {\n${fields.join('')}}\n`
  return constant(`METRIC_${name}`, entry.name, notes, entry.deprecated) + options
}

function constant(name: string, value: string, notes: readonly string[], deprecated?: Deprecated): string {
  const lines = [...notes, ...(deprecated ? [`@deprecated ${deprecated.note}`] : [])]
  const comment = lines.length === 1 ? `/** ${lines[0]} */` : `/**\n${lines.map(line => ` * ${line}\n`).join('')} */`
  const head = `export const ${name} =`
  return `\n${comment}\n${fit(`${head} ${quote(value)} as const`, `${head}\n  ${quote(value)} as const`)}\n`
}

function edges(list: string): string {
  const one = `    explicitBucketBoundaries: [${list}],`
  return `${fit(one, `    explicitBucketBoundaries: [\n      ${list},\n    ],`)}\n`
}

/** The formatter's line width, so that `npm run format` leaves the files as they were generated. */
function fit(line: string, broken: string): string {
  return line.length > 120 ? broken : line
}

function constantCase(name: string): string {
  return name.replaceAll('.', '_').toUpperCase()
}

/** As the formatter quotes: single, unless that needs an escape. */
function quote(value: string): string {
  return value.includes("'") ? JSON.stringify(value) : `'${value}'`
}
