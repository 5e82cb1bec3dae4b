// Stands in for import-in-the-middle inside the chunk `instrumentation` (a substitution of the build). The real one is an
// external package of which there must be one copy, and it is loaded only when ES modules are hooked.

export type ImportHook = new (modules: string[], options: object, onImport: (...args: unknown[]) => unknown) => unknown
type HookArguments = ConstructorParameters<ImportHook>

const wanted: HookArguments[] = []
let real: ImportHook | undefined

export class Hook {
  constructor(...args: HookArguments) {
    if (real) new real(...args)
    else wanted.push(args)
  }
}

/** From now on hooks are real, and those that were created before become so. */
export function useImportHook(hook: ImportHook): void {
  real = hook
  for (const args of wanted.splice(0)) new hook(...args)
}
