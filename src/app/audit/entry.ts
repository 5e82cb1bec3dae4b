/**
 * One line of an audit file, and what holds the lines together.
 *
 * A line is JSON whose last member is its own code: `mac` is HMAC-SHA-256, under the chain key that `key` names, over the bytes
 * of the line before `,"mac"`. `prev` is the `mac` of the line before it in the same chain, so that no line can be changed, taken
 * out, put in or moved without the key. The code is over the bytes as they stand in the file: no canonical form of JSON is needed.
 */
import { createHmac } from 'node:crypto'

/** The `prev` of a chain's first line. */
export const GENESIS = '0'.repeat(64)

/** What every line says of its place; the rest of the line is what was recorded. */
export interface ChainLink {
  /** The chain: eight hexadecimal digits, new for each process that writes. */
  readonly chain: string
  /** Number of the line in its chain, from 0. */
  readonly seq: number
  /** The `mac` of the line before it, GENESIS for the first. */
  readonly prev: string
}

export interface Line extends ChainLink {
  readonly mac: string
  /** Id of the key under which `mac` was made. */
  readonly key: string
  /** The bytes that `mac` is made of. */
  readonly body: Buffer
}

/** A line at its place, with the line break. `fields` have no member that a line has itself. */
export function sealLine(
  fields: object,
  { chain, seq, prev }: ChainLink,
  key: { id: string; chain: Buffer },
): { readonly text: string; readonly mac: string } {
  const rest = JSON.stringify(fields).slice(1, -1)
  const body = `{"v":1,"chain":"${chain}","seq":${seq},"prev":"${prev}","key":"${key.id}"${rest && `,${rest}`}`
  const mac = macOf(body, key.chain)
  return { text: `${body},"mac":"${mac}"}\n`, mac }
}

const HEAD = /^\{"v":1,"chain":"([\da-f]{8})","seq":(\d{1,15}),"prev":"([\da-f]{64})","key":"([\w.-]{1,64})"[,}]/
/** Characters that HEAD needs at most. */
const HEAD_LENGTH = 256
const MAC = /^,"mac":"([\da-f]{64})"\}$/
const MAC_LENGTH = 74

/**
 * @param bytes the line without its line break; they must not change afterwards
 * @returns undefined where it is no line of an audit file
 */
export function readLine(bytes: Buffer): Line | undefined {
  const head = HEAD.exec(bytes.toString('latin1', 0, HEAD_LENGTH))
  const mac = MAC.exec(bytes.toString('latin1', Math.max(0, bytes.length - MAC_LENGTH)))
  if (!head || !mac) return undefined
  const [, chain, seq, prev, key] = head as unknown as [string, string, string, string, string]
  return { chain, seq: Number(seq), prev, key, mac: mac[1]!, body: bytes.subarray(0, -MAC_LENGTH) }
}

/** Whether the line is as it was written, by who has the key. */
export const isGenuine = ({ body, mac }: Line, key: Buffer): boolean => macOf(body, key) === mac

/** What was recorded in the line. @throws SyntaxError where a line that is not genuine is no JSON */
export const fieldsOf = ({ body }: Line): Record<string, unknown> => JSON.parse(`${body.toString()}}`)

const macOf = (body: string | Buffer, key: Buffer): string => createHmac('sha256', key).update(body).digest('hex')
