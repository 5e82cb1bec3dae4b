import type { ReadableLogRecord } from '@opentelemetry/sdk-logs'
import type { ReadableSpan } from '@opentelemetry/sdk-trace'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { createRedactor, type RedactableLog, type RedactableSpan } from '../../src/shared/redact'
import { composeRedactor, detectors } from '../../src/shared/redact/redactor'
import type { Detector } from '../../src/shared/redact/scan/scanner'

const MAIL = 'bob@example.com'
const redactor = createRedactor({ content: 'redacted' })

const clean = { traceState: { serialize: () => 'vendor=1' } }

function span(): RedactableSpan {
  return {
    name: `GET /users/${MAIL}`,
    status: { code: 2, message: `no user ${MAIL}` },
    attributes: { 'http.route': '/users/:id', 'url.full': `https://x.io/?q=${MAIL}`, n: 1, [`meta/${MAIL}`]: true },
    events: [
      { name: 'clean', attributes: { a: 'b' } },
      { name: `for ${MAIL}` },
      {
        name: 'exception',
        attributes: { 'exception.message': MAIL, 'exception.stacktrace': `Error: ${MAIL}\n    at x (/a.js:1:2)` },
      },
    ],
    context: { traceState: { serialize: () => `vendor=${MAIL}` } },
    links: [
      { attributes: { from: MAIL } },
      {},
      { context: { traceState: { serialize: () => MAIL } } },
      { context: clean },
    ],
    instrumentationScope: { name: `lib ${MAIL}`, version: MAIL, attributes: { owner: MAIL } },
  }
}

function log(): RedactableLog {
  return {
    body: { msg: `hello ${MAIL}`, list: [MAIL, 1, { deep: MAIL }], password: 'x', [MAIL]: 1 },
    severityText: `WARN ${MAIL}`,
    attributes: { to: MAIL },
    instrumentationScope: { name: 'lib' },
  }
}

it('the redactor takes the shapes of the SDK', () => {
  expectTypeOf<ReadableSpan>().toExtend<RedactableSpan>()
  expectTypeOf<ReadableLogRecord>().toExtend<RedactableLog>()
})

describe('a span in pieces', () => {
  /** One whose clock stands: a record that takes a second on a busy machine is cut. */
  const patient = () => {
    const { now } = Date
    Date.now = () => 0
    const made = createRedactor()
    Date.now = now
    return made
  }
  const hits = (chars: number) => `${MAIL}, `.repeat(chars / 16)
  const long = (): RedactableSpan => ({
    ...span(),
    attributes: {
      ...span().attributes,
      ...Object.fromEntries(['a', 'b', 'c', 'd'].map(name => [name, hits(65_536)])),
      ...Object.fromEntries(Array.from({ length: 40 }, (_, n) => [`messages.${n}`, hits(4_096)])),
    },
    events: [
      ...span().events,
      ...Array.from({ length: 20 }, () => ({ name: 'message', attributes: { is: hits(4_096) } })),
    ],
  })

  it.each([
    ['short', span],
    ['long', long],
  ])('is redacted as at once: a %s one', (_, make) => {
    const [whole, inPieces] = [make(), make()]
    const patientOne = patient()
    patientOne.span(whole)
    for (const _ of patientOne.spanInPieces(inPieces));
    expect(inPieces).toEqual(whole)
  })

  it('leaves the turn after an attribute that is long, or several that are together', () => {
    const { counts, spanInPieces } = createRedactor()
    let before = 0
    const found = Array.from(spanInPieces(long()), () => {
      const all = counts.matches.get('EMAIL')!
      const more = all - before
      before = all
      return more * 16
    })
    // four alone, and 160 and 80 KiB in pieces of 32
    expect(found.length).toBeGreaterThanOrEqual(4 + 5 + 3)
    expect(Math.max(...found)).toBeLessThan(70_000)
  })

  it('leaves the turn within a long text, which reads as at once whatever is read meanwhile', () => {
    const { attributes, spanInPieces } = patient()
    const texts = {
      note: `${hits(12_000)}${'(0)11 '.repeat(1_500)}${hits(4_096)}`,
      phone: '0120-4567 '.repeat(1_700),
    }
    const one = { ...span(), attributes: { ...texts, ai: { nested: texts.note.slice(7) } } }
    const whole = { ...one, attributes: attributes(one.attributes) }
    const pauses = Array.from(spanInPieces(one), () => attributes({ to: `${MAIL} 山田太郎様` }))
    expect(pauses.length).toBeGreaterThan(6)
    expect(one.attributes).toEqual(whole.attributes)
  })

  it('has one budget, and others have theirs that come between', () => {
    const one = createRedactor()
    const words = 'x '.repeat(120_000)
    const big = {
      ...span(),
      attributes: { ...Object.fromEntries(['a', 'b', 'c', 'd', 'e'].map(name => [name, words])), last: MAIL },
    }
    for (const _ of one.spanInPieces(big))
      expect(one.attributes({ a: words, to: MAIL })).toEqual({ a: words, to: '[EMAIL]' })
    expect(big.attributes).toMatchObject({ d: words, e: '[TRUNCATED 240000 chars]', last: '[TRUNCATED 15 chars]' })
  })
})

