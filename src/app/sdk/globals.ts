// Registers our providers as OpenTelemetry's globals, and sees when somebody else registers others.

import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import {
  type ContextManager,
  type MeterProvider,
  ProxyTracerProvider,
  type TextMapPropagator,
  type Tracer,
  type TracerOptions,
  type TracerProvider,
} from '@opentelemetry/api'
import { logs } from '@opentelemetry/api-logs'
import type { LateLoggerProvider } from './late-logger-provider'

export interface Globals {
  readonly tracerProvider: TracerProvider
  readonly meterProvider: MeterProvider
  readonly loggerProvider: LateLoggerProvider
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

export interface Registration {
  /** Where the app resolves its packages from. */
  readonly entryDirectory: string
  /** Whether a later registration counts. */
  readonly yields: boolean
  /** Somebody else has a tracer provider of its own registered now, and every global of ours is gone. */
  onTakenOver(by: string): void
  /** Somebody else tried to, and was refused. */
  onRefused(what: string, by: string): void
}

const key = Symbol.for('opentelemetry.js.api.1')
const bundled = '1.10.0'
const names = ['trace', 'metrics', 'context', 'propagation', 'logs'] as const
type Name = (typeof names)[number]

type ApiGlobal = { version: string } & Record<string, unknown>
const holder = globalThis as { [key]?: ApiGlobal }

/** Whether somebody registered a tracer provider before us, for example another preload. */
export function alreadyRegistered(): boolean {
  return holder[key]?.trace !== undefined
}

/**
 * Every copy of `@opentelemetry/api` in the process finds its providers in one global object, and a copy takes them only
 * when the object's minor version is not below its own. An app can bring several copies, so the object is written here
 * under the newest version in play instead of through one copy's `setGlobalTracerProvider()`.
 * The object's shape is the contract between copies: it has not changed since 1.0 and can't within 1.x.
 *
 * So is the order of steps in which a copy registers something: it reads the object, writes the same object back, reads
 * the name (a value there refuses it), reads the version (any other than its own refuses it), and writes the name. Only a
 * registration writes the object back: from there to the last step its properties are accessors, which know what is going on.
 * At all other times they are values, since every use of the API reads them.
 */
export function registerGlobals(globals: Globals, registration: Registration): ApiVersions {
  const resolved = resolvedApiVersion(registration.entryDirectory)
  const registeredAs = newest(bundled, resolved)
  const tracers = new LateTracerProvider(globals.tracerProvider)
  const values: Record<Name, unknown> = {
    trace: tracers,
    metrics: globals.meterProvider,
    context: globals.contextManager,
    propagation: globals.propagator ?? undefined,
    // who came first stays
    logs: holder[key]?.logs ?? globals.loggerProvider,
  }
  /** What somebody registers at this moment; `begun` until its name is known. */
  let registering: Name | 'begun' | undefined
  let isOurs = true

  const api: ApiGlobal = { ...holder[key], ...values, version: registeredAs }

  function readVersion(): string {
    const { version, name: by } = caller()
    const what = registering
    if (what === 'begun') end()
    else if (what !== undefined) queueMicrotask(() => unlessWritten(what, by))
    return version ?? resolved ?? registeredAs
  }

  function read(name: Name): unknown {
    if (registering !== 'begun') return values[name]
    if (isOurs && registration.yields) {
      registering = name
      return undefined
    }
    // nothing stands there since somebody has disabled it: the copy goes on, and reads the version
    if (values[name] === undefined) return undefined
    end()
    if (isOurs) registration.onRefused(name, caller().name)
    return values[name]
  }

  function write(name: Name, value: unknown): void {
    const isTakeOver = isOurs && registering === name && name === 'trace'
    values[name] = value
    if (!isTakeOver) return end()
    isOurs = false
    tracers.setDelegate(value as TracerProvider)
    // without us these would be empty now; what it has registered before this one stays
    if (values.metrics === globals.meterProvider) values.metrics = undefined
    if (values.context === globals.contextManager) values.context = undefined
    if (values.propagation === globals.propagator) values.propagation = undefined
    if (values.logs === globals.loggerProvider) values.logs = undefined
    end()
    if (logs.getLoggerProvider() === globals.loggerProvider) logs.disable()
    globals.loggerProvider.release()
    registration.onTakenOver(caller().name)
  }

  /** The version was not that of the copy after all, and it has refused what somebody wanted to register. */
  function unlessWritten(name: Name, by: string): void {
    if (registering !== name) return
    end()
    if (isOurs) registration.onRefused(name, by)
  }

  function begin(): void {
    for (const name of names) {
      const property = Object.getOwnPropertyDescriptor(api, name)
      // what `disable()` has deleted is noticed here; an accessor is that of a registration which did not come to its end
      if (!property?.get) values[name] = property?.value
      Object.defineProperty(api, name, {
        configurable: true,
        enumerable: true,
        get: () => read(name),
        set: (value: unknown) => write(name, value),
      })
    }
    Object.defineProperty(api, 'version', { configurable: true, enumerable: true, get: readVersion })
    registering = 'begun'
  }

  function end(): void {
    registering = undefined
    const common = { configurable: true, enumerable: true, writable: true }
    for (const name of names) {
      const isAccessor = Object.getOwnPropertyDescriptor(api, name)?.get !== undefined
      if (isAccessor) Object.defineProperty(api, name, { ...common, value: values[name] })
    }
    Object.defineProperty(api, 'version', { ...common, value: registeredAs })
  }

  Object.defineProperty(globalThis, key, {
    configurable: true,
    enumerable: true,
    get: () => api,
    set(value: unknown) {
      if (value !== api) {
        Object.defineProperty(globalThis, key, { value, configurable: true, enumerable: true, writable: true })
        return
      }
      begin()
    },
  })
  // SDKs and libraries before 3.0 have a global of their own for loggers
  logs.setGlobalLoggerProvider(globals.loggerProvider)
  return { bundled, resolved, registeredAs }
}

/**
 * Who registers something, from the stack of this moment: the version of its copy of the API, and the first package that is not
 * the API. A copy in a bundle belongs to the package that has the bundle.
 */
function caller(): { version: string | undefined; name: string } {
  const files = stackFiles().filter(file => file !== __filename)
  const packages = files.map(file =>
    [...file.matchAll(/node_modules[\\/]((?:@[^\\/]+[\\/])?[^\\/]+)/g)].at(-1)?.[1]?.replace('\\', '/'),
  )
  const [copy] = files
  const version = copy && apiVersionAbove(copy)
  const api = version === undefined ? undefined : packages[0]
  const name = packages.find(found => found !== undefined && found !== api)
  return { version: version ?? (copy && versionInBundle(copy)), name: name ?? 'the app' }
}

/** Of a copy in a bundle: the text that it splits to know its major version, or that it compares with, as 1.10 does. */
function versionInBundle(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8')
    const split = /([\w$]+)\s*=\s*["'](1\.\d+\.\d+)["'][\s\S]{0,8000}?[^\w$]\1\.split\(["']\.["']\)\[0\]/.exec(
      text,
    )?.[2]
    return split ?? /\.version\s*!==?\s*["'](1\.\d+\.\d+)["']/.exec(text)?.[1]
  } catch {
    return undefined
  }
}

function stackFiles(): string[] {
  const { prepareStackTrace, stackTraceLimit } = Error
  try {
    Error.stackTraceLimit = 30
    Error.prepareStackTrace = (_, sites) => sites.map(site => site.getFileName())
    const { stack } = new Error() as { stack?: unknown }
    return (Array.isArray(stack) ? stack : [])
      .filter(file => typeof file === 'string' && !file.startsWith('node:'))
      .map(file => (file.startsWith('file:') ? fileURLToPath(file) : file))
  } finally {
    Error.stackTraceLimit = stackTraceLimit
    Error.prepareStackTrace = prepareStackTrace
  }
}

function apiVersionAbove(file: string): string | undefined {
  for (let directory = path.dirname(file); ; directory = path.dirname(directory)) {
    try {
      const { name, version } = JSON.parse(readFileSync(path.join(directory, 'package.json'), 'utf8'))
      if (name !== undefined) return name === '@opentelemetry/api' ? version : undefined
    } catch {
      // there is none here, or none that can be read
    }
    if (path.dirname(directory) === directory) return undefined
  }
}

function resolvedApiVersion(entryDirectory: string): string | null {
  try {
    return apiVersionAbove(createRequire(path.join(entryDirectory, 'app.js')).resolve('@opentelemetry/api')) ?? null
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

/**
 * Tracers for an app whose own SDK may come later. Libraries keep the tracer that they get when they are loaded; without us such a tracer
 * would be the API's proxy, and would become one of the app's SDK. So it does with us.
 */
class LateTracerProvider extends ProxyTracerProvider {
  constructor(delegate: TracerProvider) {
    super()
    this.setDelegate(delegate)
  }

  override getTracer(name: string, version?: string, options?: TracerOptions): Tracer {
    let provider: TracerProvider | undefined
    let tracer: Tracer | undefined
    const current = (): Tracer => {
      const delegate = this.getDelegate()
      if (tracer === undefined || provider !== delegate) {
        provider = delegate
        tracer = delegate.getTracer(name, version, options)
      }
      return tracer
    }
    return {
      startSpan: (...args) => current().startSpan(...args),
      startActiveSpan: (...args: unknown[]) => {
        const now = current()
        return Reflect.apply(now.startActiveSpan, now, args)
      },
    }
  }
}
