// Loader of the rule that `webpack.ts` adds.
import { transform } from './transform'

interface LoaderContext {
  readonly resourcePath: string
  callback(error: null, code: string, map?: unknown): void
}

/** Files that are changed keep their source map, since nothing is put before their code. */
module.exports = function load(this: LoaderContext, code: string, map: unknown): void {
  const changed = transform(this.resourcePath, () => code)
  if (changed === undefined) this.callback(null, code, map)
  else this.callback(null, changed)
}
