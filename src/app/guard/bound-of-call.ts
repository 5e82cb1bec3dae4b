// An upper bound of what a call uses, from its request: of texts, of what is charged by another measure, and of what has none.
import type { GuardedCall } from '../llm/observe/options'
import { boundOf } from './bound'
import type { Bound, BoundedRequest, Unbounded } from './bounded-request'
import { boundOfImages, boundOfPredictedImages } from './image-bound'
import type { GuardOptions } from './options'
import { boundOfRerank } from './rerank-bound'
import { boundOfSpeech } from './speech-bound'
import { boundOfTranscription } from './transcription-bound'

type BoundOf = (request: BoundedRequest) => Bound | Unbounded | Promise<Bound | Unbounded>

const others: Partial<Record<GuardedCall['protocol'], BoundOf>> = {
  'openai-images': boundOfImages,
  'google-predict': boundOfPredictedImages,
  'openai-speech': boundOfSpeech,
  'speech-synthesis': boundOfSpeech,
  'openai-transcriptions': boundOfTranscription,
  'speech-recognition': boundOfTranscription,
  rerank: boundOfRerank,
}

/** @param onProblem gets what is wrong with the app's function */
export function boundOfCall(
  request: BoundedRequest,
  countTokens?: GuardOptions['countTokens'],
  onProblem?: (problem: string) => void,
): Bound | Unbounded | Promise<Bound | Unbounded> {
  return others[request.protocol]?.(request) ?? boundOf(request, countTokens, onProblem)
}
