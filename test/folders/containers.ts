// Containers without images: processes in namespaces of their own, with the root file system, user, mounts, environment, names,
// published ports and memory that a compose file or a manifest gives them. What a test does on "this host" happens in a network
// namespace too, so that usual ports are free whatever else runs here.
import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { createInterface } from 'node:readline'

/** What of an image a service relies on. */
export interface Image {
  readonly entrypoint: readonly string[]
  /** `uid:gid` of its USER, or of the user that its entrypoint changes to. */
  readonly user: string
  /** Path in the container → file here. */
  readonly files: Record<string, string>
  /** Folders that it brings, with their owner; named volumes begin as copies of them. */
  readonly folders: Record<string, string>
  /** Where the program starts; `/` by default. */
  readonly folder?: string
  /** What its entrypoint does before it starts the program, in sh. */
  readonly prepare?: string
}

export interface Container {
  readonly name: string
  readonly image: Image
  /** In the place of the image's. */
  readonly entrypoint?: readonly string[]
  readonly args: readonly string[]
  readonly env: Record<string, string>
  readonly user?: string
  readonly mounts: readonly Mount[]
  readonly isReadOnly?: boolean
  /** Names by which others find it. */
  readonly names: readonly string[]
  /** Port of the host → port in it. */
  readonly ports: readonly (readonly [number, number])[]
  /** Bytes. */
  readonly memory: number
  /** Who may connect to which ports: names of containers, or anyone. The host always may. Undefined: everybody to each. */
  readonly admits?: readonly { readonly from: readonly string[] | 'anyone'; readonly ports: readonly number[] }[]
}

export interface Mount {
  /** A file or folder here. */
  readonly from: string
  readonly to: string
  readonly isReadOnly: boolean
}

/** Why there can be none here; undefined where there can. */
export function reasonAgainst(): string | undefined {
  if (process.getuid?.() !== 0) return 'containers need root, for users and networks of their own'
  const { status } = spawnSync('unshare', ['--net', '--mount', 'ip', 'link', 'add', 'probe0', 'type', 'veth'])
  return status === 0 ? undefined : 'unshare and ip (iproute2) make no network of their own here'
}

interface Process {
  readonly child: ChildProcess
  readonly ended: Promise<void>
  readonly log: () => string
}

export interface Running {
  /** What it wrote to stdout and stderr. */
  readonly log: () => string
  readonly hasEnded: () => boolean
  /** This machine holds it to its memory. */
  readonly isLimited: boolean
  /** Runs a command in it, as its user, for five seconds at most by default. */
  readonly exec: (command: readonly string[], limitMs?: number) => { status: number | null; output: string }
  readonly freeze: () => void
  /** SIGKILL; it keeps its names and ports. */
  readonly kill: () => Promise<void>
  readonly thaw: () => void
  readonly hangUp: () => void
  /** SIGTERM, and SIGKILL after ten seconds, as Docker does. */
  readonly stop: () => Promise<void>
}

const NET = '10.83.0'

export class Host {
  /** Everything that is written, gone at the end. */
  readonly folder = mkdtempSync(path.join(tmpdir(), 'afn-folders-'))
  #namespace!: Process
  #services!: Process
  #sent: (() => void)[] = []
  #names: Record<string, string[]> = {}
  #ports: [number, string, number][] = []

  /** @param domain searched for names without a dot, as Kubernetes has it */
  static async start(domain = ''): Promise<Host> {
    const host = new Host(domain)
    chmodSync(host.folder, 0o755)
    const script = `ip link set lo up && ip link add br0 type bridge && ip addr add ${NET}.1/24 dev br0 && ip link set br0 up && echo ready && exec sleep 100000`
    host.#namespace = await started(spawn('unshare', ['--net', 'sh', '-c', script], pipes))
    const child = spawn(...host.#inside([process.execPath, `${import.meta.dirname}/host-services.mjs`, `${NET}.1`]), {
      stdio: ['pipe', 'pipe', 'pipe'],
    })
    host.#services = await started(child)
    createInterface({ input: child.stdout! }).on('line', () => host.#sent.shift()?.())
    return host
  }

  private constructor(readonly domain: string) {}

