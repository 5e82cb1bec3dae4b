// Lists what queries can refer to: `get-attribute-names` and `get-attribute-values`, named as in Tempo's MCP server, and `get-facets`.

import { getJson } from '../../../shared/queries/http'
import type { FacetsAnswer, TagsAnswer, TagValuesAnswer } from '../../api/answers'
import { numberOf, offsetArgument, string, type Tool, textOf, wholeNumber } from '../tool'
import { describedWindow, parametersOf, windowArguments, windowOf } from '../window'

export const attributeNames: Tool = {
  name: 'get-attribute-names',
  title: 'List attributes',
  description:
    'Lists the attributes that traces have, as TraceQL writes them: span.gen_ai.request.model, resource.service.name.',
  input: {
    type: 'object',
    properties: {
      scope: string('Only of this scope.', {
        enum: ['span', 'resource', 'event', 'link', 'instrumentation', 'intrinsic'],
      }),
      offset: offsetArgument,
    },
  },
  async run(args, { backend }) {
    const scope = textOf(args, 'scope')
    const answer = (await getJson(backend, 'api/v2/search/tags', scope === undefined ? {} : { scope })) as TagsAnswer
    const offset = numberOf(args, 'offset', 0)
    const names = (answer.scopes ?? []).flatMap(({ name, tags = [] }) =>
      tags.map(tag => (name === 'intrinsic' ? tag : `${name}.${tag}`)),
    )
    return { facts: {}, list: { name: 'names', items: names.slice(offset), offset, total: names.length } }
  },
}

export const attributeValues: Tool = {
  name: 'get-attribute-values',
  title: 'List values of an attribute',
  description: 'Lists the values that an attribute has, such as those of resource.service.name.',
  input: {
    type: 'object',
    properties: {
      name: string('The attribute as TraceQL writes it: span.gen_ai.request.model.'),
      'filter-query': string('TraceQL: only values of spans that it finds.'),
      offset: offsetArgument,
    },
    required: ['name'],
  },
  async run(args, { backend }) {
    const name = textOf(args, 'name') ?? 'resource.service.name'
    const query = textOf(args, 'filter-query')
    const path = `api/v2/search/tag/${encodeURIComponent(name)}/values`
    const { tagValues = [] } = (await getJson(
      backend,
      path,
      query === undefined ? {} : { q: query },
    )) as TagValuesAnswer
    const offset = numberOf(args, 'offset', 0)
    return {
      facts: { name },
      list: { name: 'values', items: tagValues.slice(offset), offset, total: tagValues.length },
    }
  },
}

export const getFacets: Tool = {
  name: 'get-facets',
  title: 'Count traces by service, route, model, user and more',
  description:
    'Counts the traces of a search by tier, status, status code, service, route, environment, version, model, user and tool, the most frequent values of each.',
  input: {
    type: 'object',
    properties: {
      query: string('TraceQL. Default: {}, which is every trace.'),
      ...windowArguments,
      limit: wholeNumber('Most values of a facet.', 1, 100, 8),
    },
  },
  async run(args, { backend, now }) {
    const window = windowOf(args, now())
    const query = textOf(args, 'query') ?? '{}'
    const parameters = { q: query, ...parametersOf(window), limit: String(numberOf(args, 'limit', 8)) }
    const { facets } = (await getJson(backend, 'api/afn/facets', parameters)) as FacetsAnswer
    return {
      facts: { query, ...describedWindow(window) },
      list: { name: 'facets', items: facets, total: facets.length },
    }
  },
}
