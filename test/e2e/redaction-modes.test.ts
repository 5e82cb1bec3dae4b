// What becomes of what is found, as the settings say: pseudonyms that two processes share, lists, and the counts of both.
import { createHmac } from 'node:crypto'
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { RULE_SET } from '../../src/app/sdk/rule-set'
import { makeApp } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const key = 'k'.repeat(32)
const hex = (text: string) => createHmac('sha256', key).update(text).digest('hex')
const pseudonym = (type: string, text: string) => `[${type}:${hex(text).slice(0, 16)}]`

const app = `
  const { trace } = require('@opentelemetry/api')
  trace.getTracer('t').startSpan('for Bob@x.example', { attributes: {
    'user.id': 'bob@x.example', 'session.id': 's1', card: '4111 1111 1111 1111', note: 'falcon of ann@x.example', password: 'hunter22',
    support: 'support@x.example', gone: 'anything', kept: 'ann@x.example',
  } }).end()`

async function exported(env: Record<string, string>) {
  const receiver = await startReceiver()
  const folder = makeApp({ files: { 'app.cjs': app }, modules: { '@opentelemetry/api': '@opentelemetry/api' } })
  writeFileSync(path.join(folder, 'hmac.key'), `${key}\n`)
  const { stderr, code } = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...env },
  })
  expect(code).toBe(0)
  const [span] = receiver.spans()
  const metrics = receiver.metrics()
  await receiver.close()
  return { span: span!, stderr, metrics }
}

describe('redaction', () => {
  it('with a key makes the same pseudonym of the same value in every process', async () => {
    const env = {
      AFN_REDACTION_MODE: 'pseudonym',
      AFN_REDACTION_TYPES: 'CARD=partial',
      AFN_REDACTION_KEYS: 'gone=drop',
      AFN_REDACTION_ALLOW: String.raw`/support@x\.example/`,
      AFN_REDACTION_ALLOW_KEYS: 'kept',
      AFN_REDACTION_DENY: 'Falcon',
      AFN_HMAC_KEY_FILE: 'hmac.key',
    }
    const { span, stderr, metrics } = await exported(env)
    // keys that are not read are named
    expect(stderr).toMatch(/^\[@afn\/otel\] AFN143 [^\n]*kept[^\n]*\n$/)
    const bob = pseudonym('EMAIL', 'bob@x.example')
    expect(span.name).toBe(`for ${bob}`)
    expect(span.attributes).toEqual({
      'user.id': bob,
      'session.id': 's1',
      card: '[CARD:*1111]',
      note: `[REDACTED] of ${pseudonym('EMAIL', 'ann@x.example')}`,
      password: '[REDACTED]',
      support: 'support@x.example',
      kept: 'ann@x.example',
    })
    // what is let through by choice, the Collector has to look at
    expect(span.resource).not.toHaveProperty('afn.redaction.rules')
    expect(span.resource['afn.redaction.key_id']).toBe(hex('afn.redaction.key_id').slice(0, 8))
    const points = metrics.filter(({ name }) => name === 'afn.redaction.matches').at(-1)!.points
    const byType = points.map(({ attributes, value }) => [attributes['afn.redaction.type'], value])
    expect(Object.fromEntries(byType)).toEqual({ EMAIL: 3, CARD: 1, REDACTED: 2 })
  })

  it('without a key keeps users apart within the process', async () => {
    const { span, stderr } = await exported({ OTEL_RESOURCE_ATTRIBUTES: 'afn.redaction.rules=forged' })
    expect(stderr).toBe('')
    expect(span.name).toBe('for [EMAIL]')
    expect(span.attributes['user.id']).toMatch(/^\[EMAIL:[\da-f]{16}\]$/)
    expect(span.resource).not.toHaveProperty('afn.redaction.key_id')
    expect(span.resource['afn.redaction.rules']).toBe(RULE_SET)
  })

  it('makes pseudonyms of every user id, where a setting says so', async () => {
    const { span } = await exported({ AFN_PSEUDONYMIZE_USER_ID: 'on', AFN_HMAC_KEY: key })
    expect(span.attributes).toMatchObject({
      'user.id': pseudonym('EMAIL', 'bob@x.example'),
      'session.id': pseudonym('REDACTED', 's1'),
    })
  })

  it.each([
    [{ AFN_REDACTION_MODE: 'pseudonym' }, /AFN142 pseudonyms are wanted without AFN_HMAC_KEY/],
    [{ AFN_HMAC_KEY: 'short' }, /AFN110 AFN_HMAC_KEY=the value given is not allowed; use text of at least 32 bytes/],
    [{ AFN_HMAC_KEY_FILE: 'missing.key' }, /AFN142 AFN_HMAC_KEY_FILE could not be read: ENOENT/],
    [
      { AFN_REDACTION_DENY: '/(a+)+b/' },
      /AFN142 .* does not pass the growth check: the repetition `\+` has no upper bound/,
    ],
  ])('reports the wrong setting %j, and works by the others', async (env, line) => {
    const { span, stderr } = await exported(env)
    expect(stderr).toMatch(line)
    expect(span.attributes.password).toBe('[REDACTED]')
  })
})
