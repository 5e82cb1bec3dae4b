// `GET /api/afn/web-vitals`: Web Vitals of a site by page. web.dev rates the 75th percentile.
import type { TimeRangeNs } from '../../request-parameters'
import { attributeMaps } from '../../store/schema'
import type { WebVitalsAnswer } from '../browser-answers'
import type { Parts } from '../parts'
import { count } from './row'

const ofLog = (map: keyof typeof attributeMaps, key: string): string => `l.${attributeMaps[map]}['${key}']`
const value = `coalesce(${ofLog('float', 'browser.web_vital.value')}, ${ofLog('int', 'browser.web_vital.value')}::DOUBLE)`
/** The URL without query and fragment, so that all searches on a page count as one page. */
const page = `regexp_replace(coalesce(${ofLog('string', 'browser.document.url.full')}, ''), '[?#].*$', '')`

/** Most visited pages first. */
export async function webVitals(
  { store }: Parts,
  { fromNs, toNs }: TimeRangeNs,
  limit: number,
): Promise<WebVitalsAnswer> {
  const rows = await store.query(`
    WITH vital AS MATERIALIZED (
      SELECT ${page} AS page, ${ofLog('string', 'browser.web_vital.name')} AS name, ${value} AS value
      FROM logs l WHERE l.event_name = 'browser.web_vital' AND l.time_ns >= ${fromNs} AND l.time_ns < ${toNs}),
    pages AS (SELECT page, count(*) AS n FROM vital GROUP BY page ORDER BY n DESC, page LIMIT ${limit + 1})
    SELECT p.page, v.name, count(*) AS samples, quantile_cont(v.value, 0.75) AS p75, any_value(p.n) AS n
    FROM pages p JOIN vital v ON v.page = p.page WHERE v.name IS NOT NULL AND v.value IS NOT NULL
    GROUP BY p.page, v.name ORDER BY n DESC, p.page, v.name`)
  const pages = new Map<string, { name: string; samples: number; p75: number }[]>()
  for (const row of rows) {
    const own = pages.get(row.page as string) ?? []
    pages.set(row.page as string, own)
    own.push({ name: row.name as string, samples: count(row.samples), p75: row.p75 as number })
  }
  const list = Array.from(pages, ([page, vitals]) => ({ page, vitals }))
  return { pages: list.slice(0, limit), complete: list.length <= limit }
}
