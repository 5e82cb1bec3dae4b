// The app of test/e2e/promised.test.ts. `values.json`: texts that go through all ways in turn, and by name what has a place of its own.
const fs = require('node:fs')
const http = require('node:http')
const { context, metrics, propagation, ROOT_CONTEXT, SpanStatusCode, trace } = require('@opentelemetry/api')
const { logs } = require('@opentelemetry/api-logs')
const express = require('express')
const OpenAI = require('openai')
const Anthropic = require('@anthropic-ai/sdk')
const { createLogger } = require('@afn/otel/logs')

const { texts, own, answer, tool } = JSON.parse(fs.readFileSync('values.json', 'utf8'))
const tracer = trace.getTracer('promised')
const meter = metrics.getMeter('promised')
const counter = meter.createCounter('counted')
const logger = logs.getLogger('promised')
const pino = require('pino')({}, { write() {} })
const file = createLogger()
const linked = { traceId: 'a'.repeat(32), spanId: 'b'.repeat(16), traceFlags: 1 }
const span = act =>
  tracer.startActiveSpan('work', one => {
    act(one)
    one.end()
  })

const ways = [
  text => span(one => one.setAttribute('note', text)),
  text => span(one => one.setAttribute('notes', ['first', text])),
  text => span(one => one.addEvent('said', { text })),
  text => span(one => one.setStatus({ code: SpanStatusCode.ERROR, message: text })),
  text => span(one => one.recordException(Object.assign(new Error(text), { cause: new Error(text) }))),
  text => tracer.startSpan('linked', { links: [{ context: linked, attributes: { text } }] }).end(),
  text => logger.emit({ body: text }),
  text => logger.emit({ body: { deep: [{ text }] }, attributes: { nested: { text } } }),
  text => pino.info(text),
  text => pino.error({ err: new AggregateError([new Error(text)], 'several'), field: text }, 'failed'),
  text => file.info({ nested: { deep: [{ text }] } }, text),
  text => file.error(new Error(text)),
  text => counter.add(1, { note: text }),
]
for (const [at, text] of texts.entries()) ways[at % ways.length](text)

// where the key, the name or the place says it
span(one => {
  for (const [key, value] of Object.entries(own.keys)) one.setAttribute(key, value)
  one.addEvent(`event ${own.eventName}`, { password: own.eventPassword })
  one.addLink?.({ context: linked, attributes: { token: own.lateLink } })
})
tracer.startSpan(`GET ${own.spanName}`).end()
trace.getTracer(`scope ${own.scopeName}`, own.scopeVersion).startSpan('scoped').end()
span(one => one.setAttribute(`x.${own.attributeKey}`, 'x'))
counter.add(1, { password: own.metricLabel })
metrics
  .getMeter(`meter ${own.meterName}`)
  .createCounter('described', { description: `of ${own.metricDescription}` })
  .add(1)
logger.emit({ body: { a: { password: own.logMap } }, eventName: `e ${own.logEvent}`, severityText: own.logSeverity })
pino.info(
  { req: { headers: { authorization: `Bearer ${own.pinoHeader}` }, body: { password: own.pinoBody } } },
  'request',
)
file.warn({ 'afn.audit': true, password: own.auditLine, url: new URL(`https://u:${own.fileUrl}@h/`) }, 'audited')
file.child({ secret: own.fileChild }).info({ headers: new Map([['authorization', own.fileMap]]) }, '%s', own.fileFormat)
const baggage = propagation.createBaggage({ 'session.token': { value: own.baggage } })
context.with(propagation.setBaggage(ROOT_CONTEXT, baggage), () => tracer.startSpan('carried').end())
// what others write with content off, under keys that only its shape gives away as well
for (const [key, value] of Object.entries(own.content)) span(one => one.setAttribute(key, value))

const pieces = (text, size) => text.match(new RegExp(`[^]{1,${size}}`, 'g'))
const sse = (response, event, data) =>
  response.write(`${event ? `event: ${event}\n` : ''}data: ${JSON.stringify(data)}\n\n`)
