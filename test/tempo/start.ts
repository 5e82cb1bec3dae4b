// A Tempo as `npm run generate` configures it.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { freePorts } from '../support/ports'
import { startServer } from '../support/server'
import { tempoConfig } from './config'

export interface Tempo {
  url: string
  otlp: string
  otlpGrpc: string
}

/** @param change what the test needs otherwise in the files, name → text */
export async function startTempo(
  binary: string,
  change: (files: Record<string, string>) => Record<string, string> = files => files,
): Promise<Tempo & { folder: string; stop: () => Promise<void> }> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-tempo-'))
  const [http, grpc, otlp, otlpGrpc] = (await freePorts(4)) as [number, number, number, number]
  const files = change(tempoConfig({ folder, http, grpc, otlp, otlpGrpc }))
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text)
  const url = `http://127.0.0.1:${http}`
  const args = [`-config.file=${path.join(folder, 'tempo.yaml')}`]
  const stop = await startServer({ binary, args, folder, ready: `${url}/ready` })
  return { url, otlp: `http://127.0.0.1:${otlp}`, otlpGrpc: `127.0.0.1:${otlpGrpc}`, folder, stop }
}
