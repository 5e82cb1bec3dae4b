// What an app has installed of each generation of OpenTelemetry JS that `./sdk` takes, as `modules` of an app's folder.
import path from 'node:path'
import { installOnce } from './install.mjs'
import { root } from './packed'

const names = ['api', 'api-logs', 'sdk-node', 'sdk-metrics', 'sdk-trace', 'resources'].map(
  name => `@opentelemetry/${name}`,
)

export const generations = ['0.301', '0.223'] as const
export type Generation = (typeof generations)[number]

/** @param generation of `@opentelemetry/sdk-node` */
export function sdkModules(generation: Generation): Record<string, string> {
  if (generation === '0.301') return Object.fromEntries(names.map(name => [name, name]))
  const folder = installOnce(path.join(root, 'test/sdk-0.223/package.json'), 'sdk-0.223')
  return Object.fromEntries(names.map(name => [name, path.join(folder, 'node_modules', name)]))
}
