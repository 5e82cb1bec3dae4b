/**
 * A checkpoint is a signed (Ed25519) statement of a chain's length, stored elsewhere. Without it, somebody who has the key ring or removes
 * lines from the end could leave a chain that verifies. Checkpoints are written at the start of a chain, every 1,000 lines, for each new
 * file, and at the end.
 */
import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto'
import { appendFileSync, closeSync, constants, fdatasyncSync, openSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { checkpointsName } from './files'
import type { KeyRing } from './keys'

export interface Checkpoint {
  readonly chain: string
  readonly seq: number
  readonly mac: string
  /** ISO 8601. */
  readonly time: string
}

const LINE = /^(\{.*),"signature":"([\w+/=]{88})"\}$/

/** Appends to the chain's file in `folder`, and returns the line. @throws errors of the file system */
export function writeCheckpoint(folder: string, checkpoint: Checkpoint, { signing, signer }: KeyRing): string {
  const { chain, seq, mac, time } = checkpoint
  const body = JSON.stringify({ v: 1, chain, seq, mac, time, signer }).slice(0, -1)
  const line = `${body},"signature":"${sign(null, Buffer.from(body), signing).toString('base64')}"}`
  const { O_WRONLY, O_CREAT, O_APPEND, O_NOFOLLOW } = constants
  const handle = openSync(path.join(folder, checkpointsName(chain)), O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, 0o640)
  try {
    appendFileSync(handle, `${line}\n`)
    fdatasyncSync(handle)
  } finally {
    closeSync(handle)
  }
  return line
}

/** The checkpoints in a file, and the numbers of lines that are not genuine. */
export function readCheckpoints(file: string, publicKey: KeyObject): { checkpoints: Checkpoint[]; forged: number[] } {
  const checkpoints: Checkpoint[] = []
  const forged: number[] = []
  // text after the last line break is incomplete
  for (const [index, line] of readFileSync(file, 'utf8').split('\n').slice(0, -1).entries()) {
    const checkpoint = read(line, publicKey)
    if (checkpoint) checkpoints.push(checkpoint)
    else forged.push(index + 1)
  }
  return { checkpoints, forged }
}

function read(line: string, publicKey: KeyObject): Checkpoint | undefined {
  const match = LINE.exec(line)
  if (!match || !verify(null, Buffer.from(match[1]!), publicKey, Buffer.from(match[2]!, 'base64'))) return undefined
  return JSON.parse(`${match[1]}}`)
}

/** The public half of the key ring's signing key. */
export const publicKeyOf = ({ signing }: KeyRing): KeyObject => createPublicKey(signing)
