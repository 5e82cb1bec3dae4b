// The folder of a laptop by Docker's own engine and Compose: its file as it stands, with its networks, users, limits, health checks and
// order. `afn-otel` is built by the folder's Dockerfile; of the Collector's the last stage is, around a binary that was built before.
// Prometheus and Alertmanager are the real ones, Tempo and Grafana are stood in for.
import { existsSync, writeSync } from 'node:fs'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { isLong } from '../support/long'
import { makeApp } from '../support/packed'
import { run } from '../support/run'
import { app as appText } from './app'
import { servicesIn } from './compose'
import { type Image, textOf, until } from './containers'
import { type Engine, reasonAgainstEngine, startedOrNone } from './engine'
import { imagesOf, nodeOfImage, tempoStandIn } from './images'

const binaries = inject('binariesOfFolders')
const reason = reasonAgainstEngine()
if (binaries && reason) writeSync(1, `skipped: folders in Docker: ${reason}\n`)

const requests = isLong('folders') ? 20 : 5
/** Of Debian's coreutils, which busybox lacks. */
const install = '/usr/bin/install'
const base = 'base-of-tests'

interface Sent {
  readonly resourceSpans: readonly {
    readonly resource: {
      readonly attributes: readonly { readonly key: string; readonly value: { readonly stringValue?: string } }[]
    }
    readonly scopeSpans: readonly { readonly spans: readonly { readonly name: string }[] }[]
  }[]
}

