// What both generations of the MCP SDK say of a session over HTTP, and of the revision without sessions over stdio, by the real SDK under the
// packed preload.
import path from 'node:path'
import { expect, it } from 'vitest'
import { installOnce } from '../support/install.mjs'
import { makeApp, root } from '../support/packed'
import { type ReceivedSpan, startReceiver } from '../support/receiver'
import { run } from '../support/run'

const peers = path.join(installOnce(path.join(root, 'test/peers/package.json'), 'peers'), 'node_modules')
const sdk = '@modelcontextprotocol/sdk'
const modules = {
  [sdk]: path.join(peers, sdk),
  '@modelcontextprotocol/client': '@modelcontextprotocol/client',
  '@modelcontextprotocol/server': '@modelcontextprotocol/server',
  '@opentelemetry/api': path.join(peers, '@opentelemetry/api'),
  zod: path.join(peers, 'zod'),
}

/** A server whose tool says what came with the request besides its arguments, and a client within baggage. */
const both = `
  import { randomUUID } from 'node:crypto'
  import { createServer } from 'node:http'
  import { context, propagation } from '@opentelemetry/api'
  import { z } from 'zod'
  const make = () => {
    const mcp = new McpServer({ name: 'weather', version: '1' })
    mcp.registerTool('weather', { inputSchema: z.object({ city: z.string() }) }, async ({ city }, extra) => {
      if (city === 'Atlantis') throw new Error('no such city')
      const meta = extra._meta ?? extra.mcpReq?._meta
      return { content: [{ type: 'text', text: JSON.stringify([Object.keys(meta ?? {}), propagation.getActiveBaggage()?.getEntry('user')?.value ?? null]) }] }
    })
    return mcp
  }
  const use = client => {
    const baggage = propagation.createBaggage({ user: { value: 'ada' } })
    return context.with(propagation.setBaggage(context.active(), baggage), async () => {
      console.log((await client.callTool({ name: 'weather', arguments: { city: 'Rome' } })).content[0].text)
      console.log((await client.callTool({ name: 'weather', arguments: { city: 'Atlantis' } })).isError)
    })
  }`

/** @param answer how a transport answers a request of Node's */
const withSessions = (transport: string, answer: string) => `
  const sessions = new Map()
  const http = createServer(async (request, response) => {
    let transport = sessions.get(request.headers['mcp-session-id'])
    if (!transport) {
      transport = new ${transport}({ sessionIdGenerator: randomUUID, onsessioninitialized: id => sessions.set(id, transport) })
      await make().connect(transport)
    }
    ${answer}
  }).listen(0, '127.0.0.1', async () => {
    const client = new Client({ name: 'app', version: '1' })
    const transport = new StreamableHTTPClientTransport(new URL('http://127.0.0.1:' + http.address().port + '/mcp'))
    await client.connect(transport)
    await use(client)
    await transport.terminateSession()
    await client.close()
    http.close()
    http.closeAllConnections()
  })`

const apps = {
  '1.x': `
    import { Client } from '${sdk}/client/index.js'
    import { StreamableHTTPClientTransport } from '${sdk}/client/streamableHttp.js'
    import { McpServer } from '${sdk}/server/mcp.js'
    import { StreamableHTTPServerTransport } from '${sdk}/server/streamableHttp.js'
    ${both}
    ${withSessions('StreamableHTTPServerTransport', 'await transport.handleRequest(request, response)')}`,
  '2.x': `
    import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
    import { McpServer, WebStandardStreamableHTTPServerTransport } from '@modelcontextprotocol/server'
    ${both}
    ${withSessions(
      'WebStandardStreamableHTTPServerTransport',
      `const { method, headers } = request
      const body = Buffer.concat(await request.toArray())
      const answer = await transport.handleRequest(new Request('http://localhost/mcp', { method, headers, ...(body.length > 0 && { body }) }))
      response.writeHead(answer.status, Object.fromEntries(answer.headers))
      for await (const chunk of answer.body ?? []) response.write(chunk)
      response.end()`,
    )}`,
  'without sessions': `
    import { Client } from '@modelcontextprotocol/client'
    import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
    import { McpServer } from '@modelcontextprotocol/server'
    import { serveStdio } from '@modelcontextprotocol/server/stdio'
    ${both}
    if (process.argv[2] === 'server') serveStdio(make)
    else {
      const client = new Client({ name: 'app', version: '1' }, { versionNegotiation: { mode: 'auto' } })
      const args = [...process.execArgv, 'app.mjs', 'server']
      await client.connect(new StdioClientTransport({ command: process.execPath, args, env: process.env }))
      await use(client)
      await client.close()
    }`,
}

