// `afn-otel langfuse …`: takes old traces out of LangFuse, and keeps spans while it is away.
import { parseArgs } from 'node:util'
import { parse } from 'yaml'
import { planOf } from '../pipeline/deployment/plan'
import type { Project } from '../pipeline/janitor/langfuse'
import { sweep } from '../pipeline/janitor/sweep'
import { withoutCredentials } from '../shared/config/credentials'
import { resolve } from '../shared/config/resolve'
import { secondsOfDuration } from '../shared/queries/window'
import { answering } from './backends'
import { everyOption, inRounds } from './every-option'
import { helpOption, print } from './help'
import { startLangfuseProxy } from './langfuse/proxy'
import { limitOf } from './option-values'
import { type Options, optionLines } from './options'
import { pipelineSettings } from './pipeline-settings'
import { successHelp, tellSuccess } from './push-gauges'
import { signalled } from './serving'
import { runSubcommand, type Subcommands, subcommandLines } from './subcommands'

export const options = {
  keep: {
    type: 'string',
    argument: '30d',
    help: 'how long to keep a trace',
    otherwise: 'that of the sampled tier, built in or from the settings file',
  },
  ...everyOption('1d', `. ${successHelp}`),
  'dry-run': { type: 'boolean', default: false, help: 'counts traces, deletes nothing' },
  limit: { type: 'string', default: '10000', help: 'maximum number of traces per run' },
  json: { type: 'boolean', default: false, help: 'prints the report as JSON, one line per run' },
} as const satisfies Options

const proxyOptions = {
  listen: { type: 'string', argument: 'HOST:PORT', default: '127.0.0.1:3003', help: 'address to listen on' },
} as const satisfies Options

export const subcommands: Subcommands = {
  janitor: {
    usage: 'janitor [--keep 30d] [--every 1d] [--dry-run] [OPTIONS]',
    help: 'deletes old traces from LangFuse',
    run: janitor,
    options,
  },
  proxy: {
    usage: 'proxy [--listen 127.0.0.1:3003]',
    help: 'buffers spans while LangFuse is down',
    run: proxy,
    options: proxyOptions,
  },
}

const help = `Usage: afn-otel langfuse COMMAND [OPTIONS]

${subcommandLines(subcommands)}

janitor deletes traces older than --keep, with their observations, scores and media, from the project of LANGFUSE_PUBLIC_KEY
and LANGFUSE_SECRET_KEY: LangFuse's open-source edition keeps everything forever. Raw batches stay in its bucket
(events/otel/) until a lifecycle rule of the bucket expires them; generated folders have such a rule.
Requires LangFuse 4 at LANGFUSE_HOST, which deletes traces some minutes after the request. Until then they are still listed,
and the next run requests their deletion again: this is harmless, but counts against --limit and adds rows to LangFuse's deletion tables.

${optionLines(options)}

proxy forwards requests to LangFuse at LANGFUSE_HOST until stopped, for a Collector that is not run by
"afn-otel collector run" (which has its own): AFN_LANGFUSE=http://127.0.0.1:3003. LangFuse responds with 500 while its S3 or Redis is
down and with 401 while its keys are being changed, and the Collector drops such spans; behind the proxy they stay in its
queue. The proxy needs no key.

${optionLines(proxyOptions)}

Exit codes: 0 done; 1 LangFuse is unreachable or rejects the request, or the address is in use; 2 usage error.`

/** @returns the exit code, as `help` says */
export const langfuse = (args: string[]): Promise<number> => runSubcommand('langfuse', subcommands, help, args)

async function janitor(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const { sampled } = planOf('single', pipelineSettings()).retention.traces
  const keepSeconds = secondsOfDuration('--keep', values.keep ?? `${sampled}d`)
  const limit = limitOf(values.limit)
  const project = projectOf()
  return inRounds(values.every, async () => {
    const before = new Date(Date.now() - keepSeconds * 1_000)
    const code = await round({ project, before, limit, dryRun: values['dry-run'] }, values.json)
    if (code === 0 && !values['dry-run']) await tellSuccess('langfuse-janitor', values.every)
    return code
  })
}

async function proxy(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options: { ...proxyOptions, ...helpOption } })
  if (values.help) return print(help)
  const listen = /^(?:\[(.+)\]|([^:]+)):(\d{1,5})$/.exec(values.listen)
  if (!listen) throw new Error(`--listen takes HOST:PORT, such as 127.0.0.1:3003, not "${values.listen}"`)
  const [, ip6, host = ip6 as string, port] = listen
  const say = (line: string) => console.error(line)
  const { langfuseHost: target } = settingsOf()
  const started = await startLangfuseProxy({ target, host, port: Number(port), say }).catch((error: Error) => {
    say(`afn-otel langfuse proxy: ${error.message}; choose another address with --listen`)
  })
  if (!started) return 1
  say(`langfuse: ${started.url} forwards to ${withoutCredentials(target)}`)
  await signalled()
  await started.close()
  return 0
}

const settingsOf = () => resolve({ env: process.env, cwd: process.cwd(), parseYaml: parse }).settings

/** Where scores go, traces are taken from. */
function projectOf(): Project {
  const settings = settingsOf()
  const { langfuseHost, langfusePublicKey: publicKey, langfuseSecretKey: secretKey } = settings
  if (!publicKey || !secretKey)
    throw new Error('LANGFUSE_PUBLIC_KEY and LANGFUSE_SECRET_KEY are not set; both project keys are required')
  return { url: langfuseHost.replace(/\/+$/, ''), publicKey, secretKey }
}

function round(task: Parameters<typeof sweep>[0], json: boolean): Promise<number> {
  const { before, dryRun, project } = task
  return answering('langfuse janitor', async () => {
    const { traces, more } = await sweep(task)
    const time = before.toISOString()
    if (json) return print(JSON.stringify({ before: time, dryRun, traces, more }))
    const verb = dryRun ? 'would be deleted from' : 'are being deleted from'
    return print(
      `${traces} traces from before ${time} ${verb} ${withoutCredentials(project.url)}${more ? '; more remain for the next run (--limit)' : ''}`,
    )
  })
}
