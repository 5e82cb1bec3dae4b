// What the traces that were found have in common, with counts: a click adds it to the search. A column at the left of the list.
import type { FacetName, FacetsAnswer } from '../../../api/answers'
import { url } from '../../data/client'
import { useAnswer } from '../../data/use-answer'
import { useText } from '../../i18n'
import { FacetColumn } from '../../parts/facet-column'
import { changed } from '../../route'
import { filterOf, isOneFilter } from '../../traceql/kind'
import { quoted, withBraces, withCondition } from '../../traceql/write'
import type { VolumeProps } from './volume'

const CONDITIONS: Readonly<Record<Exclude<FacetName, 'tier'>, (value: string) => string>> = {
  status: value => `status = ${value}`,
  code: value => `span.http.response.status_code = ${value}`,
  service: value => `resource.service.name = ${quoted(value)}`,
  route: value => `span.http.route = ${quoted(value)}`,
  environment: value => `resource.deployment.environment.name = ${quoted(value)}`,
  version: value => `resource.service.version = ${quoted(value)}`,
  model: value => `span.gen_ai.request.model = ${quoted(value)}`,
  user: value => `span.user.id = ${quoted(value)}`,
  tool: value => `span.gen_ai.tool.name = ${quoted(value)}`,
}

export interface FacetsProps extends VolumeProps {
  /** As the reader typed it, where it is words; else empty. */
  readonly words: string
}

export function Facets({ query, words, tier, route, range, round }: FacetsProps) {
  const t = useText()
  // words stand in one span, and what is asked of their trace in another; of several braces nobody knows which one is meant
  const ofSpans = words === '' && isOneFilter(query)
  const isCounted = filterOf(query) !== undefined
  const asked = { q: query, ...range, tier, of: ofSpans ? undefined : 'traces' }
  const { data } = useAnswer<FacetsAnswer>(isCounted ? url('api/afn/facets', asked) : undefined, round)
  const linkTo = (name: FacetName, value: string) => {
    if (name === 'tier') return changed(route, { tier: tier === value ? undefined : value })
    const condition = CONDITIONS[name](value)
    if (words !== '') return changed(route, { q: `${words} { ${condition} }` })
    return changed(route, { q: ofSpans ? withCondition(query, condition) : withBraces(query, condition) })
  }
  const facets = data?.facets.map(({ name, values, total }) => ({
    name,
    title: t(`facets.${name}`),
    total,
    values: values.map(({ value, traces }) => ({
      value,
      label: name === 'tier' ? t(`tier.${value as 'errors'}`) : undefined,
      count: traces,
      link: linkTo(name, value),
      isChosen: name === 'tier' && value === tier,
    })),
  }))
  return <FacetColumn facets={facets} isCounted={isCounted} />
}
