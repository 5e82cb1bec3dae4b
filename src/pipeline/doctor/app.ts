// What the preload really started in the app.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import type { Status } from '../../shared/diag/status'
import { type Check, checksOf } from './check'

const { holds, fails } = checksOf('app')

/** @param cwd the folder of the app */
export function appChecks(status: Status, cwd: string): Check[] {
  return [runtime(process.versions.node), started(status), ...otherSdks(status, cwd), quiet(status), fetchTap(status)]
}

/** Lines of Node.js on which every release is tested. */
const promised = [22, 24, 26]

/** @param version as `process.versions.node` */
export function runtime(version: string): Check {
  const line = Number.parseInt(version, 10)
  if (promised.includes(line)) return holds('Node.js', `${version} is supported`)
  return holds(
    'Node.js',
    line < 22
      ? `${version} works, but its release line reached end of life in April 2026 and is not supported; use 22, 24 or 26`
      : `${version} is not tested; 22, 24 and 26 are`,
  )
}

/** Packages that register a tracer provider of their own, most of them when the app calls them. */
const sdks = [
  '@azure/monitor-opentelemetry',
  '@dash0/opentelemetry',
  '@elastic/opentelemetry-node',
  '@honeycombio/opentelemetry-node',
  '@logfire/node',
  '@opentelemetry/auto-instrumentations-node',
  '@opentelemetry/sdk-node',
  '@opentelemetry/sdk-trace-node',
  '@sentry/node',
  '@splunk/otel',
  '@vercel/otel',
  'openlit',
]

/** The app is not run here, so that what it will register is not known. */
function otherSdks({ state }: Status, cwd: string): Check[] {
  const listed = state === 'started' ? dependenciesOf(cwd).filter(name => sdks.includes(name)) : []
  if (listed.length === 0) return []
  const detail = `${listed.join(', ')} is installed; if the app starts it and it registers a tracer provider, this SDK stands down (AFN103) unless AFN_STAND_DOWN=false`
  return [holds('other SDK', detail)]
}

function dependenciesOf(cwd: string): string[] {
  try {
    return Object.keys(JSON.parse(readFileSync(path.join(cwd, 'package.json'), 'utf8')).dependencies ?? {})
  } catch {
    return []
  }
}

function started({ state, reason, startMs, resource }: Status): Check {
  if (state === 'started') return holds('preload', `started in ${startMs} ms as ${resource?.['service.name']}`)
  const remedy = reason?.startsWith('other SDK')
    ? '; start only one of them, or set AFN_STAND_DOWN=false to keep this SDK'
    : ''
  return fails('preload', `not started (${state}: ${reason})${remedy}`)
}

function quiet({ diagnostics }: Status): Check {
  const said = diagnostics
    .map(({ code, message, count, firstAt, lastAt }) =>
      count === 1 ? `${code} ${message}` : `${code} ${message} (${count} times from ${firstAt} to ${lastAt})`,
    )
    .join(' | ')
  return said ? fails('diagnostics', said) : holds('diagnostics', 'none')
}

function fetchTap({ llm }: Status): Check {
  return llm?.fetch === 'tapped'
    ? holds(
        'LLM calls',
        `traced (${llm.protocols.join(', ')}); content ${llm.captureContent}, prices ${llm.prices}; requests token counts in streams: ${llm.includeUsage}; gRPC and WebRTC are not traced`,
      )
    : fails(
        'LLM calls',
        'calls through fetch are not traced, because the SDK was not started or globalThis.fetch is missing',
      )
}
