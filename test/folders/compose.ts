// compose.yaml as containers: variables put in as https://github.com/compose-spec/compose-spec/blob/main/12-interpolation.md says.
import path from 'node:path'
import { parse } from 'yaml'
import { type Container, type Host, type Image, textOf } from './containers'

export interface Service {
  readonly image: string
  readonly command?: readonly string[]
  readonly entrypoint?: readonly string[]
  readonly environment?: Record<string, string>
  readonly user?: string
  readonly ports?: readonly string[]
  readonly volumes?: readonly string[]
  /** None where it listens nowhere and reports each round that succeeded. */
  readonly healthcheck?: { readonly test: readonly string[] }
  readonly deploy: { readonly resources: { readonly limits: { readonly memory: string } } }
}

/** @throws Error as compose says it, where a variable is missing */
export function servicesIn(folder: string): Record<string, Service> {
  const values = Object.fromEntries(
    [...textOf(path.join(folder, '.env')).matchAll(/^(\w+)=(.*)$/gm)].map(([, name, value]) => [name!, value!]),
  )
  const text = textOf(path.join(folder, 'compose.yaml'))
  return withValues(parse(text).services, values) as Record<string, Service>
}

function withValues(node: unknown, values: Record<string, string>): unknown {
  if (typeof node === 'string')
    return node.replace(/\$\$|\$\{(\w+)(?:(:[-?])([^}]*))?\}/g, (whole, name: string, operator?: string, text = '') => {
      if (whole === '$$') return '$'
      if (values[name]) return values[name]
      if (operator === ':-') return text
      throw new Error(`required variable ${name} is missing a value: ${text}`)
    })
  if (Array.isArray(node)) return node.map(item => withValues(item, values))
  if (typeof node !== 'object' || node === null) return node
  return Object.fromEntries(Object.entries(node).map(([key, item]) => [key, withValues(item, values)]))
}

export function containerOf(host: Host, folder: string, name: string, service: Service, image: Image): Container {
  const { command = [], entrypoint, environment = {}, user, ports = [], volumes = [] } = service
  return {
    name,
    image,
    args: command,
    env: environment,
    mounts: volumes.map(volume => {
      const [source, to, mode] = volume.split(':') as [string, string, string | undefined]
      const isPlace = /^\.?\//.test(source)
      const from = isPlace ? path.resolve(folder, source) : host.volume(source, image, to)
      return { from, to, isReadOnly: mode === 'ro' }
    }),
    names: [name],
    ports: ports.map(port => port.split(':').slice(1).map(Number) as [number, number]),
    memory: Number(/^(\d+)M$/.exec(service.deploy.resources.limits.memory)![1]) * 2 ** 20,
    ...(entrypoint && { entrypoint }),
    ...(user && { user }),
  }
}
