// Our side, when none is given: `afn-otel up --memory`, built from this repository.
import { execFileSync } from 'node:child_process'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { root } from '../../support/packed'
import { freePorts } from '../../support/ports'
import { startServer } from '../../support/server'
import type { Side } from './ask'

export async function startOurs(): Promise<{ side: Side; stop: () => Promise<void> }> {
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: ['ignore', 'ignore', 'inherit'] })
  const [port, otlpPort] = (await freePorts(2)) as [number, number]
  const url = `http://127.0.0.1:${port}`
  const stop = await startServer({
    binary: process.execPath,
    args: [
      path.join(root, 'dist/cli.cjs'),
      'up',
      '--memory',
      '--port',
      `${port}`,
      '--otlp-port',
      `${otlpPort}`,
      '--grpc-port',
      'none',
    ],
    folder: mkdtempSync(path.join(tmpdir(), 'afn-conformance-')),
    ready: `${url}/ready`,
  })
  return { side: { name: 'ours', url, otlp: `http://127.0.0.1:${otlpPort}`, headers: {} }, stop }
}
