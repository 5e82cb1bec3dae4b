// `afn-otel doctor [--json] [APP]`: starts the preload in a child process where the app lives, reads what really started,
// and checks that somebody takes what would be sent.
import { execFile } from 'node:child_process'
import { existsSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseArgs, promisify } from 'node:util'
import type { Status } from '../diag/status'

interface Check {
  readonly name: string
  readonly ok: boolean
  /** What was found; for a failed check the cause and the remedy. */
  readonly detail: string
}

/** @returns 0 when every check holds, else 1 */
export async function doctor(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { json: { type: 'boolean', default: false } },
  })
  const status = await probe(folderOf(positionals[0]))
  const checks = [started(status), ...(await deliveries(status)), quiet(status), fetchTap(status)]
  if (values.json) console.log(JSON.stringify({ ok: checks.every(check => check.ok), checks, status }, null, 2))
  else {
    for (const { ok, name, detail } of checks) console.log(`${ok ? 'ok    ' : 'FAILED'} ${name}: ${detail}`)
    const armed = Object.entries(status.instrumentations).filter(([, state]) => state === 'armed' || state === 'active')
    console.log(`       instrumentations armed: ${armed.map(([name]) => name).join(', ') || 'none'}`)
  }
  return checks.every(check => check.ok) ? 0 : 1
}

/** The folder whose package.json counts: of the app's entry file, or the working directory. */
function folderOf(app: string | undefined): string {
  if (app === undefined) return process.cwd()
  if (!existsSync(app)) throw new Error(`${app} does not exist; give the app's entry file or its folder`)
  return statSync(app).isDirectory() ? path.resolve(app) : path.dirname(path.resolve(app))
}

async function probe(cwd: string): Promise<Status> {
  const script = `process.stdout.write(JSON.stringify(require(${JSON.stringify(path.join(__dirname, 'api.cjs'))}).status() ?? null))`
  const node = ['--require', path.join(__dirname, 'index.cjs'), '--eval', script]
  // no exporter runs in the probe: it is here to be looked at, and ends at once
  const { stdout } = await promisify(execFile)(process.execPath, node, {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', AFN_LOG_LEVEL: 'none' },
  })
  const status = JSON.parse(stdout) as Status | null
  if (!status) throw new Error(`Node.js ${process.versions.node} is not supported; use 20.6 or newer`)
  return status
}

function started({ state, reason, startMs, resource }: Status): Check {
  const ok = state === 'started'
  const remedy = reason?.startsWith('other SDK')
    ? '; remove that SDK, or set AFN_STAND_DOWN=false to start beside it'
    : ''
  return {
    name: 'preload',
    ok,
    detail: ok
      ? `started in ${startMs} ms as ${resource?.['service.name']}`
      : `not started (${state}: ${reason})${remedy}`,
  }
}

/** An empty OTLP request is valid: whoever answers 2xx takes ours. */
async function deliveries(status: Status): Promise<Check[]> {
  const targets = (['traces', 'metrics', 'logs'] as const).map(signal => ({ signal, target: status[signal] }))
  return Promise.all(
    targets.map(async ({ signal, target }) => {
      if (!target) return { name: signal, ok: false, detail: 'nothing was started' }
      if (!target.endpoint) return { name: signal, ok: true, detail: `exporter ${target.exporter}` }
      const answer = await post(target.endpoint)
      const detail = answer.ok
        ? `${target.endpoint} takes them`
        : `${target.endpoint} does not take them (${answer.reason}); start a Collector there (afn-otel collector run) or set OTEL_EXPORTER_OTLP_ENDPOINT`
      return { name: signal, ok: answer.ok, detail }
    }),
  )
}

async function post(url: string): Promise<{ ok: boolean; reason: string }> {
  try {
    const headers = { 'content-type': 'application/x-protobuf' }
    const response = await fetch(url, {
      method: 'POST',
      headers,
      body: new Uint8Array(),
      signal: AbortSignal.timeout(5_000),
    })
    return { ok: response.ok, reason: `HTTP ${response.status}` }
  } catch (error) {
    const cause = (error as { cause?: { code?: string } }).cause?.code
    return { ok: false, reason: cause ?? (error as Error).message }
  }
}

function quiet({ diagnostics }: Status): Check {
  const said = diagnostics.map(({ code, message }) => `${code} ${message}`)
  return { name: 'diagnostics', ok: said.length === 0, detail: said.join(' | ') || 'none' }
}

function fetchTap({ llm }: Status): Check {
  const ok = llm?.fetch === 'tapped'
  const detail = ok
    ? `calls through fetch are seen (${llm.protocols.join(', ')}); content ${llm.captureContent}, prices ${llm.prices}; WebSocket, gRPC and clients with a fetch of their own are not seen`
    : 'calls through fetch are not seen, because nothing was started or globalThis.fetch is missing'
  return { name: 'LLM calls', ok, detail }
}
