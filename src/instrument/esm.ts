// Lets instrumentations patch what is loaded by `import`. Called by `start.ts`.
import { readFileSync } from 'node:fs'
import Module from 'node:module'
import { pathToFileURL } from 'node:url'
import { reason, report } from '../diag/report'
import type { Status } from '../diag/status'
import type { ImportHook } from './import-hook'
import type { Registry } from './registry'

/** A loaded module as import-in-the-middle tells its hooks. */
type LoadedModule = [url: string, namespace: unknown, specifier: string, format?: string]
type Listener = (...module: LoadedModule) => void

/** Arms the hooks; a second call does nothing. Never throws. */
export type ArmEsm = () => void

export function createEsmHooks(registry: Registry, status: Status): ArmEsm {
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

/** In the app's thread where Node can do that, else in a thread of its own. Only the targets are wrapped. */
function registerLoader(include: string[]): 'sync-hooks' | 'loader-thread' {
  if ('registerHooks' in Module) {
    const { supportsSyncHooks, register } = require('import-in-the-middle/register-hooks.mjs') as SyncHooks
    if (supportsSyncHooks()) {
      register({ include })
      return 'sync-hooks'
    }
  }
  Module.register(pathToFileURL(require.resolve('import-in-the-middle/hook.mjs')), { data: { include } })
  return 'loader-thread'
}

/**
 * The hooks cost 22–27 ms and 12 MB on Node 20. A CommonJS app pays that only when a file of its own that contains
 * `import(` is about to run. Files of dependencies don't count: nearly all hits there are types in comments.
 * @returns to be told each file of the app, before it runs
 */
export function armBeforeFirstImport(arm: ArmEsm): (filename: string) => void {
  let watching = true
  return filename => {
    if (!watching || !/\.c?[jt]s$/.test(filename)) return
    try {
      if (!readFileSync(filename).includes('import(')) return
    } catch {
      // Node will say it better
      return
    }
    watching = false
    arm()
  }
}
