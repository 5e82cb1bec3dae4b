// `docker compose` in the folder: it starts what is written, and tells processes that their files have changed.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { parse } from 'yaml'
import { BackendError } from '../../shared/queries/http'

const run = promisify(execFile)
const MOST_OUTPUT = 64 * 2 ** 20

/** @throws BackendError with the last lines of what it said */
export async function compose(folder: string, ...args: string[]): Promise<string> {
  try {
    return (await run('docker', ['compose', ...args], { cwd: folder, maxBuffer: MOST_OUTPUT })).stdout
  } catch (error) {
    const { code, stderr = '', message } = error as NodeJS.ErrnoException & { stderr?: string }
    if (code === 'ENOENT') throw new BackendError('docker is not on PATH; run this on the host of the containers')
    const said = stderr.trim().split('\n').slice(-5).join('\n  ')
    throw new BackendError(`docker compose ${args[0]}: ${said || message}`)
  }
}

/** These read their files again after SIGHUP. Prometheus' --web.enable-lifecycle would let any page end it by a request. */
const reloaded = ['prometheus', 'prometheus-medium', 'prometheus-low', 'alertmanager']
/** These read theirs at their start alone. */
const restarted: Readonly<Record<string, string>> = {
  'otel-collector.yaml': 'otel-collector',
  'tempo.yaml': 'tempo',
  'loki.yaml': 'loki',
  'grafana/datasources.yaml': 'grafana',
  'grafana/dashboards.yaml': 'grafana',
}

/**
 * Starts what is new, and lets what runs read its files again.
 * @param changed paths of files, relative to the folder
 */
export async function bringToContainers(folder: string, changed: readonly string[]): Promise<void> {
  const isImage = (file: string) => /^(?:collector\/|commands\/(?:.*\.cjs|Dockerfile)$)/.test(file)
  await compose(folder, 'up', '-d', ...(changed.some(isImage) ? ['--build'] : []))
  const services = servicesIn(folder)
  // one that has just begun is ended by SIGHUP
  await compose(folder, 'up', '-d', '--wait', ...reloaded.filter(name => name in services))
  const stale = changed.flatMap(file => restarted[file] ?? [])
  const again = [...new Set([...stale, ...withNewSecrets(folder, services)])].filter(name => name in services)
  if (again.length > 0) await compose(folder, 'restart', ...again)
  const told = reloaded.filter(name => name in services && !again.includes(name))
  if (told.length > 0) await compose(folder, 'kill', '-s', 'HUP', ...told)
}

interface Service {
  readonly volumes?: readonly string[]
}

const servicesIn = (folder: string): Readonly<Record<string, Service>> =>
  parse(readFileSync(path.join(folder, 'compose.yaml'), 'utf8')).services

/** Which file each secret was when it was brought to the containers. */
const STATE = 'secrets/.applied.json'

/**
 * A container has the file that was mounted when it started. Many an editor writes a new one in its place, which the container
 * never sees.
 */
function withNewSecrets(folder: string, services: Readonly<Record<string, Service>>): string[] {
  const at = path.join(folder, STATE)
  const before: Record<string, number> = existsSync(at) ? JSON.parse(readFileSync(at, 'utf8')) : {}
  const now: Record<string, number> = {}
  const names = Object.entries(services).flatMap(([name, { volumes = [] }]) => {
    const secrets = volumes.map(volume => volume.split(':')[0]!).filter(file => file.startsWith('./secrets/'))
    for (const file of secrets) now[file] = statSync(path.join(folder, file)).ino
    return secrets.some(file => before[file] !== undefined && before[file] !== now[file]) ? [name] : []
  })
  writeFileSync(at, JSON.stringify(now), { mode: 0o600 })
  return names
}
