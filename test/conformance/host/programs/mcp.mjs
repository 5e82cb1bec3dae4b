// A server and a client of MCP, in memory.
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer } from '@modelcontextprotocol/sdk/server/mcp.js'
import { z } from 'zod'

const server = new McpServer({ name: 'server', version: '1.0.0' })
const calls = []
server.registerTool('add', { inputSchema: { a: z.number(), b: z.number() } }, async ({ a, b }, extra) => {
  calls.push(Object.keys(extra).sort().join())
  return { content: [{ type: 'text', text: String(a + b) }] }
})
server.registerTool('throws', { inputSchema: {} }, async () => {
  throw new RangeError('mine')
})
server.registerResource('doc', 'doc://x', {}, async uri => ({ contents: [{ uri: uri.href, text: 'text' }] }))
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
  () => client.request({ method: 'nonsense' }, z.any()),
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
