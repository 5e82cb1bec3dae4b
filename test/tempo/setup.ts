// Run by vitest once, before the suite: finds a Tempo and starts it, or takes the one of TEMPO_URL. Where there is none, the tests
// of repairing get a stand-in, and all others are skipped.
import { writeSync } from 'node:fs'
import type { TestProject } from 'vitest/node'
import provideCollector from '../collector/setup'
import { findTempo } from '../support/binaries.mjs'
import { startTempoStandIn } from '../support/tempo-stand-in'
import { startTempo, type Tempo } from './start'

declare module 'vitest' {
  interface ProvidedContext {
    /** Absent where there is none. */
    tempo: Tempo | undefined
    /** The same, or what stands in for it. */
    repaired: Tempo
    /** Absent where TEMPO_URL names one that runs already. */
    tempoBinary: string | undefined
  }
}

export default async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const { TEMPO_URL, TEMPO_OTLP_URL } = process.env
  if (TEMPO_URL) {
    const otlp = TEMPO_OTLP_URL ?? Object.assign(new URL(TEMPO_URL), { port: '4318' }).origin
    project.provide('tempoBinary', undefined)
    const tempo = { url: TEMPO_URL, otlp, otlpGrpc: `${new URL(TEMPO_URL).hostname}:4317` }
    project.provide('tempo', tempo)
    project.provide('repaired', tempo)
    await provideCollector(project)
    return undefined
  }
  const found = findTempo()
  if ('missing' in found) {
    project.provide('tempo', undefined)
    project.provide('tempoBinary', undefined)
    writeSync(1, `skipped: tempo, but for repairing, which is tried on a stand-in: ${found.missing}\n`)
    await provideCollector(project)
    const { url, otlp, otlpGrpc, stop } = await startTempoStandIn({ blindEvery: 97 })
    project.provide('repaired', { url, otlp, otlpGrpc })
    return stop
  }
  const { url, otlp, otlpGrpc, stop } = await startTempo(found.binary)
  project.provide('tempo', { url, otlp, otlpGrpc })
  project.provide('repaired', { url, otlp, otlpGrpc })
  project.provide('tempoBinary', found.binary)
  await provideCollector(project)
  return stop
}
