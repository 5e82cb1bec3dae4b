// A request to the OTLP receiver of `afn-otel up`, over HTTP: in protobuf what begins with a line feed, else in JSON; each character is a byte.
import { request } from 'node:http'
import { startReceiver } from '../../../src/backend/receiver'
import type { Surface } from '../search.mjs'
import { otlpJson, otlpOf, otlpProtobuf } from './otlp'

export async function receiver(): Promise<Surface> {
  const { url } = await startReceiver({
    onTraces: () => undefined,
    onMetrics: () => undefined,
    onLogs: () => undefined,
  })
  const send = (text: string) =>
    new Promise<number>((resolve, reject) => {
      const isProtobuf = text.startsWith('\n')
      const type = isProtobuf ? 'application/x-protobuf' : 'application/json'
      request(`${url}/v1/traces`, { method: 'POST', headers: { 'content-type': type } }, response => {
        response.resume().on('end', () => resolve(response.statusCode ?? 0))
      })
        .on('error', reject)
        .end(Buffer.from(isProtobuf ? text : otlpOf(text), 'latin1'))
    })
  return {
    name: 'receiver',
    anchors: [...otlpJson.anchors, ...otlpProtobuf.anchors],
    harmless: otlpJson.harmless,
    run: send,
  }
}
