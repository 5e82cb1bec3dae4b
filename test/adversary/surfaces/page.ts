// A request of a page to `otlpHandler`, packed; what the Collector would get is answered at once.
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { gzipSync } from 'node:zlib'
import { otlpHandler } from '../../../src/app/next/otlp-handler'
import type { Surface } from '../search.mjs'
import { filled } from './filled'

const record = (n: number) =>
  `${n ? ',' : ''}{"timeUnixNano":"1544712660000000000","severityNumber":9,"body":{"stringValue":"Item ${n} was put into the basket of a visitor"},"attributes":[{"key":"url.path","value":{"stringValue":"/basket/${n}"}},{"key":"session.id","value":{"stringValue":"5b8efff798038103"}}]}`

/** What stands for the records may end in the comma behind one. */
const otlpOf = (records: string) =>
  `{"resourceLogs":[{"scopeLogs":[{"logRecords":[${records.replace(/,\s*$/, '')}]}]}]}`

export async function page(): Promise<Surface> {
  const collector = createServer((request, response) => request.resume().on('end', () => response.end('{}')))
  await once(collector.listen(0, '127.0.0.1').unref(), 'listening')
  const endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
  const handle = otlpHandler({ endpoint, perMinute: 1e9, maxBytes: 2 ** 21 })
  return {
    name: 'page',
    anchors: [']}]}]}', record(0), `${record(1)},`, '{"body":{"stringValue":"', '"}},', '{},', '{"attributes":[', '{"key":"k{n}"},', '{"key":"a","value":{"stringValue":"', '{"key":"a","value":{"kvlistValue":{"values":[', '{"key":"a","value":{"arrayValue":{"values":[', '{"key":"a","value":{"bytesValue":"YWJj"}},', '{"intValue":"1"},', '[', ']', '{', '}', ',', '"', '\\', '"k{n}":1,', 'null', '{"name":"exception"},', '"severityNumber":9,', '"traceId":"', 'gen_ai.', 'afn.'], // biome-ignore format: a table
    harmless: length => filled(length, '', record, ''),
    run: text =>
      handle(
        new Request('https://shop.example/api/otel/v1/logs', {
          method: 'POST',
          headers: { origin: 'https://shop.example', 'content-type': 'application/json', 'content-encoding': 'gzip' },
          body: gzipSync(otlpOf(text), { level: 1 }),
        }),
      ).then(response => response.status),
  }
}
