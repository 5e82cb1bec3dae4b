// prometheus-node-exporter of Debian, where there is one: NODE_EXPORTER_BIN, the cache that scripts/prepare-binaries.mjs fills, or PATH.
import { type ChildProcess, spawn } from 'node:child_process'
import { findNodeExporter } from '../support/binaries.mjs'
import { freePorts } from '../support/ports'

export const nodeExporter = findNodeExporter()

export interface NodeExporter {
  scrape(): Promise<string>
  stop(): Promise<void>
}

export async function startNodeExporter(binary: string): Promise<NodeExporter> {
  const [port] = await freePorts(1)
  const url = `http://127.0.0.1:${port}/metrics`
  // what this suite compares, and no file system left out
  const collectors = ['cpu', 'meminfo', 'filesystem', 'loadavg', 'stat', 'processes', 'time'].map(name => `--collector.${name}`) // biome-ignore format: one line
  const child: ChildProcess = spawn(
    binary,
    [
      `--web.listen-address=127.0.0.1:${port}`,
      '--collector.disable-defaults',
      ...collectors,
      '--collector.filesystem.fs-types-exclude=^$',
      '--collector.filesystem.mount-points-exclude=^$',
    ],
    { stdio: 'ignore' },
  )
  const exporter: NodeExporter = {
    scrape: async () => (await fetch(url)).text(),
    async stop() {
      const ended = new Promise(resolve => child.once('close', resolve))
      child.kill('SIGTERM')
      await ended
    },
  }
  for (let attempt = 0; attempt < 100; attempt++) {
    if (await exporter.scrape().catch(() => undefined)) return exporter
    await new Promise(resolve => setTimeout(resolve, 100))
  }
  throw new Error('node-exporter does not answer')
}
