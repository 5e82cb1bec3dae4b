// A server and a client of MCP's second generation, in memory.
import { Client, InMemoryTransport } from '@modelcontextprotocol/client'
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

const server = new McpServer({ name: 'server', version: '1.0.0' })
const calls = []
server.registerTool('add', { inputSchema: z.object({ a: z.number(), b: z.number() }) }, async ({ a, b }, context) => {
  calls.push(Object.keys(context).sort().join(), Object.keys(context.mcpReq).sort().join())
  return { content: [{ type: 'text', text: String(a + b) }] }
})
server.registerTool('throws', { inputSchema: z.object({}) }, async () => {
  throw new RangeError('mine')
})
server.registerResource('doc', 'doc://x', {}, async uri => ({ contents: [{ uri: uri.href, text: 'text' }] }))
server.server.setRequestHandler('acme/search', { params: z.object({ word: z.string() }) }, ({ word }, context) => ({
  word,
  method: context.mcpReq.method,
}))
server.server.setRequestHandler('acme/throws', { params: z.object({}) }, () => {
  throw new RangeError('mine too')
})
const [one, other] = InMemoryTransport.createLinkedPair()
const client = new Client({ name: 'client', version: '1.0.0' })
await Promise.all([server.connect(one), client.connect(other)])
const attempts = [
  () => client.listTools(),
  () => client.callTool({ name: 'add', arguments: { a: 1, b: 2 } }),
  () => client.callTool({ name: 'throws', arguments: {} }),
  () => client.callTool({ name: 'add', arguments: { a: 'x' } }),
  () => client.callTool({ name: 'none', arguments: {} }),
  () => client.readResource({ uri: 'doc://x' }),
  () => client.readResource({ uri: 'doc://none' }),
  () => client.request({ method: 'acme/search', params: { word: 'sun' } }, z.looseObject({})),
  () => client.request({ method: 'acme/search', params: {} }, z.looseObject({})),
  () => client.request({ method: 'acme/throws' }, z.looseObject({})),
  () => client.request({ method: 'nonsense' }, z.any()),
  () => client.request({ method: 'nonsense' }),
  () => client.request({ method: 'ping' }, { signal: AbortSignal.abort(new Error('enough')) }),
  () => client.request(),
  () => server.server.ping(),
  () => client.setRequestHandler('nonsense', () => ({})),
  () => client.setRequestHandler('ping'),
]
for (const attempt of attempts) {
  try {
    console.log(JSON.stringify(await attempt()))
  } catch (error) {
    console.log(error.name, error.code, error.message)
  }
}
console.log(calls, client.request.length, client.callTool.length, Client.name, McpServer.name)
await client.close()
