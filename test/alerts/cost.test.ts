// Each threshold of each budget is notified exactly once: three processes watch three months beside each other, are killed by `kill -9` and
// started again, and a real Alertmanager with the configuration that follows from alerts-config.yaml posts what they raise. What has to be
// notified is added up here hour by hour, with dates of the zone as `Intl` writes them.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, renameSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { build } from 'esbuild'
import { afterAll, describe, expect, it } from 'vitest'
import { startAlertmanager } from '../support/alerting'
import { findAlertmanager } from '../support/binaries.mjs'
import { isLong } from '../support/long'
import { listen } from '../support/ports'
import { Random } from '../support/random'
import { config, end, months, rateOn, start, zone } from './cost-months'
import { alertmanagerYaml, configOf } from './files'

const found = findAlertmanager()
const lacks = 'missing' in found ? found.missing : undefined
if (lacks) writeSync(1, `skipped: budgets over three replicas: ${lacks}\n`)

const HOUR = 3_600_000
const DAY = 24 * HOUR
const root = path.resolve(import.meta.dirname, '../..')

// five weeks in short: with the end of a month
const last = isLong('cost') ? end : start + 35 * DAY
const kills = isLong('cost') ? 10 : 4
/** So far the time goes on at once. */
const stride = (isLong('cost') ? 6 : 24) * HOUR

/** `budget period threshold` of all that is reached up to `last`. */
function expected(): Set<string> {
  const clock = new Intl.DateTimeFormat('sv-SE', { timeZone: zone, year: 'numeric', month: '2-digit', day: '2-digit' })
  const spent = new Map<string, number>()
  const all = months()
  for (let hour = 0; start + hour * HOUR < last; hour++) {
    const date = clock.format(start + hour * HOUR)
    const week = execWeek(date)
    for (const { service, model, hours } of all)
      for (const { name, period, scope } of config.budgets) {
        if (scope.service && !scope.service.includes(service)) continue
        if (scope.model && !scope.model.includes(model)) continue
        const id = period === 'month' ? date.slice(0, 7) : period === 'week' ? week : date
        const key = `${name} ${id}`
        spent.set(key, (spent.get(key) ?? 0) + hours[hour]! * rateOn(date))
      }
  }
  const passed = new Set<string>()
  for (const [key, amount] of spent) {
    const budget = config.budgets.find(({ name }) => key.startsWith(`${name} `))!
    for (const threshold of budget.thresholds)
      if ((amount / budget.amount) * 100 >= threshold) passed.add(`${key} ${threshold}`)
  }
  return passed
}

const weeks = new Map<string, string>()
/** By the `date` of coreutils. */
function execWeek(date: string): string {
  const known = weeks.get(date) ?? execFileSync('date', ['-d', date, '+%G-W%V'], { encoding: 'utf8' }).trim()
  weeks.set(date, known)
  return known
}

describe.skipIf(lacks !== undefined)('three processes that are killed again and again', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-cost-'))
  const running = new Set<ChildProcess>()
  const ends: (() => unknown)[] = []
  afterAll(async () => {
    for (const child of running) child.kill('SIGKILL')
    for (const close of ends) await close()
    rmSync(folder, { recursive: true, force: true })
  })

  it(
    'have each threshold notified exactly once a period, and each forecast no more than once',
    async () => {
      if ('missing' in found) return
      const posted: Record<string, string>[] = []
      const statuses = new Set<string>()
      const sink = createServer(async (request, response) => {
        const chunks: Buffer[] = []
        for await (const chunk of request) chunks.push(chunk as Buffer)
        const { alerts } = JSON.parse(Buffer.concat(chunks).toString()) as {
          alerts: { labels: Record<string, string>; status: string }[]
        }
        for (const { labels, status } of alerts) {
          posted.push(labels)
          statuses.add(status)
        }
        response.end()
      })
      const port = await listen(sink)
      ends.push(() => sink.close())
      const quick = 'delay: 1s, group_interval: 1s, repeat: 1h'
      const alerts = configOf(`
channels: {hook: {kind: webhook, url: "http://127.0.0.1:${port}/"}}
receiver: false
severities: {critical: {${quick}}, high: {${quick}}, medium: {${quick}}, low: {${quick}}}
`)
      const alertmanager = await startAlertmanager(found.alertmanager, alertmanagerYaml(alerts))
      ends.push(alertmanager.stop)

      const program = path.join(folder, 'replica.cjs')
      const entryPoints = [path.join(root, 'test/alerts/cost-replica.ts')]
      await build({ entryPoints, bundle: true, platform: 'node', format: 'cjs', outfile: program, logLevel: 'error' })
      const clock = path.join(folder, 'clock')
      const set = (now: number) => {
        writeFileSync(`${clock}.next`, String(now))
        renameSync(`${clock}.next`, clock)
      }
      set(start)
      let rounds = 0
      let seen = 0
      const errors: string[] = []
      const startOne = () => {
        const args = [program, clock, path.join(folder, 'cost.db'), alertmanager.url]
        const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
        child.stdout.setEncoding('utf8').on('data', (text: string) => {
          const times = text.trim().split('\n').map(Number)
          rounds += times.length
          seen = Math.max(seen, ...times)
        })
        child.stderr.setEncoding('utf8').on('data', (text: string) => errors.push(text))
        running.add(child)
        child.once('close', () => running.delete(child))
        return child
      }
      for (let replica = 0; replica < 3; replica++) startOne()

      const random = new Random(9)
      const steps = Math.ceil((last - start) / stride)
      const killAt = new Set(Array.from({ length: kills }, (_, index) => Math.floor(((index + 0.5) / kills) * steps)))
      let killed = 0
      for (let step = 0; step <= steps; step++) {
        const now = Math.min(last, start + step * stride)
        set(now)
        // the time goes on when one of them has looked at it: budgets are watched each minute, not each day
        for (const before = rounds; seen < now || rounds === before; ) await sleep(5)
        if (!killAt.has(step)) continue
        const victim = random.pick([...running])
        const gone = new Promise(resolve => victim.once('close', resolve))
        victim.kill('SIGKILL')
        await gone
        killed++
        startOne()
      }
      const want = expected()
      const thresholds = () => posted.filter(({ alertname }) => alertname === 'AfnBudgetThreshold')
      for (let waited = 0; thresholds().length < want.size && waited < 300; waited++) await sleep(100)
      // what would be repeated would be so within some rounds, and within Alertmanager's interval of a second
      await sleep(3_000)
      expect(killed).toBe(kills)
      expect([...running]).toHaveLength(3)

      const got = thresholds().map(({ budget, period, threshold }) => `${budget} ${period} ${threshold}`)
      expect(got.toSorted()).toEqual([...want].toSorted())
      expect(want.size).toBeGreaterThan(isLong('cost') ? 200 : 80)
      const forecasts = posted
        .filter(({ alertname }) => alertname === 'AfnBudgetForecast')
        .map(({ budget, period }) => `${budget} ${period}`)
      expect(new Set(forecasts).size).toBe(forecasts.length)
      expect(statuses).toEqual(new Set(['firing']))
      expect(posted.filter(({ alertname }) => !/^AfnBudget(Threshold|Forecast)$/.test(alertname!))).toEqual([])
      expect(errors.join('')).toBe('')
    },
    isLong('cost') ? 900_000 : 300_000,
  )
})
