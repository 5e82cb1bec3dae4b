// Builds the Collector with Go if no binary is available.
import { spawn } from 'node:child_process'
import { createWriteStream, type WriteStream } from 'node:fs'
import { cp, mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import path from 'node:path'
import { duration } from '../local/terminal-format'
import type { Distribution } from './distribution'

/** Milliseconds between two progress lines. */
const EVERY_MS = 15_000

/**
 * Builds otelcol-afn with the official builder. It takes minutes with an empty Go cache, about one with a warm one. The output of Go and
 * the builder goes to `build.log` in the cache.
 * @param say receives the progress
 * @returns the path of the binary in the cache
 * @throws Error if Go or the builder fails
 */
export async function build(
  go: string,
  { binaries, components, manifest, version }: Distribution,
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
  everyMs = EVERY_MS,
): Promise<string> {
  await mkdir(binaries, { recursive: true })
  // A temporary folder and a final rename, so that an aborted build leaves no partial binary.
  const work = await mkdtemp(path.join(binaries, 'build-'))
  const log = path.join(binaries, 'build.log')
  // the build does not need the log
  const written = createWriteStream(log).on('error', () => {})
  const begun = performance.now()
  const elapsed = () => duration(performance.now() - begun)
  const step = async (number: number, what: string, command: string, args: string[], options: object) => {
    const progress = `collector: step ${number} of 2, ${what}`
    say(progress)
    const timer = setInterval(() => say(`${progress}: ${elapsed()} so far; see ${log}`), everyMs)
    await run(command, args, { env, ...options }, written).finally(() => clearInterval(timer))
  }
  try {
    const builder = `go.opentelemetry.io/collector/cmd/builder@v${version}`
    await step(1, "Go installs the Collector's builder", go, ['install', builder], { env: { ...env, GOBIN: work } })
    // the manifest refers to them relative to the builder's working directory
    await cp(components, path.join(work, 'components'), { recursive: true })
    const compile = ['--config', manifest]
    await step(2, 'the builder loads the components and compiles them', path.join(work, 'builder'), compile, {
      cwd: work,
    })
    const binary = path.join(binaries, 'otelcol-afn')
    await rename(path.join(work, 'dist/otelcol-afn'), binary)
    say(`collector: built in ${elapsed()}`)
    return binary
  } finally {
    await new Promise<void>(resolve => (written.destroyed ? resolve() : written.end(() => resolve())))
    await rm(work, { recursive: true, force: true })
  }
}

/** @throws Error with the last lines of output if the command can't start or fails */
function run(command: string, args: readonly string[], options: object, log: WriteStream): Promise<void> {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  let last = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', chunk => {
      log.write(chunk)
      last = (last + chunk).slice(-4_000)
    })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => {
      if (code === 0) resolve()
      else {
        const said = last.trim().split('\n').slice(-5).join('\n  ')
        reject(new Error(said ? `${command} ${args[0]} failed:\n  ${said}` : `${command} ${args[0]} failed`))
      }
    })
  })
}
