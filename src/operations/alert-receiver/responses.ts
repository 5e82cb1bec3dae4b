/** HTTP responses of the receiver. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { CONTENT_POLICY } from './page'

export interface ReceiverResponse {
  readonly status: number
  readonly type:
    | 'application/json'
    | 'text/plain; charset=utf-8'
    | 'text/plain; version=0.0.4; charset=utf-8'
    | 'text/html; charset=utf-8'
  readonly body: string
  readonly headers?: Readonly<Record<string, string>>
}

export const json = (body: object, status = 200, headers?: ReceiverResponse['headers']): ReceiverResponse => ({
  status,
  type: 'application/json',
  body: `${JSON.stringify(body)}\n`,
  ...(headers && { headers }),
})

export const page = (body: string, status = 200): ReceiverResponse => ({
  status,
  type: 'text/html; charset=utf-8',
  body,
})

export function send(
  response: ServerResponse,
  { method }: IncomingMessage,
  { status, type, body, headers }: ReceiverResponse,
): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': CONTENT_POLICY,
    ...headers,
  })
  response.end(method === 'HEAD' ? undefined : body)
}
