// Whether everything has arrived that the Collector had taken, by counts in its own words (/metrics of otelcol 0.161).
import { createServer } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { deliveriesOf } from '../../../src/reconcile/deliveries'
import { listen } from '../../support/ports'

interface Counts {
  begun: number
  decided: number
  sent: number
  waiting: number
}

let looks: number
let counts: (look: number) => Counts
let url: string
let server: ReturnType<typeof createServer>
beforeEach(async () => {
  looks = 0
  server = createServer((_, response) => {
    const { begun, decided, sent, waiting } = counts(++looks)
    response.end(
      [
        `otelcol_processor_tail_sampling_new_trace_id_received{service="x"} ${begun}`,
        `otelcol_processor_tail_sampling_global_count_traces_sampled{decision="sampled",sampled="true"} ${decided}`,
        `otelcol_exporter_queue_size{data_type="traces",exporter="otlp_grpc/tempo-errors"} ${waiting}`,
        `otelcol_exporter_queue_size{data_type="metrics",exporter="otlp_http/prometheus-high"} 9`,
        `otelcol_exporter_sent_spans{exporter="otlp_grpc/tempo-errors"} ${sent}`,
      ].join('\n'),
    )
  })
  url = `http://127.0.0.1:${await listen(server)}/metrics`
})
afterEach(() => server.close())

const arrive = (ms: number) => deliveriesOf(url).arrive(Date.now() + ms)

describe('what the Collector had taken', () => {
  it('has arrived when it has decided, and sent what waited; other stores do not matter', async () => {
    // what waits at the seventh look came later than what waited before
    counts = look => ({ begun: 5, decided: look < 3 ? 4 : 5, sent: look < 7 ? 10 : 12, waiting: 2 })
    expect(await arrive(20_000)).toBe(true)
    expect(looks).toBe(7)
  })

  it('has not arrived while spans wait', async () => {
    counts = () => ({ begun: 5, decided: 5, sent: 10, waiting: 2 })
    expect(await arrive(1_200)).toBe(false)
  })

  it('has not arrived while it decides', async () => {
    counts = look => ({ begun: 100 + look, decided: look, sent: 10, waiting: 0 })
    expect(await arrive(1_200)).toBe(false)
  })

  it('has arrived where it is at rest, though a trace was dropped that was never decided', async () => {
    counts = () => ({ begun: 5, decided: 4, sent: 10, waiting: 0 })
    expect(await arrive(1_200)).toBe(true)
  })

  it('is counted anew when the Collector starts again', async () => {
    counts = look =>
      look < 2 ? { begun: 500, decided: 400, sent: 900, waiting: 3 } : { begun: 1, decided: 1, sent: 3, waiting: 0 }
    expect(await arrive(20_000)).toBe(true)
  })

  it('is unknown where no answer says it', async () => {
    expect(await deliveriesOf('http://127.0.0.1:9/metrics').arrive(Date.now() + 60_000)).toBe(true)
  })
})
