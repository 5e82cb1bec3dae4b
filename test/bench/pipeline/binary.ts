// Bundled and used by test/bench/pipeline.mjs: the Collector, found or built as `afn-otel collector` does it.
import { distribution } from '../../../src/cli/collector/distribution'
import { findCollector } from '../../../src/cli/collector/find'

/** @param from a folder of the package */
export const binary = (from: string): Promise<string> =>
  findCollector({ distribution: distribution(process.env, from), env: process.env, say: console.error })
