// Lets instrumentations patch what is loaded by `import`.
import { readFileSync } from 'node:fs'
import Module from 'node:module'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import type * as Threads from 'node:worker_threads'
import { reason, report } from '../../shared/diag/report'
import type { Status } from '../../shared/diag/status'
import type { ImportHook } from './import-hook'
import type { LoaderData } from './loader.mjs'
import type { Registry } from './registry'

/** A loaded module as import-in-the-middle gives it to its hooks. */
type LoadedModule = [url: string, namespace: unknown, specifier: string, format?: string]
type Listener = (...module: LoadedModule) => void

/** Arms the hooks; a second call does nothing. Never throws. */
export type ArmEsm = () => void

/** @param hasEntry whether the app is a file: `node -e`, stdin and the REPL have none */
export function createEsmHooks(registry: Registry, status: Status, hasEntry: boolean): ArmEsm {
  let armed = false
  return () => {
    if (armed) return
    armed = true
    try {
      const hook = require('import-in-the-middle') as ImportHook & { addHook(listener: Listener): void }
      const { importHooks } = require('import-in-the-middle/lib/register.js') as { importHooks: Listener[] }
      registry.useImportHook(hook)
      hook.addHook((...module) => {
        const before = importHooks.length
        if (!registry.activate(module[2].replace(/^node:/, ''), module[1])) return
        // hooks that are added inside a hook miss the module that made us add them
        for (const added of importHooks.slice(before)) added(...module)
      })
      status.esm = registerLoader([...registry.targets])
      if (status.esm === 'sync-hooks' && !hasEntry) passBuiltinsBy()
    } catch (error) {
      status.esm = 'failed'
      report(
        'AFN121',
        `ES modules can't be hooked (${reason(error)}): libraries that are imported have no spans, those that are required do`,
      )
    }
  }
}

interface SyncHooks {
  supportsSyncHooks(): boolean
  register(options: { include: string[] }): void
}

/** Of https://nodejs.org/api/module.html#moduleregisterhooksoptions, which the types of Node.js 20 don't have. */
type Resolve = (specifier: string, context: { parentURL?: string }, next: NextResolve) => object
type NextResolve = (specifier: string, context: object) => object

/** In the app's thread where Node can do that, else in a thread of its own. Only the targets are wrapped. */
function registerLoader(include: string[]): 'sync-hooks' | 'loader-thread' {
  if ('registerHooks' in Module) {
    const { supportsSyncHooks, register } = require('import-in-the-middle/register-hooks.mjs') as SyncHooks
    if (supportsSyncHooks()) {
      register({ include })
      return 'sync-hooks'
    }
  }
  // throws where the working directory is gone: the thread would fail at its start, and this one wait for it for ever
  process.cwd()
  const { MessageChannel } = require('node:worker_threads') as typeof Threads
  const { port1, port2 } = new MessageChannel()
  port1.on('message', warning => report('AFN121', `${warning}: what it exports has no spans`)).unref()
  const data: LoaderData = { include, warnings: port2 }
  Module.register(pathToFileURL(path.join(__dirname, 'loader.mjs')), { data, transferList: [port2] })
  return 'loader-thread'
}

/**
 * What `node -e` and the REPL offer as globals (`os`, `module`), they require without a parent. import-in-the-middle 3.6 takes the first such
 * module for the app's entry file, which Node then looks for on the disk.
 */
function passBuiltinsBy(): void {
  const { registerHooks } = Module as unknown as { registerHooks(hooks: { resolve: Resolve }): void }
  registerHooks({
    resolve(specifier, context, next) {
      if (context.parentURL || !Module.isBuiltin(specifier)) return next(specifier, context)
      return { url: `node:${specifier.replace(/^node:/, '')}`, format: 'builtin', shortCircuit: true }
    },
  })
}

/**
 * The hooks cost 22–27 ms and 12 MB on Node 20. A CommonJS app pays that only when a file of its own that contains
 * `import(` is about to run. Files of dependencies don't count: nearly all hits there are types in comments.
 * @returns a function to call with the path of each file of the app, before it runs; the extension may be missing
 */
export function armBeforeFirstImport(arm: ArmEsm): (filename: string) => void {
  let watching = true
  const seen = new Set<string>()
  return filename => {
    if (!watching || seen.has(filename)) return
    seen.add(filename)
    if (!firstReadable(filename)?.includes('import(')) return
    watching = false
    arm()
  }
}

/** Not by Node's own resolution, which an app may have put something in front of that it counts on. */
function firstReadable(filename: string): Buffer | undefined {
  if (/\.(json|node|[mc]?[jt]sx?)$/.test(filename)) return read(filename)
  for (const end of ['.js', '.cjs', '.ts', '.cts', '/index.js', '/index.ts']) {
    const text = read(filename + end)
    if (text) return text
  }
  return undefined
}

function read(filename: string): Buffer | undefined {
  try {
    return readFileSync(filename)
  } catch {
    // Node will say it better
    return undefined
  }
}
