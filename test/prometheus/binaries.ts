// Called by setup.ts: Prometheus and promtool, which no package registry but Go's has.
import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import { cacheFolder } from '../support/cache'

/** 3.16 as a Go module. */
const version = 'v0.316.0'
const names = ['prometheus', 'promtool']

export interface Binaries {
  readonly prometheus: string
  /** Undefined where PROMETHEUS_BIN has none beside it. */
  readonly promtool: string | undefined
}

/**
 * PROMETHEUS_BIN, else what the cache has, else built with Go into the cache: four minutes, once.
 * @throws Error when there is no Go, or it fails
 */
export async function prometheusBinaries(say: (line: string) => void): Promise<Binaries> {
  const given = process.env.PROMETHEUS_BIN
  if (given) {
    const promtool = path.join(path.dirname(given), 'promtool')
    return { prometheus: given, promtool: existsSync(promtool) ? promtool : undefined }
  }
  const folder = path.join(cacheFolder(), `prometheus-${version}`)
  if (!names.every(name => existsSync(path.join(folder, name)))) {
    say(`prometheus: building ${version} with Go; this takes minutes, once`)
    await build(folder)
  }
  return { prometheus: path.join(folder, 'prometheus'), promtool: path.join(folder, 'promtool') }
}

async function build(folder: string): Promise<void> {
  mkdirSync(path.dirname(folder), { recursive: true })
  // a folder of its own and a rename at the end: a build that is broken off leaves no half binary to be found
  const work = mkdtempSync(`${folder}-`)
  const packages = names.map(name => `github.com/prometheus/prometheus/cmd/${name}@${version}`)
  try {
    const env = { ...process.env, GOBIN: work }
    await promisify(execFile)('go', ['install', '-ldflags', '-s -w', ...packages], { env })
    rmSync(folder, { recursive: true, force: true })
    renameSync(work, folder)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
}
