// Stands in for require-in-the-middle inside the chunk `instrumentation` (a substitution of the build): `cjs.ts` sees the
// requires and tells them here. OpenTelemetry makes one hook for all modules and looks up by name who wants which.

type OnRequire = (exports: unknown, name: string, basedir: string | undefined) => unknown

const hooks: OnRequire[] = []

export class Hook {
  constructor(_modules: null, _options: object, onRequire: OnRequire) {
    hooks.push(onRequire)
  }
}

export function dispatch(exports: unknown, name: string, basedir: string | undefined): unknown {
  return hooks.reduce((patched, hook) => hook(patched, name, basedir), exports)
}