  /** Runs a command on the host, to its end. */
  run(
    command: readonly string[],
    { cwd = this.folder, env = {} }: { cwd?: string; env?: Record<string, string> } = {},
  ): Promise<{ code: number | null; stdout: string; stderr: string }> {
    return new Promise((resolve, reject) => {
      const base = { PATH: process.env.PATH ?? '', HOME: this.folder }
      const child = spawn(...this.#inside(command), { cwd, env: { ...base, ...env } })
      const said = { stdout: '', stderr: '' }
      for (const name of ['stdout', 'stderr'] as const)
        child[name].setEncoding('utf8').on('data', text => {
          said[name] += text
        })
      child.once('error', reject)
      child.once('close', code => resolve({ code, ...said }))
    })
  }

  /** The answer to a request that is sent from the host. */
  async fetch(url: string, init: object = {}): Promise<{ status: number; body: string }> {
    // also where it ends in the middle of its answer
    const script = `fetch(${JSON.stringify(url)}, ${JSON.stringify(init)}).then(async r => ({ status: r.status, body: await r.text() })).catch(() => ({ status: 0, body: '' })).then(answer => console.log(JSON.stringify(answer)))`
    return JSON.parse((await this.run([process.execPath, '-e', script])).stdout)
  }

  async start(container: Container): Promise<Running> {
    const { name, image, names, ports } = container
    const number = this.#numberOf(name)
    const address = `${NET}.${number}`
    const root = path.join(this.folder, 'roots', name)
    rmSync(root, { recursive: true, force: true })
    this.#layOut(root, container)
    const user = container.user ?? image.user
    const env = Object.entries({ PATH: '/opt:/usr/local/bin:/usr/bin:/bin', HOSTNAME: name, ...container.env })
    const program = [...(container.entrypoint ?? image.entrypoint), ...container.args]
    const command = ['/usr/bin/env', '-C', image.folder ?? '/', ...program]
    const group = memoryGroup(`${path.basename(this.folder)}-${number}`, container.memory)
    const script = `
      set -e
      read go
      ${group ? `echo $$ > ${group}/cgroup.procs` : ''}
      ip link set lo up
      ip addr add ${address}/24 dev eth0
      ip link set eth0 up
      ip route add default via ${NET}.1
      ${this.#rulesOf(container).join('\n      ')}
      mount --make-rprivate /
      mount --bind ${root} ${root}
      ${mountsOf(root, container).join('\n      ')}
      mount --rbind /proc ${root}/proc
      mount --rbind /dev ${root}/dev
      mount --rbind /sys ${root}/sys
      ${image.prepare ? `chroot --userspec=${user} --groups= ${root} /usr/bin/env -i ${env.map(quoted).join(' ')} /bin/sh -e -c ${quote(image.prepare)}` : ''}
      ${container.isReadOnly ? `mount -o remount,bind,ro ${root}` : ''}
      exec /usr/bin/env -i ${env.map(quoted).join(' ')} /usr/sbin/chroot --userspec=${user} --groups= ${root} ${command.map(quote).join(' ')}`
    const child = spawn('unshare', ['--net', '--mount', 'sh', '-c', script], { stdio: ['pipe', 'pipe', 'pipe'] })
    const process_ = watched(child)
    await namespaceOf(child)
    const link = `v${number}`
    spawnOk(
      ...this.#inside(['ip', 'link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', String(child.pid)]),
    )
    spawnOk(...this.#inside(['ip', 'link', 'set', link, 'master', 'br0', 'up']))
    child.stdin!.end('go\n')
    for (const known of names) this.#names[known] = [...(this.#names[known] ?? []), address]
    this.#ports = [
      ...this.#ports.filter(([host]) => !ports.some(([own]) => own === host)),
      ...ports.map(([host, inside]): [number, string, number] => [host, address, inside]),
    ]
    await this.#tell()
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null
    this.#stops.add(child)
    if (group) this.#groups.add(group)
    return {
      log: process_.log,
      hasEnded,
      isLimited: group !== undefined,
      exec: (command_, limitMs = 5_000) => {
        const enter = [
          '--target',
          String(child.pid),
          '--net',
          '--mount',
          '/usr/bin/env',
          '-i',
          ...env.map(entry => entry.join('=')),
        ]
        const { status, stdout, stderr } = spawnSync(
          'nsenter',
          [...enter, '/usr/sbin/chroot', `--userspec=${user}`, '--groups=', root, ...command_],
          { encoding: 'utf8', timeout: limitMs, killSignal: 'SIGKILL' },
        )
        return { status, output: stdout + stderr }
      },
      freeze: () => void child.kill('SIGSTOP'),
      kill: async () => {
        child.kill('SIGKILL')
        await process_.ended
        this.#stops.delete(child)
        for (const known of names) this.#names[known] = this.#names[known]!.filter(other => other !== address)
      },
      thaw: () => void child.kill('SIGCONT'),
      hangUp: () => void child.kill('SIGHUP'),
      stop: async () => {
        for (const known of names) this.#names[known] = this.#names[known]!.filter(other => other !== address)
        await this.#tell()
        child.kill('SIGTERM')
        const timer = setTimeout(() => child.kill('SIGKILL'), 10_000)
        await process_.ended
        clearTimeout(timer)
        this.#stops.delete(child)
        if (group) spawnSync('rmdir', [group])
      },
    }
  }

  addressOf(name: string): string {
    return `${NET}.${this.#numberOf(name)}`
  }

  readonly #stops = new Set<ChildProcess>()
  readonly #groups = new Set<string>()
  readonly #numbers = new Map<string, number>()

  #numberOf(name: string): number {
    const number = this.#numbers.get(name) ?? this.#numbers.size + 2
    this.#numbers.set(name, number)
    return number
  }

