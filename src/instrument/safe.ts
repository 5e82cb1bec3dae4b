// Chunk `instrumentation`: OpenTelemetry's base class for instrumentations, shared by all their chunks, and the rule that
// an instrumentation that throws leaves the library as it was. Loaded with the first instrumentation.

export * from '@opentelemetry/instrumentation'
export { useImportHook } from './import-hook'
export { dispatch } from './require-hook'

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
}

/**
 * Enables an instrumentation that was created with `enabled: false`, with its patch functions guarded.
 * @param onFailure told when a patch throws; the app gets the module unpatched
 */
export function enableSafely(instrumentation: Instrumentation, onFailure: (error: unknown) => void): void {
  for (const definition of definitions(instrumentation)) guard(definition, onFailure)
  instrumentation.setConfig({ ...instrumentation.getConfig(), enabled: true })
  instrumentation.enable()
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
        return patch.call(definition, exports, version)
      } catch (error) {
        onFailure(error)
        return exports
      }
    }
  }
  for (const file of files) guard(file, onFailure)
}
