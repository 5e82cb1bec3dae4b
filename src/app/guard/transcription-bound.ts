// The bound of sound that is written down: by its length, which a WAV file tells. Of compressed sound nobody knows it who has not read all of it.
import type { Bound, BoundedRequest, Unbounded } from './bounded-request'
import { limitsOf } from './limits'
import { sentSound } from './sent-sound'
import { WAV_HEAD, wavSound } from './wav-sound'

/** Providers round up, and charge ten seconds at least (Groq). */
const LEAST_SECONDS = 10
/** The most that a provider documents, Gemini's. OpenAI's prices of a minute are those of 17 a second. */
const TOKENS_A_SECOND = 32
/** platform.openai.com/docs/models/gpt-4o-transcribe */
const MOST_OF_GPT_4O = 2_000
const FRAME = 64

export async function boundOfTranscription(request: BoundedRequest): Promise<Bound | Unbounded> {
  const { protocol, provider, parsed } = request
  const sent = sentSound(request)
  const sound = sent && wavSound(await sent.head(WAV_HEAD), sent.bytes)
  if (!sound) return { problem: 'how long its sound is can be told of a WAV file only' }
  // each channel may be charged (Deepgram, ElevenLabs); the others mix them
  const heard = sound.seconds * (protocol === 'speech-recognition' ? sound.channels : 1)
  const audioSeconds = Math.max(LEAST_SECONDS, Math.ceil(heard) + 1)
  const bound = { usage: { audioSeconds }, hasLongCache: false, hasMedia: true }
  // of a piece the model may write as much as of the whole
  if (protocol === 'speech-recognition' || sent.isInPieces || /diarize/.test(parsed.model ?? '')) return bound
  const input = audioSeconds * TOKENS_A_SECOND + sent.textBytes + FRAME
  const isGpt4o = /gpt-4o-(?:mini-)?transcribe/.test(parsed.model ?? '')
  const tokens = { input, output: isGpt4o ? MOST_OF_GPT_4O : limitsOf(parsed.model).output }
  // Mistral charges both
  return { ...bound, or: provider === 'mistral_ai' ? { ...tokens, audioSeconds } : tokens }
}
