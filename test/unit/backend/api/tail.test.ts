// What happens to a tail when its listener goes, and when the server does. What it tells is held by test/e2e/up.test.ts.
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { type Api, startApi } from './ask'

let api: Api
let listening: number
beforeEach(async () => {
  api = await startApi([], Date.now())
  listening = 0
  const { onRest } = api.store
  api.store.onRest = listener => {
    const stop = onRest(listener)
    listening++
    return () => {
      listening--
      stop()
    }
  }
})
afterEach(() => api.store.close())

it('a client of the tail that has gone leaves no listener', async () => {
  const responses = await Promise.all([api.get('/api/afn/tail'), api.get('/api/afn/tail')])
  await vi.waitFor(() => expect(listening).toBe(2))
  await responses[0]!.body!.cancel()
  await vi.waitFor(() => expect(listening).toBe(1))
  await responses[1]!.body!.cancel()
  await vi.waitFor(() => expect(listening).toBe(0))
})

it('a wrong query of the tail is refused before anything streams', async () => {
  const response = await api.get('/api/afn/tail?q=nonsense')
  expect({ status: response.status, body: await response.json() }).toEqual({
    status: 400,
    body: { error: expect.stringContaining('nonsense') },
  })
  expect(listening).toBe(0)
})