const provider = http.createServer((request, response) => {
  let body = ''
  request.on('data', chunk => (body += chunk))
  request.on('end', () => {
    if (request.url.startsWith('/failing')) {
      const [{ content }] = JSON.parse(body).messages
      const error = {
        message: `Invalid 'messages': "${content}" ${request.headers.authorization}`,
        code: content,
        param: content,
      }
      return response.writeHead(400, { 'content-type': 'application/json' }).end(JSON.stringify({ error }))
    }
    response.setHeader('content-type', 'text/event-stream')
    if (request.url.includes('/messages')) {
      const usage = { input_tokens: 3, output_tokens: 1 }
      sse(response, 'message_start', {
        type: 'message_start',
        message: { id: 'm', type: 'message', role: 'assistant', model: 'claude-sonnet-4', content: [], usage },
      })
      const block = (index, content_block, deltas) => {
        sse(response, 'content_block_start', { type: 'content_block_start', index, content_block })
        for (const delta of deltas) sse(response, 'content_block_delta', { type: 'content_block_delta', index, delta })
        sse(response, 'content_block_stop', { type: 'content_block_stop', index })
      }
      block(
        0,
        { type: 'text', text: '' },
        pieces(answer, 7).map(text => ({ type: 'text_delta', text })),
      )
      block(
        1,
        { type: 'tool_use', id: 't', name: 'send', input: {} },
        pieces(tool, 5).map(partial_json => ({ type: 'input_json_delta', partial_json })),
      )
      sse(response, 'message_stop', { type: 'message_stop' })
      return response.end()
    }
    const chunk = delta =>
      sse(response, '', {
        id: 'c',
        object: 'chat.completion.chunk',
        created: 1,
        model: 'gpt-4o',
        choices: [{ index: 0, delta }],
      })
    for (const content of pieces(answer, 7)) chunk({ content })
    chunk({ tool_calls: [{ index: 0, id: 't', type: 'function', function: { name: 'send', arguments: '' } }] })
    for (const part of pieces(tool, 5)) chunk({ tool_calls: [{ index: 0, function: { arguments: part } }] })
    response.end('data: [DONE]\n\n')
  })
})

async function main() {
  await new Promise(resolve => provider.listen(0, '127.0.0.1', resolve))
  const base = `http://127.0.0.1:${provider.address().port}`
  const openai = new OpenAI({ apiKey: own.clientKey, baseURL: `${base}/v1`, maxRetries: 0 })
  const anthropic = new Anthropic({ apiKey: own.clientKey, baseURL: base, maxRetries: 0 })
  const messages = [{ role: 'user', content: own.prompt }]
  const image = { type: 'image_url', image_url: { url: `https://u:${own.imageUrl}@h/x.png` } }
  for await (const _ of await openai.chat.completions.create({
    model: 'gpt-4o',
    stream: true,
    messages: [...messages, { role: 'user', content: [image] }],
  }));
  for await (const _ of await anthropic.messages.create({
    model: 'claude-sonnet-4',
    max_tokens: 9,
    stream: true,
    system: own.prompt,
    messages,
  }));
  const failing = new OpenAI({ apiKey: own.clientKey, baseURL: `${base}/failing`, maxRetries: 0 })
  await failing.chat.completions
    .create({ model: 'gpt-4o', messages: [{ role: 'user', content: own.refused }] })
    .catch(() => {})
  await fetch(`${base}/x?${new URLSearchParams(own.query)}#access_token=${own.fragment}`).then(answered =>
    answered.text(),
  )
  await fetch(`${base}/v1/keys/${own.pathKey}/x`).then(answered => answered.text())

  const app = express().get('/boom/:id', () => {
    throw new Error(`cannot use ${own.handlerError}`)
  })
  app.use((_error, _request, response, _next) => response.status(500).end())
  const server = app.listen(0, '127.0.0.1', async () => {
    const { port } = server.address()
    await new Promise(resolve =>
      http.get(
        {
          host: '127.0.0.1',
          port,
          path: `/boom/${own.serverPath}?${new URLSearchParams(own.query)}`,
          headers: own.headers,
        },
        response => response.resume().on('end', resolve),
      ),
    )
    server.close()
    provider.close()
    await new Promise(resolve => setTimeout(resolve, 300))
    // the spool gets what is left, and the failure itself
    throw new Error(`crash ${own.crash}`)
  })
}
main()
