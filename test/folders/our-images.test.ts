// The images of ours as a release makes them, `npm run images`: the same bytes twice, no larger than they may be, with a bill of
// materials and provenance, and started by Docker's engine as their user, with nothing that they may write to but what they own.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, beforeEach, describe, expect, inject, it } from 'vitest'
import { parse } from 'yaml'
import { findBuildkit, findCyclonedxGomod } from '../support/binaries.mjs'
import { installOnce } from '../support/install.mjs'
import { isLong } from '../support/long'
import { makeApp, root, tarball } from '../support/packed'
import { run } from '../support/run'
import { textOf, until } from './containers'
import { type Engine, reasonAgainstEngine, startedOrNone } from './engine'

const binaries = inject('binariesOfFolders')
const missing = [findBuildkit(), findCyclonedxGomod()].flatMap(found => ('missing' in found ? [found.missing] : []))
const reason = [reasonAgainstEngine() ?? [], missing].flat().join('; ')
if (binaries && isLong('folders') && reason) writeSync(1, `skipped: images: ${reason}\n`)

/** Of what a registry keeps, and a host loads. */
const LIMIT = 150e6
const names = {
  'afn-otel': 'afn-otel:0.1.0',
  'afn-otelcol': 'afn-otel-collector:0.161.0',
  'autoinstrumentation-nodejs': 'autoinstrumentation-nodejs:0.1.0',
}
const arch = process.arch === 'arm64' ? 'arm64' : 'amd64'

interface Descriptor {
  readonly digest: string
  readonly size: number
  readonly annotations?: Record<string, string>
  readonly platform?: { readonly architecture: string }
}

interface Manifest {
  readonly config: Descriptor
  readonly layers: readonly Descriptor[]
}

/** An archive of OCI, unpacked. */
class Archive {
  readonly folder = mkdtempSync(path.join(tmpdir(), 'afn-oci-'))
  readonly image: Descriptor
  readonly manifest: Manifest
  readonly #all: readonly Descriptor[]

  constructor(file: string) {
    execFileSync('tar', ['-xf', file, '-C', this.folder])
    const [index] = JSON.parse(textOf(path.join(this.folder, 'index.json'))).manifests
    this.#all = this.json<{ manifests: Descriptor[] }>(index).manifests
    this.image = this.#all.find(one => one.platform?.architecture === arch)!
    this.manifest = this.json(this.image)
  }

  file({ digest }: Descriptor): string {
    return path.join(this.folder, 'blobs', digest.replace(':', '/'))
  }

  json<T>(of: Descriptor): T {
    const bytes = readFileSync(this.file(of))
    expect(`sha256:${createHash('sha256').update(bytes).digest('hex')}`).toBe(of.digest)
    return JSON.parse(bytes.toString())
  }

  get bytes(): number {
    return [this.manifest.config, ...this.manifest.layers].reduce((sum, { size }) => sum + size, 0)
  }

  get provenance(): { predicateType: string; subject: { digest: { sha256: string } }[]; predicate: object } {
    const about = this.#all.find(one => one.annotations?.['vnd.docker.reference.digest'] === this.image.digest)!
    return this.json(this.json<Manifest>(about).layers[0]!)
  }

  /** Docker's engine of Debian reads the description of an archive that Docker had before OCI. */
  async load(engine: Engine, tag: string): Promise<void> {
    const inside = (of: Descriptor) => path.relative(this.folder, this.file(of))
    const { config, layers } = this.manifest
    const described = [{ Config: inside(config), RepoTags: [tag], Layers: layers.map(inside) }]
    writeFileSync(path.join(this.folder, 'manifest.json'), JSON.stringify(described))
    const file = `${this.folder}.tar`
    execFileSync('tar', ['-cf', file, '-C', this.folder, '.'])
    await engine.docker('load', '--input', file)
    rmSync(file)
  }
}

