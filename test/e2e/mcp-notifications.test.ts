// Notifications of MCP by its real SDK under the packed preload: a span at each end below the request that they are about, the app's callbacks
// within it, no more spans than a reader can use, and the probe and the subscription of the revision without sessions.
import path from 'node:path'
import { expect, it } from 'vitest'
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

/** A tool that tells how far it is, a client that looks at it, and a resource that changes while nobody asks for anything. */
const both = `
  import { z } from 'zod'
  import * as otel from '@afn/otel/api'
  const times = Number(process.env.TIMES)
  async function serve() {
    const mcp = new McpServer({ name: 'shop', version: '1' }, { capabilities: { logging: {}, resources: {} } })
    mcp.registerTool('count', { inputSchema: z.object({}) }, async (_, extra) => {
      const { progressToken } = extra._meta ?? extra.mcpReq._meta
      const notify = extra.sendNotification ?? extra.mcpReq.notify
      for (let progress = 1; progress <= times; progress++)
        await notify({ method: 'notifications/progress', params: { progressToken, progress, total: times } })
      // a client of 1.x forgets who listens once it has the answer
      await new Promise(done => setTimeout(done, 300))
      await notify({ method: 'notifications/message', params: { level: 'info', data: 'counted' } })
      return { content: [{ type: 'text', text: 'done' }] }
    })
    mcp.registerTool('change', { inputSchema: z.object({}) }, async () => {
      setTimeout(() => mcp.server.sendResourceUpdated({ uri: 'file:///a.txt' }), 50)
      return { content: [] }
    })
    await mcp.connect(new StdioServerTransport())
  }
  async function use() {
    const client = new Client({ name: 'app', version: '1' })
    const seen = []
    const changed = new Promise(done => onUpdated(client, ({ params }) => { seen.push(params.uri); done() }))
    onMessage(client, ({ params }) => { seen.push(params.data) })
    const args = [...process.execArgv, process.argv[1], 'server']
    await client.connect(new StdioClientTransport({ command: process.execPath, args, env: process.env }))
    const onprogress = ({ progress }) => { if (progress === 1) void otel.withTool('shown', async () => seen.push(progress)) }
    await otel.withAgent('helper', () => call(client, { name: 'count', arguments: {} }, { onprogress }))
    await call(client, { name: 'change', arguments: {} })
    await changed
    await client.close()
    console.log(JSON.stringify(seen))
  }
  await (process.argv[2] === 'server' ? serve() : use())`

const generations = {
  '1.x': `
    import { Client } from '${sdk}/client/index.js'
    import { StdioClientTransport } from '${sdk}/client/stdio.js'
    import { McpServer } from '${sdk}/server/mcp.js'
    import { StdioServerTransport } from '${sdk}/server/stdio.js'
    import { LoggingMessageNotificationSchema, ResourceUpdatedNotificationSchema } from '${sdk}/types.js'
    const onUpdated = (client, listener) => client.setNotificationHandler(ResourceUpdatedNotificationSchema, listener)
    const onMessage = (client, listener) => client.setNotificationHandler(LoggingMessageNotificationSchema, listener)
    const call = (client, params, options) => client.callTool(params, undefined, options)
    ${both}`,
  '2.x': `
    import { Client } from '@modelcontextprotocol/client'
    import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
    import { McpServer } from '@modelcontextprotocol/server'
    import { StdioServerTransport } from '@modelcontextprotocol/server/stdio'
    const onUpdated = (client, listener) => client.setNotificationHandler('notifications/resources/updated', listener)
    const onMessage = (client, listener) => client.setNotificationHandler('notifications/message', listener)
    const call = (client, params, options) => client.callTool(params, options)
    ${both}`,
}

async function ran(source: string, env: Record<string, string> = {}) {
  const folder = makeApp({ files: { 'app.mjs': source }, modules })
  const receiver = await startReceiver()
  const bare = await run(folder, ['app.mjs'], { env })
  const preloaded = await run(folder, ['--import', '@afn/otel', 'app.mjs'], {
    env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
  })
  expect(preloaded).toEqual(bare)
  expect(bare).toMatchObject({ code: 0, stderr: '' })
  await receiver.close()
  const all = receiver.spans().filter(({ scope }) => scope.startsWith('@afn/otel'))
  return { receiver, bare, all, spans: all.filter(({ scope }) => scope === '@afn/otel/mcp') }
}

