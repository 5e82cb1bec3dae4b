// Vector stores and memory with their real clients under the packed preload, against a loopback stand-in of all of them: one span a
// search, named as the conventions name it, with content only where content is on, and nothing changed for the client.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { expect, it } from 'vitest'
import { installOnce } from '../support/install.mjs'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp, root } from '../support/packed'
import { type ReceivedSpan, startReceiver } from '../support/receiver'
import { run } from '../support/run'

const options = ['--omit=optional', '--legacy-peer-deps']
const clients = path.join(installOnce(path.join(root, 'test/vectors/package.json'), 'vectors', options), 'node_modules')
const names = ['@pinecone-database/pinecone', '@qdrant/js-client-rest', 'chromadb', 'mem0ai', 'openai']
const modules = {
  ...Object.fromEntries(names.map(name => [name, path.join(clients, name)])),
  '@opentelemetry/api': '@opentelemetry/api',
}
const node = nodeBinary(nodes[22]) as { path: string }

/** What the stores answer, by the end of the path. */
const answers: readonly (readonly [path: RegExp, answer: object, status?: number])[] = [
  [/^\/query$/, { matches: [{ id: 'p1', score: 0.9, metadata: { text: 'planted-found' } }], namespace: 'notes' }],
  [/\/records\/namespaces\/notes\/search$/, { result: { hits: [{ _id: 'p2', _score: 0.8, fields: {} }] }, usage: {} }],
  [/\/collections\/docs\/points\/query$/, { result: { points: [{ id: 7, score: 0.7, payload: {} }] }, status: 'ok' }],
  [/\/collections\/gone\/points\/query$/, { status: { error: 'no such collection' } }, 404],
  [
    /\/collections\/docs$/,
    {
      id: '0f8e0000-0000-0000-0000-000000000001',
      name: 'docs',
      metadata: null,
      configuration_json: {},
      dimension: 2,
      tenant: 't',
      database: 'd',
    },
  ],
  [
    /\/collections\/[^/]+\/query$/,
    {
      ids: [['c1', 'c2']],
      distances: [[0.1, 0.2]],
      documents: [['planted-found', 'b']],
      metadatas: [[null, null]],
      include: [],
    },
  ],
  [
    /\/v1\/graphql$/,
    { data: { Get: { Article: [{ title: 'planted-found', _additional: { id: 'w1', distance: 0.2 } }] } } },
  ],
  [
    /\/v2\/vectordb\/entities\/search$/,
    {
      code: 0,
      data: [
        { id: 1, distance: 0.5 },
        { id: 2, distance: 0.4 },
      ],
    },
  ],
  [
    /\/vector_stores\/vs_1\/search$/,
    {
      object: 'vector_store.search_results.page',
      data: [{ file_id: 'f1', filename: 'f', score: 0.6, attributes: {}, content: [] }],
      has_more: false,
      next_page: null,
      search_query: ['x'],
    },
  ],
  [/\/v3\/memories\/search\/$/, { results: [{ id: 'm1', memory: 'planted-found', score: 0.4 }] }],
  [/\/v3\/memories\/add\/$/, { results: [{ id: 'm2', memory: 'planted-found', event: 'ADD' }] }],
  [/\/v1\/ping\/$/, { status: 'ok', org_id: 'o', project_id: 'p', user_email: 'e' }],
]

async function startStores() {
  const requests: string[] = []
  const server = http.createServer(async (request, response) => {
    let body = ''
    for await (const piece of request.setEncoding('utf8')) body += piece
    const { pathname } = new URL(request.url ?? '', 'http://local')
    requests.push(`${request.method} ${pathname} ${body}`)
    const [, answer = {}, status = 200] = answers.find(([path]) => path.test(pathname)) ?? []
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(answer))
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    taken: () => requests.splice(0),
    close() {
      server.close()
      server.closeAllConnections()
    },
  }
}

const app = `
  import { Pinecone } from '@pinecone-database/pinecone'
  import { QdrantClient } from '@qdrant/js-client-rest'
  import { ChromaClient } from 'chromadb'
  import { MemoryClient } from 'mem0ai'
  import OpenAI from 'openai'
  const url = process.env.STORES
  const { hostname: host, port } = new URL(url)
  const vector = [0.1, 0.2]
  const seen = []
  const index = new Pinecone({ apiKey: 'k' }).index({ host: url, name: 'index', namespace: 'notes' })
  seen.push(await index.query({ vector, topK: 3, includeMetadata: true }))
  seen.push(await index.searchRecords({ query: { topK: 4, inputs: { text: 'planted-asked' } } }))
  const qdrant = new QdrantClient({ url, checkCompatibility: false })
  seen.push(await qdrant.query('docs', { query: vector, limit: 5 }))
  seen.push(await qdrant.query('gone', { query: vector }).catch(error => error.status))
  const embeddingFunction = { name: 'x', generate: async texts => texts.map(() => vector) }
  const collection = await new ChromaClient({ host, port: Number(port), ssl: false }).getCollection({ name: 'docs', embeddingFunction })
  seen.push(await collection.query({ queryTexts: ['planted-asked'], nResults: 2 }))
  const post = (path, body) => fetch(url + path, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }).then(answer => answer.json())
  seen.push(await post('/v1/graphql', { query: '{ Get { Article(nearText: { concepts: ["planted-asked"] }, limit: 6) { title _additional { id distance } } } }' }))
  seen.push(await post('/v2/vectordb/entities/search', { collectionName: 'docs', data: [vector], annsField: 'vector', limit: 7 }))
  seen.push((await new OpenAI({ apiKey: 'k', baseURL: url + '/v1' }).vectorStores.search('vs_1', { query: 'planted-asked', max_num_results: 8 })).data)
  const memory = new MemoryClient({ apiKey: 'k', host: url })
  seen.push(await memory.add([{ role: 'user', content: 'planted-asked' }], { userId: 'u' }))
  seen.push(await memory.search('planted-asked', { filters: { user_id: 'u' }, topK: 9 }))
  // what has such a path, and is none of theirs
  seen.push(await post('/query', { sql: 'select 1' }), await post('/v1/graphql', { query: '{ user { name } }' }))
  console.log(JSON.stringify(seen))`

