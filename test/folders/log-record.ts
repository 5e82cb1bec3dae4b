// The trace of a log record, wherever a folder keeps it.
import { decodeLogs } from '../support/receiver'
import type { Host } from './containers'
import type { Binaries } from './images'

const url = 'http://127.0.0.1:3100'

/** @returns undefined until Loki, or what stands in for it, has the record */
export async function traceInLoki(host: Host, { loki }: Binaries, text: string): Promise<string | undefined> {
  if (!loki) {
    // requests of protobuf one behind the other are one request
    const { body } = await host.fetch(`${url}/bytes`)
    return decodeLogs({ path: '', headers: {}, body: Buffer.from(body, 'hex') }).find(one => one.body === text)?.traceId
  }
  const query = encodeURIComponent(`{afn_logs_class="warn"} |= ${JSON.stringify(text)}`)
  const { body } = await host.fetch(`${url}/loki/api/v1/query_range?query=${query}`)
  return JSON.parse(body).data.result[0]?.stream.trace_id
}

/** @param lines of a file of the Collector */
export const traceInFile = (lines: string, text: string): string | undefined =>
  /"traceId":"([\da-f]{32})"/.exec(lines.split('\n').find(line => line.includes(text)) ?? '')?.[1]
