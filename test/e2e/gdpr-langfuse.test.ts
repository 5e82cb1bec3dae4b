// LangFuse forgets a person whose spans came by OTLP. With LANGFUSE_URL, LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY a real LangFuse 4,
// otherwise a stand-in. Oracle of the requests: LangFuse's own types of its API (@langfuse/core).
import { randomBytes } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, expect, it } from 'vitest'
import { langfuseStore } from '../../src/operations/gdpr/stores/langfuse'
import { identityOf, parseSubject } from '../../src/operations/gdpr/subject'
import { basic, startLangfuseServer } from '../support/langfuse-server'
import { type Typed, typeErrors } from '../support/langfuse-types'
import { otlpAttributes, type Plain } from '../support/otlp-json'

const { LANGFUSE_URL, LANGFUSE_PUBLIC_KEY, LANGFUSE_SECRET_KEY } = process.env
const isReal = Boolean(LANGFUSE_URL && LANGFUSE_PUBLIC_KEY && LANGFUSE_SECRET_KEY)
const standIn = isReal ? undefined : await startLangfuseServer()
afterAll(() => standIn?.close())

const project = isReal
  ? { url: LANGFUSE_URL!.replace(/\/+$/, ''), publicKey: LANGFUSE_PUBLIC_KEY!, secretKey: LANGFUSE_SECRET_KEY! }
  : { url: standIn!.url, publicKey: 'pk-lf-1', secretKey: 'sk-lf-2' }
const signal = new AbortController().signal
/** Of this run alone: a real project may have those of the last one. */
const run = randomBytes(6).toString('hex')
const named = (name: string) => `${name}-${run}`
const traceIds = new Map<string, string>()
const traceOf = (name: string) => {
  const id = traceIds.get(name) ?? randomBytes(16).toString('hex')
  traceIds.set(name, id)
  return id
}

const span = (trace: string, attributes: Record<string, Plain>) => ({
  traceId: traceOf(trace),
  spanId: randomBytes(8).toString('hex'),
  name: 'chat',
  kind: 1,
  startTimeUnixNano: String(BigInt(Date.now()) * 1_000_000n),
  endTimeUnixNano: String(BigInt(Date.now() + 5) * 1_000_000n),
  attributes: otlpAttributes(attributes),
})

/** A real one shows spans, and forgets them, within minutes. */
async function until(holds: () => Promise<boolean>): Promise<void> {
  for (const deadline = Date.now() + 600_000; !(await holds()); await sleep(isReal ? 5_000 : 10))
    if (Date.now() > deadline) throw new Error('waited in vain for LangFuse')
}

it('finds a person by user and session, forgets the traces, keeps those of others, and asks by requests that LangFuse has types of', async () => {
  const spans = [
    span('own', { 'user.id': named('person'), 'session.id': named('visit') }),
    span('visit', { 'session.id': named('visit') }),
    span('both', { 'user.id': named('person') }),
    span('both', { 'user.id': named('other') }),
    span('other', { 'user.id': named('other') }),
  ]
  const resource = { attributes: otlpAttributes({ 'service.name': 'chat' }) }
  const response = await fetch(`${project.url}/api/public/otel/v1/traces`, {
    method: 'POST',
    headers: { authorization: basic(project.publicKey, project.secretKey), 'content-type': 'application/json' },
    body: JSON.stringify({ resourceSpans: [{ resource, scopeSpans: [{ scope: { name: 'test' }, spans }] }] }),
  })
  expect(response.status).toBe(200)

  const store = langfuseStore({ project })
  const target = { identity: identityOf(parseSubject([`user.id=${named('person')}`]), []), traceIds: [] as string[] }
  await until(async () => {
    const { records, shared } = await store.find(target, signal)
    return records === 2 && shared === 1
  })
  const found = await store.find(target, signal)
  expect([...found.traceIds].sort()).toEqual([traceOf('own'), traceOf('visit')].sort())

  const known = { ...target, traceIds: found.traceIds }
  await store.erase(known, signal)
  await until(async () => (await store.verify(known, signal)) === 0)
  const other = langfuseStore({ project })
  const kept = await other.find(
    { identity: identityOf(parseSubject([`user.id=${named('other')}`]), []), traceIds: [] },
    signal,
  )
  expect([kept.records, kept.shared]).toEqual([1, 1])
}, 1_300_000)

it.skipIf(isReal)('sends nothing that LangFuse has no type of', () => {
  const searches = standIn!.searches.map(({ limit, ...search }): Typed => {
    return { type: 'GetObservationsV2Request', value: { ...search, ...(limit && { limit: Number(limit) }) } }
  })
  const deletions = standIn!.batches.map((traceIds): Typed => ({ type: 'DeleteTracesRequest', value: { traceIds } }))
  expect(searches.some(({ value }) => 'filter' in (value as object))).toBe(true)
  expect(deletions.length).toBeGreaterThan(0)
  expect(typeErrors([...searches, ...deletions])).toEqual([])
})
