import { mkdtempSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { openStore } from '../../../src/backend/store/store'
import { plan } from '../../../src/cli/plan'
import { coefficients } from '../../../src/pipeline/sizing/coefficients'
import {
  bytesOfSpan,
  costOf,
  type Load,
  type SizedComponent,
  size,
  sizeOfUp,
  tempoBytes,
} from '../../../src/pipeline/sizing/size'
import { retention } from '../../../src/shared/tiers'

const DAY = 86_400
const load: Load = {
  spans: 2_000,
  spanBytes: 700,
  promptBytes: 4_000,
  calls: 0.1,
  sampled: 0.1,
  errors: 0.02,
  isMarked: true,
  series: 30_000,
  interval: 60,
  logs: 500,
  logBytes: 400,
  logShares: { info: 0.9, error: 0.1 },
  langfuse: 0.2,
  retention,
  utilisation: 0.5,
  collectorCores: 2,
  decisionWait: 120,
  outage: 3_600,
}

const quantities = ['replicas', 'cpu', 'memory', 'disk', 'bucket'] as const
const sumOf = (parts: readonly SizedComponent[], key: (typeof quantities)[number]) =>
  parts.reduce((sum, part) => sum + part[key], 0)
const named = (parts: readonly SizedComponent[], name: string) => parts.find(part => part.name === name)!
const prices = { cpuHour: 0.04, memoryHour: 0.004, diskMonth: 0.08, bucketMonth: 0.02 }

describe('the size of a load', () => {
  it.each([
    'spans',
    'spanBytes',
    'promptBytes',
    'calls',
    'sampled',
    'errors',
    'series',
    'logs',
    'logBytes',
    'langfuse',
    'decisionWait',
    'outage',
  ] as const)('never falls when %s grows', key => {
    for (const factor of [1.01, 1.5, 2, 4]) {
      const [less, more] = [size(load), size({ ...load, [key]: load[key] * factor })]
      for (const quantity of quantities)
        expect(sumOf(more, quantity), `${quantity} at ${factor}`).toBeGreaterThanOrEqual(
          sumOf(less, quantity) * (1 - 1e-12),
        )
    }
  })

  it('falls when more of a core may be in use, and when samples are rarer', () => {
    expect(sumOf(size({ ...load, utilisation: 1 }), 'cpu')).toBeLessThan(sumOf(size(load), 'cpu'))
    expect(named(size({ ...load, interval: 120 }), 'prometheus').disk).toBeLessThan(
      named(size(load), 'prometheus').disk,
    )
  })

  it('has the bytes that a count by hand has', () => {
    expect(bytesOfSpan(load)).toBe(700 + 400)
    // 3 days of all, 30 of a tenth, 90 of a fiftieth
    expect(tempoBytes(load)).toBeCloseTo(2_000 * 1_100 * (3 + 3 + 1.8) * DAY, -3)
    expect(named(size(load), 'loki write').bucket).toBeCloseTo(500 * 400 * (0.9 * 7 + 0.1 * 90) * DAY, -3)
    const samples = DAY * (7 / 60 + 32 / 300 + 365 / 3_600)
    expect(named(size(load), 'prometheus').disk).toBeCloseTo(30_000 * samples * 2, -3)
    expect(named(size(load), 'agents').disk).toBeCloseTo(3_600 * (2_000 * 1_100 + 500 * 400), -3)
    // the copy in up is kept by its highest tier: 0.9 for 3 days, 0.08 for 30, 0.02 for 90
    expect(sizeOfUp(load)?.disk).toBeCloseTo(2_000 * (97 + 400) * (2.7 + 2.4 + 1.8) * DAY, -3)
  })

  it('doubles what is in proportion, and keeps a pair of Collectors however small the load is', () => {
    const [once, twice] = [size(load), size({ ...load, spans: 4_000 })]
    expect(named(twice, 'gateways').cpu).toBeCloseTo(2 * named(once, 'gateways').cpu, 9)
    expect(named(twice, 'tempo ingester').bucket).toBeCloseTo(2 * named(once, 'tempo ingester').bucket, 0)
    const small = size({ ...load, spans: 0.1 })
    expect([named(small, 'agents').replicas, named(small, 'gateways').replicas]).toEqual([2, 2])
    const cores = named(size({ ...load, spans: 1_000_000 }), 'gateways')
    expect(cores.replicas).toBe(Math.ceil((1_000_000 * 21.2e-6) / (2 * 0.5)))
  })

  it('has redaction at the agents where apps do not redact', () => {
    const [ours, foreign] = [true, false].map(isMarked => named(size({ ...load, isMarked }), 'agents').cpu)
    expect(foreign! - ours!).toBeCloseTo((2_000 * 23.8e-6) / 0.5, 9)
  })

  it('costs what its amounts cost', () => {
    const part = { name: 'x', replicas: 1, cpu: 2, memory: 3 * 2 ** 30, disk: 4e9, bucket: 5e9 }
    expect(costOf(part, prices)).toBeCloseTo(730 * (2 * 0.04 + 3 * 0.004) + 4 * 0.08 + 5 * 0.02, 9)
  })

  it('has no up where it takes more than was measured', () => {
    expect(sizeOfUp({ ...load, spans: 41_903 * 0.5 + 1 })).toBeUndefined()
  })
})

describe('coefficients of the size', () => {
  it('name their sources', () => {
    for (const { value, unit, source } of Object.values(coefficients)) {
      expect(value).toBeGreaterThan(0)
      expect(unit).not.toBe('')
      expect(source).toMatch(/docs\/|https:\/\/|grafana\/helm-charts/)
    }
  })

  it('are what the store of up takes on the disk for a span, with room', async () => {
    const spans = 60_000
    const file = path.join(mkdtempSync(path.join(tmpdir(), 'afn-size-')), 'afn.duckdb')
    const store = await openStore({ path: file })
    const now = BigInt(Date.now()) * 1_000_000n
    const span = (i: number) => ({
      traceId: (Math.floor(i / 5) + 1).toString(16).padStart(16, '0').repeat(2),
      spanId: (i + 1).toString(16).padStart(16, '0'),
      name: `GET /route/${i % 20}`,
      kind: 2,
      startTimeUnixNano: String(now + BigInt(i) * 1_000n),
      endTimeUnixNano: String(now + BigInt(i) * 1_000n + 5_000_000n),
      attributes: [
        { key: 'http.route', value: { stringValue: `/route/${i % 20}` } },
        { key: 'http.response.status_code', value: { intValue: '200' } },
        { key: 'user.id', value: { stringValue: `user-${(i * 7_919) % 10_007}` } },
      ],
    })
    for (let from = 0; from < spans; from += 5_000)
      await store.write('traces', {
        resourceSpans: [
          { resource: {}, scopeSpans: [{ spans: Array.from({ length: 5_000 }, (_, i) => span(from + i)) }] },
        ],
      })
    await store.close()
    const bytes = statSync(file).size / spans
    expect(bytes).toBeLessThan(coefficients.upDisk.value * 4)
    expect(bytes).toBeGreaterThan(coefficients.upDisk.value / 4)
  })
})

describe('afn-otel plan size', () => {
  afterEach(() => vi.restoreAllMocks())

  async function run(...args: string[]) {
    const lines: string[] = []
    vi.spyOn(console, 'log').mockImplementation(line => void lines.push(String(line)))
    const code = await plan(['size', ...args])
    return { code, stdout: lines.join('\n') }
  }

  it('shows each part, what it costs, and what is not known', async () => {
    const { code, stdout } = await run(
      '--spans',
      '1000',
      '--prompt-bytes',
      '2000',
      '--langfuse',
      '0.2',
      '--logs',
      '10',
      '--sources',
    )
    expect(code).toBe(0)
    for (const part of [
      'agents',
      'gateways',
      'tempo ingester',
      'prometheus',
      'loki write',
      'langfuse stores',
      'up, in',
    ])
      expect(stdout).toMatch(new RegExp(`^${part}.* \\d+\\.\\d\\d$`, 'm'))
    expect(stdout).toMatch(/^not included: .*compress/m)
    expect(stdout).toContain('grafana.com/docs/tempo')
  })

  it('gives the same for programs, with sources', async () => {
    const { stdout } = await run(
      '--spans',
      '1000',
      '--price-cpu',
      '0',
      '--price-memory',
      '0',
      '--price-disk',
      '0',
      '--price-bucket',
      '1',
      '--json',
    )
    const answer = JSON.parse(stdout)
    const bucket = answer.parts.reduce((sum: number, part: SizedComponent) => sum + part.bucket, 0)
    expect(answer.total.usd).toBeCloseTo(bucket / 1e9, 3)
    expect(answer.coefficients.gatewayCpu.source).toContain('docs/benchmarks.md')
    expect(answer.unknown.length).toBeGreaterThan(2)
  })

  it('names all mistakes at once', async () => {
    const wrong = run('--spans', '0', '--calls', '2', '--sampled', '0.1', '--errors', '0.2', '--log-shares', 'info=2')
    await expect(wrong).rejects.toThrow(
      /--spans takes a number above 0, not "0"[\s\S]*--calls takes a share[\s\S]*--log-shares takes[\s\S]*--errors is larger than --sampled/,
    )
    await expect(run()).rejects.toThrow(/--spans takes/)
  })
})
