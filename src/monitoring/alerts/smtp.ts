/**
 * Talks to a mail server: asks whether it would take a mail, up to the point where the mail itself would follow, since Alertmanager says
 * in its metrics that a mail failed, and only in its log why; and sends one where there is no Alertmanager. RFC 5321, 3207, 4954.
 */
import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { connect, isIP, type Socket } from 'node:net'
import path from 'node:path'
import { connect as connectTls } from 'node:tls'
import type { EmailChannel } from './config'

const TIMEOUT_MS = 10_000

/** @returns what the server refuses and in which words; undefined where it would take the mail */
export const askMailServer = (channel: EmailChannel, folder: string): Promise<string | undefined> =>
  refusalIn(channel, folder, async session => void (await session.expect('RSET', 'RSET')))

export interface Mail {
  readonly subject: string
  readonly text: string
}

/** The password's file has an absolute path, or one relative to the working directory. @throws Error that says what the server refuses */
export async function sendMail(channel: EmailChannel, mail: Mail): Promise<void> {
  const refusal = await refusalIn(channel, '', async session => {
    await session.expect('DATA', 'DATA')
    // a line of base64 begins with no dot
    await session.expect('the mail', `${textOf(channel, mail)}\r\n.`)
  })
  if (refusal !== undefined) throw new Error(refusal)
}

/** RFC 5322, 2045, 2047. */
function textOf({ from, to }: EmailChannel, { subject, text }: Mail): string {
  const base64 = (part: string) => Buffer.from(part).toString('base64')
  // an encoded word has 75 characters at most: 45 bytes, and no character is cut in two
  const words = subject.replace(/[\r\n]+/g, ' ').match(/.{1,11}/gu) ?? ['']
  return [
    `From: ${from}`,
    `To: ${to.join(', ')}`,
    `Subject: ${words.map(word => `=?UTF-8?B?${base64(word)}?=`).join('\r\n ')}`,
    `Date: ${new Date().toUTCString().replace('GMT', '+0000')}`,
    `Message-ID: <${randomUUID()}@afn-otel>`,
    'MIME-Version: 1.0',
    'Content-Type: text/plain; charset=UTF-8',
    'Content-Transfer-Encoding: base64',
    '',
    ...(base64(text).match(/.{1,76}/g) ?? []),
  ].join('\r\n')
}

async function refusalIn(
  channel: EmailChannel,
  folder: string,
  finish: (session: Session) => Promise<void>,
): Promise<string | undefined> {
  const { host, port } = placeOf(channel.smarthost)
  let session: Session | undefined
  try {
    session = await Session.open(host, port)
    await converse(session, channel, host, folder)
    await finish(session)
    return undefined
  } catch (error) {
    if (error instanceof Refusal) return `${channel.smarthost} answers ${error.step} with ${error.message}`
    const { code, message } = error as NodeJS.ErrnoException
    return `${channel.smarthost}: ${message || code}`
  } finally {
    session?.end()
  }
}

async function converse(session: Session, channel: EmailChannel, host: string, folder: string): Promise<void> {
  await session.expect('the connection', undefined)
  let features = await session.expect('EHLO', 'EHLO localhost')
  if (channel.requireTls && !session.isEncrypted) {
    if (!/^250.STARTTLS$/im.test(features))
      throw new Refusal('EHLO', 'the server does not offer STARTTLS; enable it there, or write require_tls: false')
    await session.expect('STARTTLS', 'STARTTLS')
    await session.encrypt(host)
    features = await session.expect('EHLO', 'EHLO localhost')
  }
  if (channel.login && /^250.AUTH\b/im.test(features)) {
    const { username, passwordFile } = channel.login
    const password = readFileSync(path.resolve(folder, passwordFile), 'utf8').trim()
    await session.expect('AUTH', `AUTH PLAIN ${Buffer.from(`\0${username}\0${password}`).toString('base64')}`)
  }
  await session.expect(`MAIL FROM:<${channel.from}>`, `MAIL FROM:<${channel.from}>`)
  for (const address of channel.to) await session.expect(`RCPT TO:<${address}>`, `RCPT TO:<${address}>`)
}

function placeOf(smarthost: string): { host: string; port: number } {
  const [, host = '', port] = /^(.*):(\d+)$/.exec(smarthost) ?? []
  return { host: host.replace(/^\[|\]$/g, ''), port: Number(port) }
}

/** Whose certificate it has to be. An address is no name that TLS may ask for. */
const named = (host: string) => ({ host, ...(isIP(host) === 0 && { servername: host }) })

class Refusal extends Error {
  constructor(
    readonly step: string,
    message: string,
  ) {
    super(message)
  }
}

class Session {
  #text = ''
  #arrived = () => {}
  #broken: Error | undefined

  private constructor(
    private socket: Socket,
    public isEncrypted: boolean,
  ) {
    this.#listen()
  }

  static open(host: string, port: number): Promise<Session> {
    // by custom, this port speaks TLS from the first byte on; Alertmanager does the same
    const isEncrypted = port === 465
    const socket = isEncrypted ? connectTls({ port, ...named(host) }) : connect({ host, port })
    return new Promise((resolve, reject) => {
      socket.setTimeout(TIMEOUT_MS, () => socket.destroy(new Error(`no response within ${TIMEOUT_MS / 1_000} s`)))
      socket.once('error', reject)
      socket.once(isEncrypted ? 'secureConnect' : 'connect', () => resolve(new Session(socket, isEncrypted)))
    })
  }

  #listen(): void {
    this.socket.setEncoding('utf8')
    this.socket.on('data', (chunk: string) => {
      this.#text += chunk.replaceAll('\r', '')
      this.#arrived()
    })
    const broken = (error?: Error) => {
      this.#broken = error ?? new Error('the server closed the connection')
      this.#arrived()
    }
    this.socket.on('error', broken)
    this.socket.on('close', () => broken(this.#broken))
  }

  /** @throws Refusal when the server says no */
  async expect(step: string, command: string | undefined): Promise<string> {
    if (command !== undefined) this.socket.write(`${command}\r\n`)
    const reply = await this.#reply()
    if (/^[23]/.test(reply)) return reply
    throw new Refusal(step, reply.replaceAll('\n', ' ').trim().slice(0, 300))
  }

  /** The last line of an answer has a space behind its code. */
  async #reply(): Promise<string> {
    for (;;) {
      const [reply] = /^(?:\d{3}-.*\n)*\d{3}(?: .*)?\n/.exec(this.#text) ?? []
      if (reply !== undefined) {
        this.#text = this.#text.slice(reply.length)
        return reply
      }
      if (this.#broken) throw this.#broken
      await new Promise<void>(resolve => {
        this.#arrived = resolve
      })
    }
  }

  async encrypt(host: string): Promise<void> {
    const plain = this.socket
    plain.removeAllListeners('data')
    plain.removeAllListeners('close')
    const socket = connectTls({ socket: plain, ...named(host) })
    await new Promise<void>((resolve, reject) => {
      socket.once('secureConnect', resolve)
      socket.once('error', reject)
    })
    this.socket = socket
    this.isEncrypted = true
    this.#text = ''
    this.#listen()
  }

  end(): void {
    this.socket.end('QUIT\r\n')
    this.socket.destroySoon()
  }
}
