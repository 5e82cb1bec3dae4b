// The files that people edit: how to recognize, check and create each.
import { readFileSync } from 'node:fs'
import path from 'node:path'
import * as yaml from 'yaml'
import { readLogsConfig } from '../../app/logs/config-file'
import { checkAlerts } from '../../monitoring/alerts/check'
import { readOwnBoards } from '../../monitoring/dashboards/own/read'
import { defaultSloFile } from '../../monitoring/slo/defaults'
import { readSloFiles } from '../../monitoring/slo/files'
import { readCloudflareConfig } from '../../operations/cloudflare/config'
import { readCosts } from '../../operations/cost/config'
import type { Mistake } from '../../shared/config/checked-file'
import { withoutComments } from '../../shared/config/json-comments'
import { MONITORING_FILE } from '../../shared/config/monitoring-config'

export interface EditedFile {
  /** The file name in the working directory. */
  readonly name: string
  /** Top-level keys, at least one of which identifies a file with another name. */
  readonly keys: readonly string[]
  /** A valid file with comments, which changes only the settings that it states. */
  readonly example: string
  mistakesOf(text: string, place: string): readonly Mistake[]
}

const schema = (name: string) => `./node_modules/@afn/otel/dist/${name}.schema.json`

export const editedFiles: readonly EditedFile[] = [
  {
    name: 'slo.yaml',
    keys: ['slos'],
    example: `# yaml-language-server: $schema=${schema('slo')}\n${defaultSloFile()}`,
    mistakesOf: (_, place) => readSloFiles([place], undefined).mistakes,
  },
  {
    name: 'alerts-config.yaml',
    keys: ['channels', 'severities', 'receiver', 'watchdog'],
    example: `# yaml-language-server: $schema=${schema('alerts-config')}
# Who is notified of which alert; docs/alerts.md has every key. Secrets stand in files of their own, never here.
environment: production
language: en                      # or ja
time_zone: UTC
channels:
  discord: {kind: discord, webhook_url_file: secrets/discord_webhook_url}
  # email: {kind: email, to: [oncall@example.com], from: alerts@example.com, smarthost: "smtp.example.com:587", username: alerts@example.com, password_file: secrets/smtp_password}
  # tickets: {kind: tickets, repository: example/operations, token_file: secrets/github_token}
severities:                       # respond within 5 minutes, 15 minutes, an hour, a day
  critical: {channels: [discord]}
  high: {channels: [discord]}
  medium: {channels: [discord]}
  low: {channels: [discord], business_hours: true}
# maintenance:
#   - {name: backup, days: [sunday], from: "23:00", to: "01:00"}
`,
    mistakesOf: (text, place) => checkAlerts(text, path.dirname(place)).mistakes,
  },
  {
    name: MONITORING_FILE,
    keys: ['dashboard_config', 'budget_config', 'cloudflare_config'],
    example: `{
  "$schema": "${schema('monitoring-config')}",
  // docs/cost.md: what calls may cost, by whose clocks and in which currency
  "budget_config": {
    "time_zone": "UTC",
    "budgets": [{ "name": "all", "period": "month", "amount": 1000 }]
  },
  // docs/cloudflare.md: what watches a zone of Cloudflare's; the token stands in .env
  // "cloudflare_config": { "service": "shop", "health_checks": [{ "name": "ready", "url": "https://shop.example/health/ready" }] },
  // docs/dashboards.md: Grafana boards of your own
  "dashboard_config": {
    "dashboards": [
      {
        "uid": "own-cost",
        "title": "Cost by model",
        "panels": [
          {
            "title": "Cost by model",
            "type": "bars",
            "unit": "currencyUSD",
            "queries": [{ "metric": "afn.llm.cost", "show": "total", "by": ["gen_ai.request.model"] }]
          }
        ]
      }
    ]
  }
}
`,
    mistakesOf: text =>
      [readOwnBoards(text), readCosts(text), readCloudflareConfig(text)].flatMap(({ mistakes }) => mistakes),
  },
  {
    name: 'logging-config.json',
    keys: ['classes', 'folder', 'level', 'size'],
    example: `{
  "$schema": "${schema('logging-config')}",
  // docs/logs.md: where log files are, from which level on, and how long each class is kept
  "folder": "logs",
  "level": "info",
  "size": "100 MiB",
  "classes": {
    "debug": { "retention": "1d" },
    "info": { "retention": "7d" },
    "warn": { "retention": "30d" },
    "error": { "retention": "90d" }
  }
}
`,
    mistakesOf: (text, place) => readLogsConfig(text, place, yaml).mistakes,
  },
]

/** Recognizes a file by its name, else by its keys; undefined if neither matches. */
export function kindOf(place: string, text: string): EditedFile | undefined {
  const named = editedFiles.find(({ name }) => name === path.basename(place))
  if (named) return named
  const top = yaml.parseDocument(withoutComments(text), { prettyErrors: false }).contents
  return yaml.isMap(top) ? editedFiles.find(({ keys }) => keys.some(key => top.has(key))) : undefined
}

/** Errors in file order, each once. */
export function mistakesIn(place: string): readonly Mistake[] {
  const text = readFileSync(place, 'utf8')
  const kind = kindOf(place, text)
  if (!kind) {
    const names = editedFiles.map(({ name }) => name).join(', ')
    return [{ line: 1, column: 1, message: `unknown type of file: neither its name nor its keys match ${names}` }]
  }
  const seen = new Set<string>()
  return kind
    .mistakesOf(text, place)
    .toSorted((a, b) => a.line - b.line || a.column - b.column)
    .filter(({ line, column, message }) => {
      const one = `${line}:${column} ${message}`
      return !seen.has(one) && seen.add(one)
    })
}
