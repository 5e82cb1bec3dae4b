// Run by vitest once, before the suite: finds the servers of others, and says what is skipped without them.
import { writeSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { findAlertmanager, findOldPromtool, findPrometheus } from '../support/binaries.mjs'

declare module 'vitest' {
  interface ProvidedContext {
    /** Version → path, as far as there is one. */
    promtools: Record<string, string>
    /** Of Alertmanager. */
    alertmanagerBinary: string | undefined
  }
}

export default function setup(project: TestProject): void {
  const [prometheus, old, alertmanager] = [findPrometheus(), findOldPromtool(), findAlertmanager()]
  const promtools: Record<string, string> = {}
  if ('prometheus' in prometheus && prometheus.promtool) promtools['3.16'] = prometheus.promtool
  if (!('missing' in old)) promtools['2.42'] = old.binary
  for (const found of [prometheus, old, alertmanager])
    if ('missing' in found) writeSync(1, `skipped: monitoring: ${found.missing}\n`)
  project.provide('promtools', promtools)
  project.provide('prometheusBinary', 'missing' in prometheus ? undefined : prometheus.prometheus)
  project.provide('alertmanagerBinary', 'missing' in alertmanager ? undefined : alertmanager.alertmanager)
}
