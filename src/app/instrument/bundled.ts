// Takes the libraries in the bundle of an app, into which the plugins of `src/app/bundler` wrote that they hand themselves over.

/** Who waits for libraries: the registry of instrumentations. */
interface Dispatcher {
  activate(target: string): boolean
  dispatch(exports: unknown, name: string, basedir: string): unknown
}

/** Returns the exports for the app. Never throws. */
export type Bundled = (exports: unknown, marker: unknown) => unknown

const MARKER = /^afn-otel:(.+)@([^@]+)$/

/** Stands for the folder of a package, of which a bundle has none. */
const placeOf = (version: string) => `bundle@${version}`

/** @param basedir as an instrumentation gets it */
export function versionOfBundled(basedir: string): string | undefined {
  return /^bundle@(.+)$/.exec(basedir)?.[1]
}

export function receiveBundled(registry: Dispatcher): Bundled {
  return (exports, marker) => {
    const [, name, version] = MARKER.exec(String(marker)) ?? []
    if (name === undefined || version === undefined) return exports
    const [first = '', second = ''] = name.split('/', 2)
    registry.activate(first.startsWith('@') ? `${first}/${second}` : first)
    registry.activate(name)
    return registry.dispatch(exports, name, placeOf(version))
  }
}
