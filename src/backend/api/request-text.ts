// The body of a request that is a text: a form, or JSON.
import type { HonoRequest } from 'hono'
import { Refused } from '../body'

/** @param most bytes @throws Refused when it is longer */
export async function requestText(req: HonoRequest, most: number): Promise<string> {
  const tooLong = () => new Refused(413, `the body exceeds the limit of ${most} bytes`)
  if (Number(req.header('content-length') ?? 0) > most) throw tooLong()
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of (req.raw.body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true })
    if (text.length > most) throw tooLong()
  }
  return text + decoder.decode()
}
