// The Model Context Protocol by its real SDK, in both generations: a client and a server in two processes, each under the packed
// preload, over stdio and over HTTP, are one trace; and the app gets what it gets without us.
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { installOnce } from '../support/install.mjs'
import { makeApp, root } from '../support/packed'
import { pathsOf } from '../support/paths'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const peers = path.join(installOnce(path.join(root, 'test/peers/package.json'), 'peers'), 'node_modules')
const sdk = '@modelcontextprotocol/sdk'
const modules = {
  [sdk]: path.join(peers, sdk),
  '@modelcontextprotocol/client': '@modelcontextprotocol/client',
  '@modelcontextprotocol/server': '@modelcontextprotocol/server',
  zod: path.join(peers, 'zod'),
}

const tools = `
  const server = () => {
    const mcp = new McpServer({ name: 'weather', version: '1' })
    mcp.registerTool('weather', { inputSchema: z.object({ city: z.string() }) }, async ({ city }) => {
      if (city === 'Atlantis') throw new Error('no such city')
      return { content: [{ type: 'text', text: 'mail ada@example.com' }] }
    })
    mcp.registerPrompt('greet', {}, () => ({ messages: [{ role: 'user', content: { type: 'text', text: 'hi' } }] }))
    mcp.registerResource('report', 'file:///report.txt', {}, async uri => ({ contents: [{ uri: uri.href, text: 'x' }] }))
    mcp.registerResource('broken', 'file:///broken.txt', {}, async () => { throw new TypeError('no such disk') })
    return mcp
  }`

const calls = `
  const client = new Client({ name: 'app', version: '1' })
  const seen = []
  const tell = async act => seen.push(await act().catch(error => [error.constructor.name, error.code, error.message]))
  async function use(transport) {
    await client.connect(transport)
    await tell(() => client.listTools().then(({ tools }) => tools.length))
    await tell(() => otel.withAgent('helper', () => client.callTool({ name: 'weather', arguments: { city: 'Bern' } })))
    await tell(() => otel.withTool('weather', () => client.callTool({ name: 'weather', arguments: { city: 'Rome' } })))
    await tell(() => client.callTool({ name: 'weather', arguments: { city: 'Atlantis' } }))
    await tell(() => client.getPrompt({ name: 'greet' }))
    await tell(() => client.readResource({ uri: 'file:///report.txt' }))
    await tell(() => client.readResource({ uri: 'file:///missing.txt' }))
    await tell(() => client.readResource({ uri: 'file:///broken.txt' }))
    await client.close()
    console.log(JSON.stringify(seen))
  }`

const stdio = {
  server: `${tools}\nserver().connect(new StdioServerTransport())`,
  client: `${calls}
    const args = [...process.execArgv, process.env.SERVER]
    use(new StdioClientTransport({ command: process.execPath, args, env: process.env }))`,
}
const http = {
  server: tools,
  client: `${calls}
    const http_ = createServer(async (request, response) => {
      const transport = new StreamableHTTPServerTransport({ sessionIdGenerator: undefined })
      await server().connect(transport)
      await transport.handleRequest(request, response)
    }).listen(0, '127.0.0.1', async () => {
      await use(new StreamableHTTPClientTransport(new URL('http://127.0.0.1:' + http_.address().port + '/mcp')))
      http_.close()
    })`,
}

const firstImports = {
  client: `import { Client } from '${sdk}/client/index.js'
    import { StdioClientTransport } from '${sdk}/client/stdio.js'
    import { StreamableHTTPClientTransport } from '${sdk}/client/streamableHttp.js'
    import * as otel from '@afn/otel/api'`,
  server: `import { McpServer } from '${sdk}/server/mcp.js'
    import { StdioServerTransport } from '${sdk}/server/stdio.js'
    import { StreamableHTTPServerTransport } from '${sdk}/server/streamableHttp.js'
    import { createServer } from 'node:http'
    import { z } from 'zod'`,
}
/** Of the second generation, where both sides are packages of their own. */
const secondImports = {
  client: `import { Client } from '@modelcontextprotocol/client'
    import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
    import * as otel from '@afn/otel/api'`,
  server: `import { McpServer } from '@modelcontextprotocol/server'
    import { StdioServerTransport } from '@modelcontextprotocol/server/stdio'
    import { z } from 'zod'`,
}
const required = (source: string) => source.replace(/import (?:\* as )?(.+) from ('.+')/g, 'const $1 = require($2)')

