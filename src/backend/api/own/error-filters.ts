// Filters for groups of errors, and their options: services, versions, and errors that are new since a deployment.
import type { QueryParams, TimeRangeNs } from '../../request-parameters'
import { attribute, joins, text } from '../../store/columns'
import type { Store } from '../../store/store'
import type { ErrorDeploy, ErrorsAnswer } from '../error-answers'
import { within } from '../parameters'
import { count } from './row'

export interface Wanted {
  /** A condition on a row of `seen`. */
  readonly condition: string
  /** A condition on a group, with `service` and `min(start_ns)`. */
  readonly isNew: string
}

const mostValues = 50

/** The newest version of each service that ran several in the time range, and the start of its first span. */
export async function deploysWithin(store: Pick<Store, 'query'>, period: TimeRangeNs): Promise<ErrorDeploy[]> {
  const version = attribute('resource', 'service.version', 'string')
  const rows = await store.query(
    `SELECT service, arg_max(version, since) AS version, max(since) AS begun FROM (
      SELECT ${attribute('resource', 'service.name', 'string')} AS service, ${version} AS version, min(s.start_ns) AS since
      FROM ${joins.span} ${joins.resource} WHERE ${within(period)} AND ${version} IS NOT NULL GROUP BY ALL)
    GROUP BY service HAVING count(*) > 1 ORDER BY begun DESC`,
  )
  return rows.map(({ service, version, begun }) => ({
    service: service as string,
    version: version as string,
    atNs: String(begun),
  }))
}

export function wantedOf(params: QueryParams, deploys: readonly ErrorDeploy[]): Wanted {
  const [service, version, said] = [params('service'), params('version'), params('q')?.toLowerCase()]
  const conditions = [
    ...(service === undefined ? [] : [`service = ${text(service)}`]),
    ...(version ? [`version = ${text(version)}`] : []),
    ...(said ? [`contains(lower(concat_ws(chr(10), type, line, message, name)), ${text(said)})`] : []),
  ]
  const since = deploys.map(({ service, atNs }) => `WHEN service = ${text(service)} THEN min(start_ns) >= ${atNs}`)
  const isNew = since.length === 0 ? 'false' : `CASE ${since.join(' ')} ELSE false END`
  return { condition: conditions.join(' AND ') || 'true', isNew: params('new') === 'true' ? isNew : 'true' }
}

/** @param seen CTEs that end with `seen`; the facets count all failures in the time range, not only the filtered ones */
export async function errorFacets(store: Pick<Store, 'query'>, seen: string): Promise<ErrorsAnswer['facets']> {
  const rows = await store.query(
    `${seen} SELECT service, version, GROUPING(service) AS is_version, count(*) AS n FROM seen
    GROUP BY GROUPING SETS ((service), (version)) ORDER BY n DESC, service, version`,
  )
  const valuesOf = (key: 'service' | 'version') =>
    rows
      .filter(row => (Number(row.is_version) === 1) === (key === 'version') && row[key] !== null)
      .slice(0, mostValues)
      .map(row => ({ value: row[key] as string, count: count(row.n) }))
  return { services: valuesOf('service'), versions: valuesOf('version') }
}
