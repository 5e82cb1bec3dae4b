// Chunk `instrument-fastify`: Fastify's own, for apps that may bring it too. A second copy can't be registered: both
// decorate requests with `opentelemetry`, and Fastify refuses the second with an error.
import Module from 'node:module'
import path from 'node:path'
import { FastifyOtelInstrumentation } from '@fastify/otel'

type Plugin = ReturnType<FastifyOtelInstrumentation['plugin']>
type Instance = Parameters<Plugin>[0]

const theirs = path.join(path.sep, 'node_modules', '@fastify', 'otel', path.sep)

export class FastifyInstrumentation extends FastifyOtelInstrumentation {
  /** Called for each server that Fastify makes. */
  override plugin(): Plugin {
    const plugin = super.plugin()
    return (instance, options, done) => {
      // the app makes the spans itself
      if (Object.keys((Module as unknown as { _cache: object })._cache).some(file => file.includes(theirs)))
        return done()
      undecorated(instance, () => plugin(instance, options, done))
    }
  }
}

/** The decoration is for the code of those who register the plugin themselves. */
function undecorated(instance: Instance, work: () => void): void {
  const { decorateRequest } = instance
  instance.decorateRequest = function (this: Instance, name: unknown, ...rest: unknown[]) {
    return name === 'opentelemetry' ? instance : Reflect.apply(decorateRequest, this, [name, ...rest])
  } as Instance['decorateRequest']
  try {
    work()
  } finally {
    instance.decorateRequest = decorateRequest
  }
}
