// The Collector next to the apps. It keeps nothing, and decides only which senders to believe; all spans of a
// trace go to the same gateway.
import { extensions, memoryLimiter, otlpReceiver, telemetry } from './collector-config'
import { env } from './environment'
import { diskLimiter, roomOnDisk } from './own-acceptance'
import type { Plan } from './plan'
import { ingestToken, trustedReceiver, unmark, unmarking } from './trust'
import { GATEWAY_PORT, gatewayToken, toGateways } from './trusted-hop'
import { note, type Section } from './yaml-comments'

export function agentConfig(plan: Plan): Section {
  const isOwn = plan.components === 'afn'
  const leg = (receivers: string[], exporter: string, ...processors: string[]): Section => ({
    receivers,
    processors: ['memory_limiter', ...(isOwn ? [diskLimiter] : []), ...processors],
    exporters: [exporter],
  })
  const both = ['otlp', 'otlp/trusted']
  const traces = isOwn ? 'afn_load_balancing/traces' : 'load_balancing/traces'
  return {
    extensions: { ...extensions(sized(plan)), ...ingestToken(), ...gatewayToken() },
    receivers: { otlp: otlpReceiver(), 'otlp/trusted': trustedReceiver() },
    processors: { memory_limiter: memoryLimiter(plan), ...(isOwn && roomOnDisk()), [unmark]: unmarking() },
    exporters: {
      [traces]: isOwn ? lanes(plan) : balanced(plan, 'traceID', 'one gateway decides on all spans of a trace'),
      'load_balancing/metrics': balanced(plan, 'service', 'a series has one writer'),
      'otlp_grpc/logs': {
        endpoint: `${env('AFN_GATEWAY')}:${GATEWAY_PORT}`,
        ...toGateways(plan),
        balancer_name: note('records need no order, so any gateway can take them', 'round_robin'),
        retry_on_failure: retry,
        sending_queue: queue,
      },
    },
    service: {
      extensions: ['health_check', 'file_storage/queue', 'bearertokenauth/ingest', 'bearertokenauth/gateway'],
      telemetry: telemetry(),
      pipelines: {
        'traces/open': leg(['otlp'], traces, unmark),
        'traces/trusted': leg(['otlp/trusted'], traces),
        metrics: leg(both, 'load_balancing/metrics'),
        logs: leg(both, 'otlp_grpc/logs'),
      },
    },
  }
}

/** Bytes; a kubelet ends a pod that has more on its emptyDir, and what waits goes with it. */
export const agentDisk = 6 * 2 ** 30
/** Traces, what waits for each of eight gateways, metrics and logs. */
const queues = 11

const sized = (plan: Plan): Plan => ({
  ...plan,
  scale: { ...plan.scale, queueBytes: Math.min(plan.scale.queueBytes, Math.floor(agentDisk / (queues + 1))) },
})

const retry = { enabled: true, initial_interval: '1s', max_interval: '30s', max_elapsed_time: '0s' }
const queue = {
  enabled: true,
  storage: 'file_storage/queue',
  sizer: 'items',
  queue_size: 100_000,
  block_on_overflow: true,
}

const resolver = { dns: { hostname: env('AFN_GATEWAY'), port: String(GATEWAY_PORT), interval: '5s', timeout: '2s' } }

/** By our own component, which tries again what one gateway did not take, and nothing else. */
const lanes = (plan: Plan): Section => ({
  routing_key: note('one gateway decides on all spans of a trace', 'traceID'),
  retry_on_failure: { ...retry, max_interval: '5s' },
  sending_queue: note(
    'One queue for all incoming data. Data that a gateway does not accept waits in a queue for that gateway.',
    queue,
  ),
  protocol: { otlp: { ...toGateways(plan), timeout: '10s' } },
  resolver,
})

const balanced = (plan: Plan, routingKey: string, why: string): Section => ({
  routing_key: note(why, routingKey),
  retry_on_failure: retry,
  sending_queue: note(
    'The queue of the balancer, not of each connection: data for a lost gateway goes to another one.',
    queue,
  ),
  protocol: {
    otlp: {
      ...toGateways(plan),
      timeout: '5s',
      sending_queue: note('otherwise accepted data waits in memory for one gateway, and is lost with it', {
        enabled: false,
      }),
      retry_on_failure: note(
        'Waits here until a restarting gateway is back. Then the whole request is sent again, including the parts of other gateways.',
        { enabled: true, initial_interval: '500ms', max_interval: '2s', max_elapsed_time: '10s' },
      ),
    },
  },
  resolver,
})
