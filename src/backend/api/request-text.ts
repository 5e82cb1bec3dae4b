// Reads a request body as text, for forms and JSON.
import type { HonoRequest } from 'hono'
import { Refused } from '../body'

/** @param most bytes @throws Refused if it is longer */
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