describe('a span', () => {
  it('is redacted in every place', () => {
    const copy = span()
    redactor.span(copy)
    expect(JSON.stringify(copy)).not.toContain(MAIL)
    expect(copy).toEqual({
      name: 'GET /users/[EMAIL]',
      status: { code: 2, message: 'no user [EMAIL]' },
      attributes: { 'http.route': '/users/:id', 'url.full': 'https://x.io/?q=[EMAIL]', n: 1, 'meta/[EMAIL]': true },
      events: [
        { name: 'clean', attributes: { a: 'b' } },
        { name: 'for [EMAIL]' },
        {
          name: 'exception',
          attributes: {
            'exception.message': '[EMAIL]',
            'exception.stacktrace': 'Error: [EMAIL]\n    at x (/a.js:1:2)',
          },
        },
      ],
      context: {},
      links: [{ attributes: { from: '[EMAIL]' } }, {}, { context: {} }, { context: clean }],
      instrumentationScope: { name: 'lib [EMAIL]', version: '[EMAIL]', attributes: { owner: '[EMAIL]' } },
    })
  })

  it('leaves what the live span shares with the copy', () => {
    const live = span()
    const before = JSON.stringify(live)
    const { traceState } = live.context!
    redactor.span({ ...live })
    expect(JSON.stringify(live)).toBe(before)
    expect(live.context!.traceState).toBe(traceState)
  })

  it('keeps the identity of what is clean, and one copy of a scope', () => {
    const clean = {
      name: 'GET /users/:id',
      status: { code: 0 },
      attributes: { a: 'b', list: ['c'] },
      events: [{ name: 'e', attributes: { a: 'b' } }],
      links: [{ attributes: {} }],
      instrumentationScope: { name: 'lib', version: '1.0.0' },
    }
    const copy: RedactableSpan = { ...clean }
    redactor.span(copy)
    for (const key of ['status', 'attributes', 'events', 'links', 'instrumentationScope'] as const)
      expect(copy[key]).toBe(clean[key])

    const [first, second] = [span(), span()]
    second.instrumentationScope = first.instrumentationScope
    redactor.span(first)
    redactor.span(second)
    expect(second.instrumentationScope).toBe(first.instrumentationScope)
  })
})

describe('a log record', () => {
  it('is redacted in body and attributes', () => {
    const copy = log()
    redactor.log(copy)
    expect(copy).toEqual({
      body: { msg: 'hello [EMAIL]', list: ['[EMAIL]', 1, { deep: '[EMAIL]' }], password: '[REDACTED]', '[EMAIL]': 1 },
      severityText: 'WARN [EMAIL]',
      attributes: { to: '[EMAIL]' },
      instrumentationScope: { name: 'lib' },
    })
  })

  it('takes a body of any shape', () => {
    const circle: Record<string, unknown> = { a: MAIL }
    circle.self = circle
    const bodies: [unknown, unknown][] = [
      [`x ${MAIL}`, 'x [EMAIL]'],
      [undefined, undefined],
      [null, null],
      [42, 42],
      [new TextEncoder().encode(`é ${MAIL}`), '[REDACTED]'],
    ]
    for (const [body, after] of bodies) {
      const copy: RedactableLog = { ...log(), body }
      redactor.log(copy)
      expect(copy.body).toEqual(after)
    }
    const copy: RedactableLog = { ...log(), body: circle }
    redactor.log(copy)
    expect(JSON.stringify(copy.body)).not.toContain(MAIL)
  })
})

