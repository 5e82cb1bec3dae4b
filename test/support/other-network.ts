// Another host, as far as the network goes: a namespace of its own, with one cable to here.
import { execFile, spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { promisify } from 'node:util'

export interface OtherNetwork {
  /** Of this machine, as the other one sees it. */
  readonly address: string
  /** @returns the status of the answer; 0 for none */
  get(url: string): Promise<number>
  close(): void
}

const ip = (...args: string[]) => spawnSync('ip', args, { encoding: 'utf8' })

/** @returns why there can be none here */
export function otherNetwork(): OtherNetwork | string {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'a network of its own needs Linux and root'
  const id = randomInt(1, 250)
  const name = `afn-far-${process.pid}-${id}`
  const [here, there] = [`afnh${process.pid % 10_000}-${id % 10}`, `afnt${process.pid % 10_000}-${id % 10}`]
  const net = `10.${85 + (process.pid % 100)}.${id}`
  const steps = [
    ['netns', 'add', name],
    ['link', 'add', here, 'type', 'veth', 'peer', 'name', there, 'netns', name],
    ['addr', 'add', `${net}.1/30`, 'dev', here],
    ['link', 'set', here, 'up'],
    ['-n', name, 'addr', 'add', `${net}.2/30`, 'dev', there],
    ['-n', name, 'link', 'set', there, 'up'],
  ]
  const close = () => void ip('netns', 'delete', name)
  for (const step of steps) {
    const { status, stderr, error } = ip(...step)
    if (status === 0) continue
    close()
    return `ip ${step.join(' ')}: ${(stderr || error?.message) ?? 'refused'}`.trim()
  }
  return {
    address: `${net}.1`,
    async get(url) {
      const args = ['netns', 'exec', name, 'curl', '-s', '-o', '/dev/null', '-m', '20', '-w', '%{http_code}', url]
      const { stdout } = await promisify(execFile)('sh', ['-c', 'ip "$@" || true', 'sh', ...args])
      return Number(stdout)
    },
    close,
  }
}
