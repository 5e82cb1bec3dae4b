// An app with `otlpHandler` at its defaults, behind node's own server as Next.js has it. The Collector behind it takes everything.
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Readable } from 'node:stream'
import { otlpHandler } from '../../../src/app/next/otlp-handler'

const listen = (handle: (request: IncomingMessage, response: ServerResponse) => void) =>
  new Promise<string>(resolve => {
    const server = createServer(handle).listen(0, '127.0.0.1', () =>
      resolve(`http://127.0.0.1:${(server.address() as AddressInfo).port}`),
    )
  })

async function main() {
  const endpoint = await listen((request, response) => void request.resume().once('end', () => response.end('{}')))
  const handle = otlpHandler({ endpoint, perMinute: Number(process.env.PER_MINUTE ?? 1_000_000) })
  const url = await listen(async (request, response) => {
    if (!request.url?.startsWith('/api/otel')) return void response.end('a page')
    const body = Readable.toWeb(request) as ReadableStream
    const init = { method: 'POST', headers: request.headers as Record<string, string>, body, duplex: 'half' }
    const answer = await handle(new Request(`http://${request.headers.host}${request.url}`, init))
    response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(await answer.text())
  })
  console.log(`explorer ${url}\nOTLP ${url}`)
}
void main()
