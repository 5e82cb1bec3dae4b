/**
 * Reads the list again and again: from a file, or from a URL by conditional requests. A list that can't be read changes nothing: the
 * last one that was read stays in force.
 */
import { closeSync, fstatSync, openSync, readFileSync } from 'node:fs'
import http from 'node:http'
import https from 'node:https'
import { context, ROOT_CONTEXT } from '@opentelemetry/api'
import { suppressTracing } from '@opentelemetry/core'
import { fetchable } from '../../shared/config/credentials'
import { parseList, type SuppressionList } from './list'

/** Bytes; a list of half a million handles is smaller. */
const LARGEST = 16 * 2 ** 20
const PATIENCE_MS = 5_000

/** @returns undefined where the text is the same as before. */
type ReadChanged = () => string | undefined | Promise<string | undefined>

export interface Source {
  /** Resolves when the list was read once, or could not be. */
  readonly ready: Promise<void>
  /** How often the list was looked at. */
  readonly polls: number
  stop(): void
}

export interface SourceOptions {
  /** A path, or a URL of http or https. */
  readonly location: string
  readonly intervalMs: number
  /** Called with each list that differs from the one before. @throws Error that says why it can't be used */
  readonly onList: (list: SuppressionList) => void
  /** @param why in words */
  readonly onProblem: (why: string) => void
}

/** A file is read at once, before the first span; a URL a moment later. Never throws and never keeps the process alive. */
export function watchList({ location, intervalMs, onList, onProblem }: SourceOptions): Source {
  const read = /^https?:\/\//i.test(location) ? fromUrl(location) : fromFile(location)
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  let polls = 0

  const take = (text: string | undefined) => {
    if (text !== undefined && !isStopped) onList(parseList(text))
  }
  const failed = (error: unknown) => {
    if (!isStopped) onProblem(reasonOf(error))
  }

  function poll(): Promise<void> | undefined {
    polls++
    try {
      const text = read.next()
      if (text instanceof Promise) {
        return text
          .then(take)
          .catch(error => {
            read.forget()
            failed(error)
          })
          .finally(again)
      }
      take(text)
    } catch (error) {
      read.forget()
      failed(error)
    }
    again()
    return undefined
  }

  function again(): void {
    if (!isStopped) timer = setTimeout(poll, intervalMs).unref()
  }

  const first = poll()
  return {
    ready: Promise.resolve(first),
    get polls() {
      return polls
    },
    stop() {
      isStopped = true
      clearTimeout(timer)
    },
  }
}

interface Reader {
  readonly next: ReadChanged
  /** What was read last can't be used: the next one is read whole. */
  forget(): void
}

function fromFile(file: string): Reader {
  let before: string | undefined
  return {
    next() {
      const handle = openSync(file, 'r')
      try {
        const { size, ino, mtimeNs, ctimeNs } = fstatSync(handle, { bigint: true })
        const now = [size, ino, mtimeNs, ctimeNs].join()
        if (now === before) return undefined
        if (size > LARGEST) throw new Error(`it has more than ${LARGEST} bytes`)
        before = now
        return readFileSync(handle, 'utf8')
      } finally {
        closeSync(handle)
      }
    },
    forget() {
      before = undefined
    },
  }
}

function fromUrl(location: string): Reader {
  const { url, headers } = fetchable(location)
  let validators: http.OutgoingHttpHeaders = {}
  return {
    async next() {
      const answer = await context.with(suppressTracing(ROOT_CONTEXT), get, undefined, url, {
        ...headers,
        ...validators,
      })
      if (answer.status === 304) return undefined
      if (answer.status !== 200) throw new Error(`the answer is ${answer.status}`)
      const { etag, 'last-modified': modified } = answer.headers
      validators = {
        ...(etag !== undefined && { 'if-none-match': etag }),
        ...(modified !== undefined && { 'if-modified-since': modified }),
      }
      return answer.body
    },
    forget() {
      validators = {}
    },
  }
}

interface HttpResponse {
  readonly status: number
  readonly headers: http.IncomingHttpHeaders
  readonly body: string
}

/** Not by `fetch`, which the app may have replaced. */
function get(url: string, headers: http.OutgoingHttpHeaders): Promise<HttpResponse> {
  return new Promise((resolve, reject) => {
    const { get: open } = url.startsWith('https:') ? https : http
    const request = open(url, { headers: { accept: 'application/json', ...headers }, agent: false }, response => {
      const chunks: Buffer[] = []
      let size = 0
      response.on('data', (chunk: Buffer) => {
        size += chunk.length
        if (size > LARGEST) request.destroy(new Error(`it has more than ${LARGEST} bytes`))
        else chunks.push(chunk)
      })
      response.on('error', reject)
      response.on('end', () =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks).toString('utf8'),
        }),
      )
    })
    // neither the socket nor the timer keeps a finished process alive
    const timer = setTimeout(() => request.destroy(new Error('no answer in time')), PATIENCE_MS).unref()
    request.on('socket', socket => socket.unref())
    request.on('error', reject)
    request.on('close', () => clearTimeout(timer))
  })
}

/** Without the path or the URL, which may have a password in it. */
function reasonOf(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  return code ?? message
}
