// A Loki as `generate` configures it: one process, files in a folder, free ports.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse, stringify } from 'yaml'
import { LOKI_DATA, lokiConfig } from '../../src/pipeline/loki-config'
import { planOf } from '../../src/pipeline/plan'
import { render } from '../../src/pipeline/render'
import { freePorts } from './ports'
import { startServer } from './server'

type Config = Record<string, Record<string, unknown>>

/** @param change what the test needs otherwise */
export async function startLoki(
  binary: string,
  change: (config: Config) => void = () => {},
): Promise<{ url: string; folder: string; stop: () => Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-loki-'))
  const [http, grpc] = (await freePorts(2)) as [number, number]
  const config: Config = parse(render('', lokiConfig(planOf('single'))).replaceAll(`${LOKI_DATA}/`, `${folder}/`))
  Object.assign(config.common!, { path_prefix: folder })
  Object.assign(config.server!, {
    http_listen_address: '127.0.0.1',
    http_listen_port: http,
    grpc_listen_address: '127.0.0.1',
    grpc_listen_port: grpc,
  })
  change(config)
  const file = path.join(folder, 'loki.yaml')
  writeFileSync(file, stringify(config))
  const url = `http://127.0.0.1:${http}`
  const stop = await startServer({ binary, args: [`-config.file=${file}`], folder, ready: `${url}/ready` })
  return { url, folder, stop }
}
