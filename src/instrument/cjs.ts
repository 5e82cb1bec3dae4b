// Sees each `require` and patches the modules that an instrumentation wants. Called by `start.ts`.
// Takes the place of require-in-the-middle, which resolves every require of the process twice; here only those are
// looked at whose name, or whose parent's package, is a target. Semantics towards instrumentations are the same.
import Module, { isBuiltin } from 'node:module'
import path from 'node:path'
import type { Registry } from './registry'

const nodeModules = `${path.sep}node_modules${path.sep}`

interface Loaded {
  readonly filename?: string | null
}
type Require = (this: Loaded, id: string) => unknown

const internals = Module as unknown as {
  _resolveFilename(id: string, parent: Loaded): string
  _cache: Record<string, object | undefined>
  prototype: { require: Require }
}

/**
 * @param ours folder whose files are never instrumented: the exporter's own `http` is not the app's
 * @param beforeAppFile told each file outside of node_modules that is required, before it runs
 */
export function hookRequire(registry: Registry, ours: string, beforeAppFile: (filename: string) => void): void {
  const original = internals.prototype.require
  const patchedBuiltins = new Map<string, unknown>()
  const patchedModules = new WeakMap<object, { exports: unknown }>()
  const packages = new WeakMap<Loaded, string | undefined>()
  const mains = new Map<string, string | undefined>()
  const loading = new Set<string>()

  function patchBuiltin(name: string, exports: unknown): unknown {
    if (!patchedBuiltins.has(name)) {
      // the entry stands before the turn of the instrumentations, since they may require the same module
      patchedBuiltins.set(name, exports)
      registry.activate(name)
      patchedBuiltins.set(name, registry.dispatch(exports, name, undefined))
    }
    return patchedBuiltins.get(name)
  }

  /** The target package that this file belongs to, if any. */
  function packageOf(parent: Loaded): string | undefined {
    if (packages.has(parent)) return packages.get(parent)
    const name = parent.filename ? locate(parent.filename)?.name : undefined
    const target = name !== undefined && registry.targets.has(name) ? name : undefined
    packages.set(parent, target)
    return target
  }

  function isMain(filename: string, name: string, basedir: string): boolean {
    if (!mains.has(basedir)) mains.set(basedir, mainOf(name, basedir))
    return mains.get(basedir) === filename
  }

  function requireTarget(parent: Loaded, id: string, target: string, args: IArguments): unknown {
    registry.activate(target)
    let filename: string
    try {
      filename = internals._resolveFilename(id, parent)
    } catch {
      // somebody else may serve names that don't resolve; if not, the app gets Node's own error
      return Reflect.apply(original, parent, args)
    }
    const known = internals._cache[filename]
    const patched = known && patchedModules.get(known)
    if (patched) return patched.exports
    const outermost = !loading.has(filename)
    loading.add(filename)
    let exports: unknown
    try {
      exports = Reflect.apply(original, parent, args)
    } finally {
      if (outermost) loading.delete(filename)
    }
    const module = internals._cache[filename]
    const where = locate(filename)
    // a circular require sees what Node shows it, the unfinished exports
    if (!outermost || !module || !where) return exports
    const name = isMain(filename, where.name, where.basedir)
      ? where.name
      : path.join(where.name, path.relative(where.basedir, filename))
    const entry = { exports }
    patchedModules.set(module, entry)
    entry.exports = registry.dispatch(exports, name, where.basedir)
    return entry.exports
  }

  /** Files of the app are required by path, and from files of the app. */
  function tellAppFile(parent: Loaded, id: string): void {
    if (!parent.filename || parent.filename.includes(nodeModules)) return
    try {
      const filename = internals._resolveFilename(id, parent)
      if (!internals._cache[filename]) beforeAppFile(filename)
    } catch {
      // what can't be resolved fails below, with Node's own error
    }
  }

  internals.prototype.require = function require(this: Loaded, id: string): unknown {
    if (typeof id !== 'string' || this.filename?.startsWith(ours)) return Reflect.apply(original, this, arguments)
    const bare = id.startsWith('node:') ? id.slice(5) : id
    if (registry.targets.has(bare) && isBuiltin(id)) return patchBuiltin(bare, Reflect.apply(original, this, arguments))
    const byPath = id.startsWith('.') || path.isAbsolute(id)
    if (byPath) tellAppFile(this, id)
    const target = byPath ? packageOf(this) : targetOf(id, registry.targets)
    return target === undefined ? Reflect.apply(original, this, arguments) : requireTarget(this, id, target, arguments)
  }

  const { getBuiltinModule } = process as { getBuiltinModule?: (id: string) => unknown }
  if (getBuiltinModule) {
    Object.assign(process, {
      getBuiltinModule(id: string) {
        const exports = Reflect.apply(getBuiltinModule, process, arguments)
        const bare = typeof id === 'string' && id.startsWith('node:') ? id.slice(5) : id
        return exports !== undefined && registry.targets.has(bare) ? patchBuiltin(bare, exports) : exports
      },
    })
  }
}

function targetOf(id: string, targets: ReadonlySet<string>): string | undefined {
  const slash = id.indexOf('/', id.startsWith('@') ? id.indexOf('/') + 1 : 0)
  const name = slash < 0 ? id : id.slice(0, slash)
  return targets.has(name) && !isBuiltin(id) ? name : undefined
}

/** Package name and folder of a file below `node_modules`. */
function locate(filename: string): { name: string; basedir: string } | undefined {
  const at = filename.lastIndexOf(nodeModules)
  if (at < 0) return undefined
  const [first, second] = filename.slice(at + nodeModules.length).split(path.sep, 2) as [string, string | undefined]
  const name = first.startsWith('@') ? path.join(first, second ?? '') : first
  return { name: name.replaceAll(path.sep, '/'), basedir: filename.slice(0, at + nodeModules.length) + name }
}

function mainOf(name: string, basedir: string): string | undefined {
  try {
    return require.resolve(name, { paths: [basedir] })
  } catch {
    return undefined
  }
}
