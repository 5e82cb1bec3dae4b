// AFN_VENDOR_OTLP: a leg of `afn-otel collector run` that gives what the Collector has redacted to one more backend, of any vendor that takes OTLP.
import { mkdirSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { withoutCredentials } from '../../shared/config/credentials'
import { headers } from '../../shared/config/kinds'
import { httpUrl } from '../../shared/queries/http'

/** Of each signal the connector from which redacted records come. */
const sources = { traces: 'forward/clean', metrics: 'forward/metrics', logs: 'forward/logs' } as const
type Signal = keyof typeof sources

/**
 * @param env gets a variable for each header: a file that others read has no key in it
 * @param cache where the overlay is written
 * @returns the overlay; undefined where no vendor is named
 * @throws Error when a variable is not right
 */
export function vendorOverlay(env: NodeJS.ProcessEnv, cache: string, say: (line: string) => void): string | undefined {
  const { AFN_VENDOR_OTLP: url, AFN_VENDOR_HEADERS, AFN_VENDOR_SIGNALS } = env
  if (!url) return undefined
  httpUrl(url, 'correct AFN_VENDOR_OTLP')
  const names = Object.entries(headersOf(AFN_VENDOR_HEADERS)).map(([name, value], n) => {
    // the Collector looks for variables in the value of a variable, too
    env[`VENDOR_HEADER_${n}`] = value.replaceAll('$', '$$$$')
    return `      ${JSON.stringify(name)}: "\${env:VENDOR_HEADER_${n}}"`
  })
  const signals = signalsOf(AFN_VENDOR_SIGNALS)
  const pipelines = signals.map(signal => [
    `    ${signal}/vendor:`,
    `      receivers: [${sources[signal]}]`,
    // a vendor that is away, or a full queue, must not make the app send again into the other legs
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
