// Builds the Collector with Go, where there is no binary.
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import type { Distribution } from './distribution'
import { output } from './run-child'

/**
 * Builds otelcol-afn with the official builder. Minutes with an empty Go cache, about one with a warm one.
 * @returns the binary's path in the cache
 * @throws Error when Go or the builder fails
 */
export async function build(
  go: string,
  { binaries, components, manifest, version }: Distribution,
  env: NodeJS.ProcessEnv,
): Promise<string> {
  await mkdir(binaries, { recursive: true })
  // A folder of its own and a rename at the end: a build that is broken off leaves no half binary to be found.
  const work = await mkdtemp(path.join(binaries, 'build-'))
  try {
    await output(go, ['install', `go.opentelemetry.io/collector/cmd/builder@v${version}`], {
      env: { ...env, GOBIN: work },
    })
    // the manifest names them relative to where the builder runs
    await cp(components, path.join(work, 'components'), { recursive: true })
    await output(path.join(work, 'builder'), ['--config', manifest], { env, cwd: work })
    const binary = path.join(binaries, 'otelcol-afn')
    await rename(path.join(work, 'dist/otelcol-afn'), binary)
    return binary
  } finally {
    await rm(work, { recursive: true, force: true })
  }
}
