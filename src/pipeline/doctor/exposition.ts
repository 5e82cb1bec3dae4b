// Reads the text format of Prometheus, in which the Collector exposes its own metrics.
// https://prometheus.io/docs/instrumenting/exposition_formats/
export interface Sample {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** Samples by name, without the `_total` that some versions put behind a counter. */
export function samplesIn(text: string): Map<string, Sample[]> {
  const samples = new Map<string, Sample[]>()
  for (const line of text.split('\n')) {
    const [, name, labels = '', value] = /^([a-zA-Z_:][\w:]*?)(?:_total)?(?:\{(.*)\})? (\S+)/.exec(line) ?? []
    if (name === undefined) continue
    const sample = { labels: labelsIn(labels), value: Number(value) }
    const known = samples.get(name)
    if (known) known.push(sample)
    else samples.set(name, [sample])
  }
  return samples
}

function labelsIn(text: string): Record<string, string> {
  const pairs = [...text.matchAll(/(\w+)="((?:[^"\\]|\\.)*)"/g)]
  return Object.fromEntries(pairs.map(([, key, value = '']) => [key, value.replace(/\\(.)/g, '$1')]))
}
