// afn-otel.config.yaml of the commands in containers: the part of the plan that they go by. Without it they would go by its defaults.
import { snake } from './overlay'
import type { Plan } from './plan'
import { render } from './render'

/** In a container; `AFN_CONFIG` names it. */
export const SETTINGS_FILE = 'afn-otel.config.yaml'

export const commandSettings = ({ retention, policies, urls }: Plan, by: string): string =>
  render(`What the commands of afn-otel in containers go by.\n${by}`, {
    pipeline: inSnakeCase({ retention, policies, urls }),
  })

/** Keys as the settings file has them. */
function inSnakeCase<T>(value: T): T {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [snake(key), inSnakeCase(item)])) as T
}
