// 200 values in every place from which telemetry is made, and what is left of them in what was exported.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { keyed, personal, secrets, seeded } from '../unit/redact-corpus'
import { named } from '../unit/redact-names-corpus'
import { makeApp } from './packed'
import { hasPostgres, hasRedis, startPostgres, startRedis } from './services'

/** How much of a group has to be gone, in percent, as the project promises it. */
export const bars = { secret: 99, keyed: 97, structured: 98, named: 85 } as const

export interface Planted {
  readonly group: keyof typeof bars
  readonly kind: string
  /** What is written; the value is a part of it, with the words around it that give it away. */
  readonly text: string
  readonly value: string
  readonly surface: string
}

/** What carries a text whatever it is made of, and what is for values that stand for themselves. */
const anywhere = ['attribute', 'nested', 'list', 'name', 'event', 'link', 'status', 'exception', 'prompt', 'tool', 'answer', 'log', 'field', 'deep', 'metric'] // biome-ignore format: a list
const inUrl = ['url', ...anywhere]

export function planted(): Planted[] {
  const random = seeded(20261124)
  const made: Omit<Planted, 'surface'>[] = []
  const known = new Set<string>()
  const add = (group: Planted['group'], kind: string, text: string, value: string) => {
    // a shorter one may stand somewhere by chance; Japanese is no chance
    if (known.has(value) || (value.length < 8 && !/[^\p{ASCII}]{3}/u.test(value))) return false
    known.add(value)
    return made.push({ group, kind, text, value }) > 0
  }
  const take = (
    count: number,
    group: Planted['group'],
    kinds: readonly string[],
    write: (kind: string) => string[],
  ) => {
    for (let i = 0, taken = 0; taken < count; i++) {
      const kind = kinds[i % kinds.length]!
      const [text, value] = write(kind) as [string, string]
      if (add(group, kind, text, value)) taken++
    }
  }
  const itself = (value: string) => [value, value.replace(/^Bearer /, '')]
  take(60, 'structured', Object.keys(personal), kind => itself(personal[kind]!(random)))
  take(60, 'secret', Object.keys(secrets), kind => itself(secrets[kind]!(random)))
  take(40, 'keyed', Object.keys(keyed), kind => keyed[kind]!(random))
  take(40, 'named', Object.keys(named), kind => [...named[kind]!(random)])
  const sql = hasPostgres ? ['sql'] : []
  return made.map((one, i) => {
    const standsAlone = one.group === 'secret' || one.group === 'structured'
    const surfaces = [...(standsAlone ? inUrl : anywhere), ...sql]
    return { ...one, surface: surfaces[i % surfaces.length]! }
  })
}

const app = `
const values = require('./values.json')
const { trace, metrics, context, propagation, ROOT_CONTEXT } = require('@opentelemetry/api')
const http = require('node:http')
const express = require('express')
const log = require('pino')({ level: 'info' }, { write() {} })
const OpenAI = require('openai')
const { Client } = require('pg')
const Redis = require('ioredis')
const { PG_PORT, REDIS_PORT, PROVIDER } = process.env

const tracer = trace.getTracer('planted')
const counter = metrics.getMeter('planted').createCounter('planted')
const span = act => tracer.startActiveSpan('work', one => { act(one); one.end() })
const openai = new OpenAI({ apiKey: 'sk-proj-notARealKeyNotARealKeyNotARealKey00', baseURL: PROVIDER + '/v1', maxRetries: 0 })
const chat = messages => openai.chat.completions.create({ model: 'gpt-4o-mini', messages })
const other = { traceId: '0af7651916cd43dd8448eb211c80319c', spanId: 'b7ad6b7169203331', traceFlags: 1 }
const user = content => ({ role: 'user', content })
let base, pg, redis
const get = (path, headers) => new Promise((resolve, reject) => {
  http.get(base + path, { headers }, response => response.resume().on('end', resolve)).on('error', reject)
})

const surfaces = {
  attribute: text => span(one => one.setAttribute('note', text)),
  nested: text => span(one => one.setAttribute('payload', JSON.stringify({ a: JSON.stringify({ b: JSON.stringify([text]) }) }))),
  list: text => span(one => one.setAttribute('notes', ['first', text])),
  name: text => tracer.startSpan('work on ' + text).end(),
  event: text => span(one => one.addEvent('said', { text })),
  link: text => tracer.startSpan('linked', { links: [{ context: other, attributes: { text } }] }).end(),
  status: text => span(one => one.setStatus({ code: 2, message: text })),
  exception: text => span(one => one.recordException(new Error(text))),
  url: async text => { await get('/search?q=' + encodeURIComponent(text)); await get('/items/' + encodeURIComponent(text)) },
  prompt: text => chat([user(text)]),
  tool: text => chat([
    user('go on'),
    { role: 'assistant', tool_calls: [{ id: 'call_1', type: 'function', function: { name: 'look_up', arguments: JSON.stringify({ text, more: JSON.stringify({ text }) }) } }] },
    { role: 'tool', tool_call_id: 'call_1', content: JSON.stringify({ found: text }) },
  ]),
  answer: text => chat([user('echo:' + Buffer.from(text).toString('base64'))]),
  log: text => log.info(text),
  field: text => log.warn({ detail: text }, 'with a field'),
  deep: text => log.error({ err: new Error(text), a: { b: [text] } }, 'with more'),
  metric: text => counter.add(1, { note: text }),
  sql: text => pg.query("select '" + text.replaceAll("'", "''") + "' as x"),
}

/** Where instrumentations see a value and have no reason to record it. */
const unseen = {
  header: text => get('/', { 'x-note': encodeURIComponent(text), authorization: 'Bearer ' + Buffer.from(text).toString('base64'), cookie: 'sid=' + encodeURIComponent(text) }),
  baggage: text => context.with(propagation.setBaggage(ROOT_CONTEXT, propagation.createBaggage({ note: { value: text } })), () => get('/')),
  parameter: text => pg?.query('select $1::text as x', [text]),
  redis: text => redis && tracer.startActiveSpan('redis', async one => { await redis.set('note', text); await redis.get('note'); one.end() }),
}

async function main() {
  const server = express()
    .get('/search', (request, response) => response.send('ok'))
    .get('/items/:id', (request, response) => response.send('ok'))
    .get('/', (request, response) => response.send('ok'))
    .listen(0, '127.0.0.1')
  await new Promise(resolve => server.once('listening', resolve))
  base = 'http://127.0.0.1:' + server.address().port
  if (PG_PORT) await (pg = new Client({ host: '127.0.0.1', port: Number(PG_PORT), user: 'app', database: 'postgres' })).connect()
  if (REDIS_PORT) redis = new Redis(Number(REDIS_PORT), '127.0.0.1')
  for (const { surface, text } of values) await surfaces[surface](text)
  for (const { text } of values) await unseen[Object.keys(unseen)[text.length % 4]](text)
  await pg?.end()
  await redis?.quit()
  server.close()
}
main()
`

