// Run by vitest once, before the suite: finds the servers that the folders start, and says what is skipped without them.
import { writeSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import { collectorOfSuites } from '../collector/find'
import { findAlertmanager, findLoki, findPrometheus, findTempo } from '../support/binaries.mjs'
import { reasonAgainst } from './containers'
import type { Binaries } from './images'

declare module 'vitest' {
  interface ProvidedContext {
    /** Absent where no container can be had, or the Collector or Prometheus is missing: no folder is started then. */
    binariesOfFolders: Binaries | undefined
  }
}

export default async function setup(project: TestProject): Promise<void> {
  const [collector, prometheus, tempo, loki] = [await collectorOfSuites(), findPrometheus(), findTempo(), findLoki()]
  const alertmanager = findAlertmanager()
  const against = [
    reasonAgainst(),
    'missing' in collector ? collector.missing : undefined,
    'missing' in prometheus ? prometheus.missing : undefined,
  ].filter(reason => reason !== undefined)
  if (against.length > 0 || 'missing' in collector || 'missing' in prometheus) {
    writeSync(1, `skipped: folders: ${against.join('; ')}\n`)
    return project.provide('binariesOfFolders', undefined)
  }
  if ('missing' in alertmanager) writeSync(1, `skipped: Alertmanager of the folders: ${alertmanager.missing}\n`)
  if ('missing' in tempo) writeSync(1, `skipped: Tempo of the folders: ${tempo.missing}\n`)
  if ('missing' in loki) writeSync(1, `stood in for: Loki of the folders: ${loki.missing}\n`)
  project.provide('binariesOfFolders', {
    collector: collector.binary,
    prometheus: prometheus.prometheus,
    promtool: prometheus.promtool ?? '/bin/true',
    tempo: 'missing' in tempo ? undefined : tempo.binary,
    loki: 'missing' in loki ? undefined : loki.binary,
    alertmanager: 'missing' in alertmanager ? undefined : alertmanager.alertmanager,
  })
}
