// The checks that need more than HTTP: sockets and files.
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
 * Everything that the environment names. A URL that cannot be read is left out and said.
 * @param onProblem receives the problem in words, without the value
 */
export function discover(
  settings: Settings,
  env: Environment,
  calls: RecentCalls,
  add: (check: Check) => void,
  onProblem: (problem: string) => void,
): Check[] {
  const make = checkMaker(settings)
  /** @param meant whether a value that is none of this kind was meant to be one */
  const target = <T>(variable: string, read: (url: string) => T | undefined, meant = /^/): T | undefined => {
    const url = env[variable]?.trim()
    if (!url) return undefined
    try {
      const found = read(url)
      if (found || !meant.test(url)) return found
    } catch {
      // a part of it is percent-encoded wrongly
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

/** Of `file:local.db`, as libSQL's client reads it. */
function fileOf(url: string): string | undefined {
  if (!/^file:/i.test(url)) return undefined
  const [path = ''] = url.slice('file:'.length).split('?', 1)
  return path === ':memory:' ? undefined : decodeURIComponent(path.replace(/^\/\/(localhost)?(?=\/)/, ''))
}

/** https://www.sqlite.org/fileformat.html: what every database begins with. An empty file is one that has no table yet. */
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
