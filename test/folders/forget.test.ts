// A person in every store of a generated folder that runs: log files of the Collector and of an app, Prometheus, the database of the watch over
// budgets, a spool, the audit log. Who is erased as the page says is in no byte of it afterwards. Oracles: grep, and Prometheus' own API.
import { spawnSync } from 'node:child_process'
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { openDatabase } from '../../src/operations/alert-receiver/database'
import { budgetAlerts } from '../../src/operations/cost/alerts'
import { defaultCosts } from '../../src/operations/cost/config'
import { RaisedAlerts } from '../../src/operations/cost/raised'
import { keeping } from '../../src/operations/cost/spend-archive'
import { standingOf } from '../../src/operations/cost/standing'
import { hmacOf, keyIdOf } from '../../src/shared/config/hmac-key'
import { idOf, keys, logsOf, type Machine, mailOf, makeMachine, wordsOf } from '../support/gdpr-machine'
import { isLong } from '../support/long'
import { makeApp } from '../support/packed'
import { containerOf, servicesIn } from './compose'
import { Host, type Running, textOf, until } from './containers'
import { imagesOf } from './images'

const binaries = inject('binariesOfFolders')
const started = ['otel-collector', 'prometheus', 'jobs']
const persons = Array.from({ length: 12 }, (_, person) => person)
const [ANN, BOB] = [7, 8]
/** What must be found of nobody who was erased: the address is a pseudonym where a Collector has redacted it. */
const all = (person: number) => [...wordsOf(person), hmacOf(keys[0])(mailOf(person)).slice(0, 16)]

