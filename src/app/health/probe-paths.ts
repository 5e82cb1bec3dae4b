// Tells the instrumentation of `http` and the sampler which requests are probes.
import { slot } from '../runtime'

/** @param path without a slash at its end */
export function markProbes(path: string): void {
  const here = slot()
  here.probePaths ??= new Set()
  for (const place of ['', '/live', '/ready']) here.probePaths.add(`${path}${place}`)
}
