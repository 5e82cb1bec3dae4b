// `afn-otel up --prometheus` with a real Prometheus: what comes in by OTLP is there, under the names of the pipeline.
import { expect, inject, it } from 'vitest'
import { messages } from '../../src/shared/otlp/messages'
import { toProtobuf } from '../../src/shared/otlp/to-protobuf'
import { freePorts } from '../support/ports'
import { startUp } from '../support/up'

const binary = inject('prometheusBinary')

it.skipIf(!binary)('starts it, hands metrics over, and takes it along when it ends', async () => {
  const [port] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  const env = { PROMETHEUS_BIN: binary!, AFN_PROMETHEUS_URL: url }
  const up = await startUp(['--memory', '--prometheus'], { env })
  const point = { timeUnixNano: `${Date.now()}000000`, asDouble: 0.25, attributes: [] }
  const metric = {
    name: 'afn.llm.cost',
    unit: '{USD}',
    sum: { aggregationTemporality: 2, isMonotonic: true, dataPoints: [point] },
  }
  expect((await up.post('metrics', { resourceMetrics: [{ scopeMetrics: [{ metrics: [metric] }] }] })).status).toBe(200)
  const queried = () => up.command(['query', 'afn_llm_cost_total', '--since', '5m'], env)
  await expect.poll(async () => (await queried()).stdout, { timeout: 20_000, interval: 1_000 }).toMatch(/0\.25 +0\.25/)
  expect(up.stderr()).toBe('')
  expect(await up.stop()).toBe(0)
  await expect(fetch(`${url}/-/ready`)).rejects.toThrow()
})

it.skipIf(!binary)('gives it the environment of an SDK that says it by the old name', async () => {
  const [port] = await freePorts(1)
  const url = `http://127.0.0.1:${port}`
  const up = await startUp(['--memory', '--prometheus'], { env: { PROMETHEUS_BIN: binary!, AFN_PROMETHEUS_URL: url } })
  const text = (key: string, value: string) => ({ key, value: { stringValue: value } })
  const point = { timeUnixNano: `${Date.now()}000000`, asDouble: 1, attributes: [] }
  const metrics = [{ name: 'built', gauge: { dataPoints: [point] } }]
  const of = (service: string, ...environment: object[]) => ({
    resource: { attributes: [text('service.name', service), ...environment] },
    scopeMetrics: [{ metrics }],
  })
  const [old, today] = ['deployment.environment', 'deployment.environment.name']
  const json = [of('json', text(old, 'staging')), of('both', text(old, 'staging'), text(today, 'eu')), of('none')]
  expect((await up.post('metrics', { resourceMetrics: json })).status).toBe(200)
  const message = messages.ExportMetricsServiceRequest
  const headers = { 'content-type': 'application/x-protobuf' }
  for (const resourceMetrics of [[of('protobuf', text(old, 'staging'))], [of('today', text(today, 'eu'))]]) {
    const body = new Uint8Array(toProtobuf(message, { resourceMetrics }))
    expect((await fetch(`${up.otlp}/v1/metrics`, { method: 'POST', headers, body })).status).toBe(200)
  }
  const environments = async () => {
    const { data } = await (await fetch(`${url}/api/v1/query?query=built`)).json()
    return Object.fromEntries(
      data.result.map(({ metric }: { metric: Record<string, string> }) => [metric.job, metric.deployment_environment_name]), // biome-ignore format: one line
    )
  }
  await expect
    .poll(environments, { timeout: 20_000, interval: 1_000 })
    .toEqual({ json: 'staging', both: 'eu', none: undefined, protobuf: 'staging', today: 'eu' })
  expect(up.stderr()).toBe('')
  expect(await up.stop()).toBe(0)
})

it.skipIf(!binary)('takes the binary from AFN_PROMETHEUS, its old place, and says where it belongs', async () => {
  const [port] = await freePorts(1)
  const env = { AFN_PROMETHEUS: binary!, AFN_PROMETHEUS_URL: `http://127.0.0.1:${port}` }
  const up = await startUp(['--memory', '--prometheus'], { env })
  expect(up.stderr()).toBe(
    'afn-otel up: name the binary of Prometheus in PROMETHEUS_BIN, no longer in AFN_PROMETHEUS\n',
  )
  expect(await up.stop()).toBe(0)
})
