// Functions of AWS Lambda, run by Lambda's own runtime client and frozen between two invocations.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, describe, expect, it } from 'vitest'
import { type LambdaFunction, runtimeClients, startFunction } from '../support/lambda-runtime-api.mjs'
import { isLong } from '../support/long'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp } from '../support/packed'
import { type ReceivedSpan, startReceiver } from '../support/receiver'

const completion = {
  id: 'chatcmpl-1',
  object: 'chat.completion',
  model: 'gpt-4o-2024-08-06',
  choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 5, total_tokens: 15 },
}
const provider = http.createServer((request, response) => {
  request
    .resume()
    .on('end', () => response.setHeader('content-type', 'application/json').end(JSON.stringify(completion)))
})
await new Promise<void>(resolve => provider.listen(0, '127.0.0.1', resolve))
const model = `http://127.0.0.1:${(provider.address() as AddressInfo).port}`
afterAll(() => {
  provider.closeAllConnections()
  provider.close()
})

const today = nodeBinary(nodes[24])
const lines = [
  { line: 20, client: runtimeClients[20], node: process.execPath },
  ...('path' in today ? [{ line: 24, client: runtimeClients[24], node: today.path }] : []),
]

const isInvocation = ({ scope }: ReceivedSpan) => scope === '@afn/otel/lambda'

const ask = `const ask = () => fetch(process.env.MODEL + '/v1/chat/completions', { method: 'POST', headers: { 'content-type': 'application/json', authorization: 'Bearer sk-none' },
  body: JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'hi' }] }) }).then(answer => answer.json())\n`

/** Nothing listens on port 1. */
const refused = `const refused = pg => new pg.Client({ host: '127.0.0.1', port: 1 }).connect().catch(({ code }) => code)\n`

const files = {
  'app.js': `${ask}
    exports.handler = async (event, context) => { await ask(); return { statusCode: event.status ?? 200, body: process.env._HANDLER + ' ' + context.functionName } }
    exports.fails = async () => { await ask(); throw new RangeError('out of stock') }
    exports.streams = awslambda.streamifyResponse(async (event, stream) => { stream.write('one '); await ask(); stream.write('two'); stream.end() })
    exports.throws = function (event) { throw new RangeError('out of stock') }
    exports.slow = async () => { await ask(); await new Promise(() => {}) }
    exports.two = { deep: async () => 'deep' }
    exports.number = 1`,
  'callback.js': `${ask}
    exports.handler = (event, context, callback) => { context.callbackWaitsForEmptyEventLoop = false; ask().then(() => callback(event.fail ? new Error('no') : null, 'called back')) }
    exports.succeeds = (event, context) => { ask().then(() => context.succeed('succeeded')) }`,
  'odd.js': `exports.value = () => 'value'
    exports.nothing = () => { setTimeout(() => {}, 20) }
    exports.failsWithNothing = (event, context) => { if (context.fail) context.fail(); else throw 'handled' }
    exports.failsWithText = (event, context, callback) => { if (callback) callback(''); else throw '' }
    exports.both = async (event, context, callback) => { if (callback) { context.callbackWaitsForEmptyEventLoop = false; callback(null, 'called back') } return 'returned' }
    exports.inThread = async () => new Promise(resolve => new (require('node:worker_threads').Worker)(
      "require('node:worker_threads').parentPort.postMessage(process.env._HANDLER)", { eval: true }).once('message', resolve))`,
  'module.mjs': `${ask}\nexport const handler = async () => { await ask(); return 'module' }`,
  'imports.mjs': `import pg from 'pg'\n${refused} export const handler = () => refused(pg)`,
  'requires.js': `const pg = require('pg')\n${refused} exports.handler = () => refused(pg)`,
  'late.js': `${refused} exports.handler = async () => refused((await import('pg')).default)`,
  'broken.js': 'exports.handler = (',
  'lost.js': "require('nowhere')",
}

async function withFunction<T>(
  options: Pick<Parameters<typeof startFunction>[0], 'handler' | 'client' | 'node' | 'timeoutMs'>,
  env: Record<string, string>,
  use: (shop: LambdaFunction & { spans(): ReceivedSpan[]; metrics(): string[] }) => Promise<T>,
): Promise<T> {
  const receiver = await startReceiver()
  const folder = makeApp({ files, modules: { pg: 'pg' } })
  const shop = await startFunction({
    ...options,
    folder,
    env: { MODEL: model, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, AFN_SPOOL: 'false', ...env },
  })
  try {
    return await use({ ...shop, spans: () => receiver.spans(), metrics: () => receiver.metricNames() })
  } finally {
    await shop.close()
    await receiver.close()
  }
}

