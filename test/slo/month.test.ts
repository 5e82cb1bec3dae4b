// How much of a month's error budget is left, by the generated rules on a real Prometheus. The oracle is the arithmetic of the generator's
// own counts: uneven traffic, restarts of the counters, and 6 hours that nobody scraped.
import { mkdtempSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import { report as command } from '../../src/cli/slo/report'
import { defaultSloFile } from '../../src/monitoring/slo/defaults'
import { lastMonth } from '../../src/monitoring/slo/month'
import { readSlos } from '../../src/monitoring/slo/read'
import type { Rule } from '../../src/monitoring/slo/rule-file'
import { ruleFiles } from '../../src/monitoring/slo/rule-files'
import { budgetOf, type Slo } from '../../src/monitoring/slo/spec'
import { periodSeconds } from '../../src/monitoring/slo/windows'
import { findPrometheus } from '../support/binaries.mjs'
import { isLong } from '../support/long'
import { type Backfilled, backfill, start } from './backfill'
import { type Count, dayAt, type Kind } from './traffic'

const DAY = 86_400
const calendar = lastMonth(Date.now() / 1_000)
const days = isLong('slo') ? (calendar.end - calendar.start) / DAY : 2
const found = findPrometheus()
const missing =
  'missing' in found ? found.missing : found.promtool ? undefined : 'there is no promtool next to Prometheus'
if (missing) writeSync(1, `skipped: a month of SLOs: ${missing}\n`)

const kinds: Record<string, Kind> = { availability: 'availability', 'latency-p95': 'latency', 'llm-errors': 'llm', 'llm-quality': 'quality' } // biome-ignore format: one line
/** Errors of HTTP are a part of what availability counts. */
const slos = readSlos(defaultSloFile('shop')).slos.filter(({ name }) => name in kinds)

const rulesOf = (slo: Slo): Rule[] => ruleFiles([slo], { days: 40 }).made.flatMap(({ files }) => files).flatMap(({ groups }) => groups.flatMap(({ rules }) => rules)) // biome-ignore format: one line
const asSloth = (slo: Slo): Slo => ({ ...slo, compat: 'sloth', id: `${slo.id}-sloth`, name: `${slo.name}-sloth` })
const isBase = ({ record = '' }: Rule) => /^slo:sli_(errors|events):increase1m$/.test(record)
const isBaseOfSloth = ({ record = '' }: Rule) => record === 'slo:sli_error:ratio_rate5m'

const expressionOf = (slo: Slo, name: string): string => rulesOf(slo).find(({ record }) => record === name)!.expr
const ratioName = ({ period }: Slo): string => `slo:sli_error:ratio_rate${period === '7d' ? '1w' : period}`

/** What is left by the rule's own expression, with the records of the same group put in their places. */
function budgetLeft(slo: Slo): string {
  const put = (into: string, record: string, what: string) =>
    into.replaceAll(new RegExp(`${record}\\{[^}]*\\}`, 'g'), () => `(${what})`)
  const rate = expressionOf(slo, 'slo:period_burn_rate:ratio')
  const burn = put(rate, ratioName(slo), expressionOf(slo, ratioName(slo)))
  return put(expressionOf(slo, 'slo:period_error_budget_remaining:ratio'), 'slo:period_burn_rate:ratio', burn)
}

describe.skipIf(missing)(`${days} days of the package's SLOs`, () => {
  let month: Backfilled

  beforeAll(async () => {
    if ('missing' in found || !found.promtool) return
    const records = slos.flatMap(slo => [
      ...rulesOf(slo).filter(isBase),
      ...rulesOf(asSloth(slo)).filter(isBaseOfSloth),
    ])
    const options = { start: calendar.start, days, gapAt: dayAt(0.2, days * DAY) + 14 * 3_600, service: 'shop' }
    month = await backfill({ prometheus: found.prometheus, promtool: found.promtool }, options, records)
  }, 580_000)
  afterAll(() => month?.stop())

  function truth(slo: Slo): Count {
    const { end, days: byDay } = month.traffic
    const first = new Date((end - periodSeconds[slo.period]) * 1_000).toISOString().slice(0, 10)
    const sum = { total: 0, bad: 0 }
    for (const [day, counts] of byDay) {
      if (day < first) continue
      sum.total += counts[kinds[slo.name]!].total
      sum.bad += counts[kinds[slo.name]!].bad
    }
    return sum
  }

  const left = (slo: Slo): number => 1 - truth(slo).bad / truth(slo).total / budgetOf(slo)

  it.each(slos.map(slo => [slo.name, slo] as const))(
    'of %s, what is left of the budget is what the counts say',
    async (_, slo) => {
      const said = await month.value(budgetLeft(slo))
      const { total, bad } = truth(slo)
      writeSync(
        1,
        `month: ${slo.name}: ${bad} of ${total} bad: ${left(slo).toFixed(5)} left; by the rules ${said?.toFixed(5)}\n`,
      )
      // of two days, the minutes at the edges are more
      expect(Math.abs(said! - left(slo))).toBeLessThan(isLong('slo') ? 1e-3 : 3e-3)
    },
  )

  it('Sloth has no number for it after a quiet half hour, and without that one that is far off', async () => {
    const [availability] = slos
    const ofSloth = expressionOf(asSloth(availability!), ratioName(availability!))
    expect(await month.value(ofSloth)).toBeNaN()
    const withoutNaN = ofSloth.replaceAll(/_over_time\((slo:[^\]]*)\[(\w+)\]/g, '_over_time(($1 >= 0)[$2:1m]')
    const said = 1 - (await month.value(withoutNaN))! / budgetOf(availability!)
    writeSync(1, `month: availability by Sloth's rules without NaN: ${said.toFixed(5)} left\n`)
    expect(Math.abs(said - left(availability!))).toBeGreaterThan(0.1)
  })

  describe('afn-otel slo report', () => {
    const folder = mkdtempSync(path.join(tmpdir(), 'afn-report-'))
    const file = path.join(folder, 'slo.yaml')
    writeFileSync(file, defaultSloFile('shop'))
    let text = ''

    async function report(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
      const said = { stdout: '', stderr: '' }
      const out = vi.spyOn(process.stdout, 'write').mockImplementation(part => {
        said.stdout += part
        return true
      })
      const err = vi.spyOn(console, 'error').mockImplementation(part => {
        said.stderr += part
      })
      const code = await command([file, ...args]).finally(() => {
        out.mockRestore()
        err.mockRestore()
      })
      return { code, ...said }
    }

    /** The cells of the table behind a heading. */
    const rows = (heading: string): string[][] =>
      (text.split(heading)[1] ?? '')
        .split(/\n#/)[0]!
        .split('\n')
        .filter(line => line.startsWith('| '))
        .slice(2)
        .map(line => line.slice(2, -2).split(' | '))
    const share = (cell: string | undefined) => Number(cell?.replace(' %', '')) / 100
    const number = (cell: string | undefined) => Number(cell?.replaceAll(',', ''))
    const near = (found: number, expected: number, tolerance: number) =>
      expect(Math.abs(found - expected) / Math.max(1, Math.abs(expected))).toBeLessThan(tolerance)
    const section = (slo: Slo) => `## ${slo.id}\n`

    beforeAll(async () => {
      const { code, stdout, stderr } = await report('--month', calendar.name, '--prometheus', month.url)
      // the note that a tier of the default SLOs can never fire
      expect({ code, stderr: stderr.replace(/^note: .*/, '') }).toEqual({ code: 0, stderr: '' })
      text = stdout
    })
    afterAll(() => rmSync(folder, { recursive: true, force: true }))

    it.each(slos.map(slo => [slo.name, slo] as const))(
      'has SLI, budget and events of %s as the counts say',
      (_, slo) => {
        const { total, bad } = month.traffic.counts[kinds[slo.name]!]
        const row = rows('# Service level objectives').find(([name]) => name === `\`${slo.id}\``)
        const [, objective, sli, spent, left, events] = row ?? []
        expect(objective).toBe(`${slo.objective} %`)
        // of two days an event is more
        near(share(sli), 1 - bad / total, isLong('slo') ? 1e-4 : 1e-3)
        near(share(spent), bad / total / budgetOf(slo), 5e-3)
        near(share(left), 1 - bad / total / budgetOf(slo), 5e-3)
        near(number(events), total, 3e-3)
      },
    )

    it.each(slos.map(slo => [slo.name, slo] as const))('names the worst day of %s, and what it cost', (_, slo) => {
      const kind = kinds[slo.name]!
      const { total } = month.traffic.counts[kind]
      const cost = (count: Count) => count.bad / total / budgetOf(slo)
      const [date, counts] = [...month.traffic.days].sort(([, a], [, b]) => cost(b[kind]) - cost(a[kind]))[0]!
      const [beforeThem] = text.split(section(slo))[1]!.split('### Worst days')
      const [worst] = rows(`${section(slo)}${beforeThem}### Worst days`)
      expect(worst?.[0]).toBe(date)
      near(share(worst?.[1]), cost(counts[kind]), 1e-2)
      near(number(worst?.[3]), counts[kind].bad, 1e-2)
    })

    it('says what the bad events were, by what is known of them', () => {
      const causes = (slo: string, attribute: string) => {
        const of = text.split(`## shop-${slo}\n`)[1]!.split('\n## ')[0]!
        return new Map(
          (of.split(`### Bad events by \`${attribute}\``)[1]?.split('\n#')[0] ?? '')
            .split('\n')
            .filter(line => line.startsWith('| `'))
            .map(line => line.slice(2, -2).split(' | '))
            .map(([value, bad]) => [value!.replaceAll('`', ''), number(bad)] as const),
        )
      }
      const { causes: truth } = month.traffic
      const models = causes('llm-errors', 'gen_ai.request.model')
      expect([...models.keys()]).toEqual(['gpt-5', 'claude-5'])
      for (const [model, bad] of models) near(bad, truth.get(`model ${model}`)!, 2e-2)
      const routes = causes('availability', 'http.route')
      for (const route of ['/', '/chat']) near(routes.get(route)!, truth.get(`route ${route} 500`)!, 5e-2)
      expect([...causes('latency-p95', 'http.route').keys()]).toEqual(['/chat'])
      expect([...causes('llm-errors', 'error.type').keys()]).toEqual(['timeout', '429'])
      expect([...causes('availability', 'http.response.status_code').keys()]).toEqual(['500'])
    })

    it('says for how long nothing is recorded', () => {
      const unseen = (calendar.end - calendar.start) / 60 - days * 1_440 + 6 * 60
      const [, d = 0, h = 0, min = 0] =
        /- (?:(\d+) d )?(?:(\d+) h ?)?(?:(\d+) min)? without recorded data/.exec(text) ?? []
      const minutes = Number(d) * 1_440 + Number(h) * 60 + Number(min)
      expect(Math.abs(minutes - unseen)).toBeLessThan(15)
    })

    it('counts the metric itself where the rules have recorded nothing', async () => {
      writeFileSync(file, defaultSloFile('shop').replace('name: availability', 'name: unrecorded'))
      const { stdout } = await report('--month', calendar.name, '--prometheus', month.url)
      writeFileSync(file, defaultSloFile('shop'))
      expect(stdout).toContain('no recorded series for this SLO')
      const [, bad, total] = /## shop-unrecorded\n[\s\S]*?\n([\d,]+) of ([\d,]+) events were bad/.exec(stdout) ?? []
      near(number(total), month.traffic.counts.availability.total + month.traffic.unseen.availability.total, 1e-2)
      near(number(bad), month.traffic.counts.availability.bad + month.traffic.unseen.availability.bad, 5e-2)
    })

    it('refuses a month of which the server keeps a part', async () => {
      if ('missing' in found) return
      const place = mkdtempSync(path.join(tmpdir(), 'afn-short-'))
      const server = await start(found.prometheus, place, path.join(place, 'data'), '3d')
      const { code, stdout, stderr } = await report('--month', calendar.name, '--prometheus', server.url)
      await server.stop()
      rmSync(place, { recursive: true, force: true })
      expect({ code, stdout }).toEqual({ code: 1, stdout: '' })
      expect(stderr).toMatch(
        /retains 3 d, since \d{4}-\d\d-\d\d, but \d{4}-\d\d starts earlier: set .* longer retention/,
      )
    })

    it('says who does not answer, and that a month has nothing', async () => {
      expect(await report('--prometheus', 'http://127.0.0.1:1')).toMatchObject({
        code: 1,
        stderr: expect.stringContaining('Prometheus does not answer at http://127.0.0.1:1'),
      })
      const before = lastMonth(lastMonth(calendar.start).start).name
      expect(await report('--month', before, '--prometheus', month.url)).toMatchObject({
        code: 1,
        stderr: expect.stringContaining(
          `has no data for shop-availability, shop-latency-p95, shop-http-errors, shop-llm-errors, shop-llm-quality in ${before}`,
        ),
      })
    })

    it.each(['2026-13', '2026-1', 'October', '9999-01'])('%s is no month of which there is a report', async name => {
      await expect(command([file, '--month', name, '--prometheus', month.url])).rejects.toThrow(
        /month such as|is in the future/,
      )
    })
  })
})
