// Decides, and starts everything. Built to `dist/start.cjs`; called by `require.cts` (and through it by `import.mts`) in
// each process that preloads us. Nothing in here may throw: the app comes next.
import path from 'node:path'
import { isMainThread } from 'node:worker_threads'
import { trace } from '@opentelemetry/api'
import { loadChunk } from '../chunks'
import { notHonoured } from '../config/otel-variables'
import { resolve } from '../config/resolve'
import type { Settings } from '../config/settings'
import { metricExporters } from '../delivery/metric-readers'
import { sendSpooled, spool } from '../delivery/spool'
import { diagnostics, reason, report, silence, unobserved } from '../diag/report'
import { newStatus, type Status } from '../diag/status'
import { hookRequire } from '../instrument/cjs'
import { armBeforeFirstImport, createEsmHooks } from '../instrument/esm'
import { createRegistry } from '../instrument/registry'
import { startLlmTap } from '../llm'
import { watchAiSdk } from '../llm/ai-sdk/channel'
import { Mouths } from '../llm/http/mouths'
import { recordCrashes } from '../sdk/crash'
import { afterExitListeners, flushBeforeExit } from '../sdk/exit'
import { alreadyRegistered } from '../sdk/globals'
import { createPricing } from '../sdk/pricing'
import { createSdkRedactor } from '../sdk/redactor'
import { flushOnSignals } from '../sdk/signals'
import { startTelemetry, type Telemetry } from '../sdk/start'
import { version } from '../version'
import { describeEntry, type Entry, workingDirectory } from './entry'
import { refuse } from './guard'
import { offer } from './offer'
import { slot } from './runtime'

/** Longest time that the end of a process waits for its telemetry. */
const exitFlushMs = 2_000
/** What can wait until the app is up. */
const afterStartMs = 2_000

/** Starts once a process and thread. Never throws. */
export function start(): void {
  const begun = performance.now()
  const status = newStatus(version)
  try {
    const here = slot()
    if (here.runtime) return
    Object.defineProperty(status, 'diagnostics', { enumerable: true, get: diagnostics })
    here.runtime = { status: () => status, flush: async () => {}, content: false, identify() {}, failed() {} }
    const cwd = workingDirectory()
    const entry = describeEntry(cwd)
    const settings = readSettings(entry, cwd, status)
    if (settings) here.runtime = offer(settings, status, startAll(entry, settings, status))
  } catch (error) {
    status.state = 'failed'
    status.reason = reason(error)
    report('AFN102', `telemetry could not start (${reason(error)}); the app runs without it`)
  }
  status.startMs = Math.round((performance.now() - begun) * 10) / 10
}

/** `undefined` when nothing is to be started here; the status says why. */
function readSettings(entry: Entry, cwd: string, status: Status): Settings | undefined {
  const { settings, problems } = resolve({
    env: process.env,
    cwd,
    parseYaml: text => loadChunk('yaml').parse(text),
  })
  if (settings.logLevel === 'none') silence()
  if (entry.file) status.entry = entry.file
  const refusal = alreadyRegistered()
    ? { reason: 'other SDK' as const, other: 'a preload before ours' }
    : refuse(entry, settings)
  if (refusal) {
    status.state = 'stood-down'
    status.reason = refusal.other ? `${refusal.reason}: ${refusal.other}` : refusal.reason
    if (refusal.other)
      report('AFN103', `stood down for ${refusal.other}; remove it, or set AFN_STAND_DOWN=false to start beside it`)
    return undefined
  }
  for (const code of ['AFN110', 'AFN111'] as const) {
    const messages = problems.filter(problem => problem.code === code).map(problem => problem.message)
    if (messages.length > 0) report(code, messages.join('; '))
  }
  const ignored = Object.keys(notHonoured).filter(name => process.env[name])
  if (ignored.length > 0)
    report('AFN112', ignored.map(name => `${name} is not honoured: ${notHonoured[name]}`).join('; '))
  return settings
}

/** Returns what was started. */
function startAll(entry: Entry, settings: Settings, status: Status): Telemetry {
  const redaction = createSdkRedactor(settings)
  const { redactor } = redaction
  status.redaction = {
    enabled: settings.redaction,
    // a getter: whoever asks has it made
    get detectors() {
      return [...redactor.detectors]
    },
  }
  if (settings.captureContent === 'full') {
    report(
      'AFN141',
      'AFN_CAPTURE_CONTENT=full: prompts and answers are exported with personal data in them; secrets are still removed',
    )
  }
  const pricing = createPricing(settings)
  const telemetry = startTelemetry({
    settings,
    app: entry.packageJson,
    entryDirectory: entry.directory,
    redaction,
    pricing,
    status,
  })

  const tap = startLlmTap({
    captureContent: settings.captureContent,
    includeUsage: settings.includeUsage,
    tracer: trace.getTracer('@afn/otel/llm', version),
    began: telemetry.pair,
    beforeOtherCall: () => registry.activate('undici'),
    onFailure: unobserved,
  })
  watchAiSdk({ captureContent: settings.captureContent, onFailure: unobserved }, () => loadChunk('ai-sdk'))
  const mouths = new Mouths(tap.http)
  Object.defineProperty(status, 'llm', {
    enumerable: true,
    get: () => ({
      fetch: tap.state(),
      ...mouths.states,
      captureContent: settings.captureContent,
      protocols: [...tap.protocols],
      prices: pricing.table ?? (pricing.ready ? 'none' : 'not loaded yet'),
    }),
  })

  slot().told = telemetry.quality

  const registry = createRegistry(settings, status.instrumentations, mouths)
  const armEsm = createEsmHooks(registry, status)
  const beforeAppFile = armBeforeFirstImport(armEsm)
  hookRequire(registry, __dirname + path.sep, beforeAppFile)
  if (entry.isModule) armEsm()
  else if (entry.main) beforeAppFile(entry.main)

  recordCrashes(version)
  flushBeforeExit(
    () => tap.leave(),
    () => telemetry.recorded,
    () => telemetry.flush(exitFlushMs),
  )
  const watchSignals = isMainThread ? flushOnSignals(() => telemetry.flush(exitFlushMs)) : () => {}
  telemetry.whenRecording(watchSignals)
  const { spoolDir } = settings
  if (spoolDir) afterExitListeners(() => spool(spoolDir, telemetry.takeUndelivered()))
  setTimeout(() => {
    if (metricExporters(settings).length > 0) {
      watchSignals()
      startRuntimeMetrics()
    }
    if (tap.state() === 'replaced') {
      report(
        'AFN151',
        'globalThis.fetch was replaced after start; LLM calls are seen only where the new function calls the one before it',
      )
    }
    if (spoolDir) void sendSpooled(spoolDir, settings)
  }, afterStartMs).unref()

  status.state = 'started'
  status.startedAt = new Date().toISOString()
  return telemetry
}

function startRuntimeMetrics(): void {
  try {
    loadChunk('runtime').startRuntimeMetrics()
  } catch (error) {
    report('AFN120', `runtime metrics could not start (${reason(error)})`)
  }
}
