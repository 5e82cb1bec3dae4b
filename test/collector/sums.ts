// What Collectors have told of counters: each series' last value, over all that there were.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { linesOf } from './support'

/** A second `--config` that writes what goes to the high resolution to FOLDER/high.json, too. @returns its path */
export function alsoToFile(folder: string): string {
  const file = path.join(folder, 'high.yaml')
  const pipeline = (name: string) => `    metrics/${name}: {exporters: [file/high, forward/metrics]}\n`
  writeFileSync(
    file,
    `exporters:\n  file/high: {path: ${folder}/high.json, append: true, create_directory: true, flush_interval: 200ms}\n` +
      `service:\n  pipelines:\n${pipeline('in')}${pipeline('counts')}`,
  )
  return file
}

interface Point {
  readonly attributes: unknown
  readonly startTimeUnixNano: string
  readonly asInt?: string
  readonly asDouble?: number
}

interface Line {
  readonly resourceMetrics: readonly {
    readonly resource: unknown
    readonly scopeMetrics: readonly {
      readonly metrics: readonly { readonly name: string; readonly sum?: { readonly dataPoints: readonly Point[] } }[]
    }[]
  }[]
}

/** A Collector that was killed while it wrote leaves the beginning of a line, in front of the first of the next one. */
const wholeOf = (line: string) => line.slice(line.lastIndexOf('{"resourceMetrics":'))

/** The sum of a counter by the files of these folders. A series that begins anew is one more series. */
export function sumOf(metric: string, folders: readonly string[], name = 'high'): number {
  const last = new Map<string, number>()
  for (const folder of folders) {
    for (const line of linesOf(folder, name)) {
      for (const { resource, scopeMetrics } of (JSON.parse(wholeOf(line)) as Line).resourceMetrics) {
        const points = scopeMetrics
          .flatMap(({ metrics }) => metrics)
          .flatMap(({ name, sum }) => (name === metric && sum ? sum.dataPoints : []))
        for (const { attributes, startTimeUnixNano, asInt, asDouble } of points) {
          const series = JSON.stringify([folder, resource, startTimeUnixNano, attributes])
          last.set(series, Number(asInt ?? asDouble ?? 0))
        }
      }
    }
  }
  return [...last.values()].reduce((sum, value) => sum + value, 0)
}