describe('the value of an attribute whose key is known', () => {
  it.each([
    'password', 'db.password', 'user.passwordNew.password', 'DB_PASSWD', 'apiKey', 'openai.api_key', 'x-api-key', 'accessToken', 'client_secret',
    'privateKey', 'aws.secretAccessKey', 'http.request.header.authorization', 'http.request.header.cookie', 'http.response.header.set-cookie',
    'http.response.header.set_cookie', 'http.request.header.proxy-authorization', 'http.request.header.proxy_authorization', 'rpc.request.metadata.x-auth-token',
    'http.request.header.x_api_key', 'http.request.header.x-amz-security-token', 'http.request.header.cf-access-jwt-assertion', 'gcp.credentials',
  ])('is denied for %s', key => {
    expect(redactor.value(key, 'whatever')).toBe('[REDACTED]')
    expect(redactor.value(key, ['one', 'two'])).toEqual(['[REDACTED]', '[REDACTED]'])
    expect(redactor.value(key, '')).toBe('')
    expect(redactor.value(key, true)).toBe(true)
    expect(redactor.value(key, 3)).toBe(3)
  }) // biome-ignore format: a table

  it.each([
    ['password', 123456, '[REDACTED]'],
    ['credentials', { user: 'bob', n: [{ k: 'v' }] }, { user: '[REDACTED]', n: [{ k: '[REDACTED]' }] }],
    ['session.token', 'a1b2c3d4e5', '[REDACTED]'],
    ['customer.phone', '0612345678', '[PHONE]'],
    ['customer.phone', 819012345678, '[PHONE]'],
    ['phone', 'password: 4mVYSF82oONk5nUV', 'password: [REDACTED]'],
    ['message', 'password: 4mVYSF82oONk5nUV', 'password: [REDACTED]'],
    ['payment', { card: 4111111111111111, amount: 4111 }, { card: '[CARD]', amount: 4111 }],
    ['url.query', 'token=abc&a=1', 'token=[REDACTED]&a=1'],
    [
      'process.command_args',
      ['node', '--password', 'hunter', '--port', '3000'],
      ['node', '--password', '[REDACTED]', '--port', '3000'],
    ],
    ['user.id', MAIL, '[EMAIL]'],
  ])('is cleaned for %s: %j becomes %j', (key, value, after) => {
    expect(redactor.value(key, value)).toEqual(after)
  })

  it.each([
    ['gen_ai.usage.input_tokens', 123456],
    ['gen_ai.usage.total_token', 123456],
    ['gen_ai.request.max_tokens', 4096],
    ['llm.token_count.prompt', 4096],
    ['gen_ai.token.type', 'input'],
    ['langfuse.trace.metadata.max_token', 4096],
    ['gen_ai.request.model', 'claude-sonnet-4-5-20250929'],
    ['gen_ai.response.id', 'chatcmpl-9abcDEF0123456789'],
    ['gen_ai.conversation.id', '550e8400-e29b-41d4-a716-446655440000'],
    ['session.id', 'sess_01HZX3'],
    ['user.id', 'user-42'],
    ['server.address', 'api.example.com'],
    ['http.response.status_code', 200],
    ['http.response.body.size', 4111111111111111],
    ['customer.address.postal_code.count', 94105],
    ['error.code', 'E1001234'],
    ['trace_id', '41111111111111114111111111111111'],
    ['span_id', '4111111111111111'],
    ['http.request.header.content-type', ['application/json']],
    ['process.command_args', ['node', '--port', '3000']],
    ['tool', { name: 'login', parameters: { password: { type: 'string', description: 'the password' } } }],
  ])('passes for %s: %j', (key, value) => {
    expect(redactor.value(key, value)).toBe(value)
  })
})

