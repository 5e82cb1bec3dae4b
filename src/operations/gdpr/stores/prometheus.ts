/**
 * Prometheus. Labels should not contain personal data, but if one does, its series are deleted. Requires `--web.enable-admin-api`.
 * https://prometheus.io/docs/prometheus/latest/querying/api/#tsdb-admin-apis
 */
import { type Backend, BackendError, getJson, request } from '../../../shared/queries/http'
import { oneOf } from '../../../shared/queries/promql-strings'
import { exactValues, identityKeys, matcherOf, personKeys } from '../person-attributes'
import { type ExportRecord, SAMPLES, type SubjectRecords, type SubjectStore, type Target } from './store'

/** Covers a scrape or push in progress. */
const FLUSH_WINDOW_MS = 120_000
/** Prometheus truncates the write-ahead log of the head at the latest when it writes the block of the oldest samples. */
const WAL_MS = 6 * 3_600_000
const DAY_MS = 86_400_000

interface Values {
  readonly metric: Readonly<Record<string, string>>
}

/** Covers all samples. */
const EVER = '100y'

/** Labels of identity attributes; values may also appear under other names. */
const labels: ReadonlyMap<string, string> = new Map(identityKeys.map(key => [key.replaceAll('.', '_'), key]))

/**
 * @param name `prometheus`, with the resolution as a suffix for servers with longer retention
 * @param retentionDays how long this Prometheus keeps its blocks
 */
export function prometheusStore(
  name: string,
  backend: Backend,
  retentionDays: number,
  now: () => number,
): SubjectStore {
  const always = () => ({ start: '0', end: String(Math.ceil(now() / 1_000) + 86_400) })
  const dataOf = async <T>(path: string, parameters: Record<string, string>): Promise<T> =>
    ((await getJson(backend, path, parameters)) as { data: T }).data

  /** A selector per label and value that names the subject; series that also name another person are excluded. */
  async function selectorsOf({ identity }: Target, signal: AbortSignal): Promise<string[]> {
    const matcher = matcherOf(identity)
    const selectors: string[] = []
    const own = JSON.stringify(`(?:${oneOf(exactValues(identity))})?`)
    const nobodyElse = personKeys.map(key => `,${key.replaceAll('.', '_')}=~${own}`).join('')
    for (const name of await dataOf<string[]>('api/v1/labels', always())) {
      signal.throwIfAborted()
      for (const value of await dataOf<string[]>(`api/v1/label/${encodedName(name)}/values`, always()))
        if (matcher.attribute(labels.get(name) ?? name, value))
          selectors.push(`{${quoted(name)}=${JSON.stringify(value)}${nobodyElse}}`)
    }
    return selectors
  }

  /**
   * The expression's result per series. The head still lists labels and series whose samples were deleted until it is compacted (seen with
   * 3.16), so the query reads samples.
   */
  async function valuesOf(
    target: Target,
    expression: (selector: string) => string,
    signal: AbortSignal,
  ): Promise<Values[]> {
    const series = new Map<string, Values>()
    for (const selector of await selectorsOf(target, signal)) {
      const query = { query: expression(`${selector}[${EVER}]`), time: always().end }
      const { result } = await dataOf<{ result: Values[] }>('api/v1/query', query)
      for (const one of result) series.set(JSON.stringify(one.metric), one)
    }
    return [...series.values()]
  }
  const seriesOf = (target: Target, signal: AbortSignal) =>
    valuesOf(target, range => `last_over_time(${range})`, signal)
  /** Counts the series in the head, which are fewer than those stored. */
  const countAll = async (): Promise<number> =>
    (await dataOf<{ headStats: { numSeries: number } }>('api/v1/status/tsdb', { limit: '1' })).headStats.numSeries

  return {
    name,
    flushWindowMs: FLUSH_WINDOW_MS,
    async find(target, signal): Promise<SubjectRecords> {
      const series = await seriesOf(target, signal)
      const samples = series.slice(0, SAMPLES).map(({ metric }) => metric)
      return { records: series.length, allRecords: await countAll(), samples, traceIds: [], shared: 0 }
    },
    async *export(target, signal): AsyncIterable<ExportRecord> {
      for (const record of await valuesOf(target, range => range, signal)) yield { signal: 'metric', record }
    },
    async erase(target, signal) {
      const selectors = await selectorsOf(target, signal)
      if (selectors.length === 0) return
      for (const selector of selectors) await admin('delete_series', { 'match[]': selector, ...always() }, signal)
      await admin('clean_tombstones', {}, signal)
    },
    async verify(target, signal) {
      return (await seriesOf(target, signal)).length
    },
    unerasable: ms => [
      {
        what: 'the write-ahead log, and the series labels in it',
        why: 'Prometheus truncates it after writing its data to a block',
        agesOut: new Date(ms + WAL_MS).toISOString(),
      },
      {
        what: 'label strings in the index of older blocks, without series and samples',
        why: 'clean_tombstones rewrites a block and copies its whole symbol table (seen with 3.16)',
        agesOut: new Date(ms + retentionDays * DAY_MS).toISOString(),
      },
      {
        what: 'exemplars in memory',
        why: 'no API deletes them; they hold trace IDs and are overwritten by newer ones',
        agesOut: null,
      },
      {
        what: 'copies sent by remote write, and blocks that Thanos uploaded to a bucket',
        why: 'they are in other stores; "thanos tools bucket rewrite" deletes series from a bucket',
        agesOut: null,
      },
    ],
  }

  async function admin(what: string, parameters: Record<string, string>, signal: AbortSignal): Promise<void> {
    try {
      await request(backend, `api/v1/admin/tsdb/${what}`, parameters, { method: 'POST', signal })
    } catch (error) {
      if (!(error instanceof BackendError) || !/admin APIs disabled/i.test(error.message)) throw error
      throw new BackendError(
        `Prometheus has deletion disabled: start it with --web.enable-admin-api during the erasure; in a generated folder AFN_PROMETHEUS_ADMIN=--web.enable-admin-api docker compose up -d ${name}, and afterwards docker compose up -d ${name}`,
      )
    }
  }
}

/** UTF-8 names are quoted in selectors and encoded in paths. */
const isPlain = (name: string): boolean => /^[A-Za-z_]\w*$/.test(name)
const quoted = (name: string): string => (isPlain(name) ? name : JSON.stringify(name))

/** https://github.com/prometheus/proposals/blob/main/proposals/0028-utf8.md: `U__`, and code points in hexadecimal digits. */
function encodedName(name: string): string {
  if (isPlain(name) && !name.startsWith('U__')) return name
  const letters = Array.from(name, letter => {
    if (letter === '_') return '__'
    return /\w/.test(letter) ? letter : `_${letter.codePointAt(0)!.toString(16)}_`
  })
  return `U__${letters.join('')}`
}
