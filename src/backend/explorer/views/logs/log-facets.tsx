// How many lines match, by level, service and more: a click narrows the list, a click on a chosen value widens it again.
import type { LogFacetName, LogSummary } from '../../../api/log-answers'
import { useText } from '../../i18n'
import { FacetColumn } from '../../parts/facet-column'
import { changed, type Route } from '../../route'
import type { LogFilters } from './log-filters'

export interface LogFacetsProps {
  readonly facets: LogSummary['facets'] | undefined
  readonly filters: LogFilters
  readonly route: Route
}

export function LogFacets({ facets, filters, route }: LogFacetsProps) {
  const t = useText()
  const link = (name: LogFacetName, value: string) =>
    changed(route, { [name]: filters[name] === value ? undefined : value })
  return (
    <FacetColumn
      facets={facets?.map(({ name, values, total }) => ({
        name,
        title: t(`facets.${name}`),
        total,
        values: values.map(one => ({
          value: one.value,
          label: name === 'level' ? t(`level.${one.value as 'error'}`) : undefined,
          count: one.count,
          link: link(name, one.value),
          isChosen: filters[name] === one.value,
        })),
      }))}
    />
  )
}
