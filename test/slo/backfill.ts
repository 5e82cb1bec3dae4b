// A real Prometheus that holds what a service did weeks ago: samples and records are written as blocks by promtool.
import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { stringify } from 'yaml'
import type { Rule } from '../../src/monitoring/slo/rule-file'
import { freePorts } from '../support/ports'
import { startServer } from '../support/server'
import { type Traffic, type TrafficOptions, writeTraffic } from './traffic'

export interface Backfilled {
  readonly traffic: Traffic
  readonly url: string
  /** What an instant query gives that has one sample or none, at a Unix time [the end of the traffic]. */
  value(query: string, at?: number): Promise<number | undefined>
  stop(): Promise<void>
}

/**
 * @param records are evaluated each minute of the traffic, and written too
 * @param retention of the server, such as `400d`
 */
export async function backfill(
  { prometheus, promtool }: { prometheus: string; promtool: string },
  options: TrafficOptions,
  records: readonly Rule[],
  retention = '400d',
): Promise<Backfilled> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-month-'))
  const [data, metrics, rules] = ['data', 'metrics.txt', 'rules.yml'].map(name => path.join(folder, name)) as [string, string, string] // biome-ignore format: one line
  mkdirSync(data)
  const traffic = writeTraffic(metrics, options)
  const made = (...args: string[]) => execFileSync(promtool, ['tsdb', ...args], { stdio: ['ignore', 'ignore', 'pipe'] })
  // one block: without it, the whole file is read for every two hours
  made('create-blocks-from', '--max-block-duration=8760h', 'openmetrics', metrics, data)
  rmSync(metrics)
  let server = await start(prometheus, folder, data, retention)
  if (records.length > 0) {
    writeFileSync(rules, stringify({ groups: [{ name: 'records', interval: '1m', rules: records }] }))
    const times = [`--start=${options.start}`, `--end=${traffic.end}`, `--url=${server.url}`]
    // as many minutes as one answer may have points
    made(
      'create-blocks-from',
      '--max-block-duration=162h',
      'rules',
      ...times,
      `--output-dir=${data}`,
      '--eval-interval=1m',
      rules,
    )
    // a server looks for blocks that others have written each minute, and when it starts
    await server.stop()
    server = await start(prometheus, folder, data, retention)
  }
  const { url } = server
  return {
    traffic,
    url,
    async value(query, at = traffic.end) {
      const response = await fetch(`${url}/api/v1/query`, {
        method: 'POST',
        body: new URLSearchParams({ query, time: String(at), timeout: '120s' }),
      })
      const { data: found, error } = (await response.json()) as { data?: { result: { value: [number, string] }[] }; error?: string } // biome-ignore format: one line
      if (!found || found.result.length > 1) throw new Error(`${error ?? `${found?.result.length} samples`}: ${query}`)
      return found.result[0] && Number(found.result[0].value[1])
    },
    async stop() {
      await server.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

export async function start(binary: string, folder: string, data: string, retention: string) {
  const [port] = await freePorts(1)
  const run = mkdtempSync(path.join(folder, 'run-'))
  const config = path.join(run, 'prometheus.yml')
  writeFileSync(config, 'global: {}\n')
  const url = `http://127.0.0.1:${port}`
  const args = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${data}`,
    `--storage.tsdb.retention.time=${retention}`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--query.max-samples=500000000',
  ]
  return { url, stop: await startServer({ binary, args, folder: run, ready: `${url}/-/ready` }) }
}