function filesOf(carrier: string, extension: string): Record<string, string> {
  const form = (source: string) => (extension === 'cjs' ? required(source) : source)
  const imports = carrier === '2.x, stdio' ? secondImports : firstImports
  if (carrier === '1.x, HTTP')
    return {
      [`client.${extension}`]: `${form(imports.client)}\n${form(imports.server)}\n${http.server}\n${http.client}`,
    }
  return {
    [`client.${extension}`]: `${form(imports.client)}\n${stdio.client}`,
    [`server.${extension}`]: `${form(imports.server)}\n${stdio.server}`,
  }
}

const tree = [
  'execute_tool weather',
  'execute_tool weather > tools/call weather',
  'initialize',
  'initialize > initialize',
  'invoke_agent helper',
  'invoke_agent helper > tools/call weather',
  'invoke_agent helper > tools/call weather > tools/call weather',
  'notifications/initialized',
  'notifications/initialized > notifications/initialized',
  'prompts/get greet',
  'prompts/get greet > prompts/get greet',
  'resources/read',
  'resources/read',
  'resources/read',
  'resources/read > resources/read',
  'resources/read > resources/read',
  'resources/read > resources/read',
  'tools/call weather',
  'tools/call weather > tools/call weather',
  'tools/list',
  'tools/list > tools/list',
]

describe.each(['1.x, stdio', '1.x, HTTP', '2.x, stdio'])('%s', carrier => {
  it.each([
    ['CommonJS', 'cjs', '--require'],
    ['ES modules', 'mjs', '--import'],
  ])('%s', async (_, extension, flag) => {
    const folder = makeApp({ files: filesOf(carrier, extension), modules })
    const receiver = await startReceiver()
    const env = { SERVER: `server.${extension}`, AFN_CAPTURE_CONTENT: 'redacted' }
    const app = `client.${extension}`
    const bare = await run(folder, [app], { env })
    const preloaded = await run(folder, [flag, '@afn/otel', app], {
      env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
    })
    expect(preloaded).toEqual(bare)
    expect(bare).toMatchObject({ code: 0, stderr: '' })
    await receiver.close()
    const spans = receiver.spans().filter(({ scope }) => scope.startsWith('@afn/otel'))
    expect(pathsOf(spans)).toEqual(tree)
    const [client = {}, server = {}] = [3, 2].map(kind => {
      const of = spans.filter(span => span.kind === kind || (kind === 3 && span.kind === 1))
      return Object.fromEntries(of.map(span => [`${span.name} ${span.attributes['jsonrpc.request.id'] ?? ''}`, span]))
    })
    const transport =
      carrier === '1.x, HTTP'
        ? { 'network.transport': 'tcp', 'network.protocol.name': 'http' }
        : { 'network.transport': 'pipe' }
    for (const [side, calls] of [client, server].entries()) {
      expect(calls['tools/call weather 2']?.attributes).toMatchObject({
        ...transport,
        'mcp.method.name': 'tools/call',
        'gen_ai.operation.name': 'execute_tool',
        'gen_ai.tool.name': 'weather',
        'gen_ai.tool.call.arguments': '{"city":"Bern"}',
        'gen_ai.tool.call.result': '{"content":[{"type":"text","text":"mail [EMAIL]"}]}',
        'langfuse.observation.type': 'tool',
      })
      expect(calls['tools/call weather 4']).toMatchObject({
        status: { code: 2 },
        attributes: { 'error.type': 'tool_error' },
      })
      expect(
        calls['prompts/get greet 5']?.attributes['langfuse.observation.prompt.name'] ??
          calls['prompts/get greet 5']?.attributes['gen_ai.prompt.name'],
      ).toBe('greet')
      expect(calls['resources/read 6']?.attributes['mcp.resource.uri']).toBe('file:///report.txt')
      // what the client got wrong is no failure of the server, as 404 is none
      const isServer = side === 1
      const { status, attributes } = calls['resources/read 7']!
      const errorType = isServer ? undefined : '-32602'
      expect([status.code, attributes['error.type']]).toEqual([isServer ? 0 : 2, errorType])
      expect(attributes['rpc.response.status_code']).toBe('-32602')
      expect(calls['resources/read 8']).toMatchObject({
        status: { code: 2 },
        attributes: { 'error.type': isServer ? 'TypeError' : '-32603' },
      })
      // what brought the request is linked: the HTTP server's span
      const links = Object.values(calls).filter(({ links }) => links.length > 0)
      expect(links.length).toBe(isServer && carrier === '1.x, HTTP' ? Object.keys(calls).length : 0)
    }
    const points = (name: string) => receiver.points(name).map(({ attributes }) => attributes)
    for (const side of ['client', 'server']) {
      const operations = points(`mcp.${side}.operation.duration`)
      expect(operations).toContainEqual(
        expect.objectContaining({ 'mcp.method.name': 'tools/call', 'gen_ai.tool.name': 'weather', ...transport }),
      )
      const failures = operations.flatMap(attributes => attributes['error.type'] ?? [])
      expect(failures.toSorted()).toEqual(
        side === 'client' ? ['-32602', '-32603', 'tool_error'] : ['TypeError', 'tool_error'],
      )
    }
    expect(points('mcp.client.session.duration')).toHaveLength(1)
    // the agent's tool call is that of the request
    expect(points('gen_ai.invoke_agent.tool_calls')).toEqual([{ 'gen_ai.agent.name': 'helper' }])
    // the span of the tool that the app made is the request's too
    expect(client['execute_tool weather 3']?.attributes['mcp.method.name']).toBe('tools/call')
    expect(client['invoke_agent helper ']?.attributes['afn.llm.local_root']).toBe(true)
  })
})

