// Makes the calls of many recordings under the packed preload, some in each process, and gives back what was exported for
// each of them. A process that dies or hangs costs one recording, not the run.
import { spawn } from 'node:child_process'
import { cpSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { createInterface } from 'node:readline'
import { makeApp, root } from '../support/packed'
import { type ReceivedSpan, startReceiver } from '../support/receiver'
import { ofTheConnection, startProvider } from './provider'
import type { Recording } from './recordings'

export interface RecordedCall {
  /** What the preload exported for the call, our parent span apart. */
  spans: ReceivedSpan[]
  /** How the call failed, if it did. */
  failure?: string | undefined
}

export interface CallOptions {
  /** Bytes a piece of the answers; by default one event a piece. */
  split?: number | undefined
  /** How the requests are made; by default as the provider's own client does. */
  client?: HttpClient | undefined
}

export type HttpClient = 'fetch' | 'http' | 'http2'

const perProcess = 100
/** Longest silence of a process. */
const patienceMs = 90_000

/** AWS's client is the only one that never calls fetch. */
function usualClient({ protocol }: Recording): HttpClient {
  return protocol === 'bedrock' ? 'http' : 'fetch'
}

export async function callAll(
  recordings: Recording[],
  { split, client }: CallOptions = {},
): Promise<Map<string, RecordedCall>> {
  const known = new Map(recordings.map(recording => [encodeURIComponent(recording.id), recording]))
  const provider = await startProvider(({ rawHeaders }) => {
    const at = rawHeaders.findIndex(text => text.toLowerCase() === 'x-afn-recording')
    const recording = known.get(rawHeaders[at + 1] ?? '')
    return recording && { recording, split }
  })
  const folder = makeApp({ files: {}, modules: { '@opentelemetry/api': '@opentelemetry/api' } })
  cpSync(path.join(root, 'test/conformance/app'), folder, { recursive: true })
  const env = {
    PROVIDER_PORT: String(provider.port),
    PROVIDER_PORT2: String(provider.port2),
    ...(split && { SPLIT: String(split) }),
  }
  const recorded = new Map<string, RecordedCall>()
  try {
    for (let left = recordings; left.length > 0; left = left.filter(({ id }) => !recorded.has(id))) {
      const batch = left.slice(0, perProcess).map(recording => request(recording, client ?? usualClient(recording)))
      for (const [id, calls] of await runBatch(folder, batch, env)) recorded.set(id, calls)
    }
  } finally {
    await provider.close()
    rmSync(folder, { recursive: true, force: true })
  }
  return recorded
}

function request({ id, request: { url, method, headers, body } }: Recording, client: HttpClient) {
  const kept = Object.entries(headers).filter(([name]) => !ofTheConnection.has(name.toLowerCase()))
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  return { id, client, url, method, headers: Object.fromEntries(kept), body: text }
}

/** Tells of the recordings up to the one that ended the process, if one did. */
async function runBatch(folder: string, batch: { id: string }[], env: Record<string, string>) {
  writeFileSync(path.join(folder, 'batch.json'), JSON.stringify(batch))
  const receiver = await startReceiver()
  const { lines, ended } = await runApp(folder, { ...env, OTEL_EXPORTER_OTLP_ENDPOINT: receiver.url })
  const spans = receiver.spans()
  await receiver.close()
  const recorded = lines.map(({ id, traceId, failure }): [string, RecordedCall] => [
    id,
    { spans: spans.filter(span => span.traceId === traceId && span.scope !== 'conformance'), failure },
  ])
  const next = batch[lines.length]
  if (next) recorded.push([next.id, { spans: [], failure: ended }])
  return recorded
}

interface Line {
  id: string
  traceId: string
  failure?: string
}

function runApp(folder: string, env: Record<string, string>): Promise<{ lines: Line[]; ended: string }> {
  const args = ['--require', './route.cjs', '--require', '@afn/otel', 'app.cjs', 'batch.json']
  const child = spawn(process.execPath, args, {
    cwd: folder,
    env: {
      PATH: process.env.PATH,
      AFN_CAPTURE_CONTENT: 'full',
      AFN_REDACTION: 'off',
      AFN_LOG_LEVEL: 'none',
      // small exports: a receiver that takes them all at once would need them all in one buffer
      OTEL_BSP_MAX_EXPORT_BATCH_SIZE: '32',
      ...env,
    },
  })
  return new Promise((resolve, reject) => {
    const lines: Line[] = []
    let stderr = ''
    const limit = setTimeout(() => child.kill('SIGKILL'), patienceMs)
    createInterface({ input: child.stdout }).on('line', line => {
      limit.refresh()
      lines.push(JSON.parse(line))
    })
    child.stderr.on('data', chunk => {
      stderr += chunk
    })
    child.on('error', reject)
    child.on('close', (code, signal) => {
      clearTimeout(limit)
      resolve({ lines, ended: `the process ended with ${signal ?? code}: ${stderr.trim().split('\n').at(-1) ?? ''}` })
    })
  })
}
