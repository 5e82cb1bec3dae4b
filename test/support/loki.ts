// A Loki as `generate` configures it: one process, files in a folder, free ports.
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parse, stringify } from 'yaml'
import { LOKI_DATA, lokiConfig } from '../../src/pipeline/deployment/loki-config'
import { planOf } from '../../src/pipeline/deployment/plan'
import { render } from '../../src/pipeline/deployment/render'
import { freePorts } from './ports'
import { startServer } from './server'

type Config = Record<string, Record<string, unknown>>

export interface Loki {
  readonly url: string
  /** @returns the paths of the files in which records are stored */
  chunks(): string[]
  /** Loki is killed, and starts again with what it stored. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** @param change what the test needs otherwise */
export async function startLoki(binary: string, change: (config: Config) => void = () => {}): Promise<Loki> {
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
  const start = () =>
    startServer({
      binary,
      args: [`-config.file=${file}`],
      folder: mkdtempSync(path.join(folder, 'run-')),
      ready: `${url}/ready`,
    })
  let kill = await start()
  return {
    url,
    chunks: () =>
      readdirSync(path.join(folder, 'chunks', 'fake'), { recursive: true, withFileTypes: true })
        .filter(entry => entry.isFile())
        .map(entry => path.join(entry.parentPath, entry.name)),
    async restart() {
      await kill()
      kill = await start()
    },
    async stop() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
