// Run by vitest once, before the suite: finds Prometheus, and starts the one that gets the queries of the catalogue.
import { writeSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { findPrometheus } from '../support/binaries.mjs'
import { startPrometheus } from './start'

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a Prometheus that receives by OTLP. Absent where there is none: every test of the suite is then skipped. */
    prometheus: string | undefined
    prometheusBinary: string | undefined
    promtool: string | undefined
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const found = findPrometheus()
  if ('missing' in found) {
    writeSync(1, `skipped: prometheus: ${found.missing}\n`)
    project.provide('prometheusBinary', undefined)
    project.provide('promtool', undefined)
    project.provide('prometheus', undefined)
    return undefined
  }
  project.provide('prometheusBinary', found.prometheus)
  project.provide('promtool', found.promtool)
  const { url, stop } = await startPrometheus(found.prometheus)
  project.provide('prometheus', url)
  return stop
}