  /** Connections that nobody admits are answered with "prohibited", by the routing rules of the container itself. */
  #rulesOf({ admits }: Container): string[] {
    if (!admits) return []
    const admitted = admits.flatMap(({ from, ports }) =>
      ports.flatMap(port =>
        (from === 'anyone' ? [`${NET}.0/24`] : from.map(name => `${NET}.${this.#numberOf(name)}`)).map(
          source => `ip rule add pref 100 iif eth0 from ${source} ipproto tcp dport ${port} lookup local`,
        ),
      ),
    )
    return [
      'ip rule add pref 300 lookup local',
      'ip rule del pref 0',
      `ip rule add pref 100 iif eth0 from ${NET}.1 lookup local`,
      ...admitted,
      // ports above are those of the answers to its own requests
      'ip rule add pref 200 iif eth0 ipproto tcp dport 1-32767 prohibit',
    ]
  }

  async stop(): Promise<void> {
    const all = [...this.#stops, this.#services?.child, this.#namespace?.child].filter(child => child !== undefined)
    await Promise.all(
      all.map(
        child =>
          new Promise<void>(resolve => {
            if (child.exitCode !== null || child.signalCode !== null) return resolve()
            child.once('close', () => resolve())
            child.kill('SIGKILL')
          }),
      ),
    )
    if (this.#groups.size > 0) spawnSync('rmdir', [...this.#groups])
    rmSync(this.folder, { recursive: true, force: true })
  }

  /** A named volume: empty but for what the image has at the place where it is mounted first, whose owner it gets. */
  volume(name: string, image: Image, to: string): string {
    const folder = path.join(this.folder, 'volumes', name)
    if (!existsSync(folder)) {
      mkdirSync(folder, { recursive: true })
      own(folder, image.folders[to] ?? '0:0')
    }
    return folder
  }

  #inside(command: readonly string[]): [string, string[]] {
    return ['nsenter', [`--net=/proc/${this.#namespace.child.pid}/ns/net`, ...command]]
  }

  #tell(): Promise<void> {
    const names = Object.fromEntries(Object.entries(this.#names).filter(([, addresses]) => addresses.length > 0))
    const done = new Promise<void>(resolve => this.#sent.push(resolve))
    this.#services.child.stdin!.write(`${JSON.stringify({ names, ports: this.#ports })}\n`)
    return done
  }

  #layOut(root: string, { image, mounts }: Container): void {
    for (const folder of ['proc', 'dev', 'sys', 'etc', 'tmp']) mkdirSync(path.join(root, folder), { recursive: true })
    chmodSync(path.join(root, 'tmp'), 0o1777)
    const resolver = this.domain ? `search ${this.domain}\noptions ndots:5\n` : ''
    writeFileSync(path.join(root, 'etc/resolv.conf'), `nameserver ${NET}.1\n${resolver}`)
    writeFileSync(path.join(root, 'etc/hosts'), '127.0.0.1 localhost\n')
    writeFileSync(path.join(root, 'etc/nsswitch.conf'), 'passwd: files\nhosts: files dns\n')
    const [uid, gid] = image.user.split(':')
    writeFileSync(path.join(root, 'etc/passwd'), `root:x:0:0::/:/bin/sh\nuser:x:${uid}:${gid}::/:/bin/sh\n`)
    for (const [folder, owner] of Object.entries(image.folders)) {
      mkdirSync(path.join(root, folder), { recursive: true })
      own(path.join(root, folder), owner)
    }
    for (const { from, to } of [...Object.entries(image.files).map(([to, from]) => ({ from, to })), ...mounts]) {
      const at = path.join(root, to)
      mkdirSync(path.dirname(at), { recursive: true })
      if (existsSync(at)) continue
      if (spawnSync('test', ['-d', from]).status === 0) mkdirSync(at)
      else writeFileSync(at, '')
    }
    for (const folder of ofThisMachine) mkdirSync(path.join(root, folder), { recursive: true })
  }
}

/** Programs and libraries of this machine, in every container: an image has its own shell, wget and libraries. */
const ofThisMachine = ['usr', 'bin', 'lib', 'lib64', 'sbin'].filter(folder => existsSync(`/${folder}`))

function mountsOf(root: string, { image, mounts }: Container): string[] {
  const bind = ({ from, to, isReadOnly }: Mount) => {
    const at = quote(path.join(root, to))
    return [`mount --bind ${quote(from)} ${at}`, ...(isReadOnly ? [`mount -o remount,bind,ro ${at}`] : [])]
  }
  return [
    ...ofThisMachine.flatMap(folder => bind({ from: `/${folder}`, to: folder, isReadOnly: true })),
    ...Object.entries(image.files).flatMap(([to, from]) => bind({ from, to, isReadOnly: false })),
    ...mounts.flatMap(bind),
  ]
}

/** A group with the container's limit, where this machine has version 1 or 2 of them and lets us; undefined elsewhere. */
function memoryGroup(name: string, bytes: number): string | undefined {
  for (const [folder, limit] of [
    [`/sys/fs/cgroup/memory/${name}`, 'memory.limit_in_bytes'],
    [`/sys/fs/cgroup/${name}`, 'memory.max'],
  ] as const) {
    // a folder that is no group has no such file
    if (!existsSync(path.join(path.dirname(folder), 'cgroup.procs'))) continue
    try {
      mkdirSync(folder)
      writeFileSync(path.join(folder, limit), String(bytes))
      return folder
    } catch {
      spawnSync('rmdir', [folder])
    }
  }
  return undefined
}

export function own(file: string, owner: string, mode?: number): void {
  const [uid, gid] = owner.split(':').map(Number)
  chownSync(file, uid!, gid!)
  if (mode !== undefined) chmodSync(file, mode)
}

const quote = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
const quoted = ([name, value]: [string, string]): string => quote(`${name}=${value}`)
const pipes = { stdio: ['ignore', 'pipe', 'pipe'] as ['ignore', 'pipe', 'pipe'] }

function watched(child: ChildProcess): Process {
  let text = ''
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', chunk => {
      text = (text + chunk).slice(-200_000)
    })
  const ended = new Promise<void>(resolve => child.once('close', () => resolve()))
  return { child, ended, log: () => text }
}

