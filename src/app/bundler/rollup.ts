// `@afn/otel/rollup`, also for bundlers that take Rollup's plugins (Vite, Rolldown).
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { ORIGINAL, transform } from './transform'

/** What this plugin is of Rollup's. */
interface RollupPlugin {
  name: string
  enforce: 'pre'
  resolveId: { order: 'pre'; handler(specifier: string, importer: string | undefined): string | null }
  load: { order: 'pre'; handler(id: string): string | null }
  transform: { order: 'pre'; handler(code: string, id: string): { code: string; map: null } | null }
}

/**
 * For Rollup's `plugins`, before those for CommonJS: the libraries in a bundle have the spans that they have in
 * `node_modules`, once the process is started with `--require @afn/otel` or `--import @afn/otel`. Without that the bundle
 * behaves as one without the plugin.
 */
export function openTelemetryPlugin(): RollupPlugin {
  return {
    name: '@afn/otel',
    enforce: 'pre',
    resolveId: {
      order: 'pre',
      handler: (specifier, importer) =>
        specifier.endsWith(ORIGINAL) && importer ? path.resolve(path.dirname(importer), specifier) : null,
    },
    load: {
      order: 'pre',
      handler: id => (id.endsWith(ORIGINAL) ? readFileSync(id.slice(0, -ORIGINAL.length), 'utf8') : null),
    },
    transform: {
      order: 'pre',
      handler(code, id) {
        const changed = transform(id, () => code)
        return changed === undefined ? null : { code: changed, map: null }
      },
    },
  }
}
