// The tier of service that a request asks for, in the words in which the price table has it.
import { ATTR_OPENAI_REQUEST_SERVICE_TIER } from '../../../semconv'
import type { GuardedCall } from '../llm/observe/options'

export function requestedTier({
  parsed,
  protocol,
  body,
}: Pick<GuardedCall, 'parsed' | 'protocol' | 'body'>): string | undefined {
  const told = parsed.attributes[ATTR_OPENAI_REQUEST_SERVICE_TIER]
  const tier = typeof told === 'string' ? told : undefined
  if (protocol !== 'anthropic-messages') return tier
  // what Anthropic's answer tells in place of the request
  const text = typeof body === 'string' ? body : Buffer.from(body).toString()
  const others = [
    ...(/"speed"\s*:\s*"fast"/.test(text) ? ['fast'] : []),
    ...(/"inference_geo"\s*:\s*"us"/.test(text) ? ['inference_geo:us'] : []),
  ]
  return others.length > 0 ? others.join(',') : undefined
}
