// A stand-in for Discord's webhooks. Each payload is held against Discord's own OpenAPI schema, and against what its documentation
// says and the schema does not: an empty message, the sum of an embed's texts, names that are refused.
import { createServer } from 'node:http'
import { buffer } from 'node:stream/consumers'
import { pathToFileURL } from 'node:url'
import { findDiscordSchema } from './binaries.mjs'
import { listen } from './ports'

export interface Embed {
  title?: string | null
  description?: string | null
  url?: string | null
  color?: number | null
  timestamp?: string | null
  footer?: { text?: string | null } | null
  author?: { name?: string | null } | null
  fields?: { name: string; value: string; inline?: boolean | null }[] | null
}

export interface DiscordPost {
  /** The last part of the webhook's path: which channel it stands for. */
  channel: string
  /** ms since 1970. */
  at: number
  content: string
  username: string | undefined
  embeds: Embed[]
  /** All that a reader sees, line by line. */
  text: string
}

export interface Answer {
  status: number
  headers?: Record<string, string>
  body?: object
}

export interface DiscordSink {
  /** The webhook of a channel, as Discord would show it. */
  webhook(channel: string): string
  /** What was posted, in the order in which it came. */
  readonly posts: DiscordPost[]
  /** Each request, posted or not, with the status that it was answered with. */
  readonly requests: { at: number; channel: string; status: number }[]
  /** What a request is answered with in place of being posted; nothing for being posted. A payload that is wrong is refused before. */
  answer: (channel: string) => Answer | undefined
  /** Resolves when `enough` holds, or rejects after `limit` ms, 40 s by default, with what came. */
  until(enough: (sink: DiscordSink) => boolean, limit?: number): Promise<void>
  /** Rejects when a payload came that Discord would refuse. */
  close(): Promise<void>
}

/** As Discord answers it: https://docs.discord.com/developers/topics/rate-limits */
export const rateLimited = (seconds: number): Answer => ({
  status: 429,
  headers: { 'retry-after': String(Math.ceil(seconds)), 'x-ratelimit-reset-after': String(seconds) },
  body: { message: 'You are being rate limited.', retry_after: seconds, global: false },
})

export const unknownWebhook: Answer = { status: 404, body: { message: 'Unknown Webhook', code: 10015 } }

interface Schema {
  safeParse(value: unknown): { success: boolean; error?: { issues: { path: PropertyKey[]; message: string }[] } }
}

export async function startDiscordSink(): Promise<DiscordSink> {
  const found = findDiscordSchema()
  if ('missing' in found) throw new Error(found.missing)
  const module: { IncomingWebhookRequestPartialSchema: Schema; setStrictObject?: (strict: boolean) => void } =
    await import(pathToFileURL(found.file).href)
  const schema = module.IncomingWebhookRequestPartialSchema
  const wrong: string[] = []

  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost')
    const channel = /^\/api\/webhooks\/\d+\/([\w-]+)$/.exec(pathname)?.[1]
    const end = ({ status, headers = {}, body }: Answer) => {
      sink.requests.push({ at: Date.now(), channel: channel ?? pathname, status })
      response
        .writeHead(status, { ...headers, ...(body && { 'content-type': 'application/json' }) })
        .end(body && JSON.stringify(body))
    }
    const text = (await buffer(request)).toString()
    // whoever has the URL may look at the webhook itself: https://docs.discord.com/developers/resources/webhook#get-webhook-with-token
    if (request.method === 'GET' && channel !== undefined) {
      const { status = 200, body = { id: '1', type: 1, name: channel } } = sink.answer(channel) ?? {}
      response.writeHead(status === 404 ? 404 : 200, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      return
    }
    if (request.method !== 'POST' || channel === undefined)
      return end({ status: 404, body: { message: '404: Not Found', code: 0 } })
    const [payload, mistakes] = read(text, schema)
    if (mistakes.length > 0) {
      wrong.push(...mistakes.map(mistake => `${channel}: ${mistake}: ${text.slice(0, 300)}`))
      return end({ status: 400, body: { message: 'Invalid Form Body', code: 50035, errors: { _errors: mistakes } } })
    }
    const answer = sink.answer(channel)
    if (answer) return end(answer)
    sink.posts.push(postOf(channel, payload))
    if (searchParams.get('wait') !== 'true') return end({ status: 204 })
    end({ status: 200, body: { id: String(sink.posts.length), ...payload } })
  })
  const port = await listen(server)
  const sink: DiscordSink = {
    webhook: channel => `http://127.0.0.1:${port}/api/webhooks/1/${channel}`,
    posts: [],
    requests: [],
    answer: () => undefined,
    async until(enough, limit = 40_000) {
      for (const deadline = Date.now() + limit; !enough(sink); ) {
        if (Date.now() > deadline)
          throw new Error(
            `not posted; ${JSON.stringify(sink.requests.slice(-20))}\n${sink.posts
              .map(({ channel, text }) => `${channel}: ${text}`)
              .join('\n---\n')
              .slice(-4_000)}`,
          )
        await new Promise(resolve => setTimeout(resolve, 20))
      }
    },
    async close() {
      await new Promise<void>(resolve => {
        server.close(() => resolve())
        server.closeAllConnections()
      })
      if (wrong.length > 0) throw new Error(`Discord would refuse:\n${wrong.join('\n')}`)
    },
  }
  return sink
}

interface Payload {
  content?: string | null
  username?: string | null
  embeds?: Embed[] | null
}

function read(text: string, schema: Schema): [Payload, string[]] {
  let payload: Payload
  try {
    payload = JSON.parse(text)
  } catch {
    return [{}, ['no JSON']]
  }
  const { error } = schema.safeParse(payload)
  if (error) return [payload, error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`)]
  return [payload, mistakesOf(payload)]
}

function mistakesOf({ content, username, embeds }: Payload): string[] {
  const mistakes: string[] = []
  const length = (text: string | null | undefined) => [...(text ?? '')].length
  const each = (embeds ?? []).map(embed => textsOf(embed).reduce((sum, part) => sum + length(part), 0))
  if (!content?.trim() && each.length === 0) mistakes.push('cannot send an empty message (50006)')
  if (each.some(size => size === 0)) mistakes.push('an embed without text')
  const total = each.reduce((sum, size) => sum + size, 0)
  if (total > 6_000) mistakes.push(`embeds have ${total} characters, 6000 at most`)
  if (length(username) > 80) mistakes.push('username: 80 characters at most')
  if (/discord|clyde/i.test(username ?? '')) mistakes.push('username: may not contain "discord" or "clyde"')
  return mistakes
}

const textsOf = ({ title, description, footer, author, fields }: Embed) => [
  title,
  description,
  ...(fields ?? []).flatMap(({ name, value }) => [name, value]),
  footer?.text,
  author?.name,
]

function postOf(channel: string, { content, username, embeds }: Payload): DiscordPost {
  const texts = [content, ...(embeds ?? []).flatMap(textsOf)].filter(text => typeof text === 'string' && text !== '')
  return {
    channel,
    at: Date.now(),
    content: content ?? '',
    username: username ?? undefined,
    embeds: embeds ?? [],
    text: texts.join('\n'),
  }
}