/** What 2.x alone has: the revision without sessions, answers that ask for more, handlers that get parameters alone. */
const revision = `
  import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
  import { acceptedContent, createMcpHandler, inputRequired, McpServer } from '@modelcontextprotocol/server'
  import { createServer } from 'node:http'
  import { z } from 'zod'

  const handler = createMcpHandler(() => {
    const mcp = new McpServer({ name: 'travel', version: '1' })
    mcp.registerTool('book', { inputSchema: z.object({ city: z.string() }) }, async (_, { mcpReq }) => {
      if (acceptedContent(mcpReq.inputResponses, 'sure')) return { content: [{ type: 'text', text: 'booked' }] }
      const requestedSchema = { type: 'object', properties: { yes: { type: 'boolean' } } }
      return inputRequired({ inputRequests: { sure: inputRequired.elicit({ message: 'Sure?', requestedSchema }) } })
    })
    const search = async ({ word }) => ({ found: word })
    mcp.server.setRequestHandler('acme/search', { params: z.object({ word: z.string() }) }, search)
    return mcp
  })
  const http = createServer(async (request, response) => {
    const { method, headers } = request
    const body = Buffer.concat(await request.toArray())
    const answer = await handler.fetch(new Request('http://localhost/mcp', { method, headers, body }))
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()))
  }).listen(0, '127.0.0.1')
  await new Promise(done => http.once('listening', done))

  const client = new Client(
    { name: 'app', version: '1' },
    { versionNegotiation: { mode: 'auto' }, capabilities: { elicitation: { form: {} } } },
  )
  client.setRequestHandler('elicitation/create', async () => ({ action: 'accept', content: { yes: true } }))
  await client.connect(new StreamableHTTPClientTransport(new URL('http://127.0.0.1:' + http.address().port + '/mcp')))
  const seen = [
    await client.callTool({ name: 'book', arguments: { city: 'Rome' } }),
    await client.request({ method: 'acme/search', params: { word: 'sun' } }, z.object({ found: z.string() })),
  ]
  console.log(JSON.stringify(seen), client.getNegotiatedProtocolVersion())
  await client.close()
  http.close()
  http.closeAllConnections()`

it('2.x, 2026-07-28: a request that is sent again with what its answer asked for is one request of the app', async () => {
  const folder = makeApp({ files: { 'app.mjs': revision }, modules })
  const receiver = await startReceiver()
  const bare = await run(folder, ['app.mjs'])
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url }
  const preloaded = await run(folder, ['--import', '@afn/otel', 'app.mjs'], { env })
  expect(preloaded).toEqual(bare)
  expect(bare).toMatchObject({ code: 0, stderr: '', stdout: expect.stringContaining('2026-07-28') })
  await receiver.close()
  const spans = receiver.spans().filter(({ scope }) => scope === '@afn/otel/mcp')
  expect(pathsOf(spans)).toEqual([
    'acme/search',
    'acme/search > acme/search',
    // the client's probe
    'server/discover',
    'server/discover > server/discover',
    'tools/call book',
    'tools/call book > elicitation/create',
    'tools/call book > tools/call book',
    'tools/call book > tools/call book',
  ])
  expect(new Set(spans.map(({ attributes }) => attributes['mcp.protocol.version']))).toEqual(new Set(['2026-07-28']))
})
