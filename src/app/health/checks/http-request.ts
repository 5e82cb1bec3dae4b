// One HTTP request of a check. On Workers it is made by `fetch`, elsewhere by node's own client, which takes a look-up of ours.
import { readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { fetchable } from '../../../shared/config/credentials'
import { CheckFailure } from '../failure'
import { lookup } from './wire'

export interface Question {
  readonly url: string
  readonly headers?: Readonly<Record<string, string>>
  /** Then it is a POST. */
  readonly body?: string
  /** The answer's body is not read. */
  readonly statusOnly?: boolean
}

export interface Reply {
  readonly status: number
  readonly body: string
}

/** @throws the error of the connection, or CheckFailure */
export type Ask = (question: Question, signal: AbortSignal) => Promise<Reply>

/** Paths of PEM files. */
export interface TlsFiles {
  readonly certificate?: string | undefined
  readonly clientCertificate?: string | undefined
  readonly clientKey?: string | undefined
}

/** More of an answer is not read. */
const longestAnswer = 2 ** 16

/** By node's client. Each request has a connection of its own: one that was kept says nothing of the next. */
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
