/** The logs of this process: all loggers with the same folder and the same file of settings write through one sink. */
import { hostname } from 'node:os'
import path from 'node:path'
import { type Counter, metrics } from '@opentelemetry/api'
import {
  ATTR_AFN_LOGS_CLASS,
  ATTR_AFN_LOGS_DROP_REASON,
  METRIC_AFN_LOGS_DROPPED,
  METRIC_OPTIONS_AFN_LOGS_DROPPED,
} from '../../../semconv'
import { reason, report } from '../../shared/diag/report'
import type { Redactor } from '../../shared/redact'
import type { LogClass } from '../../shared/tiers'
import { version } from '../../shared/version'
import type { ClassFileOptions } from './class-file'
import type { ClassConfig, LogsConfig } from './config'
import { type ConfigSource, liveConfig } from './live-config'
import { type Loss, Sink } from './sink'
import { sweep, sweepAtOnce } from './sweep'

export interface ProcessLogs {
  readonly sink: Sink
  readonly config: LogsConfig
  /** One for all loggers: its tables are large. */
  redactor(make: () => Redactor): Redactor
  /** The level of the file of settings is that of the logger, also when it changes. */
  follow(logger: { level: string }): void
}

const MAX_WAITING_BYTES = 64 * 1024 * 1024
/** A clock may jump, and a machine sleep: no timer runs until midnight. */
const SWEEP_MS = 3_600_000
/** The app has begun by then. */
const SWEEP_AFTER_MS = 1_000

const open = new Map<string, ProcessLogs>()

/** For the same source there is one. */
export function processLogs(source: ConfigSource): ProcessLogs {
  const key = JSON.stringify(source)
  const known = open.get(key)
  if (known) return known
  const made = openLogs(source)
  open.set(key, made)
  return made
}

function openLogs(source: ConfigSource): ProcessLogs {
  const followers = new Set<WeakRef<{ level: string }>>()
  let redactor: Redactor | undefined
  let config = liveConfig(source, changed => {
    config = changed
    places = placesOf(config)
    for (const follower of followers) {
      const logger = follower.deref()
      if (logger) logger.level = changed.level
      else followers.delete(follower)
    }
    sweepSoon()
  })
  let places = placesOf(config)
  const counter = () =>
    metrics.getMeter('@afn/otel/logs', version).createCounter(METRIC_AFN_LOGS_DROPPED, METRIC_OPTIONS_AFN_LOGS_DROPPED)
  let dropped: Counter | undefined
  const daysOf = (logClass: LogClass) => config.classes[logClass].retentionDays
  const notSwept = (error: unknown) =>
    report('AFN192', `log files that are too old could not be removed from ${config.folder} (${reason(error)})`)
  let timer: NodeJS.Timeout | undefined
  const sweepSoon = () => {
    timer ??= setTimeout(async () => {
      try {
        await sweep(config.folder, Date.now(), daysOf)
      } catch (error) {
        notSwept(error)
      }
      timer = undefined
    }, SWEEP_AFTER_MS).unref()
  }
  // a job that runs for less than a second is to remove old files too
  process.once('exit', () => {
    try {
      if (timer) sweepAtOnce(config.folder, Date.now(), daysOf)
    } catch (error) {
      notSwept(error)
    }
  })
  const sink = new Sink({
    placeOf: logClass => places[logClass],
    onOpen: sweepSoon,
    onFailure: error =>
      report(
        'AFN191',
        `log lines cannot be written into ${config.folder} (${codeOf(error)}); they wait in memory, 64 MiB at most`,
      ),
    onDropped: (logClass, lines, why) => {
      // an SDK may start after the first logger
      dropped ??= counter()
      dropped.add(lines, { [ATTR_AFN_LOGS_CLASS]: logClass, [ATTR_AFN_LOGS_DROP_REASON]: why })
    },
    lossLine,
    maxWaitingBytes: MAX_WAITING_BYTES,
  })
  setInterval(sweepSoon, SWEEP_MS).unref()
  return {
    sink,
    get config() {
      return config
    },
    redactor(make) {
      redactor ??= make()
      return redactor
    },
    follow(logger) {
      followers.add(new WeakRef(logger))
    },
  }
}

function placesOf({ folder, classes }: LogsConfig): Record<LogClass, ClassFileOptions> {
  const placeOf = ([name, { file, maxBytes }]: [string, ClassConfig]) =>
    [name, { folder, link: path.resolve(folder, file), maxBytes }] as const
  return Object.fromEntries(Object.entries(classes).map(placeOf)) as Record<LogClass, ClassFileOptions>
}

/** Messages name a file, which is another one each time. */
const codeOf = (error: unknown): string => (error as NodeJS.ErrnoException).code ?? reason(error)

/** It stands where lines are missing; `afn-otel logs verify` finds it. */
function lossLine(lines: number, why: Loss): { line: string; at: number } {
  const at = Date.now()
  const fields = { level: 'warn', time: new Date(at).toISOString(), pid: process.pid, hostname: hostname() }
  const msg = `${lines} lines before this one were lost (${why})`
  return { line: `${JSON.stringify({ ...fields, msg, 'afn.logs.dropped': lines, reason: why })}\n`, at }
}
