// SHA-256 by Node. Runtimes without Node's modules use `src/app/fetch/without-node/sha256.ts` instead of this file.
import { createHash } from 'node:crypto'

export interface Sha256 {
  update(data: string | Uint8Array): Sha256
  digest(encoding: 'hex' | 'base64'): string
}

export const sha256 = (): Sha256 => createHash('sha256')