/** Says `ready`. */
async function started(child: ChildProcess): Promise<Process> {
  const process_ = watched(child)
  for (const deadline = Date.now() + 20_000; !process_.log().includes('ready'); await pause()) {
    if (Date.now() > deadline || child.exitCode !== null) throw new Error(`it did not start: ${process_.log()}`)
  }
  return process_
}

/** Waits until the child is in a network of its own. */
async function namespaceOf(child: ChildProcess): Promise<void> {
  const own = spawnSync('readlink', ['/proc/self/ns/net'], { encoding: 'utf8' }).stdout
  for (const deadline = Date.now() + 20_000; ; await pause()) {
    const { stdout } = spawnSync('readlink', [`/proc/${child.pid}/ns/net`], { encoding: 'utf8' })
    if (stdout && stdout !== own) return
    if (Date.now() > deadline) throw new Error('no network of its own')
  }
}

function spawnOk(command: string, args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}`)
}

const pause = (ms = 50) => new Promise(resolve => setTimeout(resolve, ms))

/** Waits, a minute and a half at most by default, until the condition gives something true, and gives that. */
export async function until<T>(
  what: string,
  condition: () => T | Promise<T>,
  limitMs = 90_000,
): Promise<NonNullable<T>> {
  for (const deadline = Date.now() + limitMs; ; await pause(250)) {
    const found = await condition()
    if (found) return found
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`)
  }
}

export const textOf = (file: string): string => readFileSync(file, 'utf8')
