// AFN_VENDOR_OTLP: an additional exporter of `afn-otel collector run`, which sends redacted data to any vendor that accepts OTLP.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { withoutCredentials } from '../../shared/config/credentials'
import { headers } from '../../shared/config/kinds'
import { httpUrl } from '../../shared/queries/http'

/** The connector that delivers redacted records, by signal. */
const sources = { traces: 'forward/clean', metrics: 'forward/metrics', logs: 'forward/logs' } as const
type Signal = keyof typeof sources

/**
 * @param env gets one variable per header, so that no key is in a file that others can read
 * @param cache folder for the overlay
 * @returns the path of the overlay; undefined if no vendor is set
 * @throws Error if a variable is invalid
 */
export function vendorOverlay(env: NodeJS.ProcessEnv, cache: string, say: (line: string) => void): string | undefined {
  const { AFN_VENDOR_OTLP: url, AFN_VENDOR_HEADERS, AFN_VENDOR_SIGNALS } = env
  if (!url) return undefined
  httpUrl(url, 'correct AFN_VENDOR_OTLP')
  const names = Object.entries(headersOf(AFN_VENDOR_HEADERS)).map(([name, value], n) => {
    // the Collector also expands variables within the values of variables
    env[`VENDOR_HEADER_${n}`] = value.replaceAll('$', '$$$$')
    return `      ${JSON.stringify(name)}: "\${env:VENDOR_HEADER_${n}}"`
  })
  const signals = signalsOf(AFN_VENDOR_SIGNALS)
  const pipelines = signals.map(signal => [
    `    ${signal}/vendor:`,
    `      receivers: [${sources[signal]}]`,
    // an unreachable vendor or a full queue must not make the app send again to the other exporters
    '      processors: [batch/swallow]',
    '      exporters: [otlp_http/vendor]',
  ])
  const lines = [
    '# Written by afn-otel collector run, of AFN_VENDOR_OTLP.',
    'exporters:',
    '  otlp_http/vendor:',
    `    endpoint: "\${env:AFN_VENDOR_OTLP}"`,
    ...(names.length > 0 ? ['    headers:', ...names] : []),
    '    compression: gzip',
    '    retry_on_failure:',
    '      enabled: true',
    '      max_elapsed_time: 0s',
    '    sending_queue:',
    '      enabled: true',
    '      storage: file_storage/queue',
    'service:',
    '  pipelines:',
    ...pipelines.flat(),
  ]
  const file = path.join(cache, 'otel-collector-vendor.yaml')
  mkdirSync(cache, { recursive: true })
  writeFileSync(file, `${lines.join('\n')}\n`)
  say(`collector: also sends ${signals.join(', ')} to ${withoutCredentials(url)} (AFN_VENDOR_OTLP)`)
  return file
}

function headersOf(text: string | undefined): Readonly<Record<string, string>> {
  if (!text) return {}
  const wrong: string[] = []
  const read = headers.parse(text, why => wrong.push(why))
  if (read && wrong.length === 0) return read
  throw new Error(`AFN_VENDOR_HEADERS: ${wrong[0] ?? `write ${headers.allowed}`}`)
}

function signalsOf(text: string | undefined): Signal[] {
  const named = (text || Object.keys(sources).join(',')).split(',').map(word => word.trim())
  const unknown = named.find(word => !Object.hasOwn(sources, word))
  if (unknown === undefined) return [...new Set(named)] as Signal[]
  throw new Error(`AFN_VENDOR_SIGNALS takes ${Object.keys(sources).join(', ')}, not "${unknown}"`)
}
