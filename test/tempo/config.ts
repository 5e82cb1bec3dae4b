// Our own tempo.yaml for a test: one process, files in a folder, free ports, everything searchable at once.
import { parse, stringify } from 'yaml'
import { generateFiles } from '../../src/pipeline/deployment/generate'
import { planOf } from '../../src/pipeline/deployment/plan'

export interface Places {
  folder: string
  http: number
  grpc: number
  otlp: number
  otlpGrpc: number
}

/** File name → text. */
export function tempoConfig({ folder, http, grpc, otlp, otlpGrpc }: Places): Record<string, string> {
  const generated = Object.fromEntries(generateFiles(planOf('single')).map(file => [file.path, file.content]))
  const config = parse(generated['tempo.yaml']!.replaceAll('/var/tempo', folder).replaceAll('/conf', folder))
  config.server = {
    http_listen_address: '127.0.0.1',
    http_listen_port: http,
    grpc_listen_address: '127.0.0.1',
    grpc_listen_port: grpc,
  }
  config.distributor.receivers.otlp.protocols = {
    http: { endpoint: `127.0.0.1:${otlp}` },
    grpc: { endpoint: `127.0.0.1:${otlpGrpc}` },
  }
  config.live_store.max_trace_idle = '1s'
  config.query_frontend.query_end_cutoff = '0s'
  return { 'tempo.yaml': stringify(config), 'tempo-overrides.yaml': generated['tempo-overrides.yaml']! }
}
