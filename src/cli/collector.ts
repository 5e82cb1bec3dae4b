// `afn-otel collector`: runs, builds, checks and prints the Collector of this package.
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { variablesIn } from '../pipeline/deployment/environment'
import { runFiles } from '../pipeline/deployment/generate'
import { planOf } from '../pipeline/deployment/plan'
import { distribution } from './collector/distribution'
import { findCollector, type Search } from './collector/find'
import { foreground, legs, runEnvironment } from './collector/launch'
import { missingComponents } from './collector/missing-components'
import { filledIn } from './collector/variable-values'
import { vendorOverlay } from './collector/vendor'
import { type LangfuseProxy, startLangfuseProxy } from './langfuse/proxy'
import { type Options, optionLines } from './options'

export const options = {
  config: {
    type: 'string',
    argument: 'FILE',
    help: 'validate and run: configuration file',
    otherwise: 'otel-collector.yaml of this package',
  },
  files: {
    type: 'string',
    argument: 'DIR',
    help: 'run: uses no stores, writes OTLP JSON to DIR/{detailed,sampled,errors,llm,metrics,logs}.json',
  },
  overlay: {
    type: 'string',
    argument: 'FILE',
    help: 'run: overlay for the configuration, such as the output of gdpr suppress --collector; reloaded when it changes',
  },
} as const satisfies Options

/**
 * @param args arguments after `afn-otel collector`
 * @returns the exit code: the Collector's own for `run` and `validate`; 1 without a binary; 2 for wrong arguments
 */
export async function collector(args: string[]): Promise<number> {
  const [name, ...rest] = args
  if (name === undefined || name === 'help' || args.includes('--help') || args.includes('-h')) {
    console.log(help(readFileSync(distribution(process.env).config, 'utf8')))
    return name === undefined ? 2 : 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) return misuse(`unknown command "${name}"; commands: ${Object.keys(commands).join(', ')}`)
  try {
    return await command(rest, { distribution: distribution(process.env), env: process.env, say })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code?.startsWith('ERR_PARSE_ARGS')) return misuse((error as Error).message)
    say(`collector: ${(error as Error).message}`)
    return 1
  }
}

const commands: Record<string, (args: string[], search: Search) => Promise<number>> = {
  async build(args, search) {
    parseArgs({ args, options: {} })
    process.stdout.write(`${await findCollector(search, ['cache', 'Go', 'download'])}\n`)
    return 0
  },

  async validate(args, search) {
    const { values } = parseArgs({ args, options: { config: options.config } })
    const config = values.config ?? search.distribution.config
    const binary = await findCollector(search)
    // Validation does not depend on the values of secrets, so placeholders do.
    const secret = '0'.repeat(64)
    const secrets = ['AFN_HMAC_KEY', 'AFN_INGEST_TOKEN', 'AFN_GATEWAY_TOKEN'] as const
    const env = { ...search.env, ...Object.fromEntries(secrets.map(name => [name, search.env[name] || secret])) }
    const code = await foreground(binary, ['validate', '--config', config], env)
    if (code === 0) process.stdout.write(`ok ${config}\n`)
    return code
  },

  async run(args, search) {
    const { values } = parseArgs({ args, options })
    const binary = await findCollector(search)
    const env = runEnvironment(search.env, search.distribution, say)
    const [config, filesOverlay] = values.config
      ? [values.config, search.distribution.filesOverlay]
      : await configsFor(binary, env, search.distribution, values.files !== undefined)
    const configs = ['--config', config]
    let proxy: LangfuseProxy | undefined
    let forThisRun: string | undefined
    if (values.files !== undefined) {
      configs.push('--config', filesOverlay)
      env.AFN_FILES_DIR = path.resolve(values.files)
      // queued data for other files must not go to these
      if (!search.env.AFN_QUEUE_DIR)
        env.AFN_QUEUE_DIR = forThisRun = mkdtempSync(path.join(tmpdir(), 'afn-otel-collector-'))
      // the files may contain prompts
      process.umask(0o077)
      say(`collector: writes to ${env.AFN_FILES_DIR}/{detailed,sampled,errors,llm,metrics,logs}.json`)
    } else {
      if (values.config === undefined) say(legs(env, readFileSync(config, 'utf8')))
      if (env.AFN_LANGFUSE) proxy = await langfuseProxy(env.AFN_LANGFUSE, env)
      if (proxy) env.AFN_LANGFUSE = proxy.url
    }
    const vendor =
      values.config === undefined && values.files === undefined
        ? vendorOverlay(env, search.distribution.cache, say)
        : undefined
    if (vendor !== undefined) configs.push('--config', vendor)
    if (values.overlay !== undefined) configs.push('--config', values.overlay)
    return foreground(binary, configs, env, values.overlay).finally(() => {
      if (forThisRun !== undefined) rmSync(forThisRun, { recursive: true, force: true })
      return proxy?.close()
    })
  },
}

