// Names under which the services find each other, in compose and in Kubernetes. Used by the files that name a service.
import type { Resolution } from '../tiers'

export const prometheusOf: Record<Resolution, string> = {
  high: 'prometheus',
  medium: 'prometheus-medium',
  low: 'prometheus-low',
}
