// A parameter of the API of `afn-otel up`, up to what is asked of the store, which has nothing.
import { createApp } from '../../../src/backend/api/app'
import type { Parts } from '../../../src/backend/api/parts'
import type { Store } from '../../../src/backend/store/store'
import { policies, retention } from '../../../src/shared/tiers'
import type { Surface } from '../search.mjs'
import { filled } from './filled'

const nothing = async () => []
/** Of an aggregate over no rows. */
const totals = { scope: 'span', first: null, last: null, points: 0n, spans: 0n }
const store = {
  query: async (sql: string) => (/\b(?:max|count|bool_or)\(/.test(sql) && !sql.includes('GROUP BY') ? [totals] : []),
  get shared() {
    return store
  },
  finalizeTraces: nothing,
  onRest: () => () => {},
  limits: { maxBytes: 0, retention: 0 },
  vitals: { counts: { received: 0, rejected: 0 }, words: { last: 0n } },
} as unknown as Store
const app = createApp({
  store,
  access: { host: 'localhost' },
  page: new Map(),
  catalogue: new Map(),
  policies,
  retention,
  alerts: { answer: nothing, recorded: () => [] },
  boards: () => ({ boards: [], problems: [] }),
  sourceMaps: undefined,
  now: () => 1.8e12,
  requests: {},
  bytes: () => 0,
  ending: new AbortController().signal,
} as unknown as Parts)

/** Where the text stands in an address; behind a line feed in a form. */
export const questions = [
  '/api/afn/logs?§',
  '/api/afn/logs?q=§',
  '/api/afn/logs?after=§',
  '/api/afn/logs?trace=§',
  '/api/afn/logs/summary?event=§',
  '/api/afn/logs/tail?after=§',
  '/api/afn/overview?start=§',
  '/api/afn/facets?q=§',
  '/api/afn/heatmap?step=§',
  '/api/afn/coding-agents?by=§',
  '/api/afn/calls?q=§',
  '/api/afn/calls?after=§',
  '/api/afn/quality?by=§',
  '/api/afn/quality?evaluation=§',
  '/api/afn/quality/agreement?service=§',
  '/api/afn/quality/answers?after=§',
  '/api/afn/errors?limit=§',
  '/api/afn/traces/§/calls',
  '/api/afn/boards/§',
  '/api/search?tags=§',
  '/api/search?minDuration=§',
  '/api/search?after=§',
  '/api/v2/search/tags?q=§',
  '/api/v2/search/tag/§/values',
  '/api/v2/traces/1?q=§',
  '/api/metrics/query_range?q=%7B%7D%7Crate()&step=§',
  '/api/v1/query?query=1&time=§',
  '/api/v1/query?query=1&timeout=§',
  '/api/v1/query_range?query=1&start=0&end=1&step=§',
  '/api/v1/series?match[]=§',
  '/api/v1/label/§/values',
  '/api/v1/labels?limit=§',
  '/api/v1/query\n§',
  '/api/v1/query\nquery=§',
]

/** What is answered there, as `filled` takes it. */
function acceptedAt(place: string): [opening: string, member: (n: number) => string, ending: string] {
  if (place.endsWith('tags=§')) return ['', n => (n < 100 ? `name_${n}=value ` : ''), '']
  if (/(?:facets|tags|1)\?q=§$/.test(place)) return ['{ .a = 1', n => ` && .name_${n} = "some value"`, ' }']
  return ['', () => 'some words and 12 numbers ', '']
}

export const question = (place: string): Surface => ({
  name: 'questions',
  anchors: ['{', '}', '{ .a = 1 && ', ' && ', '&&', '"', '\\"', '`', '=', 'a{n}=1 ', 'a{n}="b" ', 'a{n}="', '&a{n}=', '&', '+', '%', '1h', '1ns', '1', '1.', '1e', '-', '_', '.', ',', ':', '/', 'T', 'Z', '2026-01-01T00:00:00', '5m', '[5m]', 'a{b="c"}', 'span.a', 'resource.', '\t', ' ', '|', '(', ')'], // biome-ignore format: a table
  // escaped it is nearly twice as long
  harmless: length => filled(length / 2, ...acceptedAt(place)).padEnd(length),
  run(text) {
    const [path = '', form] = place.split('\n')
    const isRaw = place.endsWith('?§') || form === '§'
    const escaped = isRaw ? text.replace(/[^!-~]/g, '+') : encodeURIComponent(Buffer.from(text).toString())
    // what is escaped is longer, and a server takes so many bytes
    const written = escaped.slice(0, text.length).replace(/%[\dA-F]?$/, '')
    const request =
      form === undefined
        ? new Request(`http://localhost${path.replace('§', () => written)}`)
        : new Request(`http://localhost${path}`, {
            method: 'POST',
            headers: { 'content-type': 'application/x-www-form-urlencoded' },
            body: form.replace('§', () => written),
          })
    const incoming = { headers: { host: 'localhost' }, socket: { localAddress: '127.0.0.1' } }
    return Promise.resolve(app.fetch(request, { incoming } as never)).then(answer => answer.text())
  },
})
