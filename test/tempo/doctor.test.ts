// What `afn-otel doctor` finds in a real Tempo.
import { describe, expect, inject, it } from 'vitest'
import { planOf } from '../../src/pipeline/deployment/plan'
import { deliveryChecks } from '../../src/pipeline/doctor/deliveries'
import { tempoChecks } from '../../src/pipeline/doctor/tempo'
import { resolve } from '../../src/shared/config/resolve'
import type { Status } from '../../src/shared/diag/status'

const tempo = inject('tempo')

describe.skipIf(!tempo)('doctor', () => {
  const ask = (pipeline?: unknown) => tempoChecks({ AFN_TEMPO_URL: tempo!.url }, planOf('single', pipeline))

  it('reads tenancy, each tenant and its retention', async () => {
    const checks = await ask()
    expect(checks.filter(({ ok }) => !ok)).toEqual([])
    expect(Object.fromEntries(checks.map(({ name, detail }) => [name, detail]))).toMatchObject({
      'multi-tenancy': 'on',
      'afn-errors': 'answers',
      retention: 'detailed 3 d, sampled 30 d, errors 90 d',
    })
  })

  it('sees that the table has changed since Tempo got its limits', async () => {
    const [wrong] = (await ask({ retention: { traces: { errors: 120 } } })).filter(({ ok }) => !ok)
    expect(wrong).toMatchObject({ name: 'retention', detail: expect.stringContaining('keeps 90 d, not 120 d') })
  })

  it('distinguishes its receiver from a Collector', async () => {
    const target = (signal: string) => ({ exporter: 'otlp', endpoint: `${tempo!.otlp}/v1/${signal}` })
    const status = { traces: target('traces'), metrics: target('metrics') } as Partial<Status> as Status
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: tempo!.otlp }
    const { settings } = resolve({ env, cwd: '/', parseYaml: () => undefined })
    const [, metrics] = await deliveryChecks(status, settings)
    expect(metrics).toMatchObject({ ok: false, detail: expect.stringContaining('the receiver of Tempo itself') })
  })
})
