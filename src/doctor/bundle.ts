// Whether the app is a bundle, and what cannot be seen in it.
import { inspectBundle, unseenIn } from '../instrument/bundle'
import { type Check, checksOf } from './check'

const { holds, fails, skips } = checksOf('app')
const name = 'bundle'

/** @param file the app's entry file; undefined where it is not known */
export async function bundleChecks(file: string | undefined): Promise<Check[]> {
  const bundle = file && (await inspectBundle(file))
  if (!bundle) return []
  const { seen, unseen } = bundle
  if (!unseen)
    return [
      skips(
        name,
        'the app is one, and without its source map nobody can tell which libraries are in it; those that are have no spans, unless it is built with openTelemetryPlugin() of @afn/otel/esbuild, /webpack or /rollup',
      ),
    ]
  if (unseen.length > 0) return [fails(name, unseenIn(unseen))]
  return [holds(name, seen.length > 0 ? `seen in it: ${seen.join(', ')}` : 'no library in it has an instrumentation')]
}
