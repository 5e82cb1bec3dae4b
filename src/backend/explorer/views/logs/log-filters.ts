// What the address narrows log lines by.
import type { LogFacetName } from '../../../api/log-answers'
import type { Route } from '../../route'

export const LOG_FACETS: readonly LogFacetName[] = ['level', 'service', 'environment', 'version', 'event', 'class']

export type LogFilters = { readonly q: string | undefined } & Readonly<Partial<Record<LogFacetName, string>>>

export function logFiltersIn({ params }: Route): LogFilters {
  const facets = LOG_FACETS.flatMap(name => {
    const value = params.get(name)
    return value ? [[name, value] as const] : []
  })
  return { q: params.get('text') || undefined, ...Object.fromEntries(facets) }
}
