/** Resource attributes that are labels of every series in Prometheus; the others stand in `target_info`. */
export const promoted = [
  'service.name',
  'service.namespace',
  'service.version',
  'service.instance.id',
  'deployment.environment.name',
  // whom the service belongs to: no convention has a name for it, and alerts are routed by this one
  'team',
]
