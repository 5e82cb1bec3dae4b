// `afn-otel doctor [--json] [APP]`: starts the preload in a child process where the app lives, reads what really started,
// and checks every part of the pipeline.
import { execFile } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { parseArgs, promisify } from 'node:util'
import { parse } from 'yaml'
import type { Check } from '../pipeline/doctor/check'
import { examine } from '../pipeline/doctor/examine'
import { verdictOf } from '../pipeline/doctor/verdict'
import { keyIdOf, readKeyFile } from '../shared/config/hmac-key'
import { resolve } from '../shared/config/resolve'
import type { Settings } from '../shared/config/settings'
import type { Status } from '../shared/diag/status'
import { outputWidth } from '../shared/queries/output-width'
import { distribution } from './collector/distribution'
import { helpOption, print } from './help'
import { type Options, optionLines, wrapped } from './options'
import { pipelineSettings } from './pipeline-settings'
import { styled } from './terminal'

export const options = {
  json: { type: 'boolean', default: false, help: 'prints the checks and the preload status as JSON' },
} as const satisfies Options

const help = `Usage: afn-otel doctor [--json] [APP]

Starts the preload for APP, the entry file of an app or its folder [the working directory]. Reports what was started, whether
the Collector and each store answer, and how to fix what is broken. Does not run the app itself.

${optionLines(options)}

Exit codes: 0 no check failed; 1 a check failed; 2 usage error.`

/** @returns the exit code, as `help` says */
export async function doctor(args: string[]): Promise<number> {
  const { values, positionals } = parseArgs({
    args,
    allowPositionals: true,
    options: { ...options, ...helpOption },
  })
  if (values.help) return print(help)
  const cwd = folderOf(positionals[0])
  const { env } = process
  const { settings } = resolve({ env, cwd, parseYaml: parse })
  const status = await probe(cwd)
  const checks = await examine({
    status,
    settings,
    env,
    entry: entryOf(positionals[0], cwd),
    cwd,
    pipeline: pipelineIn(cwd),
    collectorVersion: distribution(env).version,
    keyId: keyId(settings),
  })
  const ok = checks.every(check => check.ok)
  if (values.json) console.log(JSON.stringify({ ok, checks, status }, null, 2))
  else for (const line of [...verdictLines(checks, status), ...lines(checks, status)]) console.log(line)
  return ok ? 0 : 1
}

/** The folder whose package.json counts: of the app's entry file, or the working directory. */
function folderOf(app: string | undefined): string {
  if (app === undefined) return process.cwd()
  if (!existsSync(app)) throw new Error(`${app} does not exist; specify the entry file of the app or its folder`)
  return statSync(app).isDirectory() ? path.resolve(app) : path.dirname(path.resolve(app))
}

/** The file that is named, else the `main` of the folder's package.json. */
function entryOf(app: string | undefined, cwd: string): string | undefined {
  if (app !== undefined && !statSync(app).isDirectory()) return path.resolve(app)
  try {
    const { main } = JSON.parse(readFileSync(path.join(cwd, 'package.json'), 'utf8')) as { main?: unknown }
    return typeof main === 'string' ? path.join(cwd, main) : undefined
  } catch {
    return undefined
  }
}

async function probe(cwd: string): Promise<Status> {
  const script = `process.stdout.write(JSON.stringify(require(${JSON.stringify(path.join(__dirname, 'api.cjs'))}).status() ?? null))`
  const node = ['--require', path.join(__dirname, 'index.cjs'), '--eval', script]
  // no exporter runs in the probe: it is here to be looked at, and ends at once
  const { stdout } = await promisify(execFile)(process.execPath, node, {
    cwd,
    env: { ...process.env, NODE_OPTIONS: '', AFN_LOG_LEVEL: 'none' },
  })
  const status = JSON.parse(stdout) as Status | null
  if (!status) throw new Error(`Node.js ${process.versions.node} is not supported; use 20.6 or newer`)
  return status
}

/** A file that can't be read is reported as a diagnostic of the preload. */
function pipelineIn(cwd: string): unknown {
  try {
    return pipelineSettings(cwd)
  } catch {
    return undefined
  }
}

/** The same: what is wrong with the file is a diagnostic. */
function keyId({ hmacKey, hmacKeyFile }: Settings): string | undefined {
  try {
    const key = hmacKey ?? (hmacKeyFile === undefined ? undefined : readKeyFile(hmacKeyFile))
    return key === undefined ? undefined : keyIdOf(key)
  } catch {
    return undefined
  }
}

function lines(checks: readonly Check[], status: Status): string[] {
  const armed = Object.entries(status.instrumentations).filter(([, state]) => state === 'armed' || state === 'active')
  const names = armed.map(([name]) => name).join(', ') || 'none'
  const parts = [...new Set(checks.map(check => check.part))]
  return parts.flatMap(part => [
    part,
    ...checks
      .filter(check => check.part === part)
      .flatMap(check => line(mark(check), `${check.name}: ${check.detail}`)),
    ...(part === 'app' ? line('      ', `active instrumentations: ${names}`) : []),
  ])
}

/** First what it comes to, whatever the terminal's height. */
function verdictLines(checks: readonly Check[], status: Status): string[] {
  const colour = checks.every(({ ok }) => ok) ? 'green' : 'red'
  const width = outputWidth() ?? Number.POSITIVE_INFINITY
  return [...wrapped(verdictOf(checks, status), width).map(text => styled(colour, text)), '']
}

const mark = ({ ok, skipped }: Check): string =>
  skipped ? '-     ' : ok ? `${styled('green', 'ok')}    ` : styled('red', 'FAILED')

/** Of a long text several, each below the beginning of the first. */
function line(mark: string, text: string): string[] {
  const indent = 9
  const [first = '', ...more] = wrapped(text, (outputWidth() ?? Number.POSITIVE_INFINITY) - indent)
  return [`  ${mark} ${first}`, ...more.map(rest => ' '.repeat(indent) + rest)]
}
