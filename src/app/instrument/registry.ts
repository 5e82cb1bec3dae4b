// Which instrumentations are armed, and loads one when its time has come.

import type { Settings } from '../../shared/config/settings'
import { reason, report } from '../../shared/diag/report'
import type { Status } from '../../shared/diag/status'
import { loadChunk, loadInstrumentation } from '../chunks'
import { type CatalogueEntry, catalogue } from './catalogue'
import type { ImportHook } from './import-hook'
import type { Instrumentation } from './safe'

export interface Registry {
  /** Every module name that somebody waits for. */
  readonly targets: ReadonlySet<string>
  /**
   * Loads what waits for this module; returns whether an instrumentation was loaded now. Never throws.
   * @param namespace of the import that loads it, where it is an import
   */
  activate(target: string, namespace?: unknown): boolean
  /** Gives every loaded instrumentation that hooked `name` its turn; returns the exports for the app. Never throws. */
  dispatch(exports: unknown, name: string, basedir: string | undefined): unknown
  /** Gives the real hook for ES modules to the instrumentations, those that are loaded and those that come. */
  useImportHook(hook: ImportHook): void
  /** From now on nothing is instrumented, and what was is as it would be without us, as far as that can be. Never throws. */
  stop(): void
}

/** Somebody besides the instrumentations who waits for modules, and has a say in how one of them is configured. */
export interface Watch {
  readonly targets: readonly string[]
  /** Is called at each load of a target before the instrumentations are, which may be more than one for a module. Never throws. */
  loads(target: string, namespace: unknown): void
  /** By name of the instrumentation. */
  readonly config: Readonly<Record<string, object>>
}

export function createRegistry(
  settings: Settings,
  instrumentations: Status['instrumentations'],
  watch: Watch,
): Registry {
  const waiting = new Map<string, CatalogueEntry[]>()
  let base: ReturnType<typeof loadChunk<'instrumentation'>> | undefined
  let importHook: ImportHook | undefined
  let stopped = false
  const loaded: Instrumentation[] = []

  for (const entry of catalogue) {
    const on = isOn(entry, settings)
    instrumentations[entry.name] = on ? 'armed' : 'disabled'
    if (!on) continue
    for (const target of entry.targets) waiting.set(target, [...(waiting.get(target) ?? []), entry])
  }

  function load(entry: CatalogueEntry): 'active' | 'failed' {
    try {
      if (!base) {
        base = loadChunk('instrumentation')
        base.tellTrouble(message => report('AFN120', `${message}; it runs without spans`))
        if (importHook) base.useImportHook(importHook)
      }
      const config = { ...entry.config?.(settings), ...watch.config[entry.name], enabled: false }
      const instrumentation = loadInstrumentation(entry.name).create(config)
      loaded.push(instrumentation)
      base.enableSafely(instrumentation, error => failed(entry, error))
      return 'active'
    } catch (error) {
      failed(entry, error)
      return 'failed'
    }
  }

  return {
    targets: new Set([...waiting.keys(), ...watch.targets]),
    activate(target, namespace) {
      if (stopped) return false
      if (watch.targets.includes(target)) watch.loads(target, namespace)
      const entries = waiting.get(target)?.filter(entry => instrumentations[entry.name] === 'armed') ?? []
      for (const entry of entries) instrumentations[entry.name] = load(entry)
      return entries.length > 0
    },
    dispatch(exports, name, basedir) {
      try {
        return base && !stopped ? base.dispatch(exports, name, basedir) : exports
      } catch (error) {
        report('AFN120', `instrumenting ${name} failed (${reason(error)}); it runs without spans`)
        return exports
      }
    },
    useImportHook(hook) {
      importHook = hook
      base?.useImportHook(hook)
    },
    stop() {
      stopped = true
      for (const [name, state] of Object.entries(instrumentations)) {
        if (state === 'armed' || state === 'active') instrumentations[name] = 'disabled'
      }
      // quietly: what is left calls the library's own functions
      base?.disableSafely(loaded, () => {})
    },
  }
}

function isOn(entry: CatalogueEntry, { enabledInstrumentations, disabledInstrumentations }: Settings): boolean {
  if (disabledInstrumentations.includes(entry.name)) return false
  return enabledInstrumentations ? enabledInstrumentations.includes(entry.name) : entry.off === undefined
}

function failed(entry: CatalogueEntry, error: unknown): void {
  const advice = `OTEL_NODE_DISABLED_INSTRUMENTATIONS=${entry.name} turns it off`
  report('AFN120', `the instrumentation of ${entry.targets.join(', ')} failed (${reason(error)}); ${advice}`)
}
