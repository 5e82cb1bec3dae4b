/**
 * A line of an audit file, and how lines are chained.
 *
 * A line is JSON whose last member is its authentication code: `mac` is HMAC-SHA-256, with the chain key that `key` names, over the line's
 * bytes before `,"mac"`. `prev` is the `mac` of the previous line in the chain, so without the key no line can be changed, removed,
 * inserted or moved. The code covers the bytes as they are in the file, so no canonical form of JSON is needed.
 */
import { createHmac } from 'node:crypto'

/** The `prev` of a chain's first line. */
export const GENESIS = '0'.repeat(64)

/** The position of a line; its other members are the recorded content. */
export interface ChainLink {
  /** The chain: eight hexadecimal digits, new for each writing process. */
  readonly chain: string
  /** Number of the line in its chain, from 0. */
  readonly seq: number
  /** The `mac` of the previous line; GENESIS for the first. */
  readonly prev: string
}

export interface Line extends ChainLink {
  readonly mac: string
  /** Id of the key of `mac`. */
  readonly key: string
  /** The bytes that `mac` covers. */
  readonly body: Buffer
}

/** Formats a line with its line break. `fields` must not contain the members that every line has. */
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
/** Maximum length of what HEAD matches. */
const HEAD_LENGTH = 256
const MAC = /^,"mac":"([\da-f]{64})"\}$/
const MAC_LENGTH = 74

/**
 * @param bytes the line without its line break; must not change afterwards
 * @returns undefined if it is no line of an audit file
 */
export function readLine(bytes: Buffer): Line | undefined {
  const head = HEAD.exec(bytes.toString('latin1', 0, HEAD_LENGTH))
  const mac = MAC.exec(bytes.toString('latin1', Math.max(0, bytes.length - MAC_LENGTH)))
  if (!head || !mac) return undefined
  const [, chain, seq, prev, key] = head as unknown as [string, string, string, string, string]
  return { chain, seq: Number(seq), prev, key, mac: mac[1]!, body: bytes.subarray(0, -MAC_LENGTH) }
}

/** Whether the line is unchanged, by the key of its writer. */
export const isGenuine = ({ body, mac }: Line, key: Buffer): boolean => macOf(body, key) === mac

/** The recorded content. @throws SyntaxError if a line that is not genuine is no JSON */
export const fieldsOf = ({ body }: Line): Record<string, unknown> => JSON.parse(`${body.toString()}}`)

const macOf = (body: string | Buffer, key: Buffer): string => createHmac('sha256', key).update(body).digest('hex')
