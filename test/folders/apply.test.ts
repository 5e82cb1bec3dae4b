// `afn-otel apply` in a generated folder whose Prometheus, Alertmanager, receiver and jobs run: after each edit of the files that people
// edit, what runs is what is written, by Prometheus' and Alertmanager's own answers; and after an edit with a mistake nothing has changed.
import { readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { parse } from 'yaml'
import { isLong } from '../support/long'
import { makeApp } from '../support/packed'
import { Random } from '../support/random'
import { Host, textOf, until } from './containers'
import { type Docker, dockerFor } from './docker'
import { type Edited, edits } from './edits'
import { imagesOf } from './images'

const binaries = inject('binariesOfFolders')
const cli = 'node_modules/@afn/otel/dist/cli.cjs'
const started = ['prometheus', 'alertmanager', 'alert-receiver', 'jobs']

describe.skipIf(!binaries?.alertmanager)('apply', () => {
  let host: Host
  let folder: string
  let app: string
  let docker: Docker
  const sink = 18_080

  const apply = (...args: string[]) =>
    host.run([process.execPath, path.join(app, cli), 'apply', ...args], {
      cwd: folder,
      env: { PATH: `${docker.bin}:${process.env.PATH}` },
    })
  const json = async (url: string) => JSON.parse((await host.fetch(url)).body)
  const write = (file: string, text: string) => writeFileSync(path.join(folder, file), text)

  /** By the servers themselves. */
  async function rulesThatRun(): Promise<string[]> {
    const { data } = await json('http://127.0.0.1:9090/api/v1/rules')
    return data.groups
      .flatMap(({ rules }: { rules: { name: string; labels?: object }[] }) =>
        rules.map(({ name, labels = {} }) => `${name} ${JSON.stringify(Object.entries(labels).sort())}`),
      )
      .sort()
  }
  function rulesThatAreWritten(): string[] {
    return readdirSync(path.join(folder, 'rules'))
      .filter(name => name.endsWith('.yml'))
      .flatMap(name => parse(textOf(path.join(folder, 'rules', name))).groups)
      .flatMap(({ rules }) => rules)
      .map(({ alert, record, labels = {} }) => `${alert ?? record} ${JSON.stringify(Object.entries(labels).sort())}`)
      .sort()
  }
  async function routesThatRun() {
    const { config } = await json('http://127.0.0.1:9093/api/v2/status')
    const { route, receivers } = parse(config.original)
    return { matchers: matchersIn(route), receivers: receivers.map(({ name }: { name: string }) => name).sort() }
  }
  function routesThatAreWritten() {
    const { route, receivers } = parse(textOf(path.join(folder, 'alertmanager.yml')))
    return { matchers: matchersIn(route), receivers: receivers.map(({ name }: { name: string }) => name).sort() }
  }
  const everything = () =>
    Object.fromEntries(
      readdirSync(folder, { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => path.join(entry.parentPath, entry.name))
        .map(file => [file, readFileSync(file, 'utf8')]),
    )

  beforeAll(async () => {
    host = await Host.start()
    app = makeApp({ files: {} })
    folder = path.join(host.folder, 'folder')
    const generate = [process.execPath, cli, 'generate', '--profile', 'laptop', '--target', folder]
    expect(await host.run(generate, { cwd: app })).toMatchObject({ code: 0, stderr: '' })
    const images = imagesOf(binaries!, folder)
    docker = await dockerFor(host, folder, (name, image) =>
      started.includes(name) ? images[image.slice(0, image.lastIndexOf(':'))] : undefined,
    )
    // Discord, and whoever takes a webhook; gone with the folder
    const script = `require('node:http').createServer((request, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"id":"1"}')).listen(${sink}, '0.0.0.0'); setInterval(() => require('node:fs').existsSync(${JSON.stringify(folder)}) || process.exit(), 500)`
    void host.run([process.execPath, '-e', script])
    await until('the sink', async () => (await host.fetch(`http://127.0.0.1:${sink}/`)).status === 200)
    write('secrets/discord_webhook_url', `http://10.83.0.1:${sink}/api/webhooks/1/a`)
  })
  afterAll(async () => {
    docker?.close()
    await host?.stop()
  })

  it('starts what is not there, and ends well once each channel has its test', async () => {
    const { code, stdout, stderr } = await apply('--timeout', '60s')
    const logs = [...docker.running].map(([name, { log }]) => `${name}: ${log().slice(-2_000)}`)
    expect({ code, stderr }, logs.join('\n')).toEqual({ code: 0, stderr: '' })
    expect(stdout).toMatch(/^all parts run the new configuration\ndiscord: delivered /m)
    expect(await rulesThatRun()).toEqual(rulesThatAreWritten())
  })

  const count = isLong('folders') ? 30 : 4
  it(
    `brings ${count} edits to what runs, and names what each of them changes`,
    async () => {
      const random = new Random(118)
      const state: Edited = { objectives: [], routes: [], rules: [], budgets: [], channels: [], sampled: 30 }
      for (let at = 0; at < count; at++) {
        const { what, files, said } = edits(state, random, `http://10.83.0.1:${sink}`)
        for (const [file, text] of Object.entries(files)) {
          // as many an editor saves
          write(`${file}.new`, text)
          renameSync(path.join(folder, `${file}.new`), path.join(folder, file))
        }
        const { code, stdout, stderr } = await apply(...(at % 5 === 0 ? [] : ['--no-test']))
        expect({ what, code, stderr, stdout }).toEqual({
          what,
          code: 0,
          stderr: '',
          stdout: expect.stringMatching(said),
        })
        expect(await rulesThatRun(), what).toEqual(rulesThatAreWritten())
        expect(await routesThatRun(), what).toEqual(routesThatAreWritten())
        const { jobs } = await json('http://127.0.0.1:9096/healthz')
        expect(jobs[0].lastRun, what).not.toBeNull()
      }
    },
    // each waits for all processes, which a busy machine lets wait
    count * 180_000,
  )

  it('changes nothing after an edit with mistakes, and names each of them', async () => {
    const rules = await rulesThatRun()
    write('slo.yaml', 'version: prometheus/v1\nservice: shop\nslos:\n  - name: fast\n    objective: 101\n')
    write(
      'monitoring-config.json',
      '{ "budget_config": { "budgets": [{ "name": "all", "period": "moth", "amount": 5 }] } }',
    )
    write('afn-otel.config.yaml', 'pipeline:\n  retention:\n    traces: { detailed: -7 }\n')
    const before = everything()
    const { code, stderr } = await apply()
    expect(code).toBe(2)
    for (const place of [
      /^slo\.yaml:5:/m,
      /^monitoring-config\.json:1:\d+ .*moth/m,
      /^afn-otel\.config\.yaml:3:25 .*-7/m,
    ])
      expect(stderr).toMatch(place)
    expect(everything()).toEqual(before)
    expect(await rulesThatRun()).toEqual(rules)
    for (const file of ['slo.yaml', 'monitoring-config.json', 'afn-otel.config.yaml']) rmSync(path.join(folder, file))
  })

  it('puts back what a server refuses', async () => {
    expect(await apply('--no-test')).toMatchObject({ code: 0 })
    const rules = await rulesThatRun()
    const before = textOf(path.join(folder, 'rules/afn-pipeline.yml'))
    const config = textOf(path.join(folder, 'alerts-config.yaml'))
    const rule = '{ name: Odd, expr: up == 0, severity: low, service: shop, annotations: { summary: "{{ $nope }}" } }'
    write('alerts-config.yaml', `${config.replace(/^rules:[\s\S]*$/m, '')}\nrules:\n  - ${rule}\n`)
    const { code, stderr } = await apply('--no-test')
    expect({ code, stderr }).toEqual({ code: 1, stderr: expect.stringMatching(/rejected.*\n.*rolled back/) })
    expect(textOf(path.join(folder, 'rules/afn-pipeline.yml'))).toBe(before)
    await until(
      'Prometheus to be as before',
      async () => JSON.stringify(await rulesThatRun()) === JSON.stringify(rules),
    )
  })
})

interface Route {
  readonly receiver?: string
  readonly matchers?: readonly string[]
  readonly routes?: readonly Route[]
}

/** Without quotes, which each side writes in its own way. */
const matchersIn = ({ receiver, matchers = [], routes = [] }: Route): unknown[] => [
  receiver,
  matchers.map(matcher => matcher.replaceAll('"', '')).sort(),
  ...routes.map(matchersIn),
]
