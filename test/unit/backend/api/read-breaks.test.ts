// A command of this version asks an `afn-otel up` of an earlier one.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { readBreaks } from '../../../../src/backend/api/read-breaks'

const server = createServer((request, response) => {
  response.writeHead(request.url!.includes('/old/') ? 404 : 503).end('{"error":"no"}')
})
beforeAll(() => new Promise<void>(resolve => void server.listen(0, '127.0.0.1', resolve)))
afterAll(() => void server.close())

const upAt = (folder: string) => {
  const { port } = server.address() as AddressInfo
  return { name: 'afn-otel up', url: `http://127.0.0.1:${port}/${folder}`, setBy: '--url' } as const
}

it('a trace can be read from an up that knows no breaks', async () => {
  expect(await readBreaks(upAt('old'), 'ab'.repeat(16))).toEqual([])
})

it('an up that fails is not taken for one without breaks', async () => {
  await expect(readBreaks(upAt('busy'), 'ab'.repeat(16))).rejects.toThrow('503')
})
