// Run by vitest once, before the suite: finds the Collector as the CLI does, but never builds or fetches it, and bundles the
// command, so that signals and exit codes are a real process's.
import { writeSync } from 'node:fs'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { bundleCollectorCommand } from '../support/bundle-source.mjs'
import { collectorOfSuites } from './find'

declare module 'vitest' {
  interface ProvidedContext {
    /** Absent where none can be had: every test of the suite is then skipped. */
    collectorBinary: string | undefined
    /** A script that is `afn-otel collector`. */
    collectorCommand: string
  }
}

export default async function setup(project: TestProject): Promise<void> {
  project.provide('collectorCommand', await bundledCommand())
  const found = await collectorOfSuites()
  project.provide('collectorBinary', 'binary' in found ? found.binary : undefined)
  if ('missing' in found) writeSync(1, `skipped: collector: ${found.missing}\n`)
}

async function bundledCommand(): Promise<string> {
  const root = path.resolve(import.meta.dirname, '../..')
  const outfile = path.join(root, 'test/node_modules/.cache/afn-collector-test/collector.cjs')
  await bundleCollectorCommand(outfile)
  return outfile
}
