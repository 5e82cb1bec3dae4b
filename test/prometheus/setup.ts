// Run by vitest once, before the suite: starts the Prometheus that PROMETHEUS_BIN names.
import { mkdtempSync, readFileSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { parse } from 'yaml'
import { root } from '../support/packed'
import { freePorts } from '../support/ports'
import { startServer } from '../support/server'

declare module 'vitest' {
  interface ProvidedContext {
    /** Address of a Prometheus that receives by OTLP. Absent where there is none: every test of the suite is then skipped. */
    prometheus: string | undefined
  }
}

/** As `npm run generate` configures it, but that there is nothing to scrape. */
export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const binary = process.env.PROMETHEUS_BIN
  if (!binary) {
    project.provide('prometheus', undefined)
    writeSync(1, 'skipped: prometheus: set PROMETHEUS_BIN to a Prometheus 3 binary\n')
    return undefined
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-prometheus-'))
  const [port] = await freePorts(1)
  const { scrape_configs: _, ...config } = parse(readFileSync(path.join(root, 'prometheus.yml'), 'utf8'))
  writeFileSync(path.join(folder, 'prometheus.yml'), JSON.stringify(config))
  const url = `http://127.0.0.1:${port}`
  const args = [
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-otlp-receiver',
  ]
  const stop = await startServer({ binary, args, folder, ready: `${url}/-/ready` })
  project.provide('prometheus', url)
  return stop
}
