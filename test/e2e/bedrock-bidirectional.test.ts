// Bedrock's bidirectional stream by the AWS SDK, under the packed preload: what both sides send goes over one HTTP/2 stream.
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { createServer, type ServerHttp2Session } from 'node:http2'
import type { AddressInfo } from 'node:net'
import path from 'node:path'
import { expect, it } from 'vitest'
import { installOnce } from '../support/install.mjs'
import { nodeBinary, nodes } from '../support/nodes.mjs'
import { makeApp, root } from '../support/packed'
import { startReceiver } from '../support/receiver'
import { run } from '../support/run'
import { FIXTURES, type Recording } from '../unit/llm/replay'

const clients = path.join(installOnce(path.join(root, 'test/clients/package.json'), 'clients'), 'node_modules')

const node = nodeBinary(nodes[22])

const app = `
  const { BedrockRuntimeClient, InvokeModelWithBidirectionalStreamCommand } = require('@aws-sdk/client-bedrock-runtime')
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' }
  const client = new BedrockRuntimeClient({ endpoint: process.env.BEDROCK, region: 'us-east-1', credentials })
  const piece = event => ({ chunk: { bytes: Buffer.from(JSON.stringify({ event })) } })
  async function* said() {
    yield piece({ sessionStart: { inferenceConfiguration: { maxTokens: 1024 } } })
    for (let i = 0; i < 3; i++) {
      await new Promise(later => setTimeout(later, 20))
      yield piece({ audioInput: { content: 'aGF0' } })
    }
    yield piece({ sessionEnd: {} })
  }
  async function main() {
    const { body } = await client.send(new InvokeModelWithBidirectionalStreamCommand({ modelId: 'amazon.nova-2-sonic-v1:0', body: said() }))
    const kinds = []
    for await (const { chunk } of body) kinds.push(...Object.keys(JSON.parse(Buffer.from(chunk.bytes)).event))
    console.log(kinds.join())
    client.destroy()
  }
  main()`

it.skipIf('missing' in node)(
  'a conversation of Nova Sonic has one span with the tokens of all of it, by what is heard and said',
  async () => {
    const { response } = JSON.parse(
      readFileSync(path.join(FIXTURES, 'bedrock/bidirectional-sonic.json'), 'utf8'),
    ) as Recording
    const heard: number[] = []
    const sessions = new Set<ServerHttp2Session>()
    const server = createServer().on('session', session => sessions.add(session))
    server.on('stream', stream => {
      let bytes = 0
      stream.respond({ ':status': 200, 'content-type': 'application/vnd.amazon.eventstream' })
      stream.on('data', (piece: Buffer) => {
        bytes += piece.length
      })
      stream.on('end', () => {
        heard.push(bytes)
        stream.end(Buffer.from(response.bodyBase64 as string, 'base64'))
      })
    })
    await once(server.listen(0, '127.0.0.1'), 'listening')
    const receiver = await startReceiver()
    const name = '@aws-sdk/client-bedrock-runtime'
    const folder = makeApp({ files: { 'app.cjs': app }, modules: { [name]: path.join(clients, name) } })
    const env = { BEDROCK: `http://127.0.0.1:${(server.address() as AddressInfo).port}` }
    const { path: binary } = node as { path: string }
    const bare = await run(folder, ['app.cjs'], { env, node: binary })
    const preloaded = await run(folder, ['--require', '@afn/otel', 'app.cjs'], {
      env: { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url },
      node: binary,
    })
    for (const session of sessions) session.destroy()
    server.close()
    await receiver.close()
    expect(preloaded).toEqual(bare)
    expect(bare).toMatchObject({ code: 0, stderr: '' })
    expect(bare.stdout).toContain('usageEvent')
    expect(heard[1]).toBe(heard[0])
    const calls = receiver.spans().filter(({ attributes }) => attributes['gen_ai.operation.name'] === 'chat')
    expect(calls).toHaveLength(1)
    expect(calls[0]?.attributes).toMatchObject({
      'gen_ai.request.model': 'amazon.nova-2-sonic-v1:0',
      'gen_ai.usage.input_tokens': 400,
      'gen_ai.usage.audio.input_tokens': 300,
      'gen_ai.usage.output_tokens': 120,
      'gen_ai.usage.audio.output_tokens': 100,
      'gen_ai.response.finish_reasons': ['END_TURN'],
    })
    expect(calls[0]?.status.code).toBe(0)
  },
)
