// Chunk `instrumentation`: OpenTelemetry's base class for instrumentations, shared by all their chunks, and the rule that
// an instrumentation that throws leaves the library as it was. Loaded with the first instrumentation.

import { createNoopLogger, createNoopMeter, ProxyTracerProvider } from '@opentelemetry/api'
import { InstrumentationBase } from '@opentelemetry/instrumentation'
import { versionOfBundled } from './bundled'
import { release } from './wrap'

export * from '@opentelemetry/instrumentation'
export { useImportHook } from './import-hook'
export { dispatch } from './require-hook'
export { tellTrouble } from './wrap'

/** A library in a bundle has no package.json that could be read. */
const base = InstrumentationBase.prototype as unknown as { _extractPackageVersion(basedir: string): string | undefined }
const readVersion = base._extractPackageVersion
base._extractPackageVersion = function (this: unknown, basedir) {
  return versionOfBundled(basedir) ?? Reflect.apply(readVersion, this, [basedir])
}

type Patch = (exports: unknown, version?: string) => unknown

interface Patched {
  patch?: Patch
  files?: Patched[]
}

/** What we touch of an instrumentation. */
export interface Instrumentation {
  getConfig(): object
  setConfig(config: object): void
  enable(): void
  disable(): void
  setTracerProvider(provider: object): void
  setMeterProvider(provider: object): void
  setLoggerProvider?(provider: object): void
}

/**
 * Enables an instrumentation that was created with `enabled: false`, with its patch functions guarded.
 * @param onFailure is called when a patch throws; the app gets the module unpatched
 */
export function enableSafely(instrumentation: Instrumentation, onFailure: (error: unknown) => void): void {
  for (const definition of definitions(instrumentation)) guard(definition, onFailure)
  instrumentation.setConfig({ ...instrumentation.getConfig(), enabled: true })
  instrumentation.enable()
}

/** What can't be unpatched, since somebody has put a function of its own on top, calls the original from now on. */
export function disableSafely(instrumentations: readonly Instrumentation[], onFailure: (error: unknown) => void): void {
  release()
  for (const instrumentation of instrumentations) {
    try {
      // first: the global ones are somebody else's by now, and some fail to unpatch what they have never patched
      instrumentation.setTracerProvider(new ProxyTracerProvider())
      instrumentation.setMeterProvider({ getMeter: createNoopMeter })
      instrumentation.setLoggerProvider?.({ getLogger: createNoopLogger })
      instrumentation.disable()
    } catch (error) {
      onFailure(error)
    }
  }
}

/** Module definitions of the instrumentation, and of instrumentations inside it (redis has two). */
function definitions(instrumentation: object): Patched[] {
  const own = (instrumentation as { _modules?: Patched[] })._modules ?? []
  const inner = Object.values(instrumentation).flatMap(value =>
    value && typeof value === 'object' && '_modules' in value ? definitions(value) : [],
  )
  return [...own, ...inner]
}

function guard(definition: Patched, onFailure: (error: unknown) => void): void {
  const { patch, files = [] } = definition
  if (patch) {
    definition.patch = (exports, version) => {
      try {
        if (isNamespace(exports)) {
          const before = exports.default
          // what a require had patched before the import needs no second time
          if (made.has(before)) return exports
          const patched = patch.call(definition, exports, version)
          if (typeof before === 'function') made.add(before, exports.default)
          return patched
        }
        return made.add(exports, patch.call(definition, exports, version))
      } catch (error) {
        onFailure(error)
        return exports
      }
    }
  }
  for (const file of files) guard(file, onFailure)
}

function isNamespace(exports: unknown): exports is { default?: unknown } {
  return (exports as { [Symbol.toStringTag]?: unknown } | undefined)?.[Symbol.toStringTag] === 'Module'
}

/** What patches put in the place of exports. */
const made = {
  known: new WeakSet<object>(),
  has(value: unknown): boolean {
    return typeof value === 'function' && this.known.has(value)
  },
  /** Returns what the app gets: nothing of another kind than the exports, and with their name. */
  add(exports: unknown, patched: unknown): unknown {
    if (typeof patched !== typeof exports || patched === null) return exports
    if (patched === exports || typeof patched !== 'function') return patched
    const { length, name } = Object.getOwnPropertyDescriptors(exports as () => void)
    Object.defineProperties(patched, { ...(length && { length }), ...(name && { name }) } as PropertyDescriptorMap)
    this.known.add(patched)
    return patched
  },
}
