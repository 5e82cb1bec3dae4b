// Run by vitest once, before the suite: starts the Tempo that TEMPO_BIN names, or takes the one of TEMPO_URL.
import { mkdtempSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import provideCollector from '../collector/setup'
import { freePorts } from '../support/ports'
import { startServer } from '../support/server'
import { tempoConfig } from './config'

declare module 'vitest' {
  interface ProvidedContext {
    /** Absent where there is none: every test of the suite is then skipped. */
    tempo: { url: string; otlp: string; otlpGrpc: string } | undefined
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const { TEMPO_BIN: binary, TEMPO_URL, TEMPO_OTLP_URL } = process.env
  if (TEMPO_URL) {
    const otlp = TEMPO_OTLP_URL ?? Object.assign(new URL(TEMPO_URL), { port: '4318' }).origin
    project.provide('tempo', { url: TEMPO_URL, otlp, otlpGrpc: `${new URL(TEMPO_URL).hostname}:4317` })
    await provideCollector(project)
    return undefined
  }
  if (!binary) {
    project.provide('tempo', undefined)
    project.provide('collectorBinary', undefined)
    writeSync(1, 'skipped: tempo: set TEMPO_BIN to a Tempo 3 binary, or TEMPO_URL (and TEMPO_OTLP_URL) to one\n')
    return undefined
  }
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-tempo-'))
  const [http, grpc, otlp, otlpGrpc] = (await freePorts(4)) as [number, number, number, number]
  const files = tempoConfig({ folder, http, grpc, otlp, otlpGrpc })
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text)
  const url = `http://127.0.0.1:${http}`
  const args = [`-config.file=${path.join(folder, 'tempo.yaml')}`]
  const stop = await startServer({ binary, args, folder, ready: `${url}/ready` })
  project.provide('tempo', { url, otlp: `http://127.0.0.1:${otlp}`, otlpGrpc: `127.0.0.1:${otlpGrpc}` })
  await provideCollector(project)
  return stop
}
