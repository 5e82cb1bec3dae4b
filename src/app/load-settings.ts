// Resolves the settings for a process that starts something, and says what is wrong with them. The preload and
// afnNodeSDK() share it; the CLI only resolves.

import { notHonoured } from '../shared/config/otel-variables'
import { type Resolved, resolve } from '../shared/config/resolve'
import type { Settings } from '../shared/config/settings'
import { report, silence } from '../shared/diag/report'
import { loadChunk } from './chunks'

/** Takes AFN_LOG_LEVEL=none into account before anything can be said. */
export function loadSettings(cwd: string, code?: Partial<Settings>): Resolved {
  const parseYaml = (text: string) => loadChunk('yaml').parse(text)
  const resolved = resolve({ env: process.env, cwd, parseYaml, ...(code && { code }) })
  if (resolved.settings.logLevel === 'none') silence()
  return resolved
}

/** Says every value that is not allowed, and every variable of OpenTelemetry that is not honoured. */
export function reportProblems({ problems }: Pick<Resolved, 'problems'>): void {
  for (const { code, message } of problems) report(code, message)
  for (const [name, why] of Object.entries(notHonoured))
    if (process.env[name]?.trim()) report('AFN112', `${name} is not honoured: ${why}`)
}
