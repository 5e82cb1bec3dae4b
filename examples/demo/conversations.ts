// What is said in the demo, with whose data in it, and what has to become of it. Read by chat.ts and verdict.ts.
import { randomBytes } from 'node:crypto'
import type { Decision } from '../../src/shared/tiers'

/** A value that must not leave the process. */
export interface Planted {
  readonly what: string
  readonly value: string
  /** The mask that stands in its place. */
  readonly tag: string
}

const hex = (bytes: number) => randomBytes(bytes).toString('hex')
const json = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** Nobody's: documentation addresses, a test card, and secrets that are made anew each time. */
const email = { what: 'an e-mail address', value: 'ada.lovelace@example.com', tag: 'EMAIL' }
const card = { what: 'a card number', value: '4242 4242 4242 4242', tag: 'CARD' }
const phone = { what: 'a phone number', value: '+1 415 555 0132', tag: 'PHONE' }
const key = { what: 'an API key', value: `sk-proj-${hex(24)}`, tag: 'SECRET' }
const password = { what: 'a password in a URL', value: hex(8), tag: 'REDACTED' }
const token = {
  what: 'a JWT',
  value: `${json({ alg: 'HS256', typ: 'JWT' })}.${json({ sub: hex(8) })}.${hex(32)}`,
  tag: 'JWT',
}
/** What the chat server itself gets, and no span may ever have. */
export const providerKeys = { openai: `sk-proj-${hex(24)}`, anthropic: `sk-ant-api03-${hex(24)}` }

export const user = email.value

export interface Conversation {
  /** Also the name of its recording. */
  readonly name: 'plain' | 'streamed' | 'failing' | 'slow'
  readonly provider: 'openai' | 'anthropic'
  readonly model: string
  readonly stream: boolean
  readonly message: string
  readonly planted: readonly Planted[]
  /** Of the chat server's answer. */
  readonly status: number
  /** How many requests the provider gets. */
  readonly calls: number
  readonly decision: Decision
  /** Why there is no live one. */
  readonly onlyReplayed?: string
}

export const conversations: readonly Conversation[] = [
  {
    name: 'plain',
    provider: 'openai',
    model: 'gpt-4o-mini',
    stream: false,
    message: `I am Ada, ${email.value}. When should I visit Kyoto?`,
    planted: [email],
    status: 200,
    calls: 1,
    decision: { tier: 'detailed', reason: 'no policy' },
  },
  {
    name: 'streamed',
    provider: 'anthropic',
    model: 'claude-haiku-4-5',
    stream: true,
    message: `Book me a room near Gion. My card is ${card.value}, my phone ${phone.value}.`,
    planted: [card, phone],
    status: 200,
    calls: 1,
    decision: { tier: 'detailed', reason: 'no policy' },
  },
  {
    name: 'failing',
    provider: 'openai',
    model: 'gpt-5-mini',
    stream: false,
    message: `Why does https://ada:${password.value}@trains.example.com/ refuse my key ${key.value}?`,
    planted: [password, key],
    status: 502,
    calls: 2, // the chat server tries once more
    decision: { tier: 'errors', reason: 'errors' },
    onlyReplayed: 'a provider does not fail on request',
  },
  {
    name: 'slow',
    provider: 'anthropic',
    model: 'claude-haiku-4-5',
    stream: false,
    message: `How do I get to Kyoto tonight? My session is ${token.value}.`,
    planted: [token],
    status: 200,
    calls: 1,
    decision: { tier: 'sampled', reason: 'slow' },
    onlyReplayed: 'a provider is not slow on request',
  },
]

/** One that has taken place, or was skipped. */
export interface Talked {
  readonly conversation: Conversation
  readonly live: boolean
  /** Undefined when it was skipped. */
  readonly traceId?: string
  /** The caller's own span, whose id the chat server got. */
  readonly caller?: { readonly spanId: string; readonly startMs: number; readonly endMs: number }
  /** What the chat server answered, or why no request was made. */
  readonly outcome: string
}

/** What is looked for in everything that was received. A live key that is short is no real one, but a word. */
export function allPlanted({ OPENAI_API_KEY = '', ANTHROPIC_API_KEY = '' }: NodeJS.ProcessEnv): Planted[] {
  const live = [OPENAI_API_KEY, ANTHROPIC_API_KEY].filter(key => key.length >= 16)
  const keys = [...Object.values(providerKeys), ...live]
  const ownKeys = keys.map(value => ({ what: "the chat server's own API key", value, tag: 'SECRET' }))
  return [...new Set(conversations.flatMap(({ planted }) => planted)), ...ownKeys]
}
