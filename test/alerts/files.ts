// Files for the suites of this folder: everything that alerts-config.yaml can say, for each version of Alertmanager.
import { alertmanagerConfig } from '../../src/monitoring/alerts/alertmanager'
import type { AlertmanagerVersion, AlertsConfig } from '../../src/monitoring/alerts/config'
import { readAlerts } from '../../src/monitoring/alerts/read'
import { render } from '../../src/pipeline/deployment/render'

/** @throws Error with every mistake */
export function configOf(text: string): AlertsConfig {
  const { config, mistakes } = readAlerts(text)
  if (!config) throw new Error(mistakes.map(({ line, column, message }) => `${line}:${column} ${message}`).join('\n'))
  return config
}

/** As Alertmanager reads it. */
export const alertmanagerYaml = (
  config: AlertsConfig,
  secret = (file: string) => `/etc/alertmanager/${file}`,
): string => render('', alertmanagerConfig(config, { secret }))

/** With every kind of channel that the version knows. */
export const everything = (version: AlertmanagerVersion): string => `
alertmanager: "${version}"
environment: production
language: ja
time_zone: Asia/Tokyo
channels:
  discord: {kind: discord, webhook_url_file: secrets/discord}
  email:
    kind: email
    to: [oncall@example.com, lead@example.com]
    from: alerts@example.com
    smarthost: smtp.example.com:587
    username: alerts
    password_file: secrets/smtp
  manager: {kind: email, to: [manager@example.com], from: alerts@example.com, smarthost: "[::1]:25", require_tls: false}
  ${version === '0.25' ? 'hook: {kind: webhook, url: "http://localhost:8080/hook", token_file: secrets/token}' : 'hook: {kind: webhook, url_file: secrets/hook, token_file: secrets/token}'}
  tickets: {kind: tickets, repository: example/operations, token_file: secrets/github}
  ${version === '0.25' ? '' : `jira: {kind: jira, api_url: "https://example.atlassian.net/rest/api/2/", project: OPS, username: a@example.com, token_file: secrets/jira, resolve_transition: Done, reopen_transition: To Do}`}
severities:
  critical:
    escalation:
      - {after: 5m, channels: [discord, email]}
      - {after: 10m, channels: [manager]}
  low: {channels: [email]}
routes:
  - {match: {team: pay}, channels: [email], escalation: [{after: 20m, channels: [email]}]}
  - {match: {team: lab, service: trial}, channels: []}
environments:
  staging: [discord]
  development: []
business_hours: {from: "09:00", to: "18:00"}
maintenance:
  - {name: backup, days: [sunday], from: "23:00", to: "01:00"}
  - {name: release, from: 2026-12-31 22:00, to: 2027-01-01 02:00, services: [checkout, cart]}
  - {name: cart, from: "03:00", to: "03:30", services: [cart]}
rules:
  - {name: CheckoutSlow, expr: 'checkout_seconds > 2', for: 5m, severity: high, service: checkout, annotations: {summary: "Checkout is slow on {{ $labels.instance }}"}}
watchdog:
  heartbeats:
    ${version === '0.25' ? '- {name: one, url: "http://localhost:8081/one"}\n    - {name: two, url: "http://localhost:8082/two"}' : '- {name: one, url_file: secrets/one}\n    - {name: two, url_file: secrets/two}'}
`
