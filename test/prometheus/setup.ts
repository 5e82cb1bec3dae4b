// Run by vitest once, before the suite: finds or builds Prometheus, and starts the one that the catalogue is asked of.
import { writeSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { prometheusBinaries } from './binaries'
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
  const found = await prometheusBinaries(line => writeSync(2, `${line}\n`)).catch((error: Error) => {
    if (process.env.CI === 'true') throw error
    writeSync(1, `skipped: prometheus: ${error.message.split('\n', 1)[0]}; set PROMETHEUS_BIN or install Go\n`)
  })
  project.provide('prometheusBinary', found?.prometheus)
  project.provide('promtool', found?.promtool)
  if (!found) {
    project.provide('prometheus', undefined)
    return undefined
  }
  const { url, stop } = await startPrometheus(found.prometheus)
  project.provide('prometheus', url)
  return stop
}
