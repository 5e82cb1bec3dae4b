// Called by setup.ts and the tests beside it: a Prometheus as `npm run generate` configures it.
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse } from 'yaml'
import { root } from '../support/packed'
import { freePorts } from '../support/ports'
import { startServer } from '../support/server'

/**
 * All else than what is scraped is as in prometheus.yml and in the command of compose.yaml.
 * @param scraped ports here that take the place of the targets there, each second; the job of each is `scraped`
 */
export async function startPrometheus(
  binary: string,
  scraped: number[] = [],
): Promise<{ url: string; stop: () => Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-prometheus-'))
  const [port] = await freePorts(1)
  const { scrape_configs: _, ...config } = parse(readFileSync(path.join(root, 'prometheus.yml'), 'utf8'))
  const scrape_configs = scraped.map(target => ({
    job_name: 'scraped',
    scrape_interval: '1s',
    scrape_timeout: '1s',
    static_configs: [{ targets: [`127.0.0.1:${target}`] }],
  }))
  writeFileSync(path.join(folder, 'prometheus.yml'), JSON.stringify({ ...config, scrape_configs }))
  const url = `http://127.0.0.1:${port}`
  const args = [
    `--config.file=${folder}/prometheus.yml`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
    '--web.enable-otlp-receiver',
    '--enable-feature=exemplar-storage',
  ]
  return { url, stop: await startServer({ binary, args, folder, ready: `${url}/-/ready` }) }
}
