// Sends the HTTP request of a check: on Workers with `fetch`, elsewhere with Node's client, which accepts our DNS lookup.
import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { fetchable } from '../../../shared/config/credentials'
import { CheckFailure } from '../failure'
import { lookup } from './wire'

export interface Question {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Makes the request a POST. */
  readonly body?: string
  /** Skips the body of the answer. */
  readonly statusOnly?: boolean
}

export interface Reply {
  readonly status: number
  readonly body: string
}

/** @throws the connection error, or CheckFailure */
export type Ask = (question: Question, signal: AbortSignal) => Promise<Reply>

/** Paths of PEM files. */
export interface TlsFiles {
  readonly certificate?: string | undefined
  readonly clientCertificate?: string | undefined
  readonly clientKey?: string | undefined
}

/** Maximum bytes that are read of an answer. */
const longestAnswer = 2 ** 16

/** Uses Node's client with a new connection per request, because a kept-alive one would not show whether new connections work. */
export const askByNode = (files: TlsFiles = {}): Ask => {
  return (question, signal) =>
    new Promise((resolve, reject) => {
      const { url, headers } = fetchable(question.url)
      const client = url.startsWith('https:') ? https : http
      const method = question.body === undefined ? 'GET' : 'POST'
      const length = question.body === undefined ? {} : { 'content-length': Buffer.byteLength(question.body) }
      const options = {
        method,
        agent: false,
        lookup,
        headers: { ...headers, ...question.headers, ...length },
        ...pem(files),
      }
      const request = client.request(url, options, response => {
        const status = response.statusCode ?? 0
        const chunks: Buffer[] = []
        let size = 0
        const end = () => {
          resolve({ status, body: Buffer.concat(chunks).toString('utf8') })
          request.destroy()
        }
        if (question.statusOnly) return end()
        response.on('data', (chunk: Buffer) => {
          chunks.push(chunk)
          size += chunk.length
          if (size > longestAnswer) end()
        })
        response.on('end', end)
        response.on('error', reject)
      })
      request.on('socket', socket => socket.unref())
      request.on('error', reject)
      const stop = () => {
        reject(new CheckFailure('timeout'))
        request.destroy()
      }
      if (signal.aborted) stop()
      else signal.addEventListener('abort', stop, { once: true })
      request.end(question.body)
    })
}

function pem({ certificate, clientCertificate, clientKey }: TlsFiles) {
  return {
    ...(certificate && { ca: readFileSync(certificate) }),
    ...(clientCertificate && { cert: readFileSync(clientCertificate) }),
    ...(clientKey && { key: readFileSync(clientKey) }),
  }
}
