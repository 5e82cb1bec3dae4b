// Docker's engine, started for a test with folders of its own, and the images of a generated folder, made here under the names that
// the folder has for them: no registry of images can be reached.
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { findDockerCompose } from '../support/binaries.mjs'
import { type Run, run } from '../support/run'
import { type Image, textOf, until } from './containers'

/** Why there can be none here; undefined where there can. */
export function reasonAgainstEngine(): string | undefined {
  if (process.getuid?.() !== 0) return "Docker's engine needs root"
  if (spawnSync('dockerd', ['--version']).status !== 0 || spawnSync('docker', ['--version']).status !== 0)
    return "Docker's engine (Debian's docker.io) is not installed"
  if (spawnSync('busybox', ['--list']).status !== 0)
    return 'busybox (busybox-static), for the base of the images, is not installed'
  const compose = findDockerCompose()
  return 'missing' in compose ? compose.missing : undefined
}

/** Above the shell's own a limit is refused where CAP_SYS_RESOURCE is missing, and so is a lower score. */
const modest = [
  '--oom-score-adjust',
  '0',
  '--default-ulimit',
  'nofile=1024:16384',
  '--default-ulimit',
  'nproc=1000:4096',
]

export class Engine {
  readonly #folder = mkdtempSync(path.join(tmpdir(), 'afn-docker-'))
  #daemon!: ChildProcess
  #log = ''

