// Whether the app is a bundle, and what cannot be seen in it.
import { inspectBundle, unseenIn } from '../../app/instrument/bundle'
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
        'the app is a bundle without a source map, so its libraries are unknown; bundled libraries have no spans, unless you build with openTelemetryPlugin() of @afn/otel/esbuild, /webpack or /rollup',
      ),
    ]
  if (unseen.length > 0) return [fails(name, unseenIn(unseen))]
  return [
    holds(name, seen.length > 0 ? `instrumented: ${seen.join(', ')}` : 'contains no library with an instrumentation'),
  ]
}
