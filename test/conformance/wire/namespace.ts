// A network of its own, in which the providers' names lead to this machine, port 443 is free, and nothing reaches the world. So nothing
// of JavaScript is substituted: clients look names up, connect and check certificates as everywhere.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'

const INSIDE = 'AFN_WIRE_INSIDE'
export const isInside = process.env[INSIDE] === 'yes'

/** Without root, in a namespace of users in which we are. */
const own = [...(process.getuid?.() === 0 ? [] : ['--user', '--map-root-user']), '--mount', '--net']

/** Why this machine can give none; undefined where it can. */
export function reasonAgainst(): string | undefined {
  if (spawnSync('openssl', ['version']).status !== 0) return 'there is no openssl'
  const { status } = spawnSync('unshare', [
    ...own,
    'sh',
    '-c',
    'ip link set lo up && mount --bind /dev/null /etc/hosts',
  ])
  return status === 0 ? undefined : 'unshare and ip (iproute2) make no network of their own here'
}

/** Runs this very command there, and gives its exit code. */
export function runInside(hosts: readonly string[], command: readonly string[]): number {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-hosts-'))
  try {
    const file = path.join(folder, 'hosts')
    writeFileSync(file, ['localhost', ...hosts].map(host => `127.0.0.1 ${host}\n`).join(''))
    const script = 'ip link set lo up && mount --bind "$0" /etc/hosts && exec "$@"'
    const env = { ...process.env, [INSIDE]: 'yes' }
    const { status } = spawnSync('unshare', [...own, 'sh', '-c', script, file, process.execPath, ...command], {
      stdio: 'inherit',
      env,
    })
    return status ?? 2
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