  static async start(): Promise<Engine> {
    const engine = new Engine()
    const at = (name: string) => path.join(engine.#folder, name)
    const compose = findDockerCompose()
    if ('missing' in compose) throw new Error(compose.missing)
    mkdirSync(at('config/cli-plugins'), { recursive: true })
    symlinkSync(compose.binary, at('config/cli-plugins/docker-compose'))
    engine.#daemon = spawn('dockerd', [
      ...modest,
      ...['--data-root', at('data'), '--exec-root', at('run'), '--pidfile', at('pid')],
      ...['--host', engine.#host, '--bridge', 'none'],
    ])
    for (const stream of [engine.#daemon.stdout!, engine.#daemon.stderr!])
      stream.setEncoding('utf8').on('data', text => {
        engine.#log += text
      })
    await until('the engine to answer', async () => {
      if (engine.#daemon.exitCode !== null) throw new Error(`dockerd ended:\n${engine.#log.slice(-4_000)}`)
      return (await engine.#run(['info'])).code === 0
    })
    return engine
  }

  private constructor() {}

  get #host(): string {
    return `unix://${path.join(this.#folder, 'docker.sock')}`
  }

  /**
   * @returns what it wrote to stdout
   * @throws Error with all that it wrote
   */
  async docker(...args: readonly string[]): Promise<string> {
    const { code, stdout, stderr } = await this.#run(args)
    if (code !== 0) throw new Error(`docker ${args.join(' ')}: ${code}\n${stdout}${stderr}`)
    return stdout
  }

  #run(args: readonly string[]): Promise<Run> {
    const env = {
      DOCKER_HOST: this.#host,
      DOCKER_CONFIG: path.join(this.#folder, 'config'),
      // the builder that needs no plugin
      DOCKER_BUILDKIT: '0',
    }
    return run(this.#folder, [...args], { node: 'docker', env, limitMs: 300_000 })
  }

  /** A file system with a shell, and with the libraries that these programs are linked to. */
  async importBase(name: string, programs: readonly string[]): Promise<void> {
    const root = path.join(this.#folder, 'base')
    for (const folder of ['bin', 'etc', 'tmp', 'usr/bin', 'usr/local/bin', 'opt', 'var'])
      mkdirSync(path.join(root, folder), { recursive: true })
    const busybox = execFileSync('which', ['busybox'], { encoding: 'utf8' }).trim()
    const libraries = new Set([busybox, ...programs].flatMap(librariesOf))
    cpSync(busybox, path.join(root, 'bin/busybox'))
    for (const applet of execFileSync(busybox, ['--list'], { encoding: 'utf8' }).trim().split('\n'))
      if (applet !== 'busybox') symlinkSync('/bin/busybox', path.join(root, 'bin', applet))
    for (const library of libraries) cpSync(library, path.join(root, library), { dereference: true })
    writeFileSync(
      path.join(root, 'etc/passwd'),
      'root:x:0:0:root:/:/bin/sh\nnobody:x:65534:65534:nobody:/:/bin/false\n',
    )
    writeFileSync(path.join(root, 'etc/group'), 'root:x:0:\nnogroup:x:65534:\n')
    execFileSync('chmod', ['1777', path.join(root, 'tmp')])
    const archive = path.join(this.#folder, 'base.tar')
    execFileSync('tar', ['--owner=0', '--group=0', '-C', root, '-cf', archive, '.'])
    await this.docker('import', '--change', 'ENV PATH=/usr/local/bin:/usr/bin:/bin:/opt', archive, name)
    rmSync(root, { recursive: true })
    rmSync(archive)
  }

  /** Builds what the table of images says of one. */
  make(name: string, base: string, { entrypoint, user, files, folders, folder = '/' }: Image): Promise<void> {
    const places = Object.keys(files)
    const lines = [
      `FROM ${base}`,
      ...places.map((place, index) => `COPY ${index} ${place}`),
      ...Object.entries(folders).map(([at, owner]) => `RUN mkdir -p ${at} && chown ${owner} ${at} && chmod 0775 ${at}`),
      `WORKDIR ${folder}`,
      `USER ${user}`,
      `ENTRYPOINT ${JSON.stringify(entrypoint)}`,
    ]
    return this.#build(name, lines.join('\n'), Object.values(files))
  }

  /** The last stage of a Dockerfile, with a binary that was built before in the place of what the one before it builds. */
  makeWithBinary(name: string, base: string, dockerfile: string, binary: string): Promise<void> {
    const text = textOf(dockerfile)
    const last = text.slice(text.lastIndexOf('\nFROM ') + 1)
    const built = /--from=build (\S+) \/otelcol-afn$/m.exec(last)![1]!
    const before = [
      `FROM ${base} AS build`,
      `COPY 0 ${built}`,
      'RUN mkdir -p /etc/ssl/certs /data/queue /data/logs && touch /etc/ssl/certs/ca-certificates.crt',
    ]
    // a builder without BuildKit takes no mode, and makes folders that their group may not write to
    const ours = last.replace(/^FROM \S+$/m, `FROM ${base}`).replaceAll(' --chmod=0775', '')
    return this.#build(name, [...before, ours].join('\n'), [binary])
  }

  async #build(name: string, dockerfile: string, files: readonly string[]): Promise<void> {
    const context = mkdtempSync(path.join(this.#folder, 'context-'))
    for (const [index, file] of files.entries()) cpSync(file, path.join(context, String(index)), { dereference: true })
    writeFileSync(path.join(context, 'Dockerfile'), dockerfile)
    await this.docker('build', '--tag', name, context)
    rmSync(context, { recursive: true })
  }

  async stop(): Promise<void> {
    if (this.#daemon.exitCode === null) {
      const ended = new Promise(resolve => this.#daemon.once('exit', resolve))
      this.#daemon.kill()
      await ended
    }
    rmSync(this.#folder, { recursive: true, force: true })
  }
}

/** Where a machine lets no engine run, or no container in it, nothing can be told. @param suite what is skipped then */
export async function startedOrNone(suite: string): Promise<Engine | undefined> {
  let engine: Engine | undefined
  try {
    engine = await Engine.start()
    await engine.importBase('probe', [])
    await engine.docker('run', '--rm', '--network', 'none', 'probe', 'true')
    return engine
  } catch (error) {
    writeSync(1, `skipped: ${suite}: ${error}\n`)
    await engine?.stop()
    return undefined
  }
}

/** Absolute paths of what the dynamic linker loads; none for a program that is linked statically. */
function librariesOf(program: string): string[] {
  const { status, stdout } = spawnSync('ldd', [program], { encoding: 'utf8' })
  if (status !== 0) return []
  return [...stdout.matchAll(/(?:=> )?(\/\S+) \(0x/g)].map(([, file]) => file!)
}
