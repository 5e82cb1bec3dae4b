// The client side of SCRAM-SHA-256, RFC 5802 and RFC 7677, without channel binding.
import { createHash, createHmac, pbkdf2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'
import { CheckFailure } from '../failure'

/** PostgreSQL's default is 4,096; a server that asks for far more only wastes our time. */
const mostIterations = 1_000_000

export interface Scram {
  readonly first: string
  /** @throws CheckFailure if the server does not speak SCRAM */
  answer(challenge: string): Promise<{ readonly final: string; isServer(signature: string): boolean }>
}

/** The user name is empty, because PostgreSQL takes it from the start-up message. */
export function scram(password: string, nonce: string = randomBytes(18).toString('base64')): Scram {
  const bare = `n=,r=${nonce}`
  return {
    first: `n,,${bare}`,
    async answer(challenge) {
      const { r, s, i } = attributes(challenge)
      const iterations = Number(i)
      if (!r?.startsWith(nonce) || r === nonce || !s || !(iterations >= 1 && iterations <= mostIterations))
        throw new CheckFailure('protocol')
      const salted = await promisify(pbkdf2)(
        password.normalize('NFKC'),
        Buffer.from(s, 'base64'),
        iterations,
        32,
        'sha256',
      )
      const clientKey = hmac(salted, 'Client Key')
      const withoutProof = `c=biws,r=${r}`
      const all = `${bare},${challenge},${withoutProof}`
      const signature = hmac(createHash('sha256').update(clientKey).digest(), all)
      const proof = clientKey.map((byte, at) => byte ^ signature[at]!)
      const expected = hmac(hmac(salted, 'Server Key'), all)
      return {
        final: `${withoutProof},p=${Buffer.from(proof).toString('base64')}`,
        isServer(message) {
          const signature = Buffer.from(attributes(message).v ?? '', 'base64')
          return signature.length === expected.length && timingSafeEqual(signature, expected)
        },
      }
    },
  }
}

const hmac = (key: Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

function attributes(message: string): Record<string, string | undefined> {
  return Object.fromEntries(message.split(',').map(part => [part[0] ?? '', part.slice(2)]))
}