/**
 * Returns the configuration and its `--files` overlay. Without a configured LangFuse or Loki, the configuration has no exporter for it,
 * because its queue would fill and then lose data or block senders. A binary with our own components gets the configuration for them.
 */
async function configsFor(
  binary: string,
  env: NodeJS.ProcessEnv,
  { config, filesOverlay, cache }: Search['distribution'],
  isToFiles: boolean,
): Promise<[config: string, filesOverlay: string]> {
  const langfuse = isToFiles || Boolean(env.AFN_LANGFUSE || env.AFN_LANGFUSE_AUTH)
  const logs = isToFiles || env.AFN_LOKI ? 'loki' : 'files'
  const components = (await missingComponents(binary, env, 'afn')).length === 0 ? 'afn' : 'contrib'
  if (langfuse && logs === 'loki' && components === 'contrib') return [config, filesOverlay]
  const made = runFiles(planOf('single', { langfuse, logs, components })).map(({ path: name, content }) => {
    const file = path.join(
      cache,
      `${components}${langfuse ? '' : '-without-langfuse'}-logs-in-${logs}-${path.basename(name)}`,
    )
    mkdirSync(cache, { recursive: true })
    writeFileSync(file, content)
    return file
  })
  return made as [string, string]
}

const unprotected = 'spans that LangFuse rejects with 500 or 401 are lost: see docs/collector.md, "LangFuse"'

/** Starts no proxy if the network has one, which the Collector finds by itself and which does not reach this machine. */
async function langfuseProxy(target: string, env: NodeJS.ProcessEnv): Promise<LangfuseProxy | undefined> {
  const variables = ['HTTP_PROXY', 'http_proxy', 'HTTPS_PROXY', 'https_proxy']
  if (URL.canParse(target) && !variables.some(name => env[name]))
    return startLangfuseProxy({ target, host: '127.0.0.1', port: 0, say }).catch((error: Error) => {
      say(`collector: ${error.message}; ${unprotected}`)
      return undefined
    })
  say(`collector: ${unprotected}`)
  return undefined
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

function misuse(message: string): number {
  say(`afn-otel collector: ${message}\nSee afn-otel collector --help`)
  return 2
}

/** @param config text of the configuration, for the list of variables */
const help = (config: string): string => `Usage: afn-otel collector build
       afn-otel collector validate [--config FILE]
       afn-otel collector run [--config FILE] [--files DIR] [--overlay FILE]

build     makes a binary available in the cache, and prints its path
validate  validates the configuration with the Collector binary
run       runs the Collector until stopped

${optionLines(options)}

The binary is OTELCOL_BIN, else from the cache (AFN_CACHE_DIR, ~/.cache/afn-otel), else otelcol-afn or otelcol-contrib on
PATH, else the upstream release (from AFN_COLLECTOR_DOWNLOAD_URL, if set) if it matches the checksum pinned by this
package, else built with Go.

Exit codes: 0 done; 1 no binary found, or it rejects the configuration; 2 usage error; run: that of the Collector.

Environment of the Collector, with defaults:
${variablesIn(config).map(variableLine).join('\n')}`

function variableLine({ name, meaning, default: otherwise }: ReturnType<typeof variablesIn>[number]): string {
  return `  ${name.padEnd(22)} ${meaning} [${filledIn[name] ?? otherwise}]`
}
