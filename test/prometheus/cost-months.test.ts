// What three months of five services and forty models cost, by a real Prometheus. The samples are written by this file and made into
// blocks by promtool; the truth is the sum of the amounts that were added to the counters, day by day.
import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, inject, it, vi } from 'vitest'
import { type SpendSource, totalOf } from '../../src/operations/cost/spend'
import { prometheusSpend } from '../../src/operations/cost/spend-from-prometheus'
import { type Day, daysOf, periodAt } from '../../src/shared/calendar/period'
import type { Backend } from '../../src/shared/queries/http'
import { freePorts } from '../support/ports'
import { Random } from '../support/random'
import { startServer } from '../support/server'

const binary = inject('prometheusBinary')
const promtool = inject('promtool')

// its clocks are put back on 2 November 2025
const zone = 'America/New_York'
const span = {
  start: periodAt('month', Date.UTC(2025, 8, 15), zone).start,
  end: periodAt('month', Date.UTC(2025, 10, 15), zone).end,
}
const days = daysOf(span, zone)

const services = ['chat', 'search', 'mail', 'batch', 'voice']
const models = Array.from({ length: 40 }, (_, index) => `model-${index}`)

interface Truth {
  /** Dollars, by service and day. */
  readonly byService: Map<string, number[]>
  /** By model. */
  readonly byModel: Map<string, number>
  /** Of the input. */
  readonly tokens: number
  readonly text: string
}

/** Each series is exported every five hours, away for days, begins late, ends early, and begins anew at random. */
function write(): Truth {
  const random = new Random(18)
  const byService = new Map<string, number[]>()
  const byModel = new Map<string, number>()
  const lines = ['# TYPE afn_llm_cost counter']
  for (const service of services) {
    byService.set(
      service,
      days.map(() => 0),
    )
    for (const model of models) {
      for (const component of ['input', 'output']) {
        const labels = `service_name="${service}",gen_ai_provider_name="openai",gen_ai_request_model="${model}",afn_llm_cost_component="${component}"`
        const dollars = 10 ** (random.next() * 6 - 4)
        const first = span.start - 86_400_000 + random.next() * 20 * 86_400_000
        const last = span.end - random.next() * 10 * 86_400_000
        let counter = 0
        let before = 0
        for (let at = first; at < last; at += (4 + 2 * random.next()) * 3_600_000) {
          // in whole seconds, and sometimes on the very edge of a day
          const edge = days.find(({ start }) => start > at && start - at < 3_600_000)?.start
          const time = Math.floor((edge ?? at) / 1_000)
          if (time <= before) continue
          // a counter that begins anew above its last value nobody can tell from one that went on
          if (random.next() < 0.02 && counter > dollars) counter = 0
          if (random.next() < 0.1) continue
          const amount = dollars * random.next()
          counter += amount
          before = time
          lines.push(`afn_llm_cost_total{${labels}} ${counter} ${time}`)
          const day = days.findIndex(({ start, end }) => time * 1_000 > start && time * 1_000 <= end)
          if (day < 0) continue
          byService.get(service)![day]! += amount
          byModel.set(model, (byModel.get(model) ?? 0) + amount)
        }
      }
    }
  }
  const each = 1_000
  lines.push('# TYPE gen_ai_client_inference_usage_input_tokens counter')
  for (const [index, { start }] of days.entries())
    lines.push(`gen_ai_client_inference_usage_input_tokens_total ${(index + 1) * each} ${start / 1_000 + 3_600}`)
  return { byService, byModel, tokens: days.length * each, text: `${lines.join('\n')}\n# EOF\n` }
}

