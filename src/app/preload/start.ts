// Decides, and starts everything. Built to `dist/start.cjs`; called by `require.cts` (and through it by `import.mts`) in
// each process that preloads us. Nothing in here may throw: the app comes next.
import path from 'node:path'
import { describeEntry, type EntryPoint, workingDirectory } from '../../shared/config/entry'
import type { Settings } from '../../shared/config/settings'
import { diagnostics, reason, report, warnNotObserved } from '../../shared/diag/report'
import { newStatus, type Status } from '../../shared/diag/status'
import { version } from '../../shared/version'
import { loadChunk } from '../chunks'
import { receiveBundled } from '../instrument/bundled'
import { hookRequire } from '../instrument/cjs'
import { armBeforeFirstImport, createEsmHooks } from '../instrument/esm'
import { createRegistry } from '../instrument/registry'
import { loadSettings, reportProblems } from '../load-settings'
import { isMainThread } from '../main-thread'
import { inertRuntime, type Runtime, slot } from '../runtime'
import { recordCrashes } from '../sdk/crash'
import { flushBeforeExit } from '../sdk/exit'
import { leave, startHealth } from '../sdk/health'
import { watchLlmCalls } from '../sdk/llm-calls'
import { registerProviders } from '../sdk/otel-providers'
import { flushOnSignals } from '../sdk/signals'
import { startSpooling } from '../sdk/spooling'
import { createTelemetry } from '../sdk/telemetry'
import { prepare, warmUp } from '../sdk/warm-up'
import { refuse } from './guard'

/** What can wait until the app is up. */
const afterStartMs = 2_000

/** Starts once a process and thread. Never throws. */
export function start(): void {
  // not by `performance`, which Node loads with its first use
  const begun = process.hrtime.bigint()
  const status = newStatus(version)
  try {
    const here = slot()
    if (here.runtime) return
    Object.defineProperty(status, 'diagnostics', { enumerable: true, get: diagnostics })
    here.runtime = inertRuntime(status)
    const cwd = workingDirectory()
    const entry = describeEntry(cwd)
    const settings = settingsOf(entry, cwd, status)
    if (settings) here.runtime = startAll(entry, settings, status)
  } catch (error) {
    status.state = 'failed'
    status.reason = reason(error)
    report('AFN102', `telemetry could not start (${reason(error)}); the app runs without it`)
  }
  status.startMs = Math.round(Number(process.hrtime.bigint() - begun) / 1e5) / 10
}

/** `undefined` when nothing is to be started here; the status says why. */
function settingsOf(entry: EntryPoint, cwd: string, status: Status): Settings | undefined {
  const resolved = loadSettings(cwd)
  if (entry.file) status.entry = entry.file
  const refusal = refuse(entry, resolved.settings)
  if (refusal) {
    if (refusal.other) standDownFor(refusal.other, status)
    else Object.assign(status, { state: 'stood-down', reason: refusal.reason })
    return undefined
  }
  reportProblems(resolved)
  return resolved.settings
}

function standDownFor(other: string, status: Status): void {
  Object.assign(status, { state: 'stood-down', reason: `other SDK: ${other}` })
  report('AFN103', `stood down for ${other}; start one of the two only, or set AFN_STAND_DOWN=false to keep this one`)
}

/** @param namespace of an import, which has copies of what `require` gives */
function passContextInSync(namespace: unknown): void {
  const failed = (error: unknown) => warnNotObserved(error, 'child_process')
  try {
    const chunk = loadChunk('environment-sync')
    chunk.passContextInSync(require('node:child_process'), failed)
    if (namespace) chunk.passContextInSync(namespace as Parameters<typeof chunk.passContextInSync>[0], failed)
  } catch (error) {
    failed(error)
  }
}

