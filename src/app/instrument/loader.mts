// Hooks for ES modules in a thread of their own, on Node without synchronous ones: import-in-the-middle's, corrected where
// they would break an app. Registered by `esm.ts`; built to `dist/loader.mjs`.
import type { MessagePort } from 'node:worker_threads'
import * as iitm from 'import-in-the-middle/hook.mjs'

export interface LoaderData {
  readonly include: string[]
  /** Takes what import-in-the-middle would print as a warning. */
  readonly warnings: MessagePort
}

export async function initialize(data: LoaderData): Promise<void> {
  const { emitWarning } = process
  process.emitWarning = (...args: unknown[]) => {
    const text = String(args[0])
    if (text.includes('import-in-the-middle')) data.warnings.postMessage(text)
    else Reflect.apply(emitWarning, process, args)
  }
  await iitm.initialize({ include: data.include })
}

/** CommonJS modules whose source comes from a loader of the app, such as one for TypeScript. */
const compiled = new Set<string>()

export const resolve: iitm.Resolve = (specifier, context, next) => {
  // what such a module requires comes here too, and Node looks for the exports among CommonJS modules, where a wrapped
  // module is not
  return compiled.has(context.parentURL ?? '') ? next(specifier, context) : iitm.resolve(specifier, context, next)
}

export const load: iitm.Load = async (url, context, next) => {
  // Node 20 leaves the attributes out when it words the error of a missing export, and fails over that itself
  const complete = context.importAttributes ? context : { ...context, importAttributes: {} }
  const result = await iitm.load(url, complete, next)
  if (result.format === 'commonjs' && (result.source || !/\.c?js$/.test(url))) compiled.add(url)
  return result
}
