// Holds that streams leave nothing behind in the heap, however they ended.
import { readFileSync, rmSync } from 'node:fs'
import path from 'node:path'
import { startReceiver } from '../support/receiver'
import { answers } from './answers'
import { clients } from './clients'
import { makeClientApp } from './flavours'
import { runNode } from './node-process'
import { startProvider } from './provider'

const streams = 10_000
/** What the heap may be at the end for what it was after the first fifth: room for caches and queues that fill. */
const most = 1.25

/** @param modules the folder in which the clients are installed */
export async function heapOverStreams(modules: string): Promise<{ flat: boolean; text: string }> {
  const client = clients.find(({ name, version }) => name === 'openai' && version === '6')!
  const folder = await makeClientApp(
    { ...client, app: 'heap.mjs' },
    { openai: path.join(modules, client.modules.openai!) },
    'cjs',
  )
  const recording = answers().recordings.get('chat-stream-usage')!
  const provider = await startProvider(() => {
    provider.received.length = 0
    return { recording }
  })
  let exported = 0
  const receiver = await startReceiver(() => {
    exported += receiver.spans().length
    receiver.requests.length = 0
    return 200
  })
  const results = path.join(folder, 'results.json')
  try {
    const { stderr } = await runNode(
      process.execPath,
      ['--expose-gc', '--require', '@afn/otel', 'app.cjs'],
      folder,
      {
        PROVIDER: `http://127.0.0.1:${provider.port}`,
        RESULTS: results,
        STREAMS: String(streams),
        OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url,
        AFN_CAPTURE_CONTENT: 'full',
        AFN_LOG_LEVEL: 'none',
      },
      300_000,
    )
    const { heap } = JSON.parse(readFileSync(results, 'utf8')) as { heap: number[] }
    const ratio = heap.at(-1)! / heap[0]!
    const figures = heap.map(bytes => (bytes / 1e6).toFixed(1)).join(' ')
    return {
      flat: ratio < most && exported > 0,
      text: `heap over ${streams} streams, ${exported} spans, MB at each fifth: ${figures}${stderr && ` ${stderr}`}`,
    }
  } finally {
    await provider.close()
    await receiver.close()
    rmSync(folder, { recursive: true, force: true })
  }
}