async function ran(env: Record<string, string>) {
  const [stores, receiver] = [await startStores(), await startReceiver()]
  const folder = makeApp({ files: { 'app.mjs': app }, modules })
  // mem0 counts who uses it, elsewhere
  const base = { STORES: stores.url, MEM0_TELEMETRY: 'false' }
  const bare = await run(folder, ['app.mjs'], { env: base, node: node.path })
  const sent = stores.taken()
  const preloaded = await run(folder, ['--require', '@afn/otel', 'app.mjs'], {
    env: { ...base, ...env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    node: node.path,
  })
  expect(preloaded).toEqual(bare)
  expect(bare).toMatchObject({ code: 0 })
  expect(stores.taken()).toEqual(sent)
  stores.close()
  await receiver.close()
  return receiver
}

const told = ({ attributes }: ReceivedSpan) =>
  [
    attributes['gen_ai.operation.name'],
    attributes['gen_ai.provider.name'],
    attributes['gen_ai.data_source.id'],
    attributes['gen_ai.retrieval.top_k'],
    attributes['db.response.returned_rows'] ?? attributes['gen_ai.memory.record.count'],
    attributes['error.type'],
  ].map(value => value ?? '-')

it('a search of each store is one span, with what was searched and how much was found', async () => {
  const receiver = await ran({ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'true' })
  const spans = receiver.spans()
  // a span may stand before an earlier one in the same batch
  const ours = spans.filter(({ scope }) => scope === '@afn/otel/llm').sort((a, b) => Number(a.startNano - b.startNano))
  expect(ours.map(told)).toEqual([
    ['retrieval', 'pinecone', '-', 3, 1, '-'],
    ['retrieval', 'pinecone', '-', 4, 1, '-'],
    ['retrieval', 'qdrant', 'docs', 5, 1, '-'],
    ['retrieval', 'qdrant', 'gone', '-', '-', '404'],
    ['retrieval', 'chroma', '0f8e0000-0000-0000-0000-000000000001', 2, 2, '-'],
    ['retrieval', 'weaviate', 'Article', 6, 1, '-'],
    ['retrieval', 'milvus', 'docs', 7, 2, '-'],
    ['retrieval', 'openai', 'vs_1', 8, 1, '-'],
    ['upsert_memory', 'mem0', '-', '-', 1, '-'],
    ['search_memory', 'mem0', '-', 9, 1, '-'],
  ])
  expect(ours.every(({ attributes }) => attributes['afn.llm.cost.total'] === undefined)).toBe(true)
  expect(ours.every(({ attributes }) => attributes['afn.llm.usage.source'] === undefined)).toBe(true)
  const searches = ours.filter(({ attributes }) => attributes['gen_ai.operation.name'] === 'retrieval')
  expect(searches.map(({ attributes }) => attributes['gen_ai.retrieval.query.text'] ?? '-')).toEqual([
    '-',
    'planted-asked',
    '-',
    '-',
    '-', // Chroma's client sends the vector alone
    'planted-asked',
    '-',
    'planted-asked',
  ])
  const documents = searches.map(({ attributes }) =>
    JSON.parse(String(attributes['gen_ai.retrieval.documents'] ?? '[]')),
  )
  expect(documents.map(found => found.map(({ id, score }: { id: unknown; score: unknown }) => [id, score]))).toEqual([
    [['p1', 0.9]],
    [['p2', 0.8]],
    [[7, 0.7]],
    [],
    [
      ['c1', 0.1],
      ['c2', 0.2],
    ],
    [['w1', 0.2]],
    [
      [1, 0.5],
      [2, 0.4],
    ],
    [['f1', 0.6]],
  ])
  expect(JSON.stringify(documents)).toContain('planted-found')
  // each request has one span of a client: ours, or that of HTTP
  const urls = spans.flatMap(({ scope, attributes }) => (scope === '@afn/otel/llm' ? [] : [attributes['url.full']]))
  expect(urls.filter(url => /search|points|graphql|memories/.test(String(url)))).toEqual([
    expect.stringContaining('/v1/graphql'),
  ])
  expect(receiver.points('gen_ai.retrieval.duration').reduce((sum, { count }) => sum + count, 0)).toBe(8)
})

it('says nothing of what was searched and found where content is off', async () => {
  const receiver = await ran({ OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT: 'false' })
  expect(receiver.spans().filter(({ scope }) => scope === '@afn/otel/llm')).toHaveLength(10)
  expect(Buffer.concat(receiver.requests.map(({ body }) => body)).includes('planted')).toBe(false)
})
