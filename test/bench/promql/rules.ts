// What the alerts of `up` cost: the rules of the package's objectives and those about apps, over days of a histogram with a point a minute.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { ownEvaluator } from '../../../src/backend/alerts/own-evaluator'
import { openStore } from '../../../src/backend/store/store'
import { appRules } from '../../../src/monitoring/pipeline-rules/rules'
import { defaultSloFile } from '../../../src/monitoring/slo/defaults'
import { readSlos } from '../../../src/monitoring/slo/read'
import { ruleFiles } from '../../../src/monitoring/slo/rule-files'
import { retention } from '../../../src/shared/tiers'

const MINUTE = 60_000
const SERIES = 10
const bounds = [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2, 2.5, 5, 7.5, 10]

/** Milliseconds of this thread's CPU where Node says it, else of the process. */
const { threadCpuUsage = process.cpuUsage } = process as { threadCpuUsage?: typeof process.cpuUsage }
const cpu = (usage: typeof process.cpuUsage) => {
  const { user, system } = usage.call(process)
  return (user + system) / 1_000
}

export async function main(days: number, temporality: 'cumulative' | 'delta'): Promise<void> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-bench-rules-'))
  let now = Math.floor(Date.now() / MINUTE) * MINUTE
  const start = now - days * 1_440 * MINUTE
  const kept = { ...retention, metrics: { high: days + 1, medium: days + 2, low: 365 } }
  const store = await openStore({ path: path.join(folder, 'store.duckdb'), now: () => now, retention: kept })
  try {
    for (let at = start; at < now; at += 600 * MINUTE)
      await store.write('metrics', request(start, at, Math.min(600, (now - at) / MINUTE), temporality))
    console.log(`${days} days of ${SERIES} series, ${temporality}: ${days * 1_440 * SERIES} points`)
    const evaluator = ownEvaluator({
      store,
      made: ruleFiles(readSlos(defaultSloFile()).slos, { days: 32 }).made,
      groups: appRules({ alertsUrl: 'http://alerts', environment: 'production', language: 'en' }).groups,
      externalUrl: 'http://up',
      now: () => now,
    })
    const { signal } = new AbortController()
    for (const what of ['after a start', 'a minute', 'a minute', 'a minute']) {
      const turns = watchTurns()
      const [began, used] = [performance.now(), cpu(process.cpuUsage)]
      await evaluator.evaluate(signal)
      const [took, spent] = [performance.now() - began, cpu(process.cpuUsage) - used].map(Math.round)
      console.log(`${what.padEnd(14)} ${took} ms, CPU ${spent} ms, longest turn ${turns.stop().toFixed(1)} ms of CPU`)
      now += MINUTE
      await store.write('metrics', request(start, now - 1_000, 1, temporality))
    }
  } finally {
    await store.close()
    rmSync(folder, { recursive: true, force: true })
  }
}

function watchTurns() {
  let longest = 0
  let last = cpu(threadCpuUsage)
  const timer = setInterval(() => {
    const at = cpu(threadCpuUsage)
    longest = Math.max(longest, at - last)
    last = at
  }, 0)
  return {
    stop() {
      clearInterval(timer)
      return longest
    },
  }
}

function request(start: number, from: number, minutes: number, temporality: 'cumulative' | 'delta') {
  const isDelta = temporality === 'delta'
  const dataPoints = []
  for (let minute = 0; minute < minutes; minute++)
    for (let series = 0; series < SERIES; series++) {
      const time = from + minute * MINUTE
      const count = isDelta ? 10 : Math.round((10 * (time - start)) / MINUTE)
      dataPoints.push({
        startTimeUnixNano: `${isDelta ? time - MINUTE : start}000000`,
        timeUnixNano: `${time}000000`,
        count: String(count),
        sum: count / 10,
        explicitBounds: bounds,
        bucketCounts: [...bounds, 0].map((_, at) => (at === 5 ? String(count) : '0')),
        attributes: [
          { key: 'http.route', value: { stringValue: `/${series >> 1}` } },
          { key: 'http.response.status_code', value: { intValue: series % 2 === 0 ? '200' : '500' } },
        ],
      })
    }
  const histogram = { aggregationTemporality: isDelta ? 1 : 2, dataPoints }
  const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] }
  const metrics = [{ name: 'http.server.request.duration', unit: 's', histogram }]
  return { resourceMetrics: [{ resource, scopeMetrics: [{ metrics }] }] }
}
