// Sees each `require` and patches the modules that an instrumentation wants.
// Takes the place of require-in-the-middle, which resolves every require of the process twice; here only those are
// looked at whose name, or whose parent's package, is a target. Semantics towards instrumentations are the same, but
// that what an instrumentation makes of a module is put where Node keeps it: there is one truth, and an app that
// replaces it (a mock) or throws it away gets what it would without us. A module whose exports nobody changed is left alone.
import Module, { isBuiltin } from 'node:module'
import path from 'node:path'
import { reason, report } from '../../shared/diag/report'
import { locate, mainOf } from './packages'
import type { Registry } from './registry'

interface CjsModule {
  readonly filename?: unknown
  readonly loaded: boolean
  exports: unknown
}
type Require = (this: CjsModule, id: string) => unknown
/** What is left to do with the exports when the original has run; returns those for the app. */
type Afterwards = (exports: unknown) => unknown

const internals = Module as unknown as {
  new (): CjsModule
  _load(id: string, parent: undefined, isMain: false): unknown
  _resolveFilename(id: string, parent: CjsModule): string
  _cache: Record<string, CjsModule | undefined>
  prototype: { require: Require }
}

/**
 * @param ours folder whose files are never instrumented: the exporter's own `http` is not the app's
 * @param beforeAppFile is called with the path of each file outside of node_modules that is required, before it runs
 */
export function hookRequire(registry: Registry, ours: string, beforeAppFile: (filename: string) => void): void {
  const original = internals.prototype.require
  const { getBuiltinModule } = process as { getBuiltinModule?: (id: string) => unknown }
  const { _load } = internals
  /** What Node itself gives; not by its loader where there is another way, since hooks of ES modules sit in there. */
  const builtin = (name: string): unknown =>
    getBuiltinModule ? Reflect.apply(getBuiltinModule, process, [name]) : _load(name, undefined, false)
  const patchedBuiltins = new Map<string, unknown>()
  /** What a require led to. */
  const known = new WeakMap<CjsModule, Map<string, CjsModule>>()
  /** Under which names the instrumentations have had a module, and what came of it. */
  const dispatched = new WeakMap<CjsModule, { readonly names: Set<string>; exports: unknown }>()
  const packages = new WeakMap<CjsModule, string | undefined>()

  function patchBuiltin(name: string, exports: unknown): unknown {
    // the app may have a mock in its place
    if (exports !== builtin(`node:${name}`)) return exports
    if (!patchedBuiltins.has(name)) {
      // the entry stands before the turn of the instrumentations, since they may require the same module
      patchedBuiltins.set(name, exports)
      registry.activate(name)
      patchedBuiltins.set(name, registry.dispatch(exports, name, undefined))
    }
    return patchedBuiltins.get(name)
  }

  /** The target package that this file belongs to, if any. */
  function packageOf(parent: CjsModule): string | undefined {
    if (packages.has(parent)) return packages.get(parent)
    const name = typeof parent.filename === 'string' ? locate(parent.filename)?.name : undefined
    const target = name !== undefined && registry.targets.has(name) ? name : undefined
    packages.set(parent, target)
    return target
  }

  /** The module that a require led to, if it is one and has run to its end. */
  function moduleOf(parent: CjsModule, id: string): CjsModule | undefined {
    const before = known.get(parent)?.get(id)
    if (before && typeof before.filename === 'string' && internals._cache[before.filename] === before) return before
    try {
      const module = internals._cache[internals._resolveFilename(id, parent)]
      // a circular require sees what Node shows it, the unfinished exports; a mock is no module
      if (!(module instanceof internals) || !module.loaded) return undefined
      if (!known.has(parent)) known.set(parent, new Map())
      known.get(parent)?.set(id, module)
      return module
    } catch {
      // somebody else serves names that don't resolve
      return undefined
    }
  }

  function patchModule(exports: unknown, parent: CjsModule, id: string, fromOutside: boolean): unknown {
    const module = moduleOf(parent, id)
    const where = typeof module?.filename === 'string' ? locate(module.filename) : undefined
    if (!module || !where || ownValue(module, 'exports') !== exports) return exports
    const filename = module.filename as string
    const isMain = id === where.name || (fromOutside && mainOf(where) === filename)
    const name = isMain ? where.name : path.join(where.name, path.relative(where.basedir, filename))
    const done = dispatched.get(module) ?? { names: new Set(), exports }
    // other exports than those that we left there are the app's
    if (done.exports !== exports || done.names.has(name)) return exports
    dispatched.set(module, done)
    done.names.add(name)
    const patched = registry.dispatch(exports, name, where.basedir)
    // throws where the module does not let its exports be replaced: it then stays as it is
    if (patched !== exports) module.exports = patched
    done.exports = patched
    return patched
  }

  /** Parents and names can be anything. */
  function before(parent: CjsModule | undefined, id: unknown): Afterwards | undefined {
    if (typeof id !== 'string' || !parent || typeof parent !== 'object') return undefined
    const filename = typeof parent.filename === 'string' ? parent.filename : undefined
    if (filename?.startsWith(ours)) return undefined
    const bare = id.startsWith('node:') ? id.slice(5) : id
    if (registry.targets.has(bare) && isBuiltin(id)) return exports => patchBuiltin(bare, exports)
    // files of the app are required by path, and from files of the app
    if (byPath(id) && filename && !locate(filename)) beforeAppFile(path.resolve(path.dirname(filename), id))
    const named = targetOf(byPath(id) ? locate(id)?.name : id, registry.targets)
    const target = named ?? (byPath(id) ? packageOf(parent) : undefined)
    if (target === undefined) return undefined
    registry.activate(target)
    return exports => patchModule(exports, parent, id, named !== undefined)
  }

  // a method, so that its one frame in a stack has the name of the original
  const { require } = {
    require(this: CjsModule, id: string): unknown {
      const afterwards = guarded(() => before(this, id), undefined, id)
      const exports = Reflect.apply(original, this, arguments)
      return afterwards ? guarded(() => afterwards(exports), exports, id) : exports
    },
  }
  internals.prototype.require = require

  if (getBuiltinModule) {
    Object.assign(process, {
      getBuiltinModule(id: string) {
        const exports = Reflect.apply(getBuiltinModule, process, arguments)
        const bare = typeof id === 'string' && id.startsWith('node:') ? id.slice(5) : id
        if (exports === undefined || !registry.targets.has(bare)) return exports
        return guarded(() => patchBuiltin(bare, exports), exports, id)
      },
    })
  }
}

/** The app gets the module that it requires, whatever becomes of our part. */
function guarded<T>(ours: () => T, otherwise: T, id: unknown): T {
  try {
    return ours()
  } catch (error) {
    report(
      'AFN120',
      `instrumenting ${typeof id === 'string' ? id : 'a module'} failed (${reason(error)}); it runs without spans`,
    )
    return otherwise
  }
}

/** Undefined where reading it would run code of the module's: undici decodes its WebAssembly in such a getter. */
function ownValue(holder: object, name: string): unknown {
  return Object.getOwnPropertyDescriptor(holder, name)?.value
}

function byPath(id: string): boolean {
  return id.startsWith('.') || path.isAbsolute(id)
}

/** @param id as it was required, or a package's name */
function targetOf(id: string | undefined, targets: ReadonlySet<string>): string | undefined {
  if (id === undefined) return undefined
  const slash = id.indexOf('/', id.startsWith('@') ? id.indexOf('/') + 1 : 0)
  const name = slash < 0 ? id : id.slice(0, slash)
  return targets.has(name) && !isBuiltin(id) ? name : undefined
}
