// Runs the Collector as a child process in the foreground.
import { spawn } from 'node:child_process'
import { unwatchFile, watchFile } from 'node:fs'
import { constants, hostname } from 'node:os'
import path from 'node:path'
import { defaultOf, type VariableName, variablesIn } from '../../pipeline/deployment/environment'
import { withoutCredentials } from '../../shared/config/credentials'
import { withoutEmpty } from '../../shared/config/empty-variables'
import { keyIdOf } from '../../shared/config/hmac-key'
import type { Distribution } from './distribution'
import { ownSecret } from './own-secret'

/** On SIGHUP the Collector reloads its configuration; on the other two it flushes and exits. */
const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

const LOOK_EVERY_MS = 2_000

/**
 * Runs the command until it exits, and forwards signals.
 * @param watched a file whose change makes the Collector reload its configuration
 * @returns its exit code, or 128 + the number of the signal that ended it
 */
export function foreground(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
  watched?: string,
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, stdio: 'inherit' })
    const pass = (signal: NodeJS.Signals) => child.kill(signal)
    for (const signal of passedOn) process.on(signal, pass)
    // polls, because network file systems and container mounts send no events
    if (watched !== undefined) watchFile(watched, { interval: LOOK_EVERY_MS }, () => child.kill('SIGHUP'))
    const stop = () => {
      if (watched !== undefined) unwatchFile(watched)
      for (const signal of passedOn) process.off(signal, pass)
    }
    child.once('error', error => {
      stop()
      reject(error)
    })
    child.once('exit', (code, signal) => {
      stop()
      resolve(code ?? 128 + (signal ? constants.signals[signal] : 0))
    })
  })
}

const addresses = ['AFN_PROMETHEUS', 'AFN_PROMETHEUS_MEDIUM', 'AFN_PROMETHEUS_LOW', 'AFN_LOKI', 'AFN_LANGFUSE'] as const

const remedies: Partial<Record<VariableName, string>> = {
  AFN_PROMETHEUS: '; to set the binary for afn-otel up --prometheus, use PROMETHEUS_BIN',
}

/** The environment of a local Collector: set variables stay, and missing ones get values for a laptop. */
export function runEnvironment(
  env: NodeJS.ProcessEnv,
  { cache }: Distribution,
  say: (line: string) => void,
): NodeJS.ProcessEnv {
  const filled = withoutEmpty(env)
  for (const name of addresses) {
    const address = filled[name]
    if (address && !/^https?:$/.test(URL.canParse(address) ? new URL(address).protocol : ''))
      throw new Error(`${name}=${address} is not a URL such as ${defaultOf(name)}${remedies[name] ?? ''}`)
  }
  if (!filled.AFN_HMAC_KEY) {
    const { value, file, isNew } = ownSecret(cache, 'hmac.key')
    say(
      `collector: AFN_HMAC_KEY is not set; ${isNew ? 'created a key in' : 'using the key in'} ${file}. ` +
        `Set the same key in the app (AFN_HMAC_KEY_FILE=${file}), or its pseudonyms differ from the Collector's.`,
    )
    filled.AFN_HMAC_KEY = value
  }
  // not printed, because apps can send to the open listener without the token
  filled.AFN_INGEST_TOKEN ||= ownSecret(cache, 'ingest.token').value
  filled.AFN_HMAC_KEY_ID ||= keyIdOf(filled.AFN_HMAC_KEY)
  filled.AFN_COLLECTOR_NAME ||= hostname()
  filled.AFN_QUEUE_DIR ||= path.join(cache, 'queue')
  filled.AFN_LOG_DIR ||= path.join(cache, 'logs')
  filled.AFN_LANGFUSE ||= env.LANGFUSE_HOST?.replace(/\/+$/, '')
  if (!filled.AFN_LANGFUSE_AUTH && env.LANGFUSE_PUBLIC_KEY && env.LANGFUSE_SECRET_KEY) {
    filled.AFN_LANGFUSE_AUTH = Buffer.from(`${env.LANGFUSE_PUBLIC_KEY}:${env.LANGFUSE_SECRET_KEY}`).toString('base64')
  }
  return filled
}

const stores: readonly VariableName[] = ['AFN_TEMPO', ...addresses, 'AFN_LOG_DIR']

/**
 * Prints in one line where each exporter sends, because the Collector only retries if a store is missing.
 * @param config text of the configuration; stores that it does not mention are left out
 */
export function legs(env: NodeJS.ProcessEnv, config: string): string {
  const used = variablesIn(config).filter(({ name }) => stores.includes(name))
  const named = used.map(
    ({ name, default: otherwise }) => `${name}=${withoutCredentials(env[name] || otherwise || '')}`,
  )
  return `collector: sends to ${named.join(' ')}; without stores, use --files DIR`
}