function startAll(entry: EntryPoint, settings: Settings, status: Status): Runtime {
  const telemetry = createTelemetry(settings, entry.packageJson, status)
  const providers = registerProviders(telemetry, {
    entryDirectory: entry.directory,
    yields: settings.standDown,
    onTakenOver: by => stopFor(by),
    onRefused: (what, by) =>
      report('AFN104', `${by} tried to register its own ${what}, and was refused, since AFN_STAND_DOWN is off`),
  })

  // the tap is there before the registry, and calls back at a later fetch
  const calls = watchLlmCalls(settings, telemetry, () => registry.activate('undici'))
  const { tap, clients } = calls
  const registry = createRegistry(settings, status.instrumentations, {
    config: clients.config,
    targets: [...clients.targets, 'child_process'],
    loads(target, namespace) {
      if (target !== 'child_process') clients.loads(target, namespace)
      else passContextInSync(namespace)
    },
  })
  const armEsm = createEsmHooks(registry, status, entry.file !== undefined)
  const beforeAppFile = armBeforeFirstImport(armEsm)
  hookRequire(registry, __dirname + path.sep, beforeAppFile)
  slot().bundled = receiveBundled(registry)
  // on Lambda the entry is the runtime client, whose own imports need no hooks
  const isFunction =
    process.env.AWS_LAMBDA_RUNTIME_API &&
    loadChunk('lambda').redirectHandler(__dirname, {
      flushMs: settings.shutdownTimeout,
      armEsm,
      // a function has no other request that a turn could keep waiting
      prepare: () => prepare(telemetry.preparations, 0),
    })
  if (!isFunction) {
    if (entry.isModule) armEsm()
    else if (entry.main) beforeAppFile(entry.main)
  }

  /** The app's own SDK has registered: from here on the app is what it would be without us. */
  function stopFor(other: string): void {
    calls.stop()
    stopHealth()
    registry.stop()
    standDownFor(other, status)
    // where afnNodeSDK() is the other, it puts its own there
    slot().runtime = inertRuntime(status)
    void providers.shutdown()
  }

  const isRunning = () => status.state === 'started'
  const spooling = startSpooling(settings, entry.packageJson.name, telemetry)
  recordCrashes(version, isRunning, spooling.mayWait)
  const flush = async () => {
    if (isRunning()) await telemetry.runtime.flush(settings.shutdownTimeout)
  }
  const settle = () => {
    tap.leave()
    telemetry.evaluation.end?.()
  }
  flushBeforeExit(
    settle,
    // nobody counts what meters record: where there is one, the first flush looks. Ours come with the first span
    () => (telemetry.recorded > 0 ? telemetry.recorded + 1 : providers.isMetered ? 1 : 0),
    flush,
  )
  const leaveFor = (signal: 'SIGTERM' | 'SIGINT') => {
    if (signal === 'SIGTERM') spooling.mayWait()
    return leave(settings, signal)
  }
  const watchSignals = isMainThread ? flushOnSignals(flush, settle, leaveFor) : () => {}
  telemetry.whenRecording(watchSignals)
  const stopHealth = startHealth(settings, entry.packageJson, telemetry, watchSignals)
  if (!isFunction) warmUp(telemetry.preparations)
  setTimeout(() => {
    if (!isRunning()) return
    if (telemetry.metricReaders.length > 0) {
      watchSignals()
      startRuntimeMetrics(settings)
    }
    if (tap.state() === 'replaced') {
      report(
        'AFN151',
        'globalThis.fetch was replaced after start; LLM calls are seen only where the new function calls the one before it',
      )
    }
    if (entry.main) void warnOfBundle(entry.main)
  }, afterStartMs).unref()

  status.state = 'started'
  status.startedAt = new Date().toISOString()
  return telemetry.runtime
}

/** Never rejects. */
async function warnOfBundle(file: string): Promise<void> {
  try {
    const { inspectBundle, unseenIn } = loadChunk('bundle')
    const unseen = (await inspectBundle(file))?.unseen ?? []
    if (unseen.length > 0) report('AFN122', unseenIn(unseen))
  } catch (error) {
    report('AFN122', `whether the app is a bundle could not be seen (${reason(error)})`)
  }
}

function startRuntimeMetrics(settings: Settings): void {
  try {
    loadChunk('runtime').startRuntimeMetrics(settings)
  } catch (error) {
    report('AFN120', `runtime metrics could not start (${reason(error)})`)
  }
}
