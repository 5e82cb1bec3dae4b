// The folders that `afn-otel generate` writes for one host, started: each service of compose.yaml for which there is a binary runs
// with the arguments, files, user, volumes, environment, names, ports and memory that the file gives it. Grafana and LangFuse's
// server are stood in for; LangFuse's worker, ClickHouse and MinIO are not started.
import { randomBytes } from 'node:crypto'
import { readdirSync, writeSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { defaultAlertsFile } from '../../src/pipeline/deployment/alerting'
import { isLong } from '../support/long'
import { makeApp } from '../support/packed'
import { app as appText } from './app'
import { containerOf, type Service, servicesIn } from './compose'
import { Host, type Image, type Running, textOf, until } from './containers'
import { imagesOf, nodeOfImage } from './images'
import { traceInFile, traceInLoki } from './log-record'

/** A millionth of a dollar: one call of the app is above it. */
const budgets = {
  budget_config: {
    price_table_max_age: 3_650,
    budgets: [{ name: 'all', period: 'month', amount: 0.000_001, thresholds: [100] }],
  },
}

const impatient = 'severities: { high: { delay: 1s } }\n'

const binaries = inject('binariesOfFolders')
const profiles = isLong('folders') ? (['laptop', 'single'] as const) : (['laptop'] as const)

describe.skipIf(!binaries).each(profiles)('the folder of the profile %s', profile => {
  let host: Host
  let folder: string
  let app: string
  let services: Record<string, Service>
  let images: Record<string, Image>
  const running = new Map<string, Running>()
  const cli = 'node_modules/@afn/otel/dist/cli.cjs'

  async function start(name: string): Promise<void> {
    const service = services[name]!
    running.set(name, await host.start(containerOf(host, folder, name, service, images[imageOf(service)]!)))
  }
  const isHealthy = (name: string): boolean => {
    const { healthcheck } = services[name]!
    const inside = running.get(name)!
    if (inside.hasEnded()) throw new Error(`${name} ended:\n${inside.log().slice(-4_000)}`)
    if (!healthcheck) return true
    const [kind, ...command] = healthcheck.test
    return inside.exec(kind === 'CMD' ? command : ['/bin/sh', '-c', ...command]).status === 0
  }
  const healthy = (name: string) => until(`${name} to be healthy`, () => isHealthy(name))
  /** What the README says: the commands get what stands in app.env. */
  const withAppEnv = (...command: string[]) =>
    host.run(['sh', '-c', `set -a; . ${folder}/app.env; set +a; exec "$@"`, 'sh', ...command], { cwd: app })

  async function doctor(): Promise<{ code: number | null; failures: string[]; queues: string }> {
    const { code, stdout, stderr } = await withAppEnv(process.execPath, cli, 'doctor', '--json')
    if (!stdout) throw new Error(stderr)
    const { checks } = JSON.parse(stdout) as { checks: { part: string; name: string; ok: boolean; detail: string }[] }
    const failures = checks.filter(({ ok }) => !ok).map(({ part, name, detail }) => `${part} ${name}: ${detail}`)
    const queues = checks.find(({ name }) => name === 'queues')?.detail ?? ''
    return {
      code,
      failures: failures.filter(failure => !isAbsent(failure)),
      queues,
    }
  }

  beforeAll(async () => {
    host = await Host.start()
    app = makeApp({
      files: {
        'app.cjs': appText,
        'monitoring-config.json': JSON.stringify(budgets),
        // the other profile has what `generate` begins with, and its half a minute of patience
        ...(profile === 'laptop' && { 'alerts-config.yaml': `${defaultAlertsFile}${impatient}` }),
      },
      modules: { pino: 'pino' },
    })
    folder = path.join(host.folder, 'folder')
    const generate = `umask 077; exec "$@"`
    const made = await host.run(
      ['sh', '-c', generate, 'sh', process.execPath, cli, 'generate', '--profile', profile, '--target', folder],
      { cwd: app },
    )
    expect(made).toMatchObject({ code: 0, stderr: '' })
    services = servicesIn(folder)
    images = imagesOf(binaries!, folder)
    const present = Object.keys(services).filter(name => imageOf(services[name]!) in images)
    const absent = Object.keys(services).filter(name => !present.includes(name))
    if (absent.length > 0) writeSync(1, `not started, ${profile}: ${absent.join(', ')}\n`)
    for (const name of present) await start(name)
    await Promise.all(present.map(healthy))
  })
  afterAll(() => host?.stop())

  it('starts every service, and none may write to what it does not own', () => {
    expect(running.size).toBeGreaterThanOrEqual(3)
    for (const [name, { log }] of running) expect(log(), name).not.toMatch(/permission denied|read-only file system/i)
  })

  it("takes the Collector's memory limit from its container", () => {
    const { isLimited, log } = running.get('otel-collector')!
    const said = /"total_memory_mib":(\d+)/.exec(log())?.[1]
    const { memory } = services['otel-collector']!.deploy.resources.limits
    if (isLimited) expect(`${said}M`).toBe(memory)
    else expect(Number(said)).toBeGreaterThan(0)
  })

  it('finds trace, metric and log record of one request where they belong, and doctor finds all well', async () => {
    const sent = await host.run(
      [process.execPath, `--env-file=${folder}/app.env`, '--require', '@afn/otel', 'app.cjs'],
      {
        cwd: app,
      },
    )
    expect(sent).toMatchObject({ code: 0, stderr: '' })
    for (const [direction, count] of [
      ['input', 12],
      ['output', 3],
    ] as const) {
      const query = `gen_ai_client_inference_usage_${direction}_tokens_total{gen_ai_request_model="gpt-4o-mini"}`
      const sample = await until('the metric', async () => {
        const { body } = await host.fetch(`http://127.0.0.1:9090/api/v1/query?query=${encodeURIComponent(query)}`)
        return JSON.parse(body).data.result[0]
      })
      expect(sample.value[1]).toBe(String(count))
    }
    const traceId = await until('the log record', async () =>
      services.loki
        ? await traceInLoki(host, binaries!, 'the shelf is nearly empty')
        : traceInFile(
            textOfOrNone(path.join(host.folder, 'volumes/otelcol-logs/warn.json')),
            'the shelf is nearly empty',
          ),
    )
    if (binaries!.tempo) {
      const headers = { 'x-scope-orgid': 'afn-detailed' }
      // Tempo answers 200 before it has every span
      await until('the trace', async () => {
        const { body } = await host.fetch(`http://127.0.0.1:3210/api/v2/traces/${traceId}`, { headers })
        return body.includes('"chat gpt-4o-mini"')
      })
    }
    if (profile === 'single') {
      const received = async () => JSON.parse((await host.fetch('http://127.0.0.1:3002/received')).body).received
      await until('the call in LangFuse', async () => (await received()) > 0)
    }
    const isWhole = binaries!.tempo !== undefined && binaries!.alertmanager !== undefined
    expect(await doctor()).toMatchObject({ code: isWhole ? 0 : expect.any(Number), failures: [] })
  })

  /** Waits until Prometheus knows of a round of the watch over budgets that succeeded after this time. */
  const untilRound = (since: number) =>
    until('the watch over budgets to report a round', async () => {
      const query = `afn_job_last_success_seconds{afn_job_name="cost-budget"} > ${since / 1_000} and on (afn_job_name) afn_job_interval_seconds == 60`
      const { body } = await host.fetch(`http://127.0.0.1:9090/api/v1/query?query=${encodeURIComponent(query)}`)
      return JSON.parse(body).data.result.length === 1
    })
  const alertsOfBudgets = async () => {
    const filter = encodeURIComponent('alertname=~"Afn(Budget|Cost).*"')
    const { body } = await host.fetch(`http://127.0.0.1:9093/api/v2/alerts?filter=${filter}`)
    return JSON.parse(body) as { labels: Record<string, string>; annotations: Record<string, string> }[]
  }

  it.runIf(binaries?.alertmanager)('raises an alert of a budget that is spent, and no other one', async () => {
    // its next round would come within a minute
    await running.get('jobs')!.kill()
    const since = Date.now()
    await start('jobs')
    await until('the alert', async () => (await alertsOfBudgets()).length > 0)
    await untilRound(since)
    expect(await alertsOfBudgets()).toMatchObject([
      {
        labels: { alertname: 'AfnBudgetThreshold', budget: 'all', threshold: '100', severity: 'high', once: 'true' },
        annotations: { runbook_url: 'http://localhost:9095/runbooks/AfnBudgetThreshold' },
      },
    ])
  })

  it('evaluates every rule, and brings what fires to Alertmanager', async () => {
    const isDue = ({ health }: { health: string }) => health !== 'unknown'
    const groups = await until('rules to be evaluated', async () => {
      const { body } = await host.fetch('http://127.0.0.1:9090/api/v1/rules')
      const { groups }: { groups: { file: string; rules: { health: string; lastError?: string }[] }[] } =
        JSON.parse(body).data
      // some have a minute between two evaluations
      const enough = isLong('folders')
        ? groups.every(({ rules }) => rules.every(isDue))
        : groups.some(({ rules }) => rules.every(isDue))
      return enough ? groups : undefined
    })
    expect(groups.flatMap(({ rules }) => rules).filter(({ health }) => health === 'err')).toEqual([])
    expect(new Set(groups.map(({ file }) => path.basename(file))).size).toBeGreaterThanOrEqual(5)
    if (binaries!.alertmanager)
      await until('the Watchdog', async () =>
        (await host.fetch('http://127.0.0.1:9093/api/v2/alerts')).body.includes('"Watchdog"'),
      )
  })

  it.runIf(profile === 'single')('writes what it records of objectives to the server that keeps 32 days', async () => {
    await until('a record', async () => {
      const { body } = await host.fetch('http://127.0.0.1:9091/api/v1/query?query=slo:objective:ratio')
      return JSON.parse(body).data.result.length > 0
    })
  })

  it.runIf(isLong('folders'))(
    'lets doctor name each service that is stopped',
    async () => {
      const named: Record<string, RegExp> = {
        'otel-collector': /^Collector health: .*13133/,
        tempo: /^Tempo reachable: .*3210/,
        prometheus: /^Prometheus reachable: .*9090/,
        'prometheus-medium': /^Prometheus medium reachable: .*9091/,
        'prometheus-low': /^Prometheus low reachable: .*9092/,
        alertmanager: /^Alertmanager reachable: .*9093/,
        'alert-receiver': /^alert receiver reachable: .*9095/,
        grafana: /^Grafana reachable: .*3001/,
        langfuse: /^LangFuse reachable: .*3002/,
      }
      for (const name of [...running.keys()].filter(name => name in named)) {
        await running.get(name)!.stop()
        const { code, failures } = await doctor()
        expect({ name, code, failures }).toEqual({
          name,
          code: 1,
          failures: expect.arrayContaining([expect.stringMatching(named[name]!)]),
        })
        await start(name)
        await healthy(name)
      }
      await until('doctor to find all well again', async () => (await doctor()).failures.length === 0)
    },
    300_000,
  )

  it.runIf(isLong('folders') && profile === 'single')(
    'lets doctor name LangFuse when what is behind it is away',
    async () => {
      const outages: [begin: () => Promise<unknown>, end: () => Promise<unknown>][] = [
        [() => host.fetch('http://127.0.0.1:3002/away'), () => host.fetch('http://127.0.0.1:3002/back')],
        [() => running.get('langfuse-proxy')!.stop(), () => start('langfuse-proxy')],
      ]
      for (const [begin, end] of outages) {
        await begin()
        const ask = [process.execPath, `--env-file=${folder}/app.env`, '--require', '@afn/otel', 'app.cjs']
        expect(await host.run(ask, { cwd: app })).toMatchObject({ code: 0, stderr: '' })
        const doesWait = async () => {
          const { queues } = await doctor()
          expect(queues).toMatch(/^(?:waiting|nearly full|empty)/)
          return queues.includes('otlp_http/langfuse')
        }
        // it becomes a failure when two minutes were in vain
        await until('doctor to see it', doesWait)
        await end()
        // The other queues say nothing of LangFuse: the Collector's own metrics pass some of them, and without Tempo its own never empty.
        await until("LangFuse's queue to empty", async () => !(await doesWait()), 240_000)
      }
    },
    600_000,
  )

  it.runIf(isLong('folders') && profile === 'single')(
    'has runbooks whose commands it takes',
    async () => {
      const folderOfPages = path.join(folder, 'runbooks')
      const texts = readdirSync(folderOfPages).map(name => textOf(path.join(folderOfPages, name)))
      const lines = texts.flatMap(text =>
        [...text.matchAll(/^```sh\n(.*?)^```$/gms)].flatMap(([, block]) => block!.trim().split('\n')),
      )
      // those that change nothing, and that no placeholder keeps from being run as they stand
      const ours = lines.filter(
        line => line.startsWith('npx afn-otel ') && !/\b(?:NAME|APP|ID)\b|<[a-z_]+>|silence add|redact/.test(line),
      )
      // some need a Node with SQLite, as the image has it
      const node = nodeOfImage(textOf(path.join(folder, 'commands/Dockerfile')))
      const commands = [...new Set(ours)].map(line => line.replace('npx afn-otel', `${node} ${path.join(app, cli)}`))
      expect(commands.length).toBeGreaterThan(30)
      const refused: string[] = []
      for (const command of commands) {
        const script = `cd ${folder}; set -a; . ./app.env; set +a; ${command}`
        const { code, stderr } = await host.run(['sh', '-c', script])
        // 1 is an answer too: something is not well, or not there
        if (code !== 0 && code !== 1) refused.push(`${command}: ${code} ${stderr}`)
      }
      // what people paste without our command, but for what is asked of an app: of the host, and within a container
      const others = [...new Set(lines)].filter(
        line => /^(?:curl|docker compose exec) /.test(line) && !/\bAPP\b/.test(line),
      )
      expect(others.length).toBeGreaterThan(5)
      for (const line of others) {
        const [, name, inside = ''] = /^docker compose exec (?:-T )?(\S+) (.*)$/.exec(line) ?? []
        if (name === undefined) {
          const { code, stdout, stderr } = await host.run(['sh', '-c', line.replace(/^curl /, 'curl -f ')], {
            cwd: folder,
          })
          if (code !== 0 || stdout === '') refused.push(`${line}: ${code} ${stderr}`)
        } else if (running.has(name)) {
          const { status, output } = running.get(name)!.exec(['sh', '-c', `PATH=/opt:$PATH; ${inside}`])
          if (status !== 0) refused.push(`${line}: ${status} ${output}`)
        }
      }
      expect(refused).toEqual([])
      const page = readdirSync(folderOfPages).find(name => !name.endsWith('.ja.md'))
      const served = await host.fetch(`http://127.0.0.1:9095/runbooks/${path.basename(page!, '.md')}`)
      expect(served).toMatchObject({ status: 200, body: expect.stringContaining('<h3>First three commands</h3>') })
      // which file it comes from is nothing for who is woken
      expect(served.body).not.toContain('Generated by')
    },
    600_000,
  )

  it.runIf(isLong('folders') && binaries?.tempo)(
    'has its tiers whole again after a kill of the Collector, by reconcile with every default',
    async () => {
      const ids = Array.from({ length: 12 }, () => randomBytes(16).toString('hex'))
      const time = `${Date.now()}000000`
      const spans = ids.flatMap(traceId =>
        ['01', '02'].map((spanId, n) => ({
          traceId,
          spanId: spanId.repeat(8),
          ...(n === 1 && { parentSpanId: '01'.repeat(8) }),
          name: 'work',
          kind: 1,
          startTimeUnixNano: time,
          endTimeUnixNano: time,
          status: { code: 2 },
        })),
      )
      const body = JSON.stringify({ resourceSpans: [{ scopeSpans: [{ spans }] }] })
      const headers = { 'content-type': 'application/json' }
      const sent = await host.fetch('http://127.0.0.1:4328/v1/traces', { method: 'POST', headers, body })
      expect(sent.status).toBe(200)
      /** Spans of the traces in a tier, twins too. */
      const spansIn = async (tier: string) => {
        const script = `Promise.all(${JSON.stringify(ids)}.map(id => fetch('http://127.0.0.1:3210/api/v2/traces/' + id, { headers: { 'x-scope-orgid': '${tier}' } }).then(r => r.text()))).then(all => console.log(all.join('').split('"spanId"').length - 1))`
        return Number((await host.run([process.execPath, '-e', script])).stdout)
      }
      await until('detailed to be whole', async () => (await spansIn('afn-detailed')) === spans.length)
      // it waits five seconds for more of a trace whose root is there
      await running.get('otel-collector')!.kill()
      await start('otel-collector')
      await healthy('otel-collector')
      const reconcile = () => host.run([process.execPath, cli, 'reconcile', '--settle', '1s', '--json'], { cwd: app })
      // a search finds nothing of the newest 30 seconds
      await until('errors to be whole', async () => {
        expect(await reconcile()).toMatchObject({ code: 0, stderr: '' })
        return (await spansIn('afn-errors')) === spans.length
      })
      const again = await until('nothing to be left', async () => {
        const { stdout } = await reconcile()
        const { repairs, waiting } = JSON.parse(stdout)
        return repairs.length === 0 && waiting === 0
      })
      expect(again).toBe(true)
      expect(await spansIn('afn-detailed')).toBe(spans.length)
      expect(await spansIn('afn-sampled')).toBe(spans.length)
      expect(await spansIn('afn-errors')).toBe(spans.length)
      const collector = await host.run([process.execPath, cli, 'reconcile', '--otlp', 'http://127.0.0.1:4328'], {
        cwd: app,
      })
      expect(collector).toMatchObject({ code: 1, stderr: expect.stringMatching(/^afn-otel reconcile: .*4328.*\n$/) })
    },
  )

  it.runIf(binaries?.alertmanager)('notifies the receiver of a budget that is spent once', async () => {
    const authorization = `Bearer ${textOf(path.join(folder, 'secrets/receiver_token'))}`
    const notified = async () => {
      const { body } = await host.fetch('http://127.0.0.1:9095/history', { headers: { authorization } })
      const { events } = JSON.parse(body) as { events: { alertname: string; event: string }[] }
      return events.filter(({ alertname }) => alertname.startsWith('AfnBudget'))
    }
    await until('the receiver to be notified', async () => (await notified()).length > 0)
    const before = await notified()
    expect(before).toMatchObject([{ alertname: 'AfnBudgetThreshold', event: 'fired' }])
    await running.get('jobs')!.stop()
    const since = Date.now()
    await start('jobs')
    await untilRound(since)
    expect(await alertsOfBudgets()).toHaveLength(1)
    expect(await notified()).toEqual(before)
  })

  it.runIf(isLong('folders'))('finds a service unhealthy when it does not work', async () => {
    // frozen, each answers nobody any more
    for (const [name, { freeze, thaw }] of running) {
      if (!services[name]!.healthcheck) continue
      freeze()
      expect({ name, healthy: isHealthy(name) }).toEqual({ name, healthy: false })
      thaw()
    }
  })
})

/** Of what there is no binary for here. The queues of an absent Tempo become a failure after two minutes. */
const isAbsent = (failure: string): boolean =>
  (!binaries?.tempo && /^Tempo|^Collector queues: .*otlp_grpc\/tempo-/.test(failure)) ||
  (!binaries?.alertmanager && failure.startsWith('Alertmanager'))

const imageOf = ({ image }: Service): string => image.slice(0, image.lastIndexOf(':'))

function textOfOrNone(file: string): string {
  try {
    return textOf(file)
  } catch {
    return ''
  }
}
