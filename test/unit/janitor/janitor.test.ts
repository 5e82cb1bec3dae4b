// `afn-otel langfuse janitor` against a stand-in for LangFuse (test/support/langfuse-server.ts).
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { langfuse } from '../../../src/cli/langfuse'
import { type Observation, startLangfuseServer } from '../../support/langfuse-server'

const day = 86_400_000

let stdout = ''
let stderr = ''
let store: Awaited<ReturnType<typeof startLangfuseServer>>
beforeEach(() => {
  stdout = ''
  stderr = ''
  vi.spyOn(console, 'log').mockImplementation(text => {
    stdout += `${text}\n`
  })
  vi.spyOn(console, 'error').mockImplementation(text => {
    stderr += `${text}\n`
  })
  vi.stubEnv('LANGFUSE_PUBLIC_KEY', 'pk-lf-1')
  vi.stubEnv('LANGFUSE_SECRET_KEY', 'sk-lf-2')
})
afterEach(async () => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  await store?.close()
})

/** `count` traces of two observations each, a second apart, that ended `daysAgo`. */
function traces(count: number, daysAgo: number, prefix: string): Observation[] {
  const end = Date.now() - daysAgo * day
  return Array.from({ length: count * 2 }, (_, at) => ({
    traceId: `${prefix}${Math.floor(at / 2)}`,
    startTime: new Date(end - at * 1_000),
  }))
}

async function open(observations: Observation[], mostDeleted?: number): Promise<void> {
  store = await startLangfuseServer({ observations, ...(mostDeleted !== undefined && { mostDeleted }) })
  vi.stubEnv('LANGFUSE_HOST', `${store.url}/`)
}

it('deletes what is older than the sampled tier keeps, in batches, and leaves the rest', async () => {
  await open([...traces(2_300, 31, 'old'), ...traces(5, 29, 'new'), { traceId: null, startTime: new Date(0) }])
  expect(await langfuse(['janitor', '--json'])).toBe(0)
  expect(JSON.parse(stdout)).toMatchObject({ dryRun: false, traces: 2_300, more: false })
  expect(new Set(store.stored().map(({ traceId }) => traceId?.slice(0, 3)))).toEqual(new Set(['new', undefined]))
  expect(store.batches.flat()).toHaveLength(2_300)
  expect(Math.max(...store.batches.map(batch => batch.length))).toBeLessThanOrEqual(100)

  stdout = ''
  expect(await langfuse(['janitor'])).toBe(0)
  expect(stdout).toMatch(/^0 traces from before /)
})

it.each([
  ['500, as a real one did', 500, 0],
  ['fewer than one request names', 30, 2],
])('works off a backlog where LangFuse fails above %s', async (_, mostDeleted, mostRefused) => {
  await open(traces(1_200, 31, 'old'), mostDeleted)
  expect(await langfuse(['janitor', '--json'])).toBe(0)
  expect(store.stored()).toEqual([])
  expect(JSON.parse(stdout)).toMatchObject({ traces: 1_200, more: false })
  // each refusal leaves rows in LangFuse's own tables
  const refused = store.batches.filter(batch => batch.length > mostDeleted)
  expect(refused.length).toBeLessThanOrEqual(mostRefused)
})

it('says that LangFuse fails when it fails for one trace, too', async () => {
  await open(traces(2, 31, 'old'), 0)
  expect(await langfuse(['janitor'])).toBe(1)
  expect(stderr).toMatch(/answers 500: .*Unable to start a transaction/)
  expect(store.stored()).toHaveLength(4)
})

it('a dry run deletes nothing; --keep says how long', async () => {
  await open([...traces(4, 31, 'old'), ...traces(3, 10, 'mid')])
  expect(await langfuse(['janitor', '--dry-run', '--keep', '7d'])).toBe(0)
  expect(stdout).toMatch(/^7 traces .* would be deleted from http/)
  expect(store.asked.every(request => request.startsWith('GET'))).toBe(true)
})

it('--limit bounds a round, and the next goes on', async () => {
  await open(traces(30, 31, 'old'))
  await langfuse(['janitor', '--limit', '20', '--json'])
  await langfuse(['janitor', '--limit', '20', '--json'])
  expect(
    stdout
      .trim()
      .split('\n')
      .map(line => JSON.parse(line)),
  ).toMatchObject([
    { traces: 20, more: true },
    { traces: 10, more: false },
  ])
  expect(store.stored()).toEqual([])
})

it('waits as long as LangFuse says, and no longer than makes sense', async () => {
  await open(traces(3, 31, 'old'))
  store.refusals.push(
    { status: 429, headers: { 'retry-after': '0' } },
    { status: 503, headers: { 'retry-after': '0' } },
  )
  expect(await langfuse(['janitor'])).toBe(0)
  expect(store.stored()).toEqual([])

  store.refusals.push({ status: 429, headers: { 'retry-after': '7200' } })
  expect(await langfuse(['janitor'])).toBe(1)
  expect(stderr).toMatch(/allows no more requests for 7200 s; run it again then/)

  const inAnHour = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + 3_600_000).toUTCString()
  store.refusals.push({ status: 429, headers: { 'retry-after': inAnHour } })
  expect(await langfuse(['janitor'])).toBe(1)
  expect(stderr).toMatch(/allows no more requests for 3[56]\d\d s; run it again then/)
})

it.each([
  [{ status: 401 }, /does not know the keys \(401\); set LANGFUSE_PUBLIC_KEY/],
  [{ status: 404 }, /LangFuse 4 is needed/],
  [{ status: 500, body: { message: 'ClickHouse is away' } }, /answers 500: .*ClickHouse is away/],
  [{ status: 200, body: { hello: 1 } }, /is not LangFuse; set LANGFUSE_HOST/],
])('%j is reported in words', async (refusal, words) => {
  await open(traces(3, 31, 'old'))
  store.refusals.push(refusal)
  expect(await langfuse(['janitor'])).toBe(1)
  expect(stderr).toMatch(words)
  expect(stderr).not.toContain('sk-lf')
})

it('says what is wrong with the command', async () => {
  vi.stubEnv('LANGFUSE_SECRET_KEY', '')
  await expect(langfuse(['janitor'])).rejects.toThrow(/both project keys are required/)
  await expect(langfuse(['janitor', '--keep', 'long'])).rejects.toThrow(/--keep takes/)
  await expect(langfuse(['sweep'])).rejects.toThrow(
    /^unknown command sweep; did you mean \w+\? afn-otel langfuse --help lists all$/,
  )
})
