// The Model Context Protocol by its real SDK: a client and a server in two processes, each under the packed preload, over
// stdio and over HTTP, are one trace; and the app gets what it gets without us.
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { installOnce } from '../support/install.mjs'
import { makeApp, root } from '../support/packed'
import { pathsOf } from '../support/paths'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'

const peers = path.join(installOnce(path.join(root, 'test/peers/package.json'), 'peers'), 'node_modules')
const sdk = '@modelcontextprotocol/sdk'
const modules = { [sdk]: path.join(peers, sdk), zod: path.join(peers, 'zod') }

const tools = `
  const server = () => {
    const mcp = new McpServer({ name: 'weather', version: '1' })
    mcp.registerTool('weather', { inputSchema: { city: z.string() } }, async ({ city }) => {
      if (city === 'Atlantis') throw new Error('no such city')
      return { content: [{ type: 'text', text: 'mail ada@example.com' }] }
    })
    mcp.registerPrompt('greet', {}, () => ({ messages: [{ role: 'user', content: { type: 'text', text: 'hi' } }] }))
    mcp.registerResource('report', 'file:///report.txt', {}, async uri => ({ contents: [{ uri: uri.href, text: 'x' }] }))
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

const imports = {
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
const required = (source: string) => source.replace(/import (?:\* as )?(.+) from ('.+')/g, 'const $1 = require($2)')

function filesOf(carrier: string, extension: string): Record<string, string> {
  const form = (source: string) => (extension === 'cjs' ? required(source) : source)
  if (carrier === 'HTTP')
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
  'prompts/get greet',
  'prompts/get greet > prompts/get greet',
  'resources/read',
  'resources/read',
  'resources/read > resources/read',
  'resources/read > resources/read',
  'tools/call weather',
  'tools/call weather > tools/call weather',
  'tools/list',
  'tools/list > tools/list',
]

describe.each(['stdio', 'HTTP'])('over %s', carrier => {
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
      carrier === 'HTTP'
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
      expect(calls['resources/read 7']).toMatchObject({
        status: { code: 2 },
        attributes: { 'error.type': '-32602', 'rpc.response.status_code': '-32602' },
      })
      // what brought the request is linked: the HTTP server's span
      const links = Object.values(calls).filter(({ links }) => links.length > 0)
      expect(links.length).toBe(side === 1 && carrier === 'HTTP' ? Object.keys(calls).length : 0)
    }
    // the span of the tool that the app made is the request's too
    expect(client['execute_tool weather 3']?.attributes['mcp.method.name']).toBe('tools/call')
    expect(client['invoke_agent helper ']?.attributes['afn.llm.local_root']).toBe(true)
  })
})
