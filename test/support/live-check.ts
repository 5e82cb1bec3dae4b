// What leaves under `gen_ai.*` and `afn.*` has to stand in the registry with its type.
import * as semconv from '../../semconv'
import type { ReceivedLog, ReceivedMetric, ReceivedSpan } from './receiver'

const fields = {
  string: 'stringValue',
  int: 'intValue',
  double: 'doubleValue',
  boolean: 'boolValue',
  'string[]': 'arrayValue',
} as const

const units = new Map<string, string>(
  Object.entries(semconv).flatMap(([name, value]) => {
    if (!name.startsWith('METRIC_') || typeof value !== 'string') return []
    const options = (semconv as Record<string, unknown>)[name.replace('METRIC_', 'METRIC_OPTIONS_')]
    return [[value, (options as { unit: string }).unit] as const]
  }),
)

/** What another library's span brings along when it is united with ours. */
const older = new Set(['gen_ai.system'])

/** Of type `any` in the registry: a span has them as a text, a log record as what they are. */
const structured = new Set<string>([
  semconv.ATTR_GEN_AI_INPUT_MESSAGES,
  semconv.ATTR_GEN_AI_OUTPUT_MESSAGES,
  semconv.ATTR_GEN_AI_SYSTEM_INSTRUCTIONS,
  semconv.ATTR_GEN_AI_TOOL_DEFINITIONS,
])

/** @param isOurs whether we wrote it: what others wrote under `gen_ai.*` may be older than the registry, or newer */
function keyProblems(where: string, types: Readonly<Record<string, string>>, isOurs: boolean): string[] {
  return Object.entries(types).flatMap(([key, field]) => {
    if (!/^(gen_ai|afn)\./.test(key)) return []
    const type = semconv.ATTRIBUTE_TYPES[key]
    if (type === undefined && older.has(key)) return []
    if (type === undefined) return isOurs || key.startsWith('afn.') ? [`${where}: ${key} is not in the registry`] : []
    return fields[type] === field ? [] : [`${where}: ${key} is a ${field}, and a ${type} in the registry`]
  })
}

export function registryProblems(
  spans: readonly ReceivedSpan[],
  logs: readonly ReceivedLog[],
  metrics: readonly ReceivedMetric[],
): string[] {
  const ours = (scope: string) => scope.startsWith('@afn/otel')
  // of a call that somebody else traced too, his words stand on our span
  const alone = ({ scope, attributes }: ReceivedSpan) => ours(scope) && attributes['afn.llm.dialect'] === undefined
  const problems = [
    ...spans.flatMap(span => [
      ...keyProblems(`span "${span.name}"`, span.types, alone(span)),
      ...span.events.flatMap(event => keyProblems(`event "${event.name}" of "${span.name}"`, event.types, alone(span))),
    ]),
    ...logs.flatMap(({ eventName, scope, types }) => {
      const plain = Object.entries(types).filter(([key, field]) => !structured.has(key) || field !== 'arrayValue')
      return keyProblems(`log "${eventName}"`, Object.fromEntries(plain), ours(scope))
    }),
    ...metrics.flatMap(({ name, unit, points }) => {
      const where = `metric ${name}`
      const known = units.get(name)
      const wrong = /^(gen_ai|afn\.llm)\./.test(name) && known !== unit ? [`${where}: unit ${unit}, not ${known}`] : []
      return [...wrong, ...points.flatMap(point => keyProblems(where, point.types, true))]
    }),
  ]
  return [...new Set(problems)]
}
