// An upper bound of the tokens of a call, from its request alone.
import { ATTR_GEN_AI_REQUEST_MAX_TOKENS } from '../../../semconv'
import { reason } from '../../shared/diag/report'
import type { GuardedCall } from '../llm/observe/options'
import type { ProtocolName } from '../llm/providers/paths'
import type { Bound, BoundedRequest, Unbounded } from './bounded-request'
import { limitsOf } from './limits'
import { type GuardOptions, shown } from './options'
import { type BodyFacts, readBody } from './request-body'

/** Of these, tokens of texts are what is charged, and the request says how many there may be. */
const bounded: ReadonlySet<GuardedCall['protocol']> = new Set<ProtocolName>([
  'openai-chat',
  'openai-completions',
  'openai-responses',
  'openai-embeddings',
  'anthropic-messages',
  'anthropic-complete',
  'google-generate',
  'google-embeddings',
  'bedrock-converse',
  'bedrock-invoke',
  'cohere-chat',
  'cohere-chat-v1',
  'cohere-generate',
  'cohere-embed',
  'watsonx-chat',
  'watsonx-generation',
  'watsonx-embeddings',
  'ollama-chat',
  'ollama-generate',
  'ollama-embed',
  'text-generation',
  'dashscope',
  'vercel-language',
])

/** Marks around the messages, and a prompt of the provider where there are tools. Anthropic's is the longest that is documented, 530 to 804 tokens. */
const FRAME = 64
const TOOLS_FRAME = 1_024
/** Of a tool that the provider describes: Anthropic's computer takes 735 tokens and 499 of the prompt. */
const DESCRIBED_TOOL = 1_536
/** Of a message, a part or a value, where somebody counts only its text. */
const MEMBER = 6
/** Sound has 32 tokens a second at most (Gemini's), video 300: at 4 kbit/s and at 40 kbit/s, less than any codec takes, a token for 16 bytes. */
const BYTES_A_MEDIA_TOKEN = 16

/** The most that one image takes, by the providers' documents. */
function imageTokens(provider: string, model: string): number {
  // platform.claude.com/docs/en/build-with-claude/vision: 4,784 at high resolution
  if (/claude/.test(model) || provider === 'anthropic') return 4_784
  // ai.google.dev/gemini-api/docs/media-resolution: 2,240 at ultra high
  if (/gemini|gemma/.test(model) || provider.startsWith('gcp.')) return 2_240
  // developers.openai.com/api/docs/guides/images-vision: 2,833 and 5,667 for each of 8 tiles
  if (/4o-mini/.test(model)) return 48_169
  // the same page: 10,000 patches at their original size, times 1.2
  return 12_000
}

/** @param onProblem gets what is wrong with the app's function */
export function boundOf(
  request: BoundedRequest,
  countTokens?: GuardOptions['countTokens'],
  onProblem: (problem: string) => void = () => {},
): Bound | Unbounded {
  const { protocol, provider, parsed, body } = request
  if (!bounded.has(protocol)) return { problem: `what ${protocol} charges can't be bounded by its request` }
  if (parsed.background) return { problem: 'its answer is fetched later, in a request of its own' }
  const facts = readBody(body, countTokens !== undefined)
  if (!facts) return { problem: 'its body is no JSON document' }
  const { model } = parsed
  const limits = limitsOf(model)
  const text = countTokens ? counted(facts, one => countTokens(one, model), onProblem) : facts.textBytes
  const told =
    text +
    FRAME +
    (facts.hasTools || facts.describedTools > 0 ? TOOLS_FRAME : 0) +
    facts.describedTools * DESCRIBED_TOOL +
    facts.images * imageTokens(provider, model?.toLowerCase() ?? '') +
    Math.ceil(facts.mediaBytes / BYTES_A_MEDIA_TOKEN)
  // what the app can't see comes on top of what it sends, and a model reads no more than its window
  const input = facts.isOpen ? Math.max(told, limits.input) * facts.rounds : told
  const usage = {
    input,
    output: outputOf(request, limits.output, text * (facts.hasPrediction ? 1 : 0)),
    ...(facts.searches > 0 && { webSearches: facts.searches }),
  }
  return { usage, hasLongCache: facts.hasLongCache, hasMedia: facts.images > 0 || facts.mediaBytes > 0 }
}

/** The app's function may fail, and a number that is none would let every call pass, or none. Bytes bound the tokens of any text. */
function counted(
  { texts, members, textBytes }: BodyFacts,
  count: (text: string) => unknown,
  onProblem: (problem: string) => void,
): number {
  let sum = members * MEMBER
  try {
    for (const one of texts) {
      const tokens = count(one)
      if (typeof tokens !== 'number' || !(tokens >= 0))
        throw new Error(`it gave ${shown(tokens)} for a text; return the number of its tokens`)
      sum += tokens
    }
    return sum
  } catch (error) {
    onProblem(`countTokens failed, and bytes count in its place (${reason(error)})`)
    return textBytes
  }
}

function outputOf({ protocol, parsed, body }: BoundedRequest, most: number, predicted: number): number {
  if (/embed/.test(protocol) || parsed.operation === 'embeddings') return 0
  const asked = parsed.attributes[ATTR_GEN_AI_REQUEST_MAX_TOKENS]
  const each = typeof asked === 'number' && asked > 0 ? asked : most
  return Math.max(parsed.choices, bestOf(protocol, body)) * each + predicted
}

/** Old completions may be asked for the best of several, all of which are charged. */
function bestOf(protocol: GuardedCall['protocol'], body: string | Uint8Array): number {
  if (protocol !== 'openai-completions') return 1
  return Number(/"best_of"\s*:\s*(\d+)/.exec(typeof body === 'string' ? body : Buffer.from(body).toString())?.[1] ?? 1)
}
