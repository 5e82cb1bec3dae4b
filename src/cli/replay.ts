// `afn-otel replay TRACE -- APP`: the app again, with the recorded answers of its LLM calls in the place of the providers.

import { constants } from 'node:os'
import path from 'node:path'
import { parseArgs } from 'node:util'
import type { Recording } from '../app/llm/record/recording'
import type { Redact } from '../app/llm/record/redact-answer'
import type { ReplayAddress } from '../app/llm/replay/redirect'
import { createSdkRedactor } from '../app/sdk/redactor'
import { inForeground } from './app-process'
import { helpOption, print } from './help'
import { type Options, optionLines } from './options'
import { packageRoot } from './package-root'
import { readSettings } from './read-settings'
import { Recorded } from './replay/match'
import { placeholderKeys } from './replay/placeholder-keys'
import { readRecordings } from './replay/read'
import { reportLines, reportOf } from './replay/report'
import { startReplayServer } from './replay/server'
import { json } from './terminal'

export const options = {
  from: { type: 'string', argument: 'FOLDER', help: 'folder of the recordings of traces', otherwise: 'AFN_RECORD' },
  pace: {
    type: 'string',
    argument: 'FACTOR',
    default: '0',
    help: 'multiplies the recorded delays: 1 is as it was, 0 waits for nothing',
  },
  json: {
    type: 'boolean',
    default: false,
    help: "prints the result as JSON on stdout; the app's stdout goes to stderr then",
  },
} as const satisfies Options

const help = `Usage: afn-otel replay [OPTIONS] TRACE|FILE|FOLDER -- APP [ARGUMENTS]

Runs APP, a file for Node.js or a command such as npm, and answers its LLM calls as they were answered when they were recorded by
afn-otel run --record FOLDER: status, headers and each piece of the body. No provider is called, and no key is needed. Then
shows what the app asks differently: changed prompts, models, tools and parameters, calls that are new, and calls that it no longer
makes. The app runs without telemetry (OTEL_SDK_DISABLED=true).

${optionLines(options, {
  'TRACE|FILE|FOLDER': 'recorded calls: of one trace, of a file, or of all files of a folder',
  APP: 'everything after it is passed to the app',
})}

Exit codes: 0 the app asks the same; 1 it asks differently, or a call was not recorded; 2 usage error, or nothing is recorded. If the app
fails, its own exit code, or the signal that ended it; 127 if the command was not found.`

const say = (line: string): void => console.error(`afn-otel replay: ${line}`)

/** Ways of a request that would pass our address by. */
const PROXIES = ['HTTP_PROXY', 'HTTPS_PROXY', 'ALL_PROXY', 'NODE_USE_ENV_PROXY']

/** @returns the exit code, as `help` says */
export async function replay(args: string[]): Promise<number> {
  const mark = args.indexOf('--')
  const own = mark < 0 ? args : args.slice(0, mark)
  const { values, positionals } = parseArgs({
    args: own,
    allowPositionals: true,
    options: { ...options, ...helpOption },
  })
  if (values.help) return print(help)
  const [what, ...more] = positionals
  const [app, ...ofApp] = mark < 0 ? more : args.slice(mark + 1)
  if (what === undefined || app === undefined || (mark >= 0 && more.length > 0))
    throw new Error('replay needs what was recorded, --, and the app: afn-otel replay TRACE -- node app.js')
  const pace = Number(values.pace)
  if (!(pace >= 0 && pace <= 100)) throw new Error(`--pace ${values.pace}: a number from 0 to 100`)
  const recordings = readRecordings(what, values.from ?? process.env.AFN_RECORD)

  const recorded = new Recorded(recordings)
  const server = await startReplayServer(recorded, redactorOf(recordings), pace)
  const { code, signal } = await inForeground(app, ofApp, {
    env: replayEnvironment(server.port, recorded.hosts),
    preload: path.join(packageRoot(__dirname), 'dist/replay.cjs'),
    isForChildren: true,
    ...(values.json && { stdout: 2 }),
    say,
  })
  server.close()
  const report = reportOf(recordings.length, server.matches, server.unmatched, recorded.left)
  if (values.json) console.log(json({ ...report, app: { code, signal } }))
  else for (const line of reportLines(report)) say(line)
  if (signal) return 128 + constants.signals[signal]
  return code || (report.isSame ? 0 : 1)
}

function replayEnvironment(port: number, recorded: string[]): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env, ...placeholderKeys(process.env) }
  for (const name of PROXIES.flatMap(name => [name, name.toLowerCase()])) delete env[name]
  env.OTEL_SDK_DISABLED = 'true'
  env.AFN_REPLAY = JSON.stringify({ port, recorded } satisfies ReplayAddress)
  return env
}

/** What is asked now is compared as it would be recorded: by the settings of today. */
function redactorOf(recordings: readonly Recording[]): Redact {
  const content = recordings.every(recording => recording.content === 'full') ? 'full' : 'redacted'
  const { redactor } = createSdkRedactor({ ...readSettings(), captureContent: content })
  return value => redactor.value('gen_ai.input.messages', value, true)
}
