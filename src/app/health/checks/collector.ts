// Checks the Collector with an empty export, which every OTLP receiver accepts at no cost.
import { CheckFailure, wordOfStatus } from '../failure'
import type { Ask } from './http-request'

export interface CollectorTarget {
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly protocol: 'http/protobuf' | 'http/json'
}

export async function checkCollector(ask: Ask, target: CollectorTarget, signal: AbortSignal): Promise<void> {
  const isJson = target.protocol === 'http/json'
  const headers = { ...target.headers, 'content-type': isJson ? 'application/json' : 'application/x-protobuf' }
  // an empty protobuf message has no bytes
  const { status } = await ask({ url: target.url, headers, body: isJson ? '{}' : '', statusOnly: true }, signal)
  const word = wordOfStatus(status)
  if (word) throw new CheckFailure(word)
}