describe.skipIf(binary === undefined || promtool === undefined)(
  'three months of five services and forty models',
  () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'afn-cost-'))
    let truth: Truth
    let source: SpendSource
    let all: Backend
    let fine: Backend
    const stops: (() => Promise<void>)[] = []

    /** @returns a folder of data */
    async function blocksOf(text: string): Promise<string> {
      const file = path.join(folder, 'metrics.txt')
      writeFileSync(file, text)
      const data = mkdtempSync(path.join(folder, 'data-'))
      const from = ['tsdb', 'create-blocks-from', 'openmetrics', '--max-block-duration=744h']
      await promisify(execFile)(promtool!, [...from, file, data])
      return data
    }

    async function start(data: string, keeps: string): Promise<Backend> {
      const [port] = await freePorts(1)
      const url = `http://127.0.0.1:${port}`
      const args = [
        `--config.file=${folder}/prometheus.yml`,
        `--storage.tsdb.path=${data}`,
        `--storage.tsdb.retention.time=${keeps}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ]
      // its folder goes with it, so not that of the other
      stops.push(await startServer({ binary: binary!, args, folder: data, ready: `${url}/-/ready` }))
      return { name: 'Prometheus', url, setBy: '--prometheus' }
    }

    beforeAll(async () => {
      truth = write()
      writeFileSync(path.join(folder, 'prometheus.yml'), '{}')
      const data = await blocksOf(truth.text)
      // one server keeps a week, and another one keeps all
      const week = path.join(folder, 'week')
      cpSync(data, week, { recursive: true })
      all = await start(data, '2y')
      fine = await start(week, '7d')
      source = await prometheusSpend([all])
    }, 150_000)
    afterAll(async () => {
      for (const stop of stops) await stop()
      rmSync(folder, { recursive: true, force: true })
    })

    const near = (value: number, truth: number) => expect(Math.abs(value - truth)).toBeLessThan(1e-9)

    it('each day costs what was added in it, to a billionth of a dollar, a day of 25 hours too', async () => {
      const found = await source.spend(days, ['service'])
      expect(days.filter(({ start, end }: Day) => end - start !== 86_400_000)).toMatchObject([{ date: '2025-11-02' }])
      for (const [index] of days.entries())
        for (const service of services)
          near(
            totalOf(found[index]!.filter(({ labels }) => labels.service === service)).usd,
            truth.byService.get(service)![index]!,
          )
    }, 60_000)

    it('the whole time at once is the sum of its days', async () => {
      const [whole] = await source.spend([span], ['model'])
      for (const model of models)
        near(totalOf(whole!.filter(({ labels }) => labels.model === model)).usd, truth.byModel.get(model)!)
    })

    it('a day costs the same where the servers change in between, and the sum stays', async () => {
      vi.useFakeTimers({ now: span.end, toFake: ['Date'] })
      try {
        const both = await prometheusSpend([fine, all])
        const found = await both.spend(days, ['service'])
        for (const [index] of days.entries())
          for (const service of services)
            near(
              totalOf(found[index]!.filter(({ labels }) => labels.service === service)).usd,
              truth.byService.get(service)![index]!,
            )
      } finally {
        vi.useRealTimers()
      }
      // it has lost what is older than its blocks
      const [old] = await (await prometheusSpend([fine])).spend([days[0]!], [])
      expect(totalOf(old!).usd).toBe(0)
    })

    it('tokens are those of the days that the cost is of, also where the server that keeps longest has not had the last of them yet', async () => {
      vi.useFakeTimers({ now: span.end, toFake: ['Date'] })
      try {
        // a server of a coarse resolution gets what came within its step at the end of it
        const text = truth.text.replace(/.*_tokens_total .*\n# EOF/, '# EOF')
        const both = await prometheusSpend([fine, await start(await blocksOf(text), '5y')])
        const { input } = await both.tokens(days)
        expect(input).toBe(truth.tokens)
      } finally {
        vi.useRealTimers()
      }
    })

    it('a scope counts what fits it and nothing else', async () => {
      const [whole] = await source.spend([span], [], { service: ['chat'], model: ['model-1', 'model-1.', 'model-11'] })
      const all = await source.spend([span], ['service', 'model'])
      const chosen = all[0]!.filter(({ labels }) => labels.service === 'chat' && /^model-11?$/.test(labels.model ?? ''))
      expect(chosen).toHaveLength(2)
      near(totalOf(whole!).usd, totalOf(chosen).usd)
    })
  },
)