describe.skipIf(!binaries || !isLong('folders'))('whoever is erased', () => {
  let host: Host
  let machine: Machine
  let folder: string
  const running = new Map<string, Running>()

  async function start(name: string, ...flags: string[]): Promise<void> {
    await running.get(name)?.stop()
    const { image, ...service } = servicesIn(folder)[name]!
    // grep reads no compressed log
    const readable = name === 'prometheus' ? ['--no-storage.tsdb.wal-compression'] : []
    const changed = { ...service, image, command: [...(service.command ?? []), ...readable, ...flags] }
    const container = containerOf(host, folder, name, changed, imagesOf(binaries!, folder)[image.split(':')[0]!]!)
    running.set(name, await host.start(container))
  }
  const volume = (name: string) => path.join(host.folder, 'volumes', name)
  /** Files with a word of a person, below the folders. */
  const filesWith = (person: number, ...folders: string[]): string[] => {
    const words = all(person).flatMap(word => ['-e', word])
    return spawnSync('grep', ['-rlaiF', ...words, ...folders], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter(Boolean)
  }
  /** What holds files of the running folder: its own, the volumes, those of the apps. */
  const everywhere = (): string[] => [folder, path.join(host.folder, 'volumes'), machine.folder]
  const gdpr = (...args: string[]) =>
    // Tempo has no binary, and its own test
    running.get('jobs')!.exec(['/usr/bin/env', 'AFN_TEMPO_URL=', '/opt/node', '/opt/afn-otel/cli.cjs', 'gdpr', ...args], 60_000) // biome-ignore format: one line
  const erase = ['erase', '--subject', idOf(ANN), '--subject', mailOf(ANN), '--key-file', '', '--proof', 'ticket 4711']
  const seriesOf = async (person: number) => {
    const query = encodeURIComponent(`count(last_over_time({user_id="${idOf(person)}"}[1h]))`)
    const { body } = await host.fetch(`http://127.0.0.1:9090/api/v1/query?query=${query}`)
    return Number(JSON.parse(body).data.result[0]?.value[1] ?? 0)
  }
  async function post(signal: string, request: object): Promise<void> {
    const headers = { 'content-type': 'application/json' }
    const url = `http://127.0.0.1:4328/v1/${signal}`
    const sent = await host.fetch(url, { method: 'POST', headers, body: JSON.stringify(request) })
    expect(sent.status).toBe(200)
  }

  beforeAll(async () => {
    host = await Host.start()
    machine = await makeMachine(persons)
    erase[erase.indexOf('--key-file') + 1] = machine.at('keys/earlier.key')
    folder = path.join(host.folder, 'folder')
    const app = makeApp({ files: {} })
    const { AFN_AUDIT_DIR, AFN_AUDIT_KEYS, AFN_GDPR_DIR, AFN_GDPR_KEY, AFN_SPOOL_DIR, AFN_LOG_DIR } = machine.env
    const jobs = {
      audit_dir: AFN_AUDIT_DIR,
      audit_keys: AFN_AUDIT_KEYS,
      gdpr_dir: AFN_GDPR_DIR,
      gdpr_key: AFN_GDPR_KEY,
      spool_dir: AFN_SPOOL_DIR,
      log_dir: AFN_LOG_DIR,
      user: 0,
    }
    writeFileSync(path.join(app, 'afn-otel.config.yaml'), JSON.stringify({ pipeline: { jobs } }))
    const cli = path.join(app, 'node_modules/@afn/otel/dist/cli.cjs')
    const generate = [process.execPath, cli, 'generate', '--profile', 'laptop', '--target', folder]
    expect(await host.run(generate, { cwd: app })).toMatchObject({ code: 0, stderr: '' })
    const env = path.join(folder, '.env')
    const named = textOf(env).replace(/^(AFN_HMAC_KEY)=.*$/m, `$1=${keys[0]}`)
    writeFileSync(env, named.replace(/^(AFN_HMAC_KEY_ID)=.*$/m, `$1=${keyIdOf(keys[0])}`))
    for (const name of started) await start(name)
    for (const name of started) {
      const [kind, ...command] = servicesIn(folder)[name]!.healthcheck!.test
      const check = kind === 'CMD' ? command : ['/bin/sh', '-c', ...command]
      await until(`${name} to be healthy`, () => running.get(name)!.exec(check).status === 0)
    }
  })
  afterAll(() => host?.stop())

  it('was in every store', async () => {
    await post('logs', logsOf(persons, Date.now()))
    const dataPoints = persons.map(person => ({
      timeUnixNano: `${Date.now()}000000`,
      asDouble: 1,
      attributes: [{ key: 'user.id', value: { stringValue: idOf(person) } }],
    }))
    const resource = { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] }
    const scopeMetrics = [{ metrics: [{ name: 'carts', gauge: { dataPoints } }] }]
    await post('metrics', { resourceMetrics: [{ resource, scopeMetrics }] })
    const database = await openDatabase({ url: path.join(volume('cost-budget-data'), 'cost.db') })
    const spent = await keeping(
      {
        name: 'traces',
        dimensions: new Set(['user']),
        spend: async spans => spans.map(() => [{ labels: {}, usd: 100, calls: 1, unpriced: 0 }]) as never,
        tokens: () => Promise.reject(new Error('nobody asks')),
        knownSince: async now => now - 7 * 86_400_000,
      },
      database,
    )
    const raised = await RaisedAlerts.in(database)
    for (const person of [ANN, BOB]) {
      const user = idOf(person)
      const budget = { name: `of ${user}`, period: 'week', amount: 10, scope: { user: [user] }, thresholds: [50], forecast: false } as const // biome-ignore format: one line
      await raised.watch([budget.name], Date.now())
      const standing = await standingOf(budget, defaultCosts, spent, Date.now())
      await raised.raise(
        budgetAlerts(standing, defaultCosts, { receiver: 'http://alerts', language: 'en' }),
        Date.now(),
      )
    }
    database.close()
    await until('the series', async () => (await seriesOf(ANN)) > 0 && (await seriesOf(BOB)) > 0)
    const stores = ['otelcol-logs', 'prometheus-data', 'cost-budget-data'].map(volume)
    const places = [...stores, ...['spool', 'logs'].map(machine.at)]
    for (const place of places)
      await until(`both in ${place}`, () => [ANN, BOB].every(person => filesWith(person, place).length > 0))
  })

  it('is found, and Prometheus says how it is made to forget', () => {
    const { status, output } = gdpr(...erase)
    expect({ status, output }).toEqual({ status: 3, output: expect.stringMatching(/^prometheus: .*AFN_PROMETHEUS_ADMIN=--web\.enable-admin-api/m) }) // biome-ignore format: one line
  })

  it('is nowhere any more, and the receipt names each store and volume of the folder', async () => {
    appendFileSync(path.join(folder, '.env'), 'AFN_PROMETHEUS_ADMIN=--web.enable-admin-api\n')
    await start('prometheus')
    let last = ''
    await until(
      'the erasure to be done',
      () => {
        const { status, output } = gdpr(...erase)
        last = output
        expect([0, 3], output).toContain(status)
        return status === 0
      },
      600_000,
    ).catch(error => {
      throw new Error(`${error.message}\n${last}`)
    })
    const { receipt } = JSON.parse(/^\{"receipt".*$/m.exec(last)![0])
    expect(
      receipt.stores.map(({ store, remaining }: { store: string; remaining: number }) => [store, remaining]),
    ).toEqual(['spool', 'prometheus', 'log-files', 'collector-logs', 'cost', 'audit'].map(store => [store, 0]))
    for (const { store, found } of receipt.stores) expect([store, found > 0]).toEqual([store, true])
    const left = JSON.stringify(receipt.notAsked)
    for (const volume of ['Tempo', 'Alertmanager', 'the alert receiver', 'Grafana']) expect(left).toContain(volume)
    expect(JSON.stringify(receipt.elsewhere)).toContain('queues of a Collector')

    expect(await seriesOf(ANN)).toBe(0)
    expect(await seriesOf(BOB)).toBeGreaterThan(0)
    const found = filesWith(ANN, ...everywhere())
    expect(found.filter(file => !file.startsWith(volume('prometheus-data')))).toEqual([])
    for (const [name, { log }] of running)
      expect([name, all(ANN).filter(word => log().includes(word))]).toEqual([name, []])
    // nobody else has lost anything
    for (const place of [volume('otelcol-logs'), volume('cost-budget-data'), machine.at('spool'), machine.at('logs')])
      expect([place, filesWith(BOB, place).length > 0]).toEqual([place, true])
    expect(readFileSync(machine.at('logs/info-2026-11-28-1.log'), 'utf8')).toContain(mailOf(BOB))
  }, 700_000)

  it('is in no file of Prometheus once its blocks have had their days, in half a minute for them', async () => {
    const config = path.join(folder, 'prometheus.yml')
    const text = textOf(config)
    const hurried = text.replace(/(retention:\s*\n\s*time:) *\w+/, '$1 30s')
    expect(hurried).not.toBe(text)
    writeFileSync(config, hurried)
    await start('prometheus', '--storage.tsdb.min-block-duration=5s', '--storage.tsdb.max-block-duration=5s')
    await until('no file to have it', () => filesWith(ANN, volume('prometheus-data')).length === 0, 400_000)
    expect(filesWith(ANN, ...everywhere())).toEqual([])
  }, 500_000)
})
