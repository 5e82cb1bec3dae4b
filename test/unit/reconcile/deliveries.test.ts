// Whether everything has arrived that the Collector had taken, by counts in its own words (/metrics of otelcol 0.161).
import { createServer, type Server } from 'node:http'
import { afterAll, describe, it } from 'vitest'
import { deliveriesOf } from '../../../src/pipeline/reconcile/deliveries'
import { listen } from '../../support/ports'

interface Counts {
  begun: number
  decided: number
  sent: number
  waiting: number
}

const servers: Server[] = []
afterAll(() => {
  for (const server of servers) server.close()
})

/** A Collector whose counts at the nth look are these, and what waits for it. */
async function collector(counts: (look: number) => Counts) {
  let looks = 0
  const server = createServer((_, response) => {
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
  servers.push(server)
  const deliveries = deliveriesOf(`http://127.0.0.1:${await listen(server)}/metrics`)
  return { arrive: (ms: number) => deliveries.arrive(Date.now() + ms), looks: () => looks }
}

// each of them mostly waits
describe.concurrent('what the Collector had taken', () => {
  it('has arrived when it has decided, and sent what waited; other stores do not matter', async ({ expect }) => {
    // what waits at the seventh look came later than what waited before
    const { arrive, looks } = await collector(look => ({
      begun: 5,
      decided: look < 3 ? 4 : 5,
      sent: look < 7 ? 10 : 12,
      waiting: 2,
    }))
    expect(await arrive(20_000)).toBe(true)
    expect(looks()).toBe(7)
  })

  it('has not arrived while spans wait', async ({ expect }) => {
    const { arrive } = await collector(() => ({ begun: 5, decided: 5, sent: 10, waiting: 2 }))
    expect(await arrive(1_200)).toBe(false)
  })

  it('has not arrived while it decides', async ({ expect }) => {
    const { arrive } = await collector(look => ({ begun: 100 + look, decided: look, sent: 10, waiting: 0 }))
    expect(await arrive(1_200)).toBe(false)
  })

  it('has arrived where it is at rest, though a trace was dropped that was never decided', async ({ expect }) => {
    const { arrive } = await collector(() => ({ begun: 5, decided: 4, sent: 10, waiting: 0 }))
    expect(await arrive(1_200)).toBe(true)
  })

  it('is counted anew when the Collector starts again', async ({ expect }) => {
    const { arrive } = await collector(look =>
      look < 2 ? { begun: 500, decided: 400, sent: 900, waiting: 3 } : { begun: 1, decided: 1, sent: 3, waiting: 0 },
    )
    expect(await arrive(20_000)).toBe(true)
  })

  it('is unknown where no answer says it', async ({ expect }) => {
    expect(await deliveriesOf('http://127.0.0.1:9/metrics').arrive(Date.now() + 60_000)).toBe(true)
  })
})
