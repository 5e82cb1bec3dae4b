// The Prometheus that `afn-otel up` starts. It is configured as in the pipeline, so that names and rules are the same in both. It is alone:
// there is nothing to scrape, and nobody to send to.
import type { Plan } from './plan'
import { features, noOrigins, prometheusConfig } from './prometheus-config'
import { render } from './render'

/** Its flags, except those that say where its files are and where it listens. */
export const embeddedFlags: readonly string[] = ['--web.enable-otlp-receiver', noOrigins, features]

/**
 * The text of its prometheus.yml.
 * @param days that it keeps at least, whatever the plan says
 * @param ruleFiles paths of them
 */
export function embeddedConfig(plan: Plan, days: number, ruleFiles: readonly string[]): string {
  const { retention } = plan
  const metrics = { ...retention.metrics, high: Math.max(retention.metrics.high, days) }
  const whole = prometheusConfig('high', { ...plan, retention: { ...retention, metrics } })
  const { scrape_configs: _, alerting: __, remote_write: ___, ...config } = whole
  return render('Written anew at each start of afn-otel up.', { ...config, rule_files: [...ruleFiles] })
}
