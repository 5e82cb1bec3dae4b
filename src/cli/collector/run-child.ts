// Runs short-lived child processes and reads their output.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

const run = promisify(execFile)

interface Options {
  readonly env: NodeJS.ProcessEnv
  readonly cwd?: string
}

/**
 * Returns what the command wrote to stdout.
 * @throws Error with the last lines of output if the command can't start or fails
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
