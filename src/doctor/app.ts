// What the preload really started beside the app. Called by examine.ts.
import type { Status } from '../diag/status'
import { type Check, checksOf } from './check'

const { holds, fails } = checksOf('app')

export function appChecks(status: Status): Check[] {
  return [started(status), quiet(status), fetchTap(status)]
}

function started({ state, reason, startMs, resource }: Status): Check {
  if (state === 'started') return holds('preload', `started in ${startMs} ms as ${resource?.['service.name']}`)
  const remedy = reason?.startsWith('other SDK')
    ? '; remove that SDK, or set AFN_STAND_DOWN=false to start beside it'
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
        `calls through fetch are seen (${llm.protocols.join(', ')}); content ${llm.captureContent}, prices ${llm.prices}; WebSocket, gRPC and clients with a fetch of their own are not seen`,
      )
    : fails('LLM calls', 'calls through fetch are not seen, because nothing was started or globalThis.fetch is missing')
}