describe('content', () => {
  const CONTENT = [
    'gen_ai.input.messages', 'gen_ai.output.messages', 'gen_ai.system_instructions', 'gen_ai.tool.definitions', 'gen_ai.tool.call.arguments',
    'gen_ai.tool.call.result', 'gen_ai.retrieval.query.text', 'gen_ai.retrieval.documents', 'gen_ai.evaluation.explanation', 'gen_ai.prompt',
    'gen_ai.prompt.0.content', 'gen_ai.completion.0.content', 'gen_ai.memory.records', 'ai.prompt', 'ai.prompt.messages', 'ai.response.text',
    'ai.response.toolCalls', 'ai.toolCall.args', 'llm.input_messages.0.message.content', 'llm.output_messages.0.message.content', 'llm.prompts.0',
    'input.value', 'output.value', 'embedding.embeddings.0.embedding.text', 'retrieval.documents.0.document.content', 'tool.parameters',
    'traceloop.entity.input', 'langfuse.observation.input', 'langfuse.trace.output',
  ] // biome-ignore format: a table
  const OTHER = [
    'gen_ai.prompt.name', 'gen_ai.prompt.version', 'gen_ai.request.model', 'gen_ai.memory.store.id', 'gen_ai.tool.name', 'ai.response.id',
    'ai.promptly', 'input.mime_type', 'llm.model_name', 'langfuse.observation.type', 'traceloop.entity.name',
  ] // biome-ignore format: a table
  const text = `${MAIL} Bearer abc123def`
  const attributes = Object.fromEntries([...CONTENT, ...OTHER].map(key => [key, text]))
  const all = (keys: string[], value: string) => Object.fromEntries(keys.map(key => [key, value]))

  it.each([
    ['off', all(OTHER, '[EMAIL] Bearer [SECRET]')],
    ['redacted', all([...CONTENT, ...OTHER], '[EMAIL] Bearer [SECRET]')],
    ['full', { ...all(CONTENT, `${MAIL} Bearer [SECRET]`), ...all(OTHER, '[EMAIL] Bearer [SECRET]') }],
  ] as const)('%s', (content, after) => {
    expect(createRedactor({ content }).attributes(attributes)).toEqual(after)
  })

  it('off removes it while detectors are off', () => {
    const off = createRedactor({ content: 'off', enabled: false })
    expect(off.detectors).toEqual([])
    expect(off.attributes({ 'input.value': text, password: MAIL })).toEqual({ password: MAIL })
    const kept = { 'input.value': text, password: MAIL }
    expect(createRedactor({ content: 'redacted', enabled: false }).attributes(kept)).toBe(kept)
  })

  const events = [
    'gen_ai.user.message',
    'gen_ai.system.message',
    'gen_ai.choice',
    'gen_ai.content.prompt',
    'gen_ai.content.completion',
  ]

  it.each(events)('of the event %s', name => {
    const event = () => ({ ...span(), events: [{ name, attributes: { anything: text } }] })
    const attributesOf = (content: 'off' | 'redacted' | 'full') => {
      const copy = event()
      createRedactor({ content }).span(copy)
      return copy.events[0]!.attributes
    }
    expect(attributesOf('off')).toEqual({})
    expect(attributesOf('redacted')).toEqual({ anything: '[EMAIL] Bearer [SECRET]' })
    expect(attributesOf('full')).toEqual({ anything: `${MAIL} Bearer [SECRET]` })
  })

  it.each(events)('of the log record %s', name => {
    for (const named of [{ eventName: name }, { attributes: { 'event.name': name } }]) {
      const bodyOf = (content: 'off' | 'redacted' | 'full') => {
        const copy: RedactableLog = { ...log(), body: { content: text }, ...named }
        createRedactor({ content }).log(copy)
        return copy.body
      }
      expect(bodyOf('off')).toBeUndefined()
      expect(bodyOf('redacted')).toEqual({ content: '[EMAIL] Bearer [SECRET]' })
      expect(bodyOf('full')).toEqual({ content: `${MAIL} Bearer [SECRET]` })
    }
  })

  it('off removes it from a structured body too', () => {
    const copy: RedactableLog = {
      ...log(),
      eventName: 'gen_ai.client.inference.operation.details',
      body: { 'gen_ai.input.messages': [text], n: 1 },
    }
    createRedactor({ content: 'off' }).log(copy)
    expect(copy.body).toEqual({ n: 1 })
  })
})

describe('a detector that throws', () => {
  const broken: Detector = {
    finds: 'personal',
    anchors: [{ at: '!' }],
    at() {
      throw new Error('broken')
    },
  }
  const seen: string[] = []
  const failing = composeRedactor({ content: 'redacted', onError: where => seen.push(where) }, [...detectors, broken])

  it('masks that one value and says where', () => {
    const attributes = { good: MAIL, bad: 'secret stuff!', list: ['good one', 'bad one!'] }
    expect(failing.attributes(attributes)).toEqual({
      good: '[EMAIL]',
      bad: '[REDACTION_FAILED]',
      list: '[REDACTION_FAILED]',
    })
    expect(failing.text('whatever!')).toBe('[REDACTION_FAILED]')
    expect(seen).toEqual(['bad', 'list', 'text'])
  })

  it('does not stop the rest of a span', () => {
    const copy = span()
    copy.name = 'bad name!'
    failing.span(copy)
    expect(copy.name).toBe('[REDACTION_FAILED]')
    expect(JSON.stringify(copy)).not.toContain(MAIL)
  })
})
