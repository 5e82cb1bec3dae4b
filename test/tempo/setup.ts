// Run by vitest once, before the suite: finds a Tempo and starts it, or takes the one of TEMPO_URL.
import { writeSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import provideCollector from '../collector/setup'
import { findTempo } from '../support/binaries.mjs'
import { startTempo, type Tempo } from './start'

declare module 'vitest' {
  interface ProvidedContext {
    /** Absent where there is none: every test of the suite is then skipped. */
    tempo: Tempo | undefined
    /** Absent where TEMPO_URL names one that runs already. */
    tempoBinary: string | undefined
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const { TEMPO_URL, TEMPO_OTLP_URL } = process.env
  if (TEMPO_URL) {
    const otlp = TEMPO_OTLP_URL ?? Object.assign(new URL(TEMPO_URL), { port: '4318' }).origin
    project.provide('tempoBinary', undefined)
    project.provide('tempo', { url: TEMPO_URL, otlp, otlpGrpc: `${new URL(TEMPO_URL).hostname}:4317` })
    await provideCollector(project)
    return undefined
  }
  const found = findTempo()
  if ('missing' in found) {
    project.provide('tempo', undefined)
    project.provide('tempoBinary', undefined)
    project.provide('collectorBinary', undefined)
    writeSync(1, `skipped: tempo: ${found.missing}\n`)
    return undefined
  }
  const { url, otlp, otlpGrpc, stop } = await startTempo(found.binary)
  project.provide('tempo', { url, otlp, otlpGrpc })
  project.provide('tempoBinary', found.binary)
  await provideCollector(project)
  return stop
}