describe.skipIf(!binaries || reason !== '' || !isLong('folders'))('images', () => {
  let engine: Engine | undefined
  const outputs = ['once', 'twice'].map(name => path.join(mkdtempSync(path.join(tmpdir(), `afn-${name}-`)), 'images'))
  const [once, twice] = outputs as [string, string]
  const archives: Record<string, Archive> = {}
  const archive = (name: string, of = once) =>
    (archives[`${of} ${name}`] ??= new Archive(path.join(of, `${name}.oci.tar`)))

  const make = (output: string, mask: string, env: Record<string, string>) => {
    const options = ['--package', tarball(), '--collector', `${arch}=${binaries!.collector}`, '--output', output]
    const script = `umask ${mask}; exec npm run images -- "$@"`
    execFileSync('sh', ['-c', script, 'sh', ...options], { cwd: root, env: { ...process.env, ...env }, stdio: 'pipe' })
  }

  beforeAll(async () => {
    engine = await startedOrNone('images')
    if (!engine) return
    make(once, '022', {})
    // whoever makes them, and when
    make(twice, '077', { TZ: 'Asia/Tokyo', LC_ALL: 'C' })
    for (const [name, tag] of Object.entries(names)) await archive(name).load(engine, tag)
  }, 1_200_000)
  afterAll(async () => {
    await engine?.stop()
    for (const folder of [...outputs.map(path.dirname), ...Object.values(archives).map(({ folder }) => folder)])
      rmSync(folder, { recursive: true, force: true })
  }, 120_000)

  beforeEach(({ skip }) => skip(!engine, "Docker's engine runs no container here"))

  it.each(Object.keys(names))('%s is the same bytes when it is made again', name => {
    expect(archive(name, twice).image.digest).toBe(archive(name).image.digest)
    expect(readFileSync(path.join(twice, `${name}.${arch}.cdx.json`))).toEqual(
      readFileSync(path.join(once, `${name}.${arch}.cdx.json`)),
    )
  })

  it.each(Object.keys(names))('%s is no more than 150 MB to load', async name => {
    const unpacked = await engine!.docker(
      'image',
      'inspect',
      '--format',
      '{{.Size}}',
      names[name as keyof typeof names],
    )
    writeSync(
      1,
      `${name}: ${(archive(name).bytes / 1e6).toFixed(1)} MB, unpacked ${(Number(unpacked) / 1e6).toFixed(1)} MB\n`,
    )
    expect(archive(name).bytes).toBeLessThan(LIMIT)
  })

  it.each(Object.entries(names))(
    '%s has the digest that its archive says, and is nobody in particular',
    async (name, tag) => {
      const [image] = JSON.parse(await engine!.docker('image', 'inspect', tag))
      expect(image.Id).toBe(archive(name).manifest.config.digest)
      expect(image.Config.User).toBe('10001:10001')
      expect(image.Config.Labels['org.opencontainers.image.revision']).toBe(revision())
    },
  )

  it.each(Object.keys(names))('whoever has %s can tell of which commit it was made', name => {
    const { predicateType, subject, predicate } = archive(name).provenance
    expect(predicateType).toBe('https://slsa.dev/provenance/v1')
    expect(subject.map(({ digest }) => `sha256:${digest.sha256}`)).toContain(archive(name).image.digest)
    expect(JSON.stringify(predicate)).toContain(revision())
  })

  it('commands run as their user, and can write nowhere but to what is theirs', async () => {
    const tag = names['afn-otel']
    const once = (...args: string[]) => engine!.docker('run', '--rm', '--read-only', '--network', 'none', ...args)
    const { version } = JSON.parse(textOf(path.join(root, 'package.json')))
    expect((await once(tag, '--version')).trim()).toBe(version)
    const script = `
      const { writeFileSync, existsSync } = require('node:fs')
      const tried = ['/x', '/opt/afn-otel/x', '/etc/x', '/usr/local/bin/x', process.env.HOME + '/x'].map(file => {
        try { writeFileSync(file, ''); return 'written' } catch (error) { return error.code }
      })
      console.log(JSON.stringify({ uid: process.getuid(), gid: process.getgid(), tried, shells: ['/bin/sh', '/bin/bash'].filter(existsSync) }))`
    const said = await once('--volume', 'home:/var/lib/afn-otel', '--entrypoint', 'node', tag, '-e', script)
    expect(JSON.parse(said)).toEqual({
      uid: 10001,
      gid: 10001,
      tried: ['EROFS', 'EROFS', 'EROFS', 'EROFS', 'written'],
      shells: [],
    })
  })

  it('`up` becomes ready, keeps a trace over a restart, and an agent can ask it', async () => {
    await engine!.docker('network', 'create', 'images')
    const [token, id] = ['a'.repeat(32), '5b8efff798038103d269b633813fc60c']
    const start = async () => {
      await engine!.docker(
        ...['run', '--detach', '--name', 'up', '--read-only', '--network', 'images', '--memory', '1g'],
        ...['--env', `AFN_LOCAL_TOKEN=${token}`, '--volume', 'data:/var/lib/afn-otel'],
        ...[
          '--publish',
          '127.0.0.1::3200',
          '--publish',
          '127.0.0.1::4318',
          names['afn-otel'],
          'up',
          '--host',
          '0.0.0.0',
        ],
      )
      const published = async (port: number) => `http://${(await engine!.docker('port', 'up', String(port))).trim()}`
      const ports = { api: await published(3200), otlp: await published(4318) }
      const isReady = () =>
        ask(`${ports.api}/ready`).then(
          ({ ok }) => ok,
          () => false,
        )
      try {
        await until('up to be ready', isReady)
      } catch {
        throw new Error(await engine!.docker('logs', 'up'))
      }
      return ports
    }
    const ask = (url: string, body?: object) =>
      fetch(url, {
        // where a connection is closed before an answer, as a port of Docker is while its container starts, fetch of Node.js 20 never ends
        signal: AbortSignal.timeout(5_000),
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        ...(body && { method: 'POST', body: JSON.stringify(body) }),
      })
    const now = BigInt(Date.now()) * 1_000_000n
    const span = {
      traceId: id,
      spanId: '5fb397be34d26b51',
      name: 'chat',
      kind: 3,
      startTimeUnixNano: `${now}`,
      endTimeUnixNano: `${now + 1_000n}`,
    }
    const { otlp } = await start()
    const sent = await ask(`${otlp}/v1/traces`, { resourceSpans: [{ scopeSpans: [{ spans: [span] }] }] })
    expect(sent.status).toBe(200)
    expect((await engine!.docker('stop', 'up')).trim()).toBe('up')
    expect((await engine!.docker('inspect', '--format', '{{.State.ExitCode}}', 'up')).trim()).toBe('0')
    await engine!.docker('rm', 'up')
    const { api } = await start()
    expect(await (await ask(`${api}/api/traces/${id}`)).text()).toContain('"chat"')
    expect(await engine!.docker('exec', 'up', 'node', '/opt/afn-otel/cli.cjs', 'trace', id)).toContain('chat')
  })

  // https://github.com/open-telemetry/opentelemetry-operator/blob/main/internal/instrumentation/nodejs.go: the command of the init
  // container, where its volume is, and what is added to NODE_OPTIONS
  it("an app is traced in a pod that the OpenTelemetry Operator has changed, as the app's user", async () => {
    const mount = ['--volume', 'autoinstrumentation:/otel-auto-instrumentation-nodejs']
    const contained = (...args: string[]) =>
      engine!.docker('run', '--rm', '--read-only', '--user', '4321:4321', ...mount, ...args)
    // the Operator's volume is an emptyDir, which any user may write to
    await engine!.docker('run', '--rm', '--user', '0', ...mount, '--entrypoint', 'node', names['afn-otel'], '-e', open)
    const image = names['autoinstrumentation-nodejs']
    await contained(image, 'cp', '-r', '/autoinstrumentation/.', '/otel-auto-instrumentation-nodejs')
    const app = `import('node:http').then(({ default: http }) => http.get('http://127.0.0.1:1').on('error', ({ code }) => console.log(code)))`
    const env = {
      NODE_OPTIONS: ' --require /otel-auto-instrumentation-nodejs/autoinstrumentation.js',
      OTEL_SERVICE_NAME: 'shop',
      OTEL_TRACES_EXPORTER: 'console',
      OTEL_METRICS_EXPORTER: 'none',
    }
    const set = Object.entries(env).flatMap(([name, value]) => ['--env', `${name}=${value}`])
    const args = ['--network', 'none', ...set, '--entrypoint', 'node', names['afn-otel'], '-e', app]
    const said = await contained(...args)
    expect(said).toContain('ECONNREFUSED')
    for (const part of ["'service.name': 'shop'", "name: 'GET'"]) expect(said).toContain(part)
  })

  it('the folder of a laptop starts with them, under the names that it builds its own under', async () => {
    const app = makeApp({ files: {} })
    const folder = path.join(app, 'pipeline')
    const generate = ['node_modules/@afn/otel/dist/cli.cjs', 'generate', '--profile', 'laptop', '--target', folder]
    expect(await run(app, generate)).toMatchObject({ code: 0, stderr: '' })
    for (const tag of [names['afn-otel'], names['afn-otelcol']])
      expect(textOf(path.join(folder, 'compose.yaml'))).toContain(`image: ${tag}\n`)
    const compose = (...args: string[]) => engine!.docker('compose', '--project-directory', folder, ...args)
    const services = ['otel-collector', 'alert-receiver', 'jobs']
    try {
      await compose('up', '--detach', '--no-build', '--no-deps', '--wait', ...services)
      for (const name of services)
        expect(await compose('logs', '--no-color', name)).not.toMatch(/permission denied|read-only file system/i)
    } finally {
      await compose('down', '--volumes')
    }
  })

  it('a scanner finds in the bills what the images have', async () => {
    const { Spec, Validation } = createRequire(
      path.join(
        installOnce(path.join(root, 'test/package/cyclonedx/package.json'), 'cyclonedx', [
          '--omit=optional',
          '--legacy-peer-deps',
        ]),
        'x.js',
      ),
    )('@cyclonedx/cyclonedx-library')
    const bill = async (name: string) => {
      const text = textOf(path.join(once, `${name}.${arch}.cdx.json`))
      expect(await new Validation.JsonStrictValidator(Spec.Version.v1dot5).validate(text)).toBeNull()
      expect(text).not.toMatch(/registry\.|localhost|\/work\/|\/home\/|\/tmp\//)
      return (JSON.parse(text).components as { purl: string }[]).map(({ purl }) => purl.replace(/\?.*/, ''))
    }
    const entries = (name: string, layer: string) =>
      execFileSync('tar', ['-tf', path.join(once, name, arch, `${layer}.tar`)], {
        encoding: 'utf8',
        maxBuffer: 1e8,
      }).split('\n')
    const npm = entries('afn-otel', 'modules').flatMap(
      file => /node_modules\/((?:@[^/]+\/)?[^/@]+)\/package\.json$/.exec(file)?.[1] ?? [],
    )
    const bundled = JSON.parse(textOf(path.join(root, 'sbom.cdx.json'))).components.map(
      ({ purl }: { purl: string }) => purl,
    )
    const commands = await bill('afn-otel')
    const known = (of: string[]) => of.map(purl => decodeURIComponent(purl.replace(/^pkg:npm\/(.*)@[^@]*$/, '$1')))
    expect(npm.length).toBeGreaterThan(8)
    expect(npm.filter(name => !known(commands).includes(name))).toEqual([])
    expect(bundled.filter((purl: string) => !commands.includes(purl))).toEqual([])
    expect(commands).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^pkg:generic\/node@24\./),
        expect.stringMatching(/^pkg:npm\/%40afn\/otel@/),
      ]),
    )

    const collector = await bill('afn-otelcol')
    const { dist: _, replaces: __, ...parts } = parse(textOf(path.join(root, 'collector/builder.yaml')))
    const modules = Object.values(parts as Record<string, { gomod: string }[]>)
      .flat()
      .map(({ gomod }) => gomod.split(' ')[0]!)
    expect(modules.length).toBeGreaterThan(30)
    const lacking = [...new Set(modules)].filter(
      module => !collector.some(purl => purl.startsWith(`pkg:golang/${module}@`)),
    )
    expect(lacking).toEqual([])

    for (const [name, purls] of [
      ['afn-otel', commands],
      ['afn-otelcol', collector],
    ] as const) {
      const ofDebian = entries(name, 'base').flatMap(file => /status\.d\/([^/]+)$/.exec(file)?.[1] ?? [])
      expect(ofDebian.length).toBeGreaterThan(2)
      expect(
        ofDebian.filter(one => !purls.some(purl => purl.startsWith(`pkg:deb/debian/${encodeURIComponent(one)}@`))),
      ).toEqual([])
    }
    expect(readdirSync(once).sort()).toContain(`afn-otel.${arch}.cdx.json`)
  })
})

const open = "require('node:fs').chmodSync('/otel-auto-instrumentation-nodejs', 0o777)"

const revision = () => execFileSync('git', ['rev-parse', 'HEAD'], { cwd: root, encoding: 'utf8' }).trim()
