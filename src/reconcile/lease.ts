// One repair at a time: two that ran at once would push the same spans twice, and Tempo counts a span twice in its metrics.
// A file on this machine; in a cluster, a CronJob with `concurrencyPolicy: Forbid`. Called by `afn-otel reconcile`.
import { closeSync, openSync, readFileSync, rmSync, statSync, utimesSync, writeSync } from 'node:fs'

/** A holder that has not been heard of for so long is dead, whatever its process id says. */
const STALE_MS = 120_000
const RENEW_MS = 20_000

/**
 * @returns what to call when the work is done; undefined while another process holds the lease
 * @throws Error when the file can't be written
 */
export function takeLease(file: string): (() => void) | undefined {
  if (!create(file) && !(isStale(file) && replace(file))) return undefined
  const renewal = setInterval(() => utimesSync(file, new Date(), new Date()), RENEW_MS)
  renewal.unref()
  return () => {
    clearInterval(renewal)
    rmSync(file, { force: true })
  }
}

function create(file: string): boolean {
  try {
    const handle = openSync(file, 'wx', 0o600)
    writeSync(handle, `${process.pid}`)
    closeSync(handle)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw new Error(
      `${file} can't be written (${(error as NodeJS.ErrnoException).code}); set AFN_CACHE_DIR to a folder that can`,
    )
  }
}

function replace(file: string): boolean {
  rmSync(file, { force: true })
  return create(file)
}

function isStale(file: string): boolean {
  try {
    const holder = Number(readFileSync(file, 'utf8'))
    if (Date.now() - statSync(file).mtimeMs > STALE_MS) return true
    process.kill(holder, 0)
    return false
  } catch (error) {
    // ESRCH: no such process; ENOENT: it has just let go
    return ['ESRCH', 'ENOENT'].includes((error as NodeJS.ErrnoException).code ?? '')
  }
}
