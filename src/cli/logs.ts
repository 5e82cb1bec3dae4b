// `afn-otel logs`: reads the log files of `@afn/otel/logs`, as they come or by time and word, looks whether all are whole, and sweeps the Collector's.
import { setTimeout as sleep } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { ATTR_AFN_LOGS_CLASS, METRIC_AFN_LOGS_OLDEST_TIME } from '../../semconv'
import { sweepCollectorFiles } from '../app/logs/collector-files'
import { type ConfigSource, checkConfig, currentConfig } from '../app/logs/live-config'
import { logClasses } from '../app/logs/names'
import { levels } from '../app/logs/options'
import { Follower, type LineFilter, query, verify } from '../app/logs/read'
import { planOf } from '../pipeline/deployment/plan'
import { resolve } from '../shared/config/resolve'
import { secondsOfDuration } from '../shared/queries/window'
import type { LogClass } from '../shared/tiers'
import { everyOption, inRounds } from './every-option'
import { helpOption, print } from './help'
import { lineOf } from './mistakes'
import { type Options, optionLines } from './options'
import { pipelineSettings } from './pipeline-settings'
import { pushGauges, successHelp, tellSuccess } from './push-gauges'

export const options = {
  dir: {
    type: 'string',
    help: 'folder of the files',
    otherwise: 'AFN_LOG_DIR, else that of logging-config.json, else logs',
  },
  class: { type: 'string', multiple: true, help: `${logClasses.join(', ')}; can be repeated` },
  level: { type: 'string', help: 'this level and above' },
  trace: { type: 'string', argument: 'ID', help: 'lines of this trace' },
  text: { type: 'string', help: 'lines that contain this text, case-insensitive' },
  since: {
    type: 'string',
    argument: 'TIME',
    help: 'lines since 90s, 30m, 1h, 3d or 2w ago, or since 2026-11-24 or 2026-11-24T10:00:00Z',
  },
  until: { type: 'string', argument: 'TIME', help: 'lines until this time, in the same formats' },
  json: { type: 'boolean', default: false, help: 'prints the report of verify as JSON' },
  ...everyOption('1h', ` (sweep). ${successHelp}`),
} as const satisfies Options

const help = `Usage: afn-otel logs COMMAND [OPTIONS]

tail                  follows the lines of all processes across file rotations, until stopped
query                 prints the lines of a time range, in order
check                 reports every error in logging-config.json, or the file in AFN_LOG_CONFIG, with line and column
verify                reports truncated lines, gaps where lines were lost, and missing files
sweep [DIR]           deletes records from the Collector's files (debug.json to audit.json) that are older than pipeline.retention.logs, by
                      their timestamps, while the Collector writes. Run it once an hour or a day

${optionLines(options)}

Exit codes: 0 done, no problems; 1 verify or check found problems, or the files can't be read; 2 usage error.`

/** By which AfnJobStale names the sweep. */
const SWEEP = 'logs-sweep'

/** How often tail looks for lines. */
const LOOK_MS = 200

type Values = ReturnType<typeof read>['values']

const read = (args: string[]) => parseArgs({ args, options: { ...options, ...helpOption }, allowPositionals: true })

const commands: Record<string, (folder: string, values: Values) => Promise<number>> = {
  tail: async (folder, values) => {
    const follower = new Follower(folder, wantedOf(values))
    for (;;) {
      for (const line of follower.next()) write(line)
      await sleep(LOOK_MS)
    }
  },
  query: async (folder, values) => {
    for (const line of query(folder, wantedOf(values))) {
      if (!write(line)) await new Promise(resolve => process.stdout.once('drain', resolve))
    }
    return 0
  },
  check: async () => {
    const { mistakes, place } = checkConfig(sourceOf({}))
    for (const mistake of mistakes) console.log(lineOf(place, mistake))
    if (mistakes.length === 0) console.log(`ok: ${place}`)
    return mistakes.length === 0 ? 0 : 1
  },
  verify: async (folder, values) => {
    const report = verify(folder)
    if (values.json) console.log(JSON.stringify(report))
    else {
      for (const { kind, file, line, lines } of report.findings)
        console.log(`${kind}: ${file}${line > 0 ? `:${line}` : ''}${lines === undefined ? '' : ` (${lines} lines)`}`)
      const { files, lines, findings } = report
      console.log(`${findings.length === 0 ? 'ok' : `${findings.length} findings`}: ${lines} lines in ${files} files`)
    }
    return report.findings.length === 0 ? 0 : 1
  },
  sweep: (folder, { every }) => inRounds(every, () => sweep(folder, every)),
}

async function sweep(folder: string, every: string | undefined): Promise<number> {
  const { files, records, oldest } = sweepCollectorFiles(
    folder,
    Date.now(),
    logClass => planOf('single', pipelineSettings()).retention.logs[logClass],
  )
  console.log(`${records} records and ${files.length} files removed from ${folder}`)
  const gauge = ([logClass, ms]: readonly [LogClass, number]) => ({
    name: METRIC_AFN_LOGS_OLDEST_TIME,
    value: ms / 1_000,
    attributes: { [ATTR_AFN_LOGS_CLASS]: logClass },
  })
  await pushGauges([...oldest].map(gauge))
  await tellSuccess(SWEEP, every)
  return 0
}

/** @returns the exit code, as `help` says */
export async function logs(args: string[]): Promise<number> {
  const { values, positionals } = read(args)
  if (values.help) return print(help)
  const [name, ...rest] = positionals
  // the folder of somebody else's files is what a sweep is about
  const [dir, ...more] = name === 'sweep' ? rest : [undefined, ...rest]
  const command = name !== undefined && Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) throw new Error(`logs takes ${Object.keys(commands).join(', ')}${name ? `, not "${name}"` : ''}`)
  if (more.length > 0) throw new Error(`unexpected argument "${more[0]}"; logs ${name} takes only options`)
  // who reads the lines may have enough of them, as head has
  process.stdout.on('error', error => process.exit((error as NodeJS.ErrnoException).code === 'EPIPE' ? 0 : 1))
  try {
    const place = dir === undefined ? values : { dir }
    return await command(name === 'check' ? '' : currentConfig(sourceOf(place)).folder, values)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).syscall === undefined) throw error
    console.error(`afn-otel logs: ${(error as Error).message}`)
    return 1
  }
}

const write = (line: string): boolean => process.stdout.write(`${line}\n`)

function sourceOf({ dir }: Pick<Values, 'dir'>): ConfigSource {
  const cwd = process.cwd()
  const { logDir, logConfig } = resolve({ env: process.env, cwd, parseYaml: parse }).settings
  return { code: { folder: dir ?? logDir }, file: logConfig, cwd }
}

function wantedOf({ level, trace, text, since, until, class: classes }: Values): LineFilter {
  const wrong = classes?.find(name => !logClasses.includes(name as LogClass))
  if (wrong !== undefined) throw new Error(`--class takes ${logClasses.join(', ')}, not "${wrong}"`)
  if (level !== undefined && !levels.includes(level as (typeof levels)[number]))
    throw new Error(`--level takes ${levels.join(', ')}, not "${level}"`)
  return {
    classes: classes as LogClass[] | undefined,
    level,
    trace,
    text,
    since: timeOf('--since', since),
    until: timeOf('--until', until),
  }
}

function timeOf(option: string, text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  if (/^\d{4}-/.test(text) && !Number.isNaN(Date.parse(text))) return Date.parse(text)
  return Date.now() - secondsOfDuration(option, text) * 1_000
}