/** A model that answers what a test wants, at a base URL of OpenAI's shape. */
async function startModel() {
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', chunk => (body += chunk))
    request.on('end', () => {
      const [, echo] = /"echo:([^"]+)"/.exec(body) ?? []
      const content = echo ? Buffer.from(echo, 'base64').toString() : 'ok'
      response.setHeader('content-type', 'application/json').end(
        JSON.stringify({
          id: 'chatcmpl-1',
          object: 'chat.completion',
          created: 1790000000,
          model: 'gpt-4o-mini-2024-07-18',
          choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
          usage: { prompt_tokens: 9, completion_tokens: 3, total_tokens: 12 },
        }),
      )
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, stop: () => void server.close() }
}

/** The app's folder and environment. Its servers run until the test is over. */
export async function startScene(values: readonly Planted[]) {
  const modules = ['@opentelemetry/api', 'express', 'pino', 'openai', 'pg', 'ioredis']
  const folder = makeApp({
    files: { 'app.cjs': app, 'values.json': JSON.stringify(values) },
    modules: Object.fromEntries(modules.map(name => [name, name])),
  })
  const model = await startModel()
  onTestFinished(model.stop)
  const env: Record<string, string> = { PROVIDER: model.url, AFN_CAPTURE_CONTENT: 'redacted' }
  if (hasPostgres) {
    const postgres = await startPostgres()
    onTestFinished(postgres.stop)
    env.PG_PORT = String(postgres.port)
  }
  if (hasRedis) {
    const redis = await startRedis()
    onTestFinished(redis.stop)
    env.REDIS_PORT = String(redis.port)
  }
  return { folder, env }
}

/** The values that can be found in exported bytes: as they are, in JSON at any depth, and in a URL. */
export function found(bytes: Buffer, values: readonly Planted[]): Planted[] {
  return values.filter(({ value }) => formsOf(value).some(form => bytes.includes(form)))
}

function formsOf(value: string): string[] {
  const forms = [value, encodeURIComponent(value)]
  for (let depth = 0, text = value; depth < 4; depth++) {
    text = JSON.stringify(text).slice(1, -1)
    forms.push(text)
  }
  return forms
}

/** Groups of which more is left than their bar allows, with what is left; none is how it should be. */
export function tooMany(left: readonly Planted[], all: readonly Planted[]): string[] {
  return Object.entries(bars).flatMap(([group, bar]) => {
    const of = (list: readonly Planted[]) => list.filter(one => one.group === group)
    const allowed = Math.floor((of(all).length * (100 - bar)) / 100)
    return of(left).length <= allowed
      ? []
      : [
          `${group}: ${of(left)
            .map(({ kind, surface, text }) => `${kind} in ${surface}: ${text}`)
            .join(' | ')}`,
        ]
  })
}
