// Short-lived child processes whose output we read.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

interface Options {
  readonly env: NodeJS.ProcessEnv
  readonly cwd?: string
}

/**
 * What the command wrote to stdout.
 * @throws Error with the last lines of its output, when it cannot be started or fails
 */
export async function output(command: string, args: readonly string[], options: Options): Promise<string> {
  try {
    return (await run(command, args, { ...options, maxBuffer: 64 * 2 ** 20 })).stdout
  } catch (error) {
    const { message, stdout = '', stderr = '' } = error as Error & { stdout?: string; stderr?: string }
    const said = (stderr.trim() || stdout.trim()).split('\n').slice(-5).join('\n  ')
    throw new Error(said ? `${command} ${args[0]} failed:\n  ${said}` : message)
  }
}
