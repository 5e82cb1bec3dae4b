// 450 values that are promised never to leave, through the preload by default and with content: what a sink received, what log files and
// the spool hold after a crash. Redaction off shows that each of them would arrive.
import { readdirSync, readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { gunzipSync } from 'node:zlib'
import { expect, it, onTestFinished } from 'vitest'
import { makeApp } from '../support/packed'
import { type Promised, promised } from '../support/promised'
import { run } from '../support/run'
import { body, secrets, seeded } from '../unit/redact-corpus'

const APP = path.join(import.meta.dirname, '../support/promised-app.cjs')

/** As OTLP in JSON, so that a text can be looked for. */
async function startSink() {
  const received: string[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk))
    request.on('end', () => {
      const sent = Buffer.concat(chunks)
      received.push((request.headers['content-encoding'] === 'gzip' ? gunzipSync(sent) : sent).toString())
      response.setHeader('content-type', 'application/json').end('{}')
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return { received, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
}

/** What each place of its own gets; `of` remembers it. */
function placed(random: () => number) {
  const made: Promised[] = []
  const of = (kind: string, value: string, needle = value) => {
    made.push({ kind, text: value, value: needle })
    return value
  }
  const password = (kind: string) => of(kind, `Hu${body(random, 12)}`)
  const mail = (kind: string) => of(kind, `${body(random, 8, 'abcdefghijklmnop')}.person@corp-example.com`)
  const key = (kind: string) => of(kind, secrets.anthropic!(random))
  const content = (kind: string) => of(kind, `my therapist says Zz${body(random, 10)}`)
  const all = (names: string, make: (kind: string) => string) =>
    Object.fromEntries(names.split(' ').map(name => [name, make(name)]))
  const pem = `-----BEGIN PRIVATE KEY-----\n${body(random, 64)}\n${of('answer: pem', body(random, 64))}\n-----END PRIVATE KEY-----`
  const answer =
    `Here: ${of('answer: jwt', secrets.jwt!(random))} and ${key('answer: key')} to ${mail('answer: mail')}, ` +
    `password: ${password('answer: password')} card ${of('answer: card', '4242 4242 4242 4242')}\n${pem} done`
  const tool = JSON.stringify({
    to: mail('tool: mail'),
    api_key: password('tool: key'),
    q: of('tool: jwt', secrets.jwt!(random)),
  })
  const own = {
    keys: all(
      'password app.secret x-api-key apiToken clientSecret http.request.header.authorization http.request.header.cookie http.response.header.set-cookie ' +
        'rpc.grpc.request.metadata.authorization aws.secret_access_key privateKey credentials db.password refresh_token id_token csrf_token otp passphrase signing_key',
      password,
    ),
    ...all(
      'eventPassword lateLink metricLabel logMap pinoHeader pinoBody auditLine fileUrl fileChild fileMap baggage imageUrl fragment',
      password,
    ),
    ...all('eventName spanName attributeKey metricDescription logEvent fileFormat handlerError serverPath', mail),
    ...all('scopeName scopeVersion meterName logSeverity clientKey pathKey', key),
    prompt: `name: ${of('prompt: name', 'Zoltan Quux')}, mail ${mail('prompt: mail')}, ${key('prompt: key')}`,
    query: {
      email: mail('query: mail'),
      ...all('api_key access_token sig password client_secret X-Amz-Signature token auth', password),
    },
    headers: {
      'user-agent': `Bot/1 (+${mail('user-agent')})`,
      cookie: `sid=${password('cookie')}`,
      authorization: `Bearer ${password('authorization')}`,
      referer: `https://h/?token=${password('referer')}`,
      tracestate: `v=${key('tracestate')}`,
      baggage: `userEmail=${mail('baggage: mail')}`,
    },
    crash: `${key('crash: key')} ${mail('crash: mail')} password=${password('crash: password')}`,
  }
  return { made, own, answer, tool, content }
}

const FOREIGN =
  'ai.prompt ai.response.text ai.toolCall.args gen_ai.prompt.0.content gen_ai.input.messages gen_ai.tool.call.arguments llm.input_messages.0.message.content input.value output.value ' +
  'traceloop.entity.input langfuse.observation.input retrieval.documents.0.document.content pydantic_ai.all_messages all_messages_events tool_arguments request_data braintrust.input_json ' +
  'gen_ai.request.messages gen_ai.content.prompt genkit:init gcp.vertex.agent.data mcp.tool.result.content langsmith.metadata.x'

async function arrived(env: Record<string, string>, seed: number) {
  const random = seeded(seed)
  const texts = promised(random)
  const { made, own, answer, tool, content } = placed(random)
  const asMessages = (text: string) => JSON.stringify([{ role: 'user', content: text }])
  const isContentOff = !('AFN_CAPTURE_CONTENT' in env)
  const foreign = Object.fromEntries(
    FOREIGN.split(' ').map(key => [key, asMessages(isContentOff ? content(key) : own.prompt)]),
  )
  const refused = isContentOff ? content('a 400 that quotes the request') : own.prompt
  const folder = makeApp({
    files: {
      'app.cjs': readFileSync(APP, 'utf8'),
      'values.json': JSON.stringify({
        texts: texts.map(({ text }) => text),
        own: { ...own, content: foreign, refused },
        answer,
        tool,
      }),
    },
    modules: Object.fromEntries(
      ['@opentelemetry/api', '@opentelemetry/api-logs', 'express', 'pino', 'openai', '@anthropic-ai/sdk'].map(name => [
        name,
        name,
      ]),
    ),
  })
  const sink = await startSink()
  const { code } = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
    env: {
      OTEL_EXPORTER_OTLP_ENDPOINT: sink.url,
      OTEL_EXPORTER_OTLP_PROTOCOL: 'http/json',
      AFN_LOG_DIR: path.join(folder, 'written/logs'),
      AFN_SPOOL_DIR: path.join(folder, 'written/spool'),
      ...env,
    },
  })
  // Node's own, for what nobody caught
  expect(code).toBe(1)
  const written = readdirSync(path.join(folder, 'written'), { recursive: true, withFileTypes: true })
    .filter(entry => entry.isFile())
    .map(entry => readFileSync(path.join(entry.parentPath, entry.name)))
    .map(bytes => (bytes[0] === 31 && bytes[1] === 139 ? gunzipSync(bytes) : bytes).toString())
  const everything = [...sink.received, ...written].join('\n')
  const all = [...texts, ...made]
  const there = all.filter(({ value }) =>
    [value, JSON.stringify(value).slice(1, -1), encodeURIComponent(value)].some(form => everything.includes(form)),
  )
  return { planted: all.length, there: there.map(({ kind, value }) => `${kind}: ${value}`), bytes: everything.length }
}

it('a value that is promised never to leave is never sent at all, so that no test can find it', async () => {
  const { planted, there } = await arrived({ AFN_REDACTION: 'off', AFN_CAPTURE_CONTENT: 'raw' }, 1)
  expect(there.length / planted).toBeGreaterThan(0.85)
})

it.each<[string, Record<string, string>]>([
  ['by default', {}],
  ['with content', { AFN_CAPTURE_CONTENT: 'redacted' }],
])('H10: values of the promise arrive %s', async (_, env) => {
  const { planted, there, bytes } = await arrived(env, 20261201)
  expect(there).toEqual([])
  expect(planted).toBeGreaterThan(450)
  expect(bytes).toBeGreaterThan(100_000)
})