async function ran(app: keyof typeof apps, more: Record<string, string> = {}, said = '[["traceparent"],null]') {
  const folder = makeApp({ files: { 'app.mjs': apps[app] }, modules })
  const receiver = await startReceiver()
  const env = { OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url, ...more }
  const { code, stdout, stderr } = await run(folder, ['--import', '@afn/otel', 'app.mjs'], { env })
  await receiver.close()
  expect([code, stderr]).toEqual([0, ''])
  // the trace, and not what the app says of its users
  expect(stdout).toBe(`${said}\ntrue\n`)
  const spans = receiver.spans().filter(({ scope }) => scope === '@afn/otel/mcp')
  const values = (key: string, among: ReceivedSpan[] = spans) => new Set(among.map(({ attributes }) => attributes[key]))
  const calls = spans.filter(({ name }) => name === 'tools/call weather')
  expect(calls.map(({ kind }) => kind).toSorted()).toEqual([2, 2, 3, 3])
  expect(calls.flatMap(({ attributes }) => attributes['error.type'] ?? [])).toEqual(['tool_error', 'tool_error'])
  return { receiver, spans, values }
}

it.each(['1.x', '2.x'] as const)(
  '%s: each request of a session names it, its revision, and where the server is',
  async app => {
    const { receiver, spans, values } = await ran(app)
    expect(spans.filter(({ name }) => name === 'initialize')).toHaveLength(2)
    expect(values('mcp.protocol.version')).toEqual(new Set(['2025-11-25']))
    const [session, ...more] = values('mcp.session.id')
    expect([typeof session, more]).toEqual(['string', []])
    const [client, server] = [3, 2].map(kind => spans.filter(span => span.kind === kind))
    expect(values('server.address', client)).toEqual(new Set(['127.0.0.1']))
    const [port, ...others] = values('server.port', client)
    expect([Number(port) > 0, others]).toEqual([true, []])
    expect(values('server.address', server)).toEqual(new Set([undefined]))
    for (const side of ['client', 'server']) {
      const place = side === 'client' ? { 'server.address': '127.0.0.1', 'server.port': Number(port) } : {}
      const about = { 'mcp.protocol.version': '2025-11-25', 'network.protocol.name': 'http', ...place }
      expect(receiver.points(`mcp.${side}.session.duration`).map(({ attributes }) => attributes)).toEqual([about])
      const operations = receiver.points(`mcp.${side}.operation.duration`).map(({ attributes }) => attributes)
      expect(operations.length).toBeGreaterThan(2)
      for (const operation of operations) expect(operation).toMatchObject(about)
    }
  },
)

it('2.x, 2026-07-28 over stdio: no request names a session', async () => {
  const { values, receiver } = await ran('without sessions')
  expect(values('mcp.protocol.version')).toEqual(new Set(['2026-07-28']))
  expect(values('mcp.session.id')).toEqual(new Set([undefined]))
  expect(values('network.transport')).toEqual(new Set(['pipe']))
  const versions = receiver
    .points('mcp.client.operation.duration')
    .map(({ attributes }) => attributes['mcp.protocol.version'])
  expect(new Set(versions)).toEqual(new Set(['2026-07-28']))
})

it.each(['1.x', '2.x'] as const)(
  '%s: a server whose host is named gets the baggage, and takes it where it trusts it',
  async app => {
    const named = { AFN_MCP_BAGGAGE_HOSTS: 'tools.example, 127.0.0.1' }
    const got = '["traceparent","baggage"]'
    await ran(app, named, `[${got},null]`)
    await ran(app, { ...named, AFN_TRUST_BAGGAGE: 'true' }, `[${got},"ada"]`)
    await ran(app, { AFN_MCP_BAGGAGE_HOSTS: 'tools.example' })
  },
)
