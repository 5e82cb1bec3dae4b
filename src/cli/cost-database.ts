// Where the watch over budgets has its database unless an option or a variable names another one.
import path from 'node:path'
import { cacheFolder } from './cache-folder'

export const costDatabase = (): string => path.join(cacheFolder(process.env), 'cost.db')
