// Sends the HTTP request of a check with `fetch`, for runtimes other than Node.
import type { Ask } from './http-request'

export const askByFetch: Ask = async ({ url, headers, body, statusOnly }, signal) => {
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    redirect: 'manual',
    signal,
    ...(headers && { headers }),
    ...(body !== undefined && { body }),
  })
  if (!statusOnly) return { status: response.status, body: await response.text() }
  await response.body?.cancel()
  return { status: response.status, body: '' }
}
