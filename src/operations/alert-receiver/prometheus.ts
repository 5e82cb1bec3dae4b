/** Queries to Prometheus for a page that somebody is waiting for: late or large responses are dropped. */

export type Labels = Readonly<Record<string, string>>

export interface SampledSeries {
  readonly labels: Labels
  /** Time in seconds since 1970 and value, ascending. */
  readonly points: readonly (readonly [number, number])[]
}

export interface AlertingRule {
  readonly query: string
  readonly labels: Labels
}

const MOST_BYTES = 4 * 1024 * 1024

export class Prometheus {
  /**
   * @param url without a trailing slash
   * @param signal aborts all requests
   */
  constructor(
    private readonly url: string,
    private readonly signal: AbortSignal,
  ) {}

  async range(query: string, start: number, end: number, step: number): Promise<SampledSeries[]> {
    const data = await this.#get('query_range', { query, start: `${start}`, end: `${end}`, step: `${step}` })
    const { result = [] } = data as { result?: { metric: Labels; values?: [number, string][] }[] }
    return result.map(({ metric, values = [] }) => ({
      labels: metric,
      points: values.map(([at, value]) => [at, Number(value)] as const).filter(([, value]) => Number.isFinite(value)),
    }))
  }

  async instant(query: string): Promise<{ readonly labels: Labels; readonly value: number }[]> {
    const { result = [] } = (await this.#get('query', { query })) as {
      result?: { metric: Labels; value: [number, string] }[]
    }
    return result.map(({ metric, value }) => ({ labels: metric, value: Number(value[1]) }))
  }

  /** The alerting rules with this name. */
  async rules(name: string): Promise<AlertingRule[]> {
    // older versions of Prometheus ignore `rule_name[]` and return all rules
    const data = await this.#get('rules', { type: 'alert', 'rule_name[]': name })
    const { groups = [] } = data as { groups?: { rules: (AlertingRule & { name: string })[] }[] }
    return groups.flatMap(({ rules }) => rules).filter(rule => rule.name === name)
  }

  async #get(what: string, parameters: Record<string, string>): Promise<unknown> {
    const response = await fetch(`${this.url}/api/v1/${what}?${new URLSearchParams(parameters)}`, {
      signal: this.signal,
    })
    const chunks: Uint8Array[] = []
    let bytes = 0
    for await (const chunk of response.body ?? []) {
      bytes += chunk.length
      if (bytes > MOST_BYTES) throw new Error('the response of Prometheus is too large')
      chunks.push(chunk)
    }
    const { status, data } = JSON.parse(Buffer.concat(chunks).toString()) as { status?: unknown; data?: unknown }
    if (status !== 'success') throw new Error(`Prometheus responded with ${response.status}`)
    return data ?? {}
  }
}
