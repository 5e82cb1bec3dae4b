// The default database of the budget watch.
import path from 'node:path'
import { cacheFolder } from './cache-folder'

export const costDatabase = (): string => path.join(cacheFolder(process.env), 'cost.db')
