import { createHash } from 'node:crypto'

/** By which a process says which text of a file it goes by. */
export const contentHash = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 16)
