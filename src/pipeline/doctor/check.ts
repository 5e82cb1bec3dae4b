// One line of what `afn-otel doctor` says. Each other file of this folder makes some.
import { textWithoutCredentials } from '../../shared/config/credentials'

export interface Check {
  /** What it is about; the lines of a part stand together. */
  readonly part:
    | 'app'
    | 'settings'
    | 'Collector'
    | 'Tempo'
    | 'Loki'
    | 'Prometheus'
    | 'SLOs'
    | 'Alertmanager'
    | 'alert receiver'
    | 'Grafana'
    | 'LangFuse'
  readonly name: string
  /** True for what could not be looked at, too. */
  readonly ok: boolean
  /** The part is not used, or says nothing: nothing was found out. */
  readonly skipped?: true
  /** What was found; for a failed check the cause and the remedy. */
  readonly detail: string
}

/** The words for one part. No password or key of a URL stands in a check. */
export function checksOf(part: Check['part']) {
  const check = (name: string, detail: string) => ({ part, name, detail: textWithoutCredentials(detail) })
  return {
    holds: (name: string, detail: string): Check => ({ ...check(name, detail), ok: true }),
    fails: (name: string, detail: string): Check => ({ ...check(name, detail), ok: false }),
    skips: (name: string, detail: string): Check => ({ ...check(name, detail), ok: true, skipped: true }),
  }
}
