// `afn-otel run APP`: the explorer and the app next to it, in one command. The app must not notice: it has its arguments, its streams, its
// signals and its file mode mask, and how it ends is how the command ends.
import { constants } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import { type Up, type UpOptions, up } from '../backend/up'
import { type ExitStatus, inForeground } from './app-process'
import { helpOption, print } from './help'
import { openInBrowser } from './open-in-browser'
import { type Options, optionLines } from './options'
import { packageRoot } from './package-root'
import { signalled } from './serving'
import { untracedChildren } from './untraced-children'
import { options as ofUp, optionsOf, reasonOf } from './up'

export const options = {
  port: { type: 'string', argument: 'PORT', help: 'port of the explorer', otherwise: '3200, else a free port' },
  data: ofUp.data,
  memory: ofUp.memory,
  open: {
    type: 'boolean',
    default: false,
    help: 'opens the browser on the first trace, even without a terminal',
  },
  'no-open': { type: 'boolean', default: false, help: 'does not open the browser' },
  record: {
    type: 'string',
    argument: 'FOLDER',
    help: "records the app's LLM calls in FOLDER, redacted, for afn-otel replay",
    otherwise: 'AFN_RECORD, else none',
  },
  keep: { type: 'boolean', default: false, help: 'keeps the explorer running after the app exits, until Ctrl+C' },
} as const satisfies Options

const help = `Usage: afn-otel run [OPTIONS] APP [ARGUMENTS]

Starts the explorer and APP, a file for Node.js or a command such as npm, with this package preloaded. Opens the browser on
the first trace. Prompts and answers are recorded with personal data masked, and stay on this machine (to record none, set
AFN_CAPTURE_CONTENT=off). This command writes its messages to stderr. Requires DuckDB: npm i @duckdb/node-api.

${optionLines(options, { APP: 'put options before it; everything after it is passed to the app' })}

Exit codes: 0 and others: that of the app, or the signal that ended it. 1 also if the explorer failed to start, in which case the app was
not started; 127 if the command was not found.`

const say = (line: string): void => console.error(`afn-otel run: ${line}`)

/** @returns the exit code, as `help` says */
export async function run(args: string[]): Promise<number> {
  const at = args.findIndex((arg, index) => !arg.startsWith('-') && !takesValue(args[index - 1]))
  const own = at < 0 ? args : args.slice(0, at)
  const { values } = parseArgs({ args: own, options: { ...options, ...helpOption } })
  if (values.help) return print(help)
  const [app, ...ofApp] = at < 0 ? [] : args.slice(at)
  if (app === undefined) throw new Error(`run needs the file of an app, or a command\n\n${help}`)

  const all = {
    ...parseArgs({ args: [], options: ofUp }).values,
    ...values,
    port: values.port ?? ofUp.port.default,
    'otlp-port': '0',
    'grpc-port': 'none',
  }
  const mask = process.umask(0o077)
  const upOptions = { ...optionsOf(all, 'run'), access: { host: all.host } }
  let running: Up
  try {
    running = await started(upOptions, values)
  } catch (error) {
    say(reasonOf(error as NodeJS.ErrnoException, all))
    return 1
  }
  say(`explorer ${running.api.url}`)
  // a fault of ours ends neither the app nor the wait for it
  process.on('uncaughtException', error => say(`the explorer failed (${error.message}); the app keeps running`))

  const since = Date.now()
  process.umask(mask)
  const preload = path.join(packageRoot(__dirname), 'dist/index.cjs')
  const ended = start(app, ofApp, { otlp: running.receiver.url, record: values.record, preload })
  process.umask(0o077)
  const isShown = values.open || (process.stderr.isTTY && !values['no-open'] && !process.env.CI)
  const hint = setTimeout(() => sayWhyNothingCame(preload), HINT_MS).unref()
  const stopLooking = onFirstTrace(running.api.url, since, id => {
    const url = `${running.api.url}/#/trace/${id}`
    clearTimeout(hint)
    say(`first trace ${url}`)
    if (isShown) openInBrowser(url, say)
  })
  const { code, signal } = await ended
  clearTimeout(hint)
  if (values.keep) {
    say(`the app exited (${signal ?? code}); the explorer keeps running until Ctrl+C`)
    await signalled()
  }
  stopLooking()
  await running.close()
  if (signal) process.kill(process.pid, signal)
  return code ?? 128 + (signal ? constants.signals[signal] : 0)
}

