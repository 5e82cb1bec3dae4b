// `weaver registry live-check` as a child process: takes OTLP until it is stopped, and writes a line of JSON for each record, with what
// it finds about it.
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { freePorts } from '../../support/ports'

/** What live-check says of a record, or of a part of one. */
export interface Advice {
  readonly level: 'violation' | 'improvement' | 'information'
  readonly id: string
  readonly message: string
  /** The attribute, metric or event that it is about; of what is missing, what misses it. */
  readonly about: string
  /** The metric or event on which it was found; of spans their kind alone, since their names are many, and whether Next.js made them. */
  readonly where: string
}

export interface LiveCheck {
  /** Where it takes OTLP over gRPC. */
  readonly address: string
  /** @returns how many records it has seen, and each different advice with how often it was given */
  stop(): Promise<{ records: number; found: Map<string, { advice: Advice; count: number }> }>
}

/** @throws Error with what weaver said where it does not come up within a minute */
export async function startLiveCheck(binary: string, registry: string): Promise<LiveCheck> {
  const [port = 0, admin = 0] = await freePorts(2)
  const check = ['registry', 'live-check', '--registry', registry, '--format', 'jsonl', '--fail-on', 'none']
  const listen = ['--otlp-grpc-address', '127.0.0.1', '--otlp-grpc-port', `${port}`, '--admin-port', `${admin}`]
  const child = spawn(binary, [...check, ...listen, '--inactivity-timeout', '0'])
  const kill = () => child.kill('SIGKILL')
  process.once('exit', kill)
  let said = ''
  child.stderr.on('data', chunk => {
    said += chunk
  })
  const found = new Map<string, { advice: Advice; count: number }>()
  let records = 0
  createInterface({ input: child.stdout }).on('line', line => {
    if (!line.startsWith('{')) return
    const [[kind, sample] = ['', undefined]] = Object.entries(JSON.parse(line))
    if (!Object.hasOwn(kinds, kind)) return
    records++
    collect(sample, kinds[kind]!(sample as Sample), found)
  })
  const ended = new Promise<void>(resolve =>
    child.once('close', () => {
      process.off('exit', kill)
      resolve()
    }),
  )
  for (let tries = 0; ; tries++) {
    const answer = await fetch(`http://127.0.0.1:${admin}/health`).catch(() => undefined)
    if (answer?.ok) break
    if (child.exitCode !== null || tries > 600) {
      kill()
      throw new Error(`weaver is not up: ${said}`)
    }
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  return {
    address: `http://127.0.0.1:${port}`,
    async stop() {
      await fetch(`http://127.0.0.1:${admin}/stop`, { method: 'POST' })
      await ended
      return { records, found }
    },
  }
}

interface Sample {
  readonly name?: string
  readonly kind?: string
  readonly event_name?: string
  readonly attributes?: readonly { readonly name: string }[]
}

const kinds: Readonly<Record<string, (sample: Sample) => string>> = {
  span: ({ kind, attributes }) =>
    `span ${kind}${attributes?.some(({ name }) => name === 'next.span_type') ? ' of Next.js' : ''}`,
  metric: ({ name }) => `metric ${name}`,
  log: ({ event_name: name }) => (name ? `event ${name}` : 'log'),
  resource: () => 'resource',
}

/** Findings stand at what they are about, anywhere in a record. */
function collect(part: unknown, where: string, into: Map<string, { advice: Advice; count: number }>): void {
  if (typeof part !== 'object' || part === null) return
  for (const [key, value] of Object.entries(part)) {
    if (key !== 'all_advice') {
      collect(value, where, into)
      continue
    }
    for (const { level, id, message, context } of value as (Omit<Advice, 'about' | 'where'> & { context: Context })[]) {
      const { attribute_key, metric_name, event_name, attribute_value } = context ?? {}
      const named = [attribute_key, metric_name, event_name].filter(name => name !== undefined).join(' ')
      const about = attribute_value === undefined ? named : `${named}=${attribute_value}`
      const advice = { level, id, message, about, where }
      const text = `${level} ${id} ${about} in ${where}`
      const before = into.get(text)
      if (before) before.count++
      else into.set(text, { advice, count: 1 })
    }
  }
}

interface Context {
  readonly attribute_key?: string
  readonly metric_name?: string
  readonly event_name?: string
  readonly attribute_value?: unknown
}
