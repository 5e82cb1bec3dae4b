// What `afn-otel doctor` finds in a real Prometheus.
import { describe, expect, inject, it } from 'vitest'
import { planOf } from '../../src/pipeline/deployment/plan'
import { prometheusChecks } from '../../src/pipeline/doctor/prometheus'

const url = inject('prometheus')

describe.skipIf(!url)('doctor', () => {
  const ask = (pipeline?: unknown) => prometheusChecks({ AFN_PROMETHEUS_URL: url }, [planOf('single', pipeline)])

  it('reads that it takes OTLP, how long it keeps, and that nothing leaked', async () => {
    const checks = await ask()
    expect(checks.filter(({ ok }) => !ok)).toEqual([])
    expect(Object.fromEntries(checks.map(({ name, detail }) => [name, detail]))).toMatchObject({
      'OTLP receiver': 'on',
      retention: '7 d',
      'redaction leaks': 'none in the last day',
      'data quality': 'no violations in the last day',
      'lost telemetry': 'no app reported a loss in the last day',
    })
  })

  it('sees another retention than that of the table', async () => {
    const [wrong] = (await ask({ retention: { metrics: { high: 14 } } })).filter(({ ok }) => !ok)
    expect(wrong).toMatchObject({ name: 'retention', detail: expect.stringContaining('retains 7 d, not 14 d') })
  })
})
