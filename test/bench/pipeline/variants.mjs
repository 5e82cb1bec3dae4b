// The generated configuration, and what it is compared with, made from the same parts.

/** @param {any} funnel the generated configuration, parsed @param {any} own that with our own components */
export function variants(funnel, own) {
  return [
    { name: 'plain: memory_limiter, batch, one store', config: plain(funnel) },
    { name: 'two tail samplers side by side', config: parallel(funnel) },
    { name: 'funnel, spans without the mark', config: funnel },
    { name: 'funnel, spans with the mark', config: funnel, isMarked: true },
    { name: 'funnel by our own components, spans without the mark', config: own },
    { name: 'funnel by our own components, spans with the mark', config: own, isMarked: true },
  ]
}

/**
 * What a Collector costs that passes spans on, as its documentation has it: no redaction, no sampling, no metrics. Receiver,
 * exporter and queue on disk are the funnel's; its own metrics are at the default level, which costs it a tenth less. With the
 * processor `batch`, which the funnel's leg of all traces can't have, since it answers before spans are on disk: the queue
 * then writes 8192 spans at once, and not the 500 of a request.
 */
function plain({ receivers, processors, exporters, extensions, service }) {
  return {
    extensions,
    receivers: { otlp: receivers.otlp },
    processors: { memory_limiter: processors.memory_limiter, batch: {} },
    exporters: { 'otlp_grpc/tempo-detailed': exporters['otlp_grpc/tempo-detailed'] },
    service: {
      ...service,
      telemetry: { ...service.telemetry, metrics: { ...service.telemetry.metrics, level: 'normal' } },
      pipelines: {
        traces: {
          receivers: ['otlp'],
          processors: ['memory_limiter', 'batch'],
          exporters: ['otlp_grpc/tempo-detailed'],
        },
      },
    },
  }
}

/** As one would write it: the sampler of the errors takes everything, beside that of the sampled tier. */
function parallel(funnel) {
  const { processors, connectors, service } = funnel
  const errors = { ...processors['tail_sampling/keep'], policies: processors['tail_sampling/errors'].policies }
  const { 'forward/kept': _, ...others } = connectors
  const pipelines = { ...service.pipelines }
  pipelines['traces/sampled'] = {
    receivers: ['forward/clean'],
    processors: ['tail_sampling/keep', 'batch/kept'],
    exporters: ['otlp_grpc/tempo-sampled'],
  }
  pipelines['traces/errors'] = { ...pipelines['traces/errors'], receivers: ['forward/clean'] }
  delete pipelines['traces/keep']
  return {
    ...funnel,
    processors: { ...processors, 'tail_sampling/errors': errors },
    connectors: others,
    service: { ...service, pipelines },
  }
}
