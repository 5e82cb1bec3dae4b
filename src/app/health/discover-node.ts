// Discovers the checks that need sockets and files.
import { open } from 'node:fs/promises'
import { workingDirectory } from '../../shared/config/entry'
import type { Settings } from '../../shared/config/settings'
import type { Check } from './check'
import { checkDisk } from './checks/disk'
import { askByNode } from './checks/http-request'
import { checkPostgres, postgresTarget, postgresTargetOf } from './checks/postgres'
import type { RecentCalls } from './checks/recent-calls'
import { checkRedis, redisTarget } from './checks/redis'
import { checkMaker, discoverHttp, type Environment, wanted } from './discover'
import { CheckFailure } from './failure'

/**
 * Discovers all dependencies in the environment. Unreadable URLs are skipped and reported.
 * @param onProblem receives a description of the problem without the value
 */
export function discover(
  settings: Settings,
  env: Environment,
  calls: RecentCalls,
  add: (check: Check) => void,
  onProblem: (problem: string) => void,
): Check[] {
  const make = checkMaker(settings)
  /** @param meant tells whether a value of another kind was meant for this check */
  const target = <T>(variable: string, read: (url: string) => T | undefined, meant = /^/): T | undefined => {
    const url = env[variable]?.trim()
    if (!url) return undefined
    try {
      const found = read(url)
      if (found || !meant.test(url)) return found
    } catch {
      // invalid percent-encoding
    }
    onProblem(`${variable} is not a URL that can be checked; it is ignored`)
    return undefined
  }
  const redis = target('REDIS_URL', redisTarget) ?? target('VALKEY_URL', redisTarget)
  const postgres =
    target('DATABASE_URL', postgresTarget, /^postgres/i) ??
    target('POSTGRES_URL', postgresTarget) ??
    postgresTargetOf(env)
  const file = target('TURSO_DATABASE_URL', fileOf, /^(?!file:|libsql:|https?:|wss?:)/i)
  const folders = {
    working_directory: workingDirectory(),
    spool: settings.spoolDir,
    logs: settings.logDir,
    audit: settings.auditDir,
  }
  return wanted(settings, [
    ...discoverHttp({ settings, env, ask: askByNode, calls, add }),
    ...(file ? [make('turso', 'datastore', () => checkFile(file))] : []),
    ...(redis ? [make('redis', 'datastore', signal => checkRedis(redis, signal))] : []),
    ...(postgres ? [make('postgres', 'datastore', signal => checkPostgres(postgres, signal))] : []),
    ...Object.entries(folders).flatMap(([component, folder]) =>
      folder ? [make('disk', 'system', () => checkDisk(folder), { component })] : [],
    ),
  ])
}

/** The path in `file:local.db`, parsed like libSQL's client. */
function fileOf(url: string): string | undefined {
  if (!/^file:/i.test(url)) return undefined
  const [path = ''] = url.slice('file:'.length).split('?', 1)
  return path === ':memory:' ? undefined : decodeURIComponent(path.replace(/^\/\/(localhost)?(?=\/)/, ''))
}

/** Checks the header of a SQLite file, https://www.sqlite.org/fileformat.html. An empty file is a database without tables. */
async function checkFile(path: string): Promise<void> {
  const file = await open(path, 'r')
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(16), 0, 16, 0)
    const isDatabase = bytesRead === 0 || buffer.toString('latin1') === 'SQLite format 3\0'
    if (!isDatabase) throw new CheckFailure('protocol')
  } finally {
    await file.close()
  }
}
