// Called by generate.ts for the cluster profile: the Collector beside the apps. It holds nothing and decides nothing; all
// spans of a trace go to the same gateway, which does.
import { extensions, memoryLimiter, otlpReceiver, telemetry } from './collector'
import { env } from './environment'
import { note, type Section } from './note'
import type { Plan } from './plan'

export function agentConfig(plan: Plan): Section {
  const leg = (signal: 'traces' | 'metrics' | 'logs', exporter: string): [string, unknown] => [
    signal,
    { receivers: ['otlp'], processors: ['memory_limiter'], exporters: [exporter] },
  ]
  return {
    extensions: extensions(plan),
    receivers: { otlp: otlpReceiver() },
    processors: { memory_limiter: memoryLimiter(plan) },
    exporters: {
      'load_balancing/traces': balanced('traceID', 'a trace is decided on by one gateway'),
      'load_balancing/metrics': balanced('service', 'a series has one writer'),
      'otlp_grpc/logs': {
        endpoint: `${env('AFN_GATEWAY')}:4317`,
        tls: { insecure: true },
        balancer_name: note('records need no order: any gateway will do', 'round_robin'),
        retry_on_failure: retry,
        sending_queue: queue,
      },
    },
    service: {
      extensions: ['health_check', 'file_storage/queue'],
      telemetry: telemetry(),
      pipelines: Object.fromEntries([
        leg('traces', 'load_balancing/traces'),
        leg('metrics', 'load_balancing/metrics'),
        leg('logs', 'otlp_grpc/logs'),
      ]),
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
      tls: { insecure: true },
      timeout: '5s',
      sending_queue: note('else what is taken waits in memory for one gateway, and goes with it', { enabled: false }),
      retry_on_failure: note(
        'A restart is waited out here. Then the whole request is sent anew, the part of other gateways too.',
        { enabled: true, initial_interval: '500ms', max_interval: '2s', max_elapsed_time: '10s' },
      ),
    },
  },
  resolver: { dns: { hostname: env('AFN_GATEWAY'), port: '4317', interval: '5s', timeout: '2s' } },
})
