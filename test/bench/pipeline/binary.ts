// Bundled and used by test/bench/pipeline.mjs: the Collector, found or built as `afn-otel collector` does it, and what it runs by.
import { distribution } from '../../../src/cli/collector/distribution'
import { findCollector } from '../../../src/cli/collector/find'
import { runFiles } from '../../../src/pipeline/deployment/generate'
import { planOf } from '../../../src/pipeline/deployment/plan'

/** @param from a folder of the package */
export const binary = (from: string): Promise<string> =>
  findCollector({ distribution: distribution(process.env, from), env: process.env, say: console.error })

/** The generated configuration as text: by upstream's components alone, or by ours too. */
export const config = (components: 'contrib' | 'afn'): string => runFiles(planOf('single', { components }))[0].content