describe.skipIf(!binaries || reason !== undefined)('the folder of a laptop in Docker', () => {
  let engine: Engine | undefined
  let app: string
  let folder: string
  const cli = 'node_modules/@afn/otel/dist/cli.cjs'

  const compose = (...args: string[]) => engine!.docker('compose', '--project-directory', folder, ...args)
  async function states(): Promise<Record<string, string>> {
    const lines = (await compose('ps', '--all', '--format', 'json')).trim().split('\n')
    const all = lines.map(line => JSON.parse(line) as { Service: string; State: string; Health: string })
    return Object.fromEntries(all.map(({ Service, State, Health }) => [Service, `${State} ${Health}`]))
  }
  const sh = (script: string, ...command: string[]) => run(app, ['-c', script, 'sh', ...command], { node: 'sh' })

  async function failures(): Promise<string[]> {
    const environment = `set -a; . ${folder}/app.env; set +a; exec "$@"`
    const { stdout, stderr } = await sh(environment, process.execPath, cli, 'doctor', '--json')
    if (!stdout) throw new Error(stderr)
    const { checks } = JSON.parse(stdout) as { checks: { part: string; name: string; ok: boolean; detail: string }[] }
    return checks.filter(({ ok }) => !ok).map(({ part, name, detail }) => `${part} ${name}: ${detail}`)
  }

  async function counted(query: string): Promise<number> {
    const answer = await fetch(`http://127.0.0.1:9090/api/v1/query?query=${encodeURIComponent(query)}`)
    const { data } = (await answer.json()) as { data: { result: { value: [number, string] }[] } }
    return data.result.reduce((sum, { value }) => sum + Number(value[1]), 0)
  }

  /** For the tier that has all of them. */
  async function callsSentToTempo(): Promise<number> {
    const written = await compose('exec', '-T', 'tempo', 'cat', '/var/tempo/spans.json')
    const groups = written
      .trim()
      .split('\n')
      .filter(Boolean)
      .flatMap(line => (JSON.parse(line) as Sent).resourceSpans)
    const ofAll = groups.filter(({ resource }) =>
      resource.attributes.some(({ key, value }) => key === 'tenant' && value.stringValue === 'afn-detailed'),
    )
    const spans = ofAll.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans))
    return spans.filter(({ name }) => name === 'chat gpt-4o-mini').length
  }

  beforeAll(async () => {
    engine = await startedOrNone('folders in Docker')
    if (!engine) return
    app = makeApp({ files: { 'app.cjs': appText }, modules: { pino: 'pino' } })
    folder = path.join(app, 'pipeline')
    const generated = await sh(
      'umask 077; exec "$@"',
      process.execPath,
      cli,
      'generate',
      '--profile',
      'laptop',
      '--target',
      folder,
    )
    expect(generated).toMatchObject({ code: 0, stderr: '' })
    const made: Record<string, Image> = {
      'grafana/tempo': tempoStandIn(binaries!.collector),
      ...imagesOf(binaries!, folder),
    }
    const dockerfile = textOf(path.join(folder, 'commands/Dockerfile'))
    const node = nodeOfImage(dockerfile)
    await engine.importBase(base, [node, install, ...Object.values(made).flatMap(({ files }) => Object.values(files))])
    await engine.make(/^FROM (\S+)/m.exec(dockerfile)![1]!, base, nodeImage(node))
    for (const image of new Set(Object.values(servicesIn(folder)).map(({ image }) => image))) {
      const name = image.slice(0, image.lastIndexOf(':'))
      if (name === 'afn-otel') continue
      if (name === 'afn-otel-collector')
        await engine.makeWithBinary(image, base, path.join(folder, 'collector/Dockerfile'), binaries!.collector)
      else await engine.make(image, base, made[name]!)
    }
    await compose('build', 'alert-receiver', 'jobs')
    await compose('up', '--detach', '--wait')
  }, 600_000)
  afterAll(async () => {
    if (folder && existsSync(folder)) await compose('down', '--volumes')
    await engine?.stop()
  }, 120_000)

  beforeEach(({ skip }) => skip(!engine, "Docker's engine runs no container here"))

  it('starts every service, in its order and healthy, and none may write to what it does not own', async () => {
    const expected = Object.keys(servicesIn(folder)).map(name => [name, 'running healthy'])
    expect(await states()).toEqual(Object.fromEntries(expected))
    for (const name of Object.keys(servicesIn(folder)))
      expect(await compose('logs', '--no-color', name), name).not.toMatch(/permission denied|read-only file system/i)
  })

  it('counts each request once in every store', async () => {
    for (let n = 0; n < requests; n++) {
      const sent = await run(app, [`--env-file=${folder}/app.env`, '--require', '@afn/otel', 'app.cjs'])
      expect(sent).toMatchObject({ code: 0, stderr: '' })
    }
    await until('the tokens', async () => (await counted(tokens)) >= requests * 12)
    expect(await counted(tokens)).toBe(requests * 12)
    const lines = async () => {
      const written = await compose('exec', '-T', 'otel-collector', 'cat', '/var/log/otelcol/warn.json')
      return written.split('the shelf is nearly empty').length - 1
    }
    await until('the log records', async () => (await lines()) >= requests)
    expect(await lines()).toBe(requests)
    if (binaries!.tempo) return // the stand-in alone has a file to read
    await until('the traces', async () => (await callsSentToTempo()) >= requests)
    expect(await callsSentToTempo()).toBe(requests)
  })

  it('keeps what it has over `docker compose down`, as its README says', async () => {
    await compose('down')
    await compose('up', '--detach', '--wait')
    await until('the tokens', async () => (await counted(`max_over_time(${tokens}[1h])`)) > 0)
    expect(await counted(`max_over_time(${tokens}[1h])`)).toBe(requests * 12)
  })

  it.runIf(isLong('folders'))('lets doctor name each service that is stopped', async () => {
    const named: Record<string, RegExp> = {
      'otel-collector': /^Collector health: .*13133/,
      prometheus: /^Prometheus reachable: .*9090/,
      alertmanager: /^Alertmanager reachable: .*9093/,
      'alert-receiver': /^alert receiver reachable: .*9095/,
      grafana: /^Grafana reachable: .*3001/,
    }
    for (const [name, line] of Object.entries(named)) {
      await compose('stop', name)
      expect(await failures(), name).toEqual(expect.arrayContaining([expect.stringMatching(line)]))
      await compose('up', '--detach', '--wait', name)
    }
    await until('doctor to find all well again', async () => (await failures()).every(line => line.startsWith('Tempo')))
  })
})

const tokens = 'gen_ai_client_inference_usage_input_tokens_total{gen_ai_request_model="gpt-4o-mini"}'

const nodeImage = (node: string) => ({
  entrypoint: [],
  user: '0:0',
  files: { '/usr/local/bin/node': node, [install]: install },
  folders: {},
})