describe.each(lines)('a function on Node.js $line', ({ client, node }) => {
  it.each([
    ['app.handler', JSON.stringify({ statusCode: 200, body: 'app.handler shop' })],
    ['module.handler', '"module"'],
    ['app.streams', 'one two'],
    ...(node === process.execPath
      ? [
          ['callback.handler', '"called back"'],
          ['callback.succeeds', '"succeeded"'],
        ]
      : []),
  ])(
    'that is frozen after %s answers loses a span, or answers differently',
    { timeout: 1_800_000 },
    async (handler, body) => {
      const isWhole = isLong('lambda') && handler === 'app.handler'
      const count = isWhole ? 5_000 : 20
      await withFunction({ handler: handler!, client, node }, {}, async shop => {
        for (let n = 1; n <= count; n++) {
          expect(await shop.invoke({ n }), shop.said()).toEqual({ kind: 'response', body })
          // nothing of it runs now; thousands are not decoded each time
          if (n <= 20 || n % 500 === 0) expect(shop.spans()).toHaveLength(2 * n)
        }
        const invocations = shop.spans().filter(isInvocation)
        const [invocation] = invocations.filter(({ attributes }) => attributes['faas.coldstart'])
        const call = shop.spans().find(({ name, traceId }) => name === 'chat gpt-4o' && traceId === invocation!.traceId)
        expect(call).toMatchObject({ name: 'chat gpt-4o', parentSpanId: invocation!.spanId })
        expect(invocation).toMatchObject({
          name: 'shop',
          kind: 2,
          resource: { 'service.name': 'shop' },
          attributes: {
            'faas.invocation.id': '8476a536-e9f4-11e8-9739-000000000001',
            'faas.coldstart': true,
            'faas.trigger': 'other',
            'cloud.resource_id': 'arn:aws:lambda:eu-west-1:123456789012:function:shop',
          },
        })
        expect(invocations.map(({ attributes }) => attributes['faas.coldstart']).filter(Boolean)).toEqual([true])
        expect(shop.metrics()).toContain('gen_ai.client.inference.usage.input_tokens')
      })
    },
  )

  it.each(['imports', 'requires', 'late'])(
    'that gets its database driver as the file %s does has no span of it',
    async file => {
      await withFunction({ handler: `${file}.handler`, client, node }, {}, async shop => {
        expect(await shop.invoke({}), shop.said()).toEqual({ kind: 'response', body: '"ECONNREFUSED"' })
        const [invocation] = shop.spans().filter(isInvocation)
        const connect = shop.spans().find(({ name }) => name === 'pg.connect')
        expect(connect).toMatchObject({ parentSpanId: invocation!.spanId, status: { code: 2 } })
      })
    },
  )

  it.each(['fails', 'throws'])('that %s has no span that says so, or fails differently', async name => {
    const outcome = async (env: Record<string, string>) =>
      withFunction({ handler: `app.${name}`, client, node }, env, async shop => ({
        answer: await shop.invoke({}),
        spans: shop.spans(),
      }))
    const [ours, theirs] = [await outcome({}), await outcome({ NODE_OPTIONS: '' })]
    const { errorType, errorMessage } = JSON.parse(ours.answer.body)
    expect({ kind: ours.answer.kind, errorType, errorMessage }).toEqual({
      kind: 'error',
      errorType: 'RangeError',
      errorMessage: 'out of stock',
    })
    expect(JSON.parse(theirs.answer.body)).toMatchObject({ errorType, errorMessage })
    expect(ours.spans.find(isInvocation)).toMatchObject({
      status: { code: 2, message: 'out of stock' },
      attributes: { 'error.type': 'RangeError' },
    })
  })

  // Node.js 24 has no handlers that call back
  it.each([
    'value',
    'nothing',
    'failsWithNothing',
    'inThread',
    ...(node === process.execPath ? ['failsWithText', 'both'] : []),
  ])('whose handler ends in a rarer way (%s) answers differently, or has not one span an invocation', async name => {
    const outcome = (env: Record<string, string>) =>
      withFunction({ handler: `odd.${name}`, client, node }, env, async shop => {
        const answers = []
        for (const n of [1, 2]) {
          const { kind, body } = await shop.invoke({ n })
          const said = kind === 'error' ? { ...JSON.parse(body), trace: undefined } : body
          answers.push({ kind, said, spans: shop.spans().filter(isInvocation).length })
        }
        return answers
      })
    const theirs = await outcome({ NODE_OPTIONS: '' })
    expect(await outcome({})).toEqual(theirs.map((answer, index) => ({ ...answer, spans: index + 1 })))
  })

  it.each(['app.missing', 'app.number', 'broken.handler', 'lost.handler', 'nowhere.handler', 'app', '../app.handler'])(
    'whose handler %s cannot be loaded says so in other words than without us',
    async handler => {
      const outcome = (env: Record<string, string>) =>
        withFunction({ handler, client, node }, env, async shop => {
          const { kind, body } = await shop.invoke({}).catch(() => ({ kind: 'ended', body: '{}' }))
          const { errorType, errorMessage } = JSON.parse(body)
          return { kind, errorType, errorMessage: errorMessage?.split('\n')[0] }
        })
      expect(await outcome({})).toEqual(await outcome({ NODE_OPTIONS: '' }))
    },
  )

  it('that runs into its time limit loses the spans that had ended', async () => {
    await withFunction({ handler: 'app.slow', client, node, timeoutMs: 1_500 }, {}, async shop => {
      void shop.invoke({}).catch(() => {})
      await expect.poll(() => shop.spans().map(({ name }) => name), { timeout: 10_000 }).toEqual(['chat gpt-4o'])
    })
  })

  it.each<[string, object, object]>([
    [
      'API Gateway, format 2.0',
      {
        version: '2.0',
        routeKey: 'POST /users/{id}',
        rawPath: '/users/7',
        rawQueryString: 'q=1',
        headers: { host: 'api.example', traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01' },
        requestContext: { http: { method: 'POST', path: '/users/7', sourceIp: '192.0.2.7' } },
      },
      {
        name: 'POST /users/{id}',
        kind: 2,
        traceId: '0af7651916cd43dd8448eb211c80319c',
        parentSpanId: 'b7ad6b7169203331',
        attributes: {
          'faas.trigger': 'http',
          'http.request.method': 'POST',
          'http.route': '/users/{id}',
          'url.path': '/users/7',
          'url.query': 'q=1',
          'url.scheme': 'https',
          'server.address': 'api.example',
          'http.response.status_code': 200,
        },
      },
    ],
    [
      'API Gateway, format 1.0',
      {
        resource: '/users/{id}',
        path: '/users/7',
        httpMethod: 'GET',
        status: 503,
        headers: { Host: 'api.example' },
        queryStringParameters: { q: '1' },
        requestContext: { identity: { sourceIp: '192.0.2.7', userAgent: 'curl' } },
      },
      {
        name: 'GET /users/{id}',
        status: { code: 2 },
        attributes: {
          'http.response.status_code': 503,
          'error.type': '503',
          'user_agent.original': 'curl',
          'url.query': 'q=1',
        },
      },
    ],
    [
      'SQS',
      {
        Records: [
          {
            eventSource: 'aws:sqs',
            body: 'secret',
            messageAttributes: {
              traceparent: {
                stringValue: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
                dataType: 'String',
              },
            },
          },
        ],
      },
      {
        kind: 5,
        attributes: { 'faas.trigger': 'pubsub', 'messaging.system': 'aws_sqs' },
        links: [{ traceId: '0af7651916cd43dd8448eb211c80319c' }],
      },
    ],
    [
      'a schedule',
      { source: 'aws.events', 'detail-type': 'Scheduled Event' },
      { attributes: { 'faas.trigger': 'timer' } },
    ],
    ['S3', { Records: [{ eventSource: 'aws:s3' }] }, { attributes: { 'faas.trigger': 'datasource' } }],
    ['no event at all', null as unknown as object, { attributes: { 'faas.trigger': 'other' } }],
  ])('that is triggered by %s has a span that says something else', async (_, event, expected) => {
    await withFunction({ handler: 'app.handler', client, node }, {}, async shop => {
      await shop.invoke(event)
      expect(shop.spans().find(isInvocation)).toMatchObject(expected)
    })
  })
})
