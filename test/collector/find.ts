// Where the suites look for a Collector. Nothing is built or fetched here: scripts/prepare-binaries.mjs does that.
import { writeSync } from 'node:fs'
import { distribution } from '../../src/cli/collector/distribution'
import { findCollector } from '../../src/cli/collector/find'

/** OTELCOL_BIN, the cache, PATH, as the CLI looks there; or why none of them has one that fits. */
export async function collectorOfSuites(): Promise<{ binary: string } | { missing: string }> {
  const search = {
    distribution: distribution(process.env, import.meta.dirname),
    env: process.env,
    say: (line: string) => writeSync(2, `${line}\n`),
  }
  try {
    return { binary: await findCollector(search, ['OTELCOL_BIN', 'cache', 'PATH']) }
  } catch (error) {
    const refusals = (error as Error).message.split('\n').filter(line => line.startsWith('- '))
    const remedy = 'set OTELCOL_BIN, or run "node scripts/prepare-binaries.mjs collector" (Go, minutes)'
    return { missing: [...refusals.map(line => line.slice(2)), remedy].join('; ') }
  }
}