it.each(Object.entries(generations))(
  '%s: a notification is below the request that it is about, at both ends',
  async (_, app) => {
    const { receiver, bare, all, spans } = await ran(app, { TIMES: '2' })
    expect(bare.stdout).toBe('[1,"counted","file:///a.txt"]\n')
    const call = 'invoke_agent helper > tools/call count > tools/call count'
    const [progress, message] = ['progress', 'message'].map(
      kind => `${call} > notifications/${kind} > notifications/${kind}`,
    )
    const updated = 'tools/call change > tools/call change > notifications/resources/updated'
    const paths = pathsOf(all)
    expect(paths.filter(path => path.includes('notifications/'))).toEqual(
      [
        `${call} > notifications/progress`,
        `${call} > notifications/progress`,
        progress,
        progress,
        // what the app does in its callback
        `${progress} > execute_tool shown`,
        `${call} > notifications/message`,
        message,
        'notifications/initialized',
        'notifications/initialized > notifications/initialized',
        updated,
        `${updated} > notifications/resources/updated`,
      ].toSorted(),
    )
    const told = spans.filter(({ name }) => name.startsWith('notifications/'))
    expect(told.filter(({ name, attributes }) => attributes['mcp.method.name'] !== name)).toEqual([])
    expect(new Set(told.map(({ attributes }) => attributes['jsonrpc.request.id']))).toEqual(new Set([undefined]))
    const uris = told.map(({ attributes }) => attributes['mcp.resource.uri'])
    expect(uris.filter(Boolean)).toEqual(['file:///a.txt', 'file:///a.txt'])
    for (const side of ['client', 'server'])
      expect(
        receiver
          .points(`mcp.${side}.operation.duration`)
          .filter(({ attributes }) => attributes['mcp.method.name'] === 'notifications/progress')
          .map(({ count }) => count),
      ).toEqual([2])
  },
)

it('a tool that tells of each percent has 20 spans of it, and all in the metrics', async () => {
  const { receiver, spans } = await ran(generations['2.x'], { TIMES: '100' })
  const kinds = spans.filter(({ name }) => name === 'notifications/progress').map(({ kind }) => kind)
  expect([2, 3].map(kind => kinds.filter(one => one === kind).length)).toEqual([20, 20])
  for (const side of ['client', 'server'])
    expect(
      receiver
        .points(`mcp.${side}.operation.duration`)
        .filter(({ attributes }) => attributes['mcp.method.name'] === 'notifications/progress')
        .map(({ count }) => count),
    ).toEqual([100])
})

/** A subscription over HTTP, which stays open; then a client that has to fall back to an older revision. */
const subscribing = `
  import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
  import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
  import { createServer } from 'node:http'
  import * as otel from '@afn/otel/api'

  const handler = createMcpHandler(() => new McpServer({ name: 'shop', version: '1' }, { capabilities: { tools: { listChanged: true } } }))
  const http = createServer(async (request, response) => {
    const { method, headers } = request
    const body = Buffer.concat(await request.toArray())
    const left = new AbortController()
    response.on('close', () => left.abort())
    const answer = await handler.fetch(new Request('http://localhost/mcp', { method, headers, signal: left.signal, ...(body.length > 0 && { body }) }))
    response.writeHead(answer.status, Object.fromEntries(answer.headers))
    response.flushHeaders()
    try {
      for await (const chunk of answer.body ?? []) response.write(chunk)
    } catch {}
    response.end()
  }).listen(0, '127.0.0.1')
  await new Promise(done => http.once('listening', done))
  const client = new Client({ name: 'app', version: '1' }, { versionNegotiation: { mode: 'auto' } })
  await otel.withTool('connects', () => client.connect(new StreamableHTTPClientTransport(new URL('http://127.0.0.1:' + http.address().port + '/mcp'))))
  const changed = new Promise(done => client.setNotificationHandler('notifications/tools/list_changed', done))
  const subscription = await otel.withTool('subscribes', () => client.listen({ toolsListChanged: true }))
  handler.notify.toolsChanged()
  await changed
  await subscription.close()
  console.log(client.getNegotiatedProtocolVersion(), JSON.stringify(subscription.honoredFilter), await subscription.closed)
  await client.close()
  await handler.close()
  http.close()
  http.closeAllConnections()`

it('2026-07-28: the probe and the subscription are spans, and what the subscription brings begins a trace that is linked to it', async () => {
  const { all, spans } = await ran(subscribing)
  const paths = pathsOf(all.filter(({ scope }) => scope !== '@afn/otel/http'))
  expect(paths.filter(path => /connects|subscribes/.test(path))).toEqual([
    'execute_tool connects',
    'execute_tool connects > server/discover',
    'execute_tool connects > server/discover > server/discover',
    'execute_tool subscribes',
    'execute_tool subscribes > subscriptions/listen',
  ])
  const [listen] = spans.filter(({ name }) => name === 'subscriptions/listen')
  expect(listen?.attributes).toMatchObject({
    'mcp.method.name': 'subscriptions/listen',
    'jsonrpc.request.id': 'listen:0',
    'server.address': '127.0.0.1',
  })
  const [changed] = spans.filter(({ name }) => name === 'notifications/tools/list_changed')
  expect(changed?.parentSpanId ?? '').toBe('')
  expect(changed?.links.map(({ spanId }) => spanId)).toEqual([listen?.spanId])
  expect(spans.filter(({ status }) => status.code === 2)).toEqual([])
})
