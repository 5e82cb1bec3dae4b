// What Prometheus' own linter says of an exposition.
import { spawnSync } from 'node:child_process'
import { findPrometheus } from './binaries.mjs'

/** @returns a line for each problem that `promtool check metrics` finds; none where there is no promtool */
export function problemsIn(exposition: string): string[] {
  const found = findPrometheus()
  if ('missing' in found || found.promtool === undefined) {
    console.log('skipped: promtool check metrics: there is no promtool')
    return []
  }
  const { status, stderr } = spawnSync(found.promtool, ['check', 'metrics'], { input: exposition, encoding: 'utf8' })
  const lines = stderr.split('\n').filter(Boolean)
  return status === 0 || lines.length > 0 ? lines : [`promtool ended with ${status}`]
}
