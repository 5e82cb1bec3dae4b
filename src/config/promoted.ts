/**
 * Resource attributes that are labels of every series in Prometheus; the others stand in `target_info`.
 * Called by whoever brings metrics there: the prometheus.yml that is generated, and the SDK's pull endpoint.
 */
export const promoted = [
  'service.name',
  'service.namespace',
  'service.version',
  'service.instance.id',
  'deployment.environment.name',
]
