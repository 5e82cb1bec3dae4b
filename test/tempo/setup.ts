// Run by vitest once, before the suite: starts the Tempo that TEMPO_BIN names, or takes the one of TEMPO_URL.
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import type { TestProject } from 'vitest/node'
import { freePorts } from '../support/ports'
import { tempoConfig } from './config'

declare module 'vitest' {
  interface ProvidedContext {
    /** Absent where there is none: every test of the suite is then skipped. */
    tempo: { url: string; otlp: string } | undefined
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const { TEMPO_BIN, TEMPO_URL, TEMPO_OTLP_URL } = process.env
  if (TEMPO_URL) {
    const otlp = TEMPO_OTLP_URL ?? Object.assign(new URL(TEMPO_URL), { port: '4318' }).origin
    project.provide('tempo', { url: TEMPO_URL, otlp })
    return undefined
  }
  if (!TEMPO_BIN) {
    project.provide('tempo', undefined)
    writeSync(
      1,
      'skipped: tempo: set TEMPO_BIN to a Tempo 3 binary, or TEMPO_URL (and TEMPO_OTLP_URL) to an empty one\n',
    )
    return undefined
  }
  return startTempo(project, TEMPO_BIN)
}

async function startTempo(project: TestProject, binary: string): Promise<() => Promise<void>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'afn-tempo-'))
  const [http, grpc, otlp] = (await freePorts(3)) as [number, number, number]
  const files = tempoConfig({ folder, http, grpc, otlp })
  for (const [name, text] of Object.entries(files)) writeFileSync(path.join(folder, name), text)
  const child = spawn(binary, [`-config.file=${path.join(folder, 'tempo.yaml')}`], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let log = ''
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', text => {
      log = (log + text).slice(-20_000)
    })
  const url = `http://127.0.0.1:${http}`
  for (const deadline = Date.now() + 90_000; ; ) {
    if (child.exitCode !== null || Date.now() > deadline) throw new Error(`Tempo did not become ready:\n${log}`)
    if ((await fetch(`${url}/ready`).catch(() => undefined))?.ok) break
    await new Promise(resolve => setTimeout(resolve, 500))
  }
  project.provide('tempo', { url, otlp: `http://127.0.0.1:${otlp}` })
  return async () => {
    // its SIGTERM waits for timers of minutes
    child.kill('SIGKILL')
    await new Promise(resolve => child.once('close', resolve))
    rmSync(folder, { recursive: true, force: true })
  }
}
