// What there is to ask for: names of attributes, their values, and single traces.
import { type Question, questionAt } from './question'

const lost = 'Tempo loses values where it is filtered by the root, by != or by an intrinsic'
const columns = 'once a block is complete, Tempo lists what it keeps in columns of its own for every filter'
const valuesOf = (tag: string, q?: string, onPurpose?: string): Question =>
  questionAt(
    'typed values',
    `api/v2/search/tag/${encodeURIComponent(tag)}/values`,
    () => ({ q, limit: '0' }),
    onPurpose,
  )

export const lookups: Question[] = [
  questionAt('tags', 'api/search/tags'),
  questionAt('tags', 'api/search/tags', () => ({ scope: 'resource' })),
  ...[
    questionAt('scopes', 'api/v2/search/tags'),
    questionAt('scopes', 'api/v2/search/tags', () => ({ start: undefined, end: undefined })),
    ...['span', 'resource', 'event', 'link', 'instrumentation', 'trace', 'none'].map(scope =>
      questionAt('scopes', 'api/v2/search/tags', () => ({ scope })),
    ),
  ].map(question => ({ ...question, leavesOut: /^intrinsic$/ })),
  questionAt('scopes', 'api/v2/search/tags', () => ({ scope: 'intrinsic' }), 'ours lists the nested sets too'),
  ...['{ span.depth = 2 }', '{ resource.service.name = "worker" }'].map(q =>
    questionAt('scopes', 'api/v2/search/tags', () => ({ q, scope: 'span' }), columns),
  ),
  questionAt('scopes', 'api/v2/search/tags', () => ({ q: '{ not a query', scope: 'resource' })),
  questionAt('values', 'api/search/tag/service.name/values'),
  questionAt('values', 'api/search/tag/http.route/values'),
  questionAt('values', 'api/search/tag/status/values'),
  questionAt('values', 'api/search/tag/no.such/values'),
  questionAt('values', 'api/search/tag/rootName/values'),
  questionAt('values', 'api/search/tag/rootServiceName/values'),
  questionAt('values', 'api/search/tag/http.route/values', () => ({ q: '{ span.nothing = 1 }' })),
  questionAt('tags', 'api/search/tags', () => ({ q: '{ span.nothing = 1 }' })),
  valuesOf('span.http.route'),
  valuesOf('resource.service.name'),
  valuesOf('.env'),
  valuesOf('span.env'),
  valuesOf('span.mixed'),
  valuesOf('span.int'),
  valuesOf('span.big'),
  valuesOf('span.flag'),
  valuesOf('span.double'),
  valuesOf('span.list'),
  valuesOf('span.opaque'),
  valuesOf('span.属性'),
  valuesOf('span."weird key"'),
  valuesOf('status'),
  valuesOf('kind'),
  valuesOf('name'),
  valuesOf('span:name'),
  valuesOf('statusMessage'),
  valuesOf('rootName'),
  valuesOf('rootServiceName'),
  valuesOf('duration'),
  valuesOf('trace:id'),
  valuesOf('event:name'),
  valuesOf('event.exception.type'),
  valuesOf('link.link.kind'),
  valuesOf('instrumentation:name'),
  valuesOf('instrumentation.flavour'),
  valuesOf('span.no.such'),
  valuesOf('span.gen_ai.request.model', '{ span.gen_ai.provider.name = "openai" }'),
  valuesOf('name', '{ resource.service.name = "shop" && kind = server }', lost),
  valuesOf('resource.service.name', '{ status = error }'),
  valuesOf('span.int', '{ span.int > 3 }'),
  valuesOf('span.node', '{ span.depth = 2 && }'),
  valuesOf('name', '{ rootName = "tree" }', lost),
  valuesOf('span.node', '{ span.depth != 2 }', lost),
]

/** @param ids of traces that were sent */
export function traceLookups(ids: readonly string[]): Question[] {
  const [first = ''] = ids
  const zeros = ids.find(id => id.startsWith('00')) ?? first
  return [
    ...ids.flatMap(id => [questionAt('trace', `api/v2/traces/${id}`), questionAt('trace', `api/traces/${id}`)]),
    questionAt('trace', `api/v2/traces/${zeros.replace(/^0+/, '')}`),
    questionAt('trace', `api/v2/traces/${first}`, () => ({ start: undefined, end: undefined })),
    ...['=', '!='].map(op =>
      questionAt('search', 'api/search', () => ({ q: `{ trace:id ${op} "${zeros}" }`, limit: '6000', spss: '100' })),
    ),
    questionAt('trace', `api/v2/traces/${'f'.repeat(32)}`),
    questionAt('trace', `api/traces/${'f'.repeat(32)}`),
    questionAt('trace', `api/v2/traces/${first}`, () => ({ q: '{ kind = client }' })),
    questionAt('refused', 'api/v2/traces/nothex'),
    questionAt('refused', `api/v2/traces/${'a'.repeat(33)}`),
  ]
}
