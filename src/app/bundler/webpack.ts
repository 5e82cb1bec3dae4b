// `@afn/otel/webpack`.
import path from 'node:path'
import { ORIGINAL } from './transform'

/** What this plugin uses of webpack's compiler. */
interface Compiler {
  options: { module: { rules: unknown[] } }
}

/**
 * For webpack's `plugins`: the libraries in a bundle have the spans that they have in `node_modules`, once the process is
 * started with `--require @afn/otel` or `--import @afn/otel`. Without that the bundle behaves as one without the plugin.
 */
export function openTelemetryPlugin(): { apply(compiler: Compiler): void } {
  return {
    apply({ options }) {
      options.module.rules.push({
        test: /[\\/]node_modules[\\/].*\.[cm]?js$/,
        resourceQuery: { not: [new RegExp(`^\\${ORIGINAL}$`)] },
        enforce: 'post',
        use: path.join(__dirname, 'webpack-loader.cjs'),
      })
    },
  }
}
