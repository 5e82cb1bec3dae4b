// Spans and scores on their way to LangFuse through its outages, and old traces out of it. With LANGFUSE_URL, LANGFUSE_PUBLIC_KEY and
// LANGFUSE_SECRET_KEY against a real LangFuse 4, in a project of its own: the janitor deletes what is older than a day there.
// LANGFUSE_STOP and LANGFUSE_START are commands that take its S3 or Redis away and bring it back. Otherwise against a stand-in.
// Oracles: LangFuse's own types of its API and names of its attributes (@langfuse/core), and the real Collector.
import { execSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { readFileSync, rmSync, writeSync } from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { Score } from '../../src/app/llm/report/quality/score'
import { createScores } from '../../src/app/sdk/scores'
import { langfuse } from '../../src/cli/langfuse'
import type { Settings } from '../../src/shared/config/settings'
import { basic, startLangfuseServer } from '../support/langfuse-server'
import { langfuseAttributes, type Typed, typeErrors } from '../support/langfuse-types'
import { type Fault, startOutages } from '../support/outages'
import { makeApp } from '../support/packed'
import { listen } from '../support/ports'
import { decodeSpans } from '../support/receiver'
import { run } from '../support/run'
import { describeCollector, type Running, scratchFolder, startCollector, until } from './support'
import { exportRequest, type OtlpSpan } from './traces'

vi.mock('../../src/app/chunks', () => ({ loadChunk: () => langfuseChunk }))
const langfuseChunk = await import('../../src/app/sdk/langfuse')

const { LANGFUSE_URL, LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY, LANGFUSE_STOP, LANGFUSE_START } = process.env
const isReal = Boolean(LANGFUSE_URL && LANGFUSE_PUBLIC_KEY && LANGFUSE_SECRET_KEY)
writeSync(1, `langfuse: ${isReal ? `a real one at ${LANGFUSE_URL}` : 'a stand-in (LANGFUSE_URL names a real one)'}\n`)

const keys = {
  publicKey: isReal ? LANGFUSE_PUBLIC_KEY! : 'pk-lf-1',
  secretKey: isReal ? LANGFUSE_SECRET_KEY! : 'sk-lf-2',
}
const standIn = isReal ? undefined : await startLangfuseServer(keys)
const target = (isReal ? LANGFUSE_URL! : standIn!.url).replace(/\/+$/, '')
const outages = await startOutages(target)
afterAll(async () => {
  await outages.close()
  await standIn?.close()
})

const spansIn = (requests: typeof outages.seen) =>
  requests
    .filter(({ url }) => url.endsWith('/otel/v1/traces'))
    .flatMap(({ url, headers, body }) =>
      decodeSpans({ path: url, headers, body: headers['content-encoding'] === 'gzip' ? gunzipSync(body) : body }),
    )

/** A real one lists what it got after seconds, and deletes within minutes. */
const patienceMs = isReal ? 600_000 : 60_000

/** @returns whether it came about in time */
async function comesAbout(condition: () => Promise<boolean>): Promise<boolean> {
  for (const end = Date.now() + patienceMs; Date.now() < end; ) {
    if (await condition()) return true
    await new Promise(resolve => setTimeout(resolve, isReal ? 2_000 : 100))
  }
  return false
}

async function get(what: string): Promise<{ data: Record<string, unknown>[]; meta: { cursor?: string } }> {
  const headers = { authorization: basic(keys.publicKey, keys.secretKey) }
  const response = await fetch(`${target}/api/public/${what}`, { headers })
  if (!response.ok) throw new Error(`${what}: ${response.status} ${await response.text()}`)
  return (await response.json()) as never
}

async function all(list: string, search: Record<string, string>): Promise<Record<string, unknown>[]> {
  const found: Record<string, unknown>[] = []
  for (let cursor: string | undefined; ; ) {
    const { data, meta } = await get(`${list}?${new URLSearchParams({ ...search, ...(cursor && { cursor }) })}`)
    found.push(...data)
    cursor = meta.cursor
    if (!cursor) return found
  }
}

const withoutNull = (_: string, value: unknown) => value ?? undefined
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } })

