// Loads the files of this package past Node's module loader.
// An app may have put anything in front of `require` (mocks, transpilers, counters), may empty its cache, and may give
// other meanings to globals (fake timers, a fixed clock): none of it sees our files, and in them a global means what it
// meant before the app's first line.
import { readFileSync } from 'node:fs'
import { isBuiltin } from 'node:module'
import path from 'node:path'
import type * as PerfHooks from 'node:perf_hooks'
import { compileFunction } from 'node:vm'

/** What apps and their tests replace, as far as our files use it when they run. */
const globals = [
  'AbortController',
  'Buffer',
  'Date',
  'Promise',
  'URL',
  'clearImmediate',
  'clearInterval',
  'clearTimeout',
  'process',
  'queueMicrotask',
  'setImmediate',
  'setInterval',
  'setTimeout',
] as const

type Clock = Pick<typeof PerfHooks.performance, 'now' | 'timeOrigin'>

/** What our files use of `performance`, which Node loads with its first use: 1 ms that most starts need not wait for. */
function latePerformance(load: () => Clock): Clock {
  let loaded: Clock | undefined
  const clock = () => {
    loaded ??= load()
    return loaded
  }
  return {
    now: () => clock().now(),
    get timeOrigin() {
      return clock().timeOrigin
    },
  }
}

/** @param node the `require` of the file that calls this, for what is not ours */
export function createLoad(node: NodeJS.Require): (filename: string) => unknown {
  const natives: Record<string, unknown> = {
    // seedrandom and its kind replace the one function
    Math: Object.defineProperties({}, Object.getOwnPropertyDescriptors(Math)),
  }
  for (const name of globals) natives[name] = globalThis[name]
  const { getBuiltinModule } = process as { getBuiltinModule?: (id: string) => unknown }
  const builtin = (id: string) => (getBuiltinModule ? getBuiltinModule.call(process, id) : node(id))
  natives.performance = latePerformance(() => (builtin('node:perf_hooks') as typeof PerfHooks).performance)
  const loaded = new Map<string, { exports: unknown }>()

  function requireFrom(directory: string): NodeJS.Require {
    const require = (id: string) => {
      if (isBuiltin(id)) return builtin(id)
      return path.isAbsolute(id) || id.startsWith('.') ? load(path.resolve(directory, id)) : node(id)
    }
    return Object.assign(require, { resolve: node.resolve }) as NodeJS.Require
  }

  function load(filename: string): unknown {
    const known = loaded.get(filename)
    if (known) return known.exports
    const module = { exports: {} }
    const directory = path.dirname(filename)
    const scope = {
      ...natives,
      exports: module.exports,
      module,
      require: requireFrom(directory),
      __filename: filename,
      __dirname: directory,
    }
    const code = compileFunction(readFileSync(filename, 'utf8'), Object.keys(scope), { filename })
    loaded.set(filename, module)
    try {
      code.apply(module.exports, Object.values(scope))
    } catch (error) {
      loaded.delete(filename)
      throw error
    }
    return module.exports
  }

  return load
}
