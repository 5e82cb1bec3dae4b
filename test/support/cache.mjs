// Where the tests keep what is slow to get. The same folder as the CLI's.
import { homedir } from 'node:os'
import path from 'node:path'

export const cacheFolder = () => process.env.AFN_CACHE_DIR || path.join(homedir(), '.cache', 'afn-otel')