/** A call that is a trace of its own, `ago` days old. */
function call(name: string, ago = 0): OtlpSpan {
  const start = BigInt(Date.now() - ago * 86_400_000) * 1_000_000n
  return {
    traceId: randomBytes(16).toString('hex'),
    spanId: randomBytes(8).toString('hex'),
    name,
    kind: 3,
    startTimeUnixNano: `${start}`,
    endTimeUnixNano: `${start + 1_000_000n}`,
    status: { code: 0 },
    attributes: [text('gen_ai.operation.name', 'chat'), text('gen_ai.request.model', 'gpt-4o-mini')],
    events: [],
  }
}

const folder = scratchFolder()
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describeCollector('LangFuse', { timeout: 3 * patienceMs }, () => {
  const since = new Date(Date.now() - 60_000).toISOString()
  let collector: Running
  const start = () =>
    startCollector(folder, [], {
      LANGFUSE_HOST: outages.url,
      LANGFUSE_PUBLIC_KEY: keys.publicKey,
      LANGFUSE_SECRET_KEY: keys.secretKey,
    })
  beforeAll(async () => {
    collector = await start()
  })
  afterAll(() => collector?.stop())

  /** Begins an outage and says how it ends. */
  type Outage = () => () => void
  const between =
    (fault: Fault): Outage =>
    () => {
      outages.state.fault = fault
      return () => {
        outages.state.fault = undefined
      }
    }
  const storesAway: Outage = () => {
    if (standIn) standIn.state.isStoreAway = true
    else if (LANGFUSE_STOP && LANGFUSE_START) execSync(LANGFUSE_STOP)
    else return between(500)()
    return () => {
      if (standIn) standIn.state.isStoreAway = false
      else execSync(LANGFUSE_START!)
    }
  }
  const keyChanged: Outage = () => {
    if (!standIn) return between(401)()
    const { authorization } = standIn.state
    standIn.state.authorization = 'another'
    return () => {
      standIn.state.authorization = authorization
    }
  }

  it('gets every span and every score, whatever outage there was', async () => {
    const [langfusePublicKey, langfuseSecretKey] = [keys.publicKey, keys.secretKey]
    const settings = { langfuseHost: outages.url, langfusePublicKey, langfuseSecretKey } as Settings
    const scores = createScores(settings, { value: (_: string, value: unknown) => value } as never, 'default')!
    const spans: OtlpSpan[] = []
    const sent: Score[] = []
    const kinds: [string, Outage][] = [
      ['its S3 is away', storesAway],
      ['its key is changed', keyChanged],
      ['it is not there', between('no answer')],
      ['it is being started', between(502)],
      ['it has no such page yet', between(404)],
      ['its answer is lost', between('lost answer')],
    ]
    for (const [name, begin] of kinds) {
      const before = outages.seen.length
      const end = begin()
      const these = Array.from({ length: 3 }, () => call(name))
      spans.push(...these)
      expect(await collector.send('traces', exportRequest(these))).toBe(200)
      for (const { traceId, spanId } of these) {
        const id = randomBytes(16).toString('hex')
        const score = {
          id,
          traceId,
          observationId: spanId,
          name: 'relevance',
          value: 0.5,
          dataType: 'NUMERIC',
        } as const
        sent.push({ ...score, comment: undefined, metadata: { outcome: 'pass' } })
        scores.add(sent.at(-1)!)
      }
      const flushed = scores.flush()
      const refused = (end: string) => outages.seen.slice(before).some(({ url }) => url.endsWith(end))
      await until(`${name}: spans to be refused`, () => refused('/otel/v1/traces'))
      await until(`${name}: scores to be refused`, () => refused('/ingestion'))
      end()
      await flushed
      await scores.flush()
    }
    const ids = (list: Record<string, unknown>[]) => new Set(list.map(({ id }) => id))
    const missing = { spans: [] as string[], scores: [] as string[] }
    await comesAbout(async () => {
      const there = ids(await all('v2/observations', { fromStartTime: since, limit: '1000' }))
      const judged = ids(await all('v3/scores', { traceId: spans.map(({ traceId }) => traceId).join(), limit: '100' }))
      missing.spans = spans.filter(({ spanId }) => !there.has(spanId)).map(({ name }) => name)
      missing.scores = sent.filter(({ id }) => !judged.has(id)).map(({ id }) => id)
      return missing.spans.length + missing.scores.length === 0
    })
    expect(missing).toEqual({ spans: [], scores: [] })
    expect(await collector.own('otelcol_exporter_send_failed_spans')).toBe(0)
    // which outage is told of first depends on how long a real one tries to reach its S3
    expect(collector.log()).toMatch(/langfuse: .* rejects spans \(it returns (?:500|401)\); they stay in the queue/)
    expect(collector.log()).toMatch(/langfuse: .* accepts spans again/)
  })

  it('gets what waited for it when the Collector and its proxy were killed meanwhile', async () => {
    const before = outages.seen.length
    const end = storesAway()
    const spans = Array.from({ length: 5 }, () => call('before the kill'))
    expect(await collector.send('traces', exportRequest(spans))).toBe(200)
    // an earlier request that is tried again says nothing of these spans, which may still be on the way to the queue on disk
    await until('spans to be refused', () => {
      const refused = spansIn(outages.seen.slice(before))
      return spans.every(({ spanId }) => refused.some(one => one.spanId === spanId))
    })
    await collector.stop('SIGKILL')
    end()
    collector = await start()
    const areThere = await comesAbout(async () => {
      const there = await all('v2/observations', { fromStartTime: since, limit: '1000' })
      return spans.every(({ spanId }) => there.some(({ id }) => id === spanId))
    })
    expect(areThere).toBe(true)
  })

  it('finds each observation by what belongs to its trace', async () => {
    // a provider that refuses the first request for its rate, and tells no tokens in a stream
    let requests = 0
    const provider = http.createServer((request, response) => {
      request.resume().on('end', () => {
        const answer = { id: 'c', object: 'chat.completion', created: 1, model: 'gpt-4o-mini' }
        const message = { role: 'assistant', content: 'hello' }
        if (requests++ === 0) return response.writeHead(429, { 'retry-after-ms': '1' }).end('{}')
        if (requests === 3) {
          response.writeHead(200, { 'content-type': 'text/event-stream' })
          const chunk = { ...answer, object: 'chat.completion.chunk', choices: [{ index: 0, delta: message }] }
          return response.end(`data: ${JSON.stringify(chunk)}\n\ndata: [DONE]\n\n`)
        }
        response.writeHead(200, { 'content-type': 'application/json' })
        const usage = { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 }
        response.end(JSON.stringify({ ...answer, choices: [{ index: 0, finish_reason: 'stop', message }], usage }))
      })
    })
    const user = `u-${randomBytes(6).toString('hex')}`
    const app = `
      const http = require('node:http')
      const { trace } = require('@opentelemetry/api')
      const OpenAI = require('openai').default
      const otel = require('@afn/otel/api')
      const client = new OpenAI({ apiKey: 'sk-x', baseURL: 'http://127.0.0.1:${await listen(provider)}/v1', maxRetries: 1 })
      const body = { model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'hi' }] }
      const server = http.createServer((request, response) => otel.withConversation('conversation-1', async () => {
        otel.setUser(${JSON.stringify(user)})
        otel.setTags(['beta', 'tester'])
        await otel.withAgent('support', async () => {
          await client.chat.completions.create(body)
          for await (const chunk of await client.chat.completions.create({ ...body, stream: true })) void chunk
        })
        response.end()
      }))
      server.listen(0, '127.0.0.1', async () => {
        let ended
        await otel.withTool('outside', () => { ended = trace.getActiveSpan() })
        await fetch('http://127.0.0.1:' + server.address().port, { method: 'POST' })
        server.close()
        await otel.flush(20_000)
      })`
    const packed = makeApp({
      files: { 'app.cjs': app },
      modules: { openai: 'openai', '@opentelemetry/api': '@opentelemetry/api' },
    })
    const outcome = await run(packed, ['--require', '@afn/otel', 'app.cjs'], {
      env: {
        // where the words of the SDK stand as they are
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.trusted,
        OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer ${readFileSync(path.join(folder, 'cache/ingest.token'), 'utf8')}`,
        OTEL_RESOURCE_ATTRIBUTES: 'service.version=1.2.3',
        AFN_INCLUDE_USAGE: 'off',
      },
    })
    provider.close()
    expect(outcome).toMatchObject({ code: 0, stderr: '' })
    const fields = 'core,basic,usage,trace_context'
    let found: Record<string, unknown>[] = []
    const isThere = await comesAbout(async () => {
      const these = await all('v2/observations', { fromStartTime: since, limit: '1000', fields })
      const { traceId } = these.find(({ userId }) => userId === user) ?? {}
      found = these.filter(one => traceId !== undefined && one.traceId === traceId)
      return found.length >= 5
    })
    expect(isThere).toBe(true)
    const trace = { traceName: 'POST', release: '1.2.3', userId: user, sessionId: 'conversation-1' }
    for (const one of found) expect(one).toMatchObject(trace)
    for (const { tags } of found) expect([...(tags as string[])].sort()).toEqual(['beta', 'tester'])
    const calls = found.filter(({ name }) => name === 'chat gpt-4o-mini')
    const facts = calls.map(({ level, usageDetails, costDetails }) => [
      level,
      (usageDetails as Record<string, number>).total ?? 0,
      Math.sign((costDetails as Record<string, number>).total ?? 0),
    ])
    expect(facts.sort()).toEqual([
      ['DEFAULT', 0, 0],
      ['DEFAULT', 15, 1],
      ['WARNING', 0, 0],
    ])
    expect(found.find(({ parentObservationId }) => !parentObservationId)).toMatchObject({
      name: 'POST',
      level: 'DEFAULT',
    })
  })

  it('is rid of 1,200 old traces in one run', async () => {
    const old = Array.from({ length: 1_200 }, (_, n) => call(`old ${n}`, 2))
    for (let at = 0; at < old.length; at += 400) {
      const headers = {
        authorization: basic(keys.publicKey, keys.secretKey),
        'content-type': 'application/json',
        'x-langfuse-ingestion-version': '4',
      }
      const body = JSON.stringify(exportRequest(old.slice(at, at + 400)))
      const response = await fetch(`${target}/api/public/otel/v1/traces`, { method: 'POST', headers, body })
      expect(response.status).toBe(200)
    }
    const ids = new Set(old.map(({ traceId }) => traceId))
    const toStartTime = new Date(Date.now() - 86_400_000).toISOString()
    const left = async () =>
      new Set(
        (await all('v2/observations', { toStartTime, limit: '1000' }))
          .map(({ traceId }) => traceId as string)
          .filter(traceId => ids.has(traceId)),
      ).size
    expect(await comesAbout(async () => (await left()) === old.length)).toBe(true)
    vi.stubEnv('LANGFUSE_HOST', outages.url)
    vi.stubEnv('LANGFUSE_PUBLIC_KEY', keys.publicKey)
    vi.stubEnv('LANGFUSE_SECRET_KEY', keys.secretKey)
    vi.spyOn(console, 'log').mockImplementation(() => {})
    expect(await langfuse(['janitor', '--keep', '1d'])).toBe(0)
    vi.unstubAllEnvs()
    vi.restoreAllMocks()
    expect(await comesAbout(async () => (await left()) === 0)).toBe(true)
  })

  describe('what it was sent', () => {
    it("is of its API's types", () => {
      const requests = outages.seen.flatMap(({ method, url, body }): Typed[] => {
        const { pathname, searchParams } = new URL(url, 'http://x')
        switch (`${method} ${pathname.replace('/api/public', '')}`) {
          case 'POST /ingestion':
            // null takes the comment of an earlier score away (its server's schema says nullish), for which the types have no word
            return [{ type: 'IngestionRequest', value: JSON.parse(body.toString(), withoutNull) }]
          case 'DELETE /traces':
            return [{ type: 'DeleteTracesRequest', value: JSON.parse(body.toString()) }]
          case 'GET /v2/observations': {
            const { limit, ...query } = Object.fromEntries(searchParams)
            return [{ type: 'GetObservationsV2Request', value: { ...query, limit: Number(limit) } }]
          }
          case 'POST /otel/v1/traces':
            return []
          default:
            throw new Error(`an endpoint that no part of ours is to ask: ${method} ${url}`)
        }
      })
      expect(new Set(requests.map(({ type }) => type)).size).toBe(3)
      expect(typeErrors(requests)).toEqual([])
      // the oracle does find faults
      expect(typeErrors([{ type: 'DeleteTracesRequest', value: { traceIds: [1], all: true } }])).not.toEqual([])
    })

    it('has no attribute with its prefix that it does not know', () => {
      const known = langfuseAttributes()
      const names = new Set(spansIn(outages.seen).flatMap(({ attributes }) => Object.keys(attributes)))
      const ours = [...names].filter(name => name.startsWith('langfuse.'))
      expect(ours).toContain('langfuse.trace.name')
      expect(ours.filter(name => !known.has(name))).toEqual([])
      expect([...known]).toEqual(expect.arrayContaining(['user.id', 'session.id']))
    })
  })
})
