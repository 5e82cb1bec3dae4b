// What the traces that were found have in common, with counts: a click adds it to the TraceQL in the search box.
import type { FacetName, FacetsAnswer } from '../../../api/answers'
import { url } from '../../data/client'
import { count } from '../../data/format'
import { useAnswer } from '../../data/use-answer'
import { useText } from '../../i18n'
import { store, stored } from '../../parts/browser-storage'
import { MarkedText } from '../../parts/marked-text'
import type { TimeRange } from '../../range'
import { changed, type Route } from '../../route'
import { isOneFilter } from '../../traceql/kind'
import { quoted, withCondition } from '../../traceql/write'

const CONDITIONS: Readonly<Record<FacetName, (value: string) => string>> = {
  status: value => `status = ${value}`,
  service: value => `resource.service.name = ${quoted(value)}`,
  model: value => `span.gen_ai.request.model = ${quoted(value)}`,
  user: value => `span.user.id = ${quoted(value)}`,
  tool: value => `span.gen_ai.tool.name = ${quoted(value)}`,
}

export interface FacetsProps {
  /** TraceQL that finds traces. */
  readonly query: string
  readonly route: Route
  readonly range: TimeRange
  readonly round: number
}

export function Facets({ query, route, range, round }: FacetsProps) {
  const t = useText()
  // a condition in the first of several braces would count other traces
  const isCounted = isOneFilter(query)
  const { data } = useAnswer<FacetsAnswer>(isCounted ? url('api/afn/facets', { q: query, ...range }) : undefined, round)
  if (!isCounted || !data || data.facets.length === 0) return null
  return (
    <details
      class="facets"
      open={stored('facets') !== 'folded'}
      onToggle={event => store('facets', event.currentTarget.open ? 'open' : 'folded')}
    >
      <summary>{t('facets.title')}</summary>
      <div class="facets-lists">
        {data.facets.map(({ name, values, total }) => (
          <section key={name} aria-label={t(`facets.${name}`)}>
            <h2>{t(`facets.${name}`)}</h2>
            <ul>
              {values.map(({ value, traces }) => (
                <li key={value}>
                  <a href={changed(route, { q: withCondition(query, CONDITIONS[name](value)) })}>
                    <MarkedText short text={value} />
                  </a>{' '}
                  <span class="quiet">{count(traces)}</span>
                </li>
              ))}
              {total > values.length && <li class="quiet">{t('facets.more', { n: count(total - values.length) })}</li>}
            </ul>
          </section>
        ))}
      </div>
    </details>
  )
}
