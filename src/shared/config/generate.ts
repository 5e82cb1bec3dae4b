// `npm run generate`: the settings and the table of diagnostics of `docs/settings.md`.
import { readFileSync } from 'node:fs'
import { codes } from '../diag/codes'
import { docs } from './docs'
import { shown } from './explain'
import { fill } from './fill-page'
import { type SettingName, settings } from './settings'

/** The sections of the page, by the first part of the path in the settings file. */
const sections: Record<string, readonly string[]> = {
  'Start and end': ['disabled', 'stand_down', 'workers', 'shutdown_timeout', 'log_level'],
  Resource: ['service', 'resource', 'resource_detectors'],
  'LLM calls': ['llm'],
  Redaction: ['redaction', 'suppression'],
  'Context propagation': ['propagators', 'trust_baggage', 'mcp_baggage_hosts'],
  Export: ['otlp', 'spool', 'spool_dir'],
  Traces: ['traces'],
  Metrics: ['metrics'],
  Logs: ['logs'],
  'Semantic conventions': ['semconv'],
  Instrumentations: ['instrumentations'],
  Limits: ['limits'],
  LangFuse: ['langfuse'],
  Health: ['health'],
  'SLOs, local store, audit log, GDPR': ['pipeline', 'local', 'audit', 'gdpr'],
}

/** Settings that override a common one for one signal; the page describes all of them at once. */
const forOneSignal = /^OTEL_EXPORTER_OTLP_(TRACES|METRICS|LOGS)_(ENDPOINT|HEADERS|PROTOCOL|COMPRESSION|TIMEOUT|C\w+)$/

const inherited = [
  '### `OTEL_EXPORTER_OTLP_{TRACES,METRICS,LOGS}_*`',
  '',
  'Endpoint (a whole URL), headers, protocol, compression, timeout and certificates of one signal.',
  '',
  '- File: `traces.endpoint`, `metrics.endpoint`, `logs.endpoint` and so on',
].join('\n')

/** One setting under a heading of its own, so that a link can lead to it. */
function blockOf(name: SettingName): string {
  const { env, file, fallback, kind } = settings[name]
  const [first, ...others] = env
  const value = fallback === undefined ? 'none' : shown(name, fallback, (_, item) => item)
  const isWord = !/[(\s]/.test(value) && value !== 'none'
  const also = others.map(variable => `\`${variable}\``).join(', ')
  return [
    `### \`${first}\``,
    '',
    docs[name],
    '',
    `- Default: ${isWord ? `\`${value}\`` : value.replace(/^\(none\)$/, 'none')}`,
    `- Values: ${kind.allowed}`,
    `- File: \`${file}\``,
    ...(also ? [`- Also: ${also}`] : []),
  ].join('\n')
}

function settingsBySection(): string {
  const names = (Object.keys(settings) as SettingName[]).filter(name => !forOneSignal.test(settings[name].env[0]!))
  const rootOf = (name: SettingName): string => settings[name].file.split('.')[0]!
  const placed = new Set(Object.values(sections).flat())
  const lost = names.filter(name => !placed.has(rootOf(name)))
  if (lost.length > 0) throw new Error(`settings without a section in docs/settings.md: ${lost.join(', ')}`)
  return Object.entries(sections)
    .map(([title, roots]) => {
      const blocks = names.filter(name => roots.includes(rootOf(name))).map(blockOf)
      return [`## ${title}`, ...blocks, ...(title === 'Export' ? [inherited] : [])].join('\n\n')
    })
    .join('\n\n')
}

export default function generate(): { path: string; content: string }[] {
  const path = 'docs/settings.md'
  const rows = Object.entries(codes).map(([code, meaning]) => `| ${code} | ${meaning} |`)
  const codesTable = ['| code | meaning |', '|---|---|', ...rows].join('\n')
  const settled = fill({ path, content: readFileSync(path, 'utf8') }, 'settings', settingsBySection())
  return [{ path, content: fill({ path, content: settled }, 'codes', codesTable) }]
}
