// `list-failed-calls`: failed model calls, one per row.

import { modelOperations } from '../../../app/llm/spans/operations'
import { plainAttributes } from '../../../shared/otlp/any-value'
import { getJson } from '../../../shared/queries/http'
import { type FoundSpan, spanSetsOf } from '../../../shared/queries/tempo-api'
import type { SearchAnswer } from '../../api/answers'
import { type Arguments, numberOf, offsetArgument, string, type Tool, textOf, wholeNumber } from '../tool'
import { describedWindow, isoOf, parametersOf, windowArguments, windowOf } from '../window'

/** Maximum spans per trace that a search returns. */
const MOST_OF_A_TRACE = 100

export const listFailedCalls: Tool = {
  name: 'list-failed-calls',
  title: 'List failed calls of models',
  description: `Lists calls of models that failed, by trace, the newest first: model, error type and message, HTTP status, span. Attempts that an SDK repeated
are calls of their own. A trace shows ${MOST_OF_A_TRACE} of its failed calls at most; failed_calls says how many it has.`,
  input: {
    type: 'object',
    properties: {
      model: string('Only this gen_ai.request.model.'),
      provider: string('Only this gen_ai.provider.name, such as openai.'),
      service: string('Only this service.name.'),
      error_type: string('Only this error.type, such as 429.'),
      ...windowArguments,
      limit: wholeNumber('Most traces whose calls are listed.', 1, 200, 50),
      offset: offsetArgument,
    },
  },
  async run(args, { backend, now }) {
    const window = windowOf(args, now())
    const [limit, offset] = [numberOf(args, 'limit', 50), numberOf(args, 'offset', 0)]
    const query = queryOf(args)
    const { traces = [] } = (await getJson(backend, 'api/search', {
      q: query,
      ...parametersOf(window),
      limit: String(limit + 1),
      sort: 'start',
      offset: String(offset),
      spss: String(MOST_OF_A_TRACE),
    })) as SearchAnswer
    return {
      facts: { query, ...describedWindow(window) },
      list: { name: 'traces', items: traces.slice(0, limit).map(failedIn), offset, goesOn: traces.length > limit },
    }
  },
}

const conditions: readonly (readonly [name: string, attribute: string])[] = [
  ['model', 'span.gen_ai.request.model'],
  ['provider', 'span.gen_ai.provider.name'],
  ['service', 'resource.service.name'],
  ['error_type', 'span.error.type'],
]

function queryOf(args: Arguments): string {
  const more = conditions.flatMap(([name, attribute]) => {
    const value = textOf(args, name)
    return value === undefined ? [] : [` && ${attribute} = ${JSON.stringify(value)}`]
  })
  return `{ span.gen_ai.operation.name =~ "${modelOperations.join('|')}" && span.afn.llm.usage.rollup = nil && status = error${more.join('')} } | select(name, statusMessage, resource.service.name, span.gen_ai.provider.name, span.gen_ai.request.model, span.error.type, span.http.response.status_code)`
}

function failedIn(trace: NonNullable<SearchAnswer['traces']>[number]): Record<string, unknown> {
  const sets = spanSetsOf(trace)
  return {
    trace_id: trace.traceID.padStart(32, '0'),
    failed_calls: sets.reduce((sum, { matched = 0 }) => sum + matched, 0),
    calls: sets.flatMap(({ spans = [] }) => spans.map(callOf)),
  }
}

function callOf({ spanID, name, startTimeUnixNano = '0', durationNanos = '0', attributes }: FoundSpan) {
  const values = plainAttributes(attributes)
  return {
    span_id: spanID.padStart(16, '0'),
    start: isoOf(Number(BigInt(startTimeUnixNano) / 1_000_000n)),
    duration_ms: Number(durationNanos) / 1e6,
    name,
    service: values['service.name'],
    provider: values['gen_ai.provider.name'],
    model: values['gen_ai.request.model'],
    error_type: values['error.type'],
    http_status: values['http.response.status_code'],
    error_message: values.statusMessage,
  }
}
