// The server of the explorer and of the API.
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { type Listening, listen } from '../listen'
import { createApp } from './app'
import type { Parts } from './parts'

/** @throws if the port is in use */
export function startApi(parts: Parts, port: number): Promise<Listening> {
  const { fetch } = createApp(parts)
  return listen(createServer(getRequestListener(fetch, { overrideGlobalObjects: false })), port, parts.access.host)
}
