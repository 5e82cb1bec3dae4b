// The Collector next to the apps. It keeps nothing, and decides only which senders to believe; all spans of a
// trace go to the same gateway.
import { extensions, memoryLimiter, otlpReceiver, telemetry } from './collector-config'
import { env } from './environment'
import type { Plan } from './plan'
import { ingestToken, trustedReceiver, unmark, unmarking } from './trust'
import { GATEWAY_PORT, gatewayToken, toGateways } from './trusted-hop'
import { note, type Section } from './yaml-comments'

export function agentConfig(plan: Plan): Section {
  const leg = (receivers: string[], exporter: string, ...processors: string[]): Section => ({
    receivers,
    processors: ['memory_limiter', ...processors],
    exporters: [exporter],
  })
  const both = ['otlp', 'otlp/trusted']
  return {
    extensions: { ...extensions(plan), ...ingestToken(), ...gatewayToken() },
    receivers: { otlp: otlpReceiver(), 'otlp/trusted': trustedReceiver() },
    processors: { memory_limiter: memoryLimiter(plan), [unmark]: unmarking() },
    exporters: {
      'load_balancing/traces': balanced('traceID', 'a trace is decided on by one gateway'),
      'load_balancing/metrics': balanced('service', 'a series has one writer'),
      'otlp_grpc/logs': {
        endpoint: `${env('AFN_GATEWAY')}:${GATEWAY_PORT}`,
        ...toGateways(),
        balancer_name: note('records need no order: any gateway will do', 'round_robin'),
        retry_on_failure: retry,
        sending_queue: queue,
      },
    },
    service: {
      extensions: ['health_check', 'file_storage/queue', 'bearertokenauth/ingest', 'bearertokenauth/gateway'],
      telemetry: telemetry(),
      pipelines: {
        'traces/open': leg(['otlp'], 'load_balancing/traces', unmark),
        'traces/trusted': leg(['otlp/trusted'], 'load_balancing/traces'),
        metrics: leg(both, 'load_balancing/metrics'),
        logs: leg(both, 'otlp_grpc/logs'),
      },
    },
  }
}

const retry = { enabled: true, initial_interval: '1s', max_interval: '30s', max_elapsed_time: '0s' }
const queue = {
  enabled: true,
  storage: 'file_storage/queue',
  sizer: 'items',
  queue_size: 100_000,
  block_on_overflow: true,
}

const balanced = (routingKey: string, why: string): Section => ({
  routing_key: note(why, routingKey),
  retry_on_failure: retry,
  sending_queue: note('Of the balancer, not of each connection: what a lost gateway leaves goes to another.', queue),
  protocol: {
    otlp: {
      ...toGateways(),
      timeout: '5s',
      sending_queue: note('else what is taken waits in memory for one gateway, and goes with it', { enabled: false }),
      retry_on_failure: note(
        'A restart is waited out here. Then the whole request is sent anew, the part of other gateways too.',
        { enabled: true, initial_interval: '500ms', max_interval: '2s', max_elapsed_time: '10s' },
      ),
    },
  },
  resolver: { dns: { hostname: env('AFN_GATEWAY'), port: String(GATEWAY_PORT), interval: '5s', timeout: '2s' } },
})
