// A Prometheus as `npm run generate` configures it.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse } from 'yaml'
import type { Resolution } from '../../src/shared/tiers'
import { deployed } from '../support/packed'
import { freePorts } from '../support/ports'
import { startServer } from '../support/server'

/**
 * All else than what is scraped is as in its file and in the command of compose.yaml.
 * @param scraped ports here that take the place of the targets there, each second; the job of each is `scraped`
 */
export async function startPrometheus(
  binary: string,
  scraped: number[] = [],
  resolution: Resolution = 'high',
): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-prometheus-'))
  const read = (file: string) => parse(readFileSync(path.join(deployed, file), 'utf8'))
  const suffix = resolution === 'high' ? '' : `-${resolution}`
  const { scrape_configs: _, ...config } = read(`prometheus${suffix}.yml`)
  const command: string[] = read('compose.yaml').services[`prometheus${suffix}`].command
  const scrape_configs = scraped.map(target => ({
    job_name: 'scraped',
    scrape_interval: '1s',
    scrape_timeout: '1s',
    static_configs: [{ targets: [`127.0.0.1:${target}`] }],
  }))
  return startIn(folder, binary, { ...config, scrape_configs }, command)
}

/**
 * @param folder of its own, which is removed in the end
 * @param config what stands in `prometheus.yml`
 * @param command of compose.yaml; where it keeps its files is the folder's
 */
export async function startIn(
  folder: string,
  binary: string,
  config: object,
  command: readonly string[],
): Promise<{ url: string; stop: () => Promise<void> }> {
  const [port] = await freePorts(1)
  writeFileSync(path.join(folder, 'prometheus.yml'), JSON.stringify(config))
  const url = `http://127.0.0.1:${port}`
  const args = [
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
    ...command
      .filter(argument => !/^--(?:config|storage)\./.test(argument))
      // as compose fills in a variable that nobody has set
      .map(argument => argument.replace(/\$\{\w+:-(.*)\}/, '$1')),
  ]
  return { url, stop: await startServer({ binary, args, folder, ready: `${url}/-/ready` }) }
}
