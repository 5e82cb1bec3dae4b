// How wide a line of stdout may be.
import { fstatSync } from 'node:fs'

/**
 * COLUMNS, else what the terminal has; into a pipe that of the terminal in front of which it stands. @returns undefined where there is none,
 * and for a file, which somebody else reads
 */
export function outputWidth(): number | undefined {
  const { stdout, stderr, env } = process
  if (/^[1-9]\d{0,4}$/.test(env.COLUMNS ?? '')) return Number(env.COLUMNS)
  if (stdout.isTTY) return stdout.columns || undefined
  return stderr.isTTY && isPipe() ? stderr.columns || undefined : undefined
}

function isPipe(): boolean {
  try {
    return fstatSync(1).isFIFO()
  } catch {
    return false
  }
}
