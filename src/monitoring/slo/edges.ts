/**
 * The histogram bucket boundaries that the SDK needs for latency SLOs. The complete reader takes a tenth of a second to load, too long for
 * an app's start, so this one only reads thresholds; `afn-otel slo check` checks the rest.
 */
import { readFileSync } from 'node:fs'
import type { Document, LineCounter, Node } from 'yaml'
import { withoutComments } from '../../shared/config/json-comments'
import { metricName } from '../../shared/otlp/prometheus-names'
import { latencyOf } from './latency'
import type { FileSlo, SloFile } from './schema'
import { THRESHOLD } from './spec'

type Yaml = Pick<typeof import('yaml'), 'LineCounter' | 'parseAllDocuments'>
type Latency = NonNullable<FileSlo['sli']['latency']>

/** The additional boundaries for a histogram with this name and unit. */
export type Edges = (name: string, unit: string) => readonly number[]

/**
 * Matches instruments by the name of their Prometheus series, so that a threshold in seconds does not apply to a histogram in milliseconds.
 * @param wrong receives each mistake, with file, line, column and correction
 */
export function edgesIn(files: readonly string[], yaml: Yaml, wrong: (message: string) => void): Edges {
  const edges = new Map<string, number[]>()
  for (const latency of files.flatMap(file => latenciesIn(file, yaml, wrong))) {
    const { metric, threshold } = latencyOf(latency)
    // native histograms need no boundaries
    if (metric.type !== 'histogram') continue
    const name = metricName(metric.name, metric.unit, 'other') ?? ''
    edges.set(name, [...(edges.get(name) ?? []), threshold])
  }
  return (name, unit) => edges.get(metricName(name, unit, 'other') ?? '') ?? []
}

function latenciesIn(file: string, yaml: Yaml, wrong: (message: string) => void): Latency[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    wrong(`${file} can't be read (${code}); correct AFN_SLO_FILE or the file's permissions`)
    return []
  }
  const lines = new yaml.LineCounter()
  const documents = [
    yaml.parseAllDocuments(withoutComments(text), { lineCounter: lines, prettyErrors: false, merge: true }),
  ].flat() as Document[]
  return documents.flatMap(document => new OneService(document, lines, at => `${file}:${at}`, wrong).latencies())
}

/** A YAML document: the SLOs of one service. */
class OneService {
  constructor(
    private readonly document: Document,
    private readonly lines: LineCounter,
    private readonly place: (at: string) => string,
    private readonly wrong: (message: string) => void,
  ) {}

  latencies(): Latency[] {
    const [error] = this.document.errors
    if (error) return this.#refuse(error.pos[0], error.message.split('\n', 1)[0]!)
    const file = this.#value() as Partial<SloFile> | null
    // an empty document between or after separators
    if (file === null) return []
    if (file?.version !== 'prometheus/v1' || !Array.isArray(file.slos))
      return this.#refuseAt([], 'a file of SLOs has "version: prometheus/v1", "service" and a list of "slos"')
    return file.slos.flatMap((slo: FileSlo | null, number) => {
      const latency = slo?.sli?.latency
      return latency === undefined ? [] : this.#right(latency, ['slos', number, 'sli', 'latency'])
    })
  }

  #value(): unknown {
    try {
      return this.document.toJS({ maxAliasCount: 100 })
    } catch (error) {
      this.#refuseAt([], (error as Error).message)
      return null
    }
  }

  #right(latency: Latency, path: (string | number)[]): Latency[] {
    const { metric, threshold, unit = '' } = latency ?? {}
    if (typeof metric !== 'string' || typeof unit !== 'string')
      return this.#refuseAt(path, "a latency has OpenTelemetry's name of a histogram as its metric, and a threshold")
    const isTime =
      typeof threshold === 'string' ? THRESHOLD.test(threshold) : Number.isFinite(threshold) && threshold > 0
    if (isTime) return [latency]
    return this.#refuseAt(
      [...path, 'threshold'],
      'threshold takes a duration, such as 2s or 500ms, or a number above 0',
    )
  }

  #refuseAt(path: (string | number)[], message: string): [] {
    const node = (this.document.getIn(path, true) ?? this.document.contents) as Partial<Node> | null | undefined
    return this.#refuse(node?.range?.[0] ?? 0, message)
  }

  #refuse(offset: number, message: string): [] {
    const { line, col } = this.lines.linePos(offset)
    this.wrong(`${this.place(`${Math.max(line, 1)}:${Math.max(col, 1)}`)}: ${message}; afn-otel slo check says more`)
    return []
  }
}