/** Whether what follows is the value of this argument, and not the app. */
function takesValue(arg = ''): boolean {
  const option = (options as Options)[arg.replace(/^--/, '')]
  return arg.startsWith('--') && option?.type === 'string'
}

/**
 * Without `--port` a port that is in use is replaced by a free one; without `--data` a folder that is in use is replaced by memory.
 * @throws what `up` throws
 */
async function started(
  upOptions: UpOptions,
  values: { readonly port?: string | undefined; readonly data?: string | undefined },
): Promise<Up> {
  try {
    return await up(upOptions)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'EADDRINUSE' && values.port === undefined && upOptions.port !== 0)
      return started({ ...upOptions, port: 0 }, values)
    if (/\bin use\b/.test(message) && values.data === undefined && upOptions.data !== undefined) {
      say(`${upOptions.data} is in use by an afn-otel up; this explorer keeps its traces in memory`)
      return started({ ...upOptions, data: undefined }, values)
    }
    throw error
  }
}

/** Where the app would send without us. */
const ENDPOINTS = ['', 'TRACES_', 'METRICS_', 'LOGS_'].map(signal => `OTEL_EXPORTER_OTLP_${signal}ENDPOINT`)

/** @param record a folder */
function start(
  app: string,
  args: readonly string[],
  { otlp, record, preload }: { readonly otlp: string; readonly record: string | undefined; readonly preload: string },
): Promise<ExitStatus> {
  const env: NodeJS.ProcessEnv = {
    ...process.env,
    AFN_CAPTURE_CONTENT: process.env.AFN_CAPTURE_CONTENT || 'redacted',
    // the first trace is waited for
    OTEL_BSP_SCHEDULE_DELAY: process.env.OTEL_BSP_SCHEDULE_DELAY || '500',
    ...(record !== undefined && { AFN_RECORD: path.resolve(record) }),
  }
  for (const name of ENDPOINTS) {
    if (process.env[name]) say(`the app sends to the explorer instead of ${name}`)
    delete env[name]
  }
  env.OTEL_EXPORTER_OTLP_ENDPOINT = otlp
  return inForeground(app, args, { env, preload, say })
}

/** Milliseconds without a trace, after which whoever waits is told why. */
const HINT_MS = 20_000

function sayWhyNothingCame(preload: string): void {
  const untraced = untracedChildren(process.pid, preload)
  for (const { pid, command } of untraced)
    say(
      `no trace yet: process ${pid} (${command}) was started without this package; to trace it, add --require ${JSON.stringify(preload)} to its NODE_OPTIONS`,
    )
  if (untraced.length === 0) say('no trace yet: send the app a request; if it has answered one, run afn-otel doctor')
}

/** Milliseconds between two searches for the first trace. */
const EVERY = 500

/** @returns what ends the wait */
function onFirstTrace(api: string, sinceMs: number, found: (id: string) => void): () => void {
  let isOver = false
  const search = async () => {
    const window = `start=${Math.floor(sinceMs / 1_000)}&end=${Math.floor(Date.now() / 1_000) + 1}`
    try {
      const answer = await fetch(`${api}/api/search?limit=1&${window}`)
      const { traces = [] } = (await answer.json()) as { traces?: readonly { traceID: string }[] }
      if (isOver) return
      if (traces[0]) {
        isOver = true
        return found(traces[0].traceID)
      }
    } catch {
      // the next search may be answered
    }
    if (!isOver) setTimeout(search, EVERY).unref()
  }
  setTimeout(search, EVERY).unref()
  return () => {
    isOver = true
  }
}
