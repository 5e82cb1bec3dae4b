// A model of names that the user brings, by ./sdk; and the four counts of what redaction did.
import { describe, expect, it } from 'vitest'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const app = `
  const { afnNodeSDK } = require('@afn/otel/sdk')
  const { trace } = require('@opentelemetry/api')
  const models = {
    finds: async texts => texts.map(text => [...text.matchAll(/Zoe/g)].map(({ index }) => ({ start: index, end: index + 3, type: 'NAME' }))),
    fails: async () => { throw new Error('no model') },
  }
  const given = []
  const own = { onStart() {}, onEnd: span => given.push(span.attributes['gen_ai.input.messages']), async forceFlush() {}, async shutdown() {} }
  const sdk = afnNodeSDK({
    redaction: { ner: models[process.env.MODEL] },
    settings: { captureContent: process.env.CONTENT ?? 'redacted' },
    ...(process.env.OWN && { spanProcessors: [own] }),
  })
  sdk.start()
  const attributes = { 'gen_ai.input.messages': process.env.TEXT ?? 'Zoe of bob@example.com', other: 'Zoe', long: 'a'.repeat(300_000) }
  trace.getTracer('t').startSpan('chat', { attributes }).end()
  sdk.shutdown().then(() => process.stdout.write(given.join()))`

async function exported(env: Record<string, string>) {
  const receiver = await startReceiver()
  const names = ['@opentelemetry/api', '@opentelemetry/sdk-node']
  const modules = Object.fromEntries(names.map(name => [name, name]))
  const folder = makeApp({ files: { 'app.cjs': app }, modules })
  const result = await run(folder, ['app.cjs'], { env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env } })
  expect(result.code).toBe(0)
  await receiver.close()
  return { ...result, attributes: receiver.spans()[0]?.attributes, points: receiver.points }
}

describe('names in sentences', () => {
  const TEXT = 'According to Thomas Becker, the parcel never came.'

  it('are masked in content without any model', async () => {
    const { attributes, stderr } = await exported({ TEXT })
    expect(stderr).toBe('')
    expect(attributes).toMatchObject({ 'gen_ai.input.messages': 'According to [NAME], the parcel never came.' })
  })

  it('stay with AFN_REDACTION_NAMES=false', async () => {
    expect((await exported({ TEXT, AFN_REDACTION_NAMES: 'false' })).attributes).toMatchObject({
      'gen_ai.input.messages': TEXT,
    })
  })
})

describe('redaction.ner', () => {
  it('masks what the model finds in content, and counts it with the rest', async () => {
    const { attributes, points, stderr } = await exported({ MODEL: 'finds' })
    expect(stderr).toBe('')
    expect(attributes).toMatchObject({ 'gen_ai.input.messages': '[NAME] of [EMAIL]', other: 'Zoe' })
    expect(points('afn.redaction.values')[0]!.value).toBeGreaterThan(3)
    const byType = points('afn.redaction.matches').map(point => [point.attributes['afn.redaction.type'], point.value])
    expect(Object.fromEntries(byType)).toEqual({ EMAIL: 1, NAME: 1 })
    expect(points('afn.redaction.budget_exceeded')).toMatchObject([{ value: 1 }])
    expect(points('afn.redaction.errors')).toEqual([])
  })

  it('that fails: no content leaves, all else does; it is said and counted', async () => {
    const { attributes, points, stderr } = await exported({ MODEL: 'fails' })
    expect(stderr).toMatch(/^\[@afn\/otel\] AFN140 .*no model\)\n$/)
    expect(attributes).toMatchObject({ 'gen_ai.input.messages': '[REDACTION_FAILED]', other: 'Zoe' })
    expect(points('afn.redaction.errors')).toMatchObject([{ value: 1 }])
  })

  it("masks for the user's own processors, too", async () => {
    expect((await exported({ MODEL: 'finds', OWN: 'yes' })).stdout).toBe('[NAME] of [EMAIL]')
  })

  it('does not get content that is sent in full by choice', async () => {
    const { attributes } = await exported({ MODEL: 'fails', CONTENT: 'full' })
    expect(attributes!['gen_ai.input.messages']).toBe('Zoe of bob@example.com')
  })
})
