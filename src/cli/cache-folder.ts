// The folder for binaries, leases and the database of costs.
import { homedir } from 'node:os'
import path from 'node:path'

/** @returns an absolute path; the folder may not exist */
export const cacheFolder = (env: NodeJS.ProcessEnv): string =>
  path.resolve(env.AFN_CACHE_DIR || path.join(homedir(), '.cache/afn-otel'))
