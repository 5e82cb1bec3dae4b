/**
 * `@afn/otel/health` on Workers and other edge runtimes. What needs sockets or files (Redis, PostgreSQL, disks) is not checked there.
 */
import { settingsOf } from '../../shared/config/environment'
import { askByFetch } from './checks/ask-fetch'
import { addCheck, type CheckOptions } from './define'
import { discoverHttp, wanted } from './discover'
import { createHandler, type HealthHandler } from './handler'
import { createAnswers, pathOf } from './probe-answers'
import { discoveredHealth, processHealth } from './process'

export type { Reading, Status } from './check'
export type { CheckOptions, CheckResult } from './define'
export type { HealthHandler } from './handler'

export interface HealthHandlerOptions {
  /** As clients ask for it. Default `/health`. */
  path?: string
  /** The bindings of the Worker. Default those that `fetch(request, env)` is called with, else `process.env`. */
  env?: Readonly<Record<string, unknown>>
}

const onProblem = (problem: string) => console.error(`[@afn/otel] AFN176 ${problem}`)

/**
 * Answers `/health`, `/health/live` and `/health/ready` with `application/health+json`.
 * @example
 * const health = healthHandler()
 * export default { fetch: health.fetch }
 */
export function healthHandler({ path: mounted = '/health', env }: HealthHandlerOptions = {}): HealthHandler {
  const path = pathOf(mounted)
  let made: HealthHandler | undefined
  // bindings come with the first request
  const handler = (bindings?: unknown): HealthHandler => {
    made ??= create(path, env ?? objectOf(bindings) ?? objectOf(globalThis.process?.env) ?? {})
    return made
  }
  const handle: HealthHandler = Object.assign((...args: Parameters<HealthHandler>) => handler()(...args), {
    fetch: (request: Request, bindings?: unknown) => handler(bindings).fetch(request),
    hono: (...args: Parameters<HealthHandler['hono']>) => handler(args[0].env).hono(...args),
    koa: (...args: Parameters<HealthHandler['koa']>) => handler().koa(...args),
    fastify: (...args: Parameters<HealthHandler['fastify']>) => handler().fastify(...args),
    drain: () => handler().drain(),
  })
  return handle
}

function create(path: string, env: Readonly<Record<string, unknown>>): HealthHandler {
  const settings = settingsOf(env)
  const texts = Object.fromEntries(Object.entries(env).filter(([, value]) => typeof value === 'string')) as Record<string, string> // biome-ignore format: one line
  const health = discoveredHealth({
    isolated: true,
    onProblem,
    discover: (calls, health) =>
      wanted(
        settings,
        discoverHttp({ settings, env: texts, ask: () => askByFetch, calls, add: check => health.add(check) }).filter(
          // a Worker exports where its settings say, and has no Collector of its own machine
          ({ name }) => name !== 'collector' || texts.OTEL_EXPORTER_OTLP_ENDPOINT !== undefined,
        ),
      ),
  })
  const { serviceName, resourceAttributes, healthToken: token } = settings
  const service = { name: serviceName, version: resourceAttributes['service.version'] }
  const onFailure = (error: unknown) => console.error(`[@afn/otel] AFN175 a probe could not be answered (${error})`)
  return createHandler(createAnswers({ health, path, token, service, onFailure }), path, () => health.drain())
}

const objectOf = (value: unknown) =>
  typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : undefined

/** Adds a check of your own; see the same function for Node.js. */
export function defineCheck(options: CheckOptions): () => void {
  return addCheck(() => processHealth({ isolated: true, onProblem }), options, onProblem)
}
