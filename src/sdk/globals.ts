// Registers our providers as OpenTelemetry's globals.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import {
  type ContextManager,
  type MeterProvider,
  ProxyTracerProvider,
  type TextMapPropagator,
  type TracerProvider,
} from '@opentelemetry/api'
import { type LoggerProvider, logs } from '@opentelemetry/api-logs'

export interface Globals {
  readonly tracerProvider: TracerProvider
  readonly meterProvider: MeterProvider
  readonly loggerProvider: LoggerProvider
  readonly contextManager: ContextManager
  readonly propagator: TextMapPropagator | null
}

export interface ApiVersions {
  /** Newest version whose globals were checked to work with the copy that is bundled here. */
  readonly bundled: string
  /** What the app's entry resolves, if anything. */
  readonly resolved: string | null
  readonly registeredAs: string
}

const key = Symbol.for('opentelemetry.js.api.1')
const bundled = '1.10.0'

type ApiGlobal = { version: string } & Record<string, unknown>

/** Whether somebody registered a tracer provider before us, for example another preload. */
export function alreadyRegistered(): boolean {
  return (globalThis as { [key]?: ApiGlobal })[key]?.trace !== undefined
}

/**
 * Every copy of `@opentelemetry/api` in the process finds its providers in one global object, and a copy takes them only
 * when the object's minor version is not below its own. An app can bring several copies, so the object is written here
 * under the newest version in play instead of through one copy's `setGlobalTracerProvider()`.
 * The object's shape is the contract between copies: it has not changed since 1.0 and can't within 1.x.
 */
export function registerGlobals(
  globals: Globals,
  onRefused: (message: string) => void,
  entryDirectory: string,
): ApiVersions {
  const resolved = resolvedApiVersion(entryDirectory)
  const registeredAs = newest(bundled, resolved)
  const tracers = new ProxyTracerProvider()
  tracers.setDelegate(globals.tracerProvider)
  const holder = globalThis as { [key]?: ApiGlobal }
  holder[key] = {
    diag: refusalWatch(onRefused),
    ...holder[key],
    version: registeredAs,
    trace: tracers,
    metrics: globals.meterProvider,
    context: globals.contextManager,
    propagation: globals.propagator ?? undefined,
  }
  logs.setGlobalLoggerProvider(globals.loggerProvider)
  return { bundled, resolved, registeredAs }
}

/** A later registration is refused by the API with a message to its logger and nothing else: listen for it. */
function refusalWatch(onRefused: (message: string) => void) {
  const ignore = () => {}
  return {
    error: (message: unknown) => {
      if (/duplicate registration of API|does not match previously registered API/.test(String(message)))
        onRefused(String(message))
    },
    warn: ignore,
    info: ignore,
    debug: ignore,
    verbose: ignore,
  }
}

function resolvedApiVersion(entryDirectory: string): string | null {
  try {
    const main = createRequire(path.join(entryDirectory, 'app.js')).resolve('@opentelemetry/api')
    const packageRoot = main.slice(
      0,
      main.lastIndexOf(path.join('@opentelemetry', 'api')) + path.join('@opentelemetry', 'api').length,
    )
    return JSON.parse(readFileSync(path.join(packageRoot, 'package.json'), 'utf8')).version
  } catch {
    return null
  }
}

/** The newer of two 1.x versions. */
function newest(ours: string, theirs: string | null): string {
  const match = /^1\.(\d+)\.(\d+)$/.exec(theirs ?? '')
  if (!match) return ours
  const [, minor, patch] = ours.split('.').map(Number) as [number, number, number]
  return Number(match[1]) > minor || (Number(match[1]) === minor && Number(match[2]) > patch) ? match[0] : ours
}
