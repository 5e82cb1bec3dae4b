// Redis and Valkey: AUTH and PING in their own protocol, https://redis.io/docs/latest/develop/reference/protocol-spec/
import { CheckFailure } from '../failure'
import { type SocketAddress, Wire } from './wire'

export interface RedisTarget extends SocketAddress {
  readonly tls: boolean
  /** Of an ACL; without one the password is that of the default user. */
  readonly user?: string
  readonly password?: string
}

/** @returns `undefined` if the URL is not one of Redis */
export function redisTarget(url: string): RedisTarget | undefined {
  if (!URL.canParse(url)) return undefined
  const { protocol, hostname, port, username, password } = new URL(url)
  if (!/^(rediss?|valkeys?):$/.test(protocol)) return undefined
  return {
    host: hostname.replace(/^\[|\]$/g, '') || 'localhost',
    port: Number(port) || 6379,
    tls: protocol.endsWith('s:') && protocol !== 'redis:',
    ...(username && { user: decodeURIComponent(username) }),
    ...(password && { password: decodeURIComponent(password) }),
  }
}

export async function checkRedis(target: RedisTarget, signal: AbortSignal): Promise<void> {
  const wire = await Wire.open(target, signal, target.tls)
  try {
    const { user, password } = target
    if (password !== undefined) {
      wire.write(command('AUTH', ...(user === undefined ? [] : [user]), password))
      const answer = await line(wire)
      if (answer !== '+OK') throw new CheckFailure(wordOfReply(answer, 'auth'))
    }
    wire.write(command('PING'))
    const answer = await line(wire)
    // a user without permission to ping still shows that the server works
    if (answer !== '+PONG' && !answer.startsWith('-NOPERM')) throw new CheckFailure(wordOfReply(answer, 'protocol'))
  } finally {
    wire.close()
  }
}

function command(...words: string[]): string {
  return `*${words.length}\r\n${words.map(word => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`
}

async function line(wire: Wire): Promise<string> {
  const bytes = await wire.read(bytes => {
    const end = bytes.indexOf('\r\n')
    return end < 0 ? 0 : end + 2
  })
  return bytes.toString('utf8').trimEnd()
}

function wordOfReply(answer: string, otherwise: string): string {
  if (/^-(NOAUTH|WRONGPASS|ERR invalid password|ERR AUTH|ERR Client sent AUTH)/i.test(answer)) return 'auth'
  if (/^-ERR max number of clients/i.test(answer)) return 'exhausted'
  if (/^-(LOADING|BUSY|MASTERDOWN|CLUSTERDOWN|TRYAGAIN)/.test(answer)) return 'unavailable'
  return answer.startsWith('-') && otherwise !== 'auth' ? 'error' : otherwise
}
