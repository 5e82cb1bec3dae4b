// Converts an evaluation to attributes of its event or span.
import type { Attributes } from '@opentelemetry/api'
import {
  ATTR_AFN_LLM_EVALUATION_EVALUATOR_NAME,
  ATTR_AFN_LLM_EVALUATION_EVALUATOR_TYPE,
  ATTR_AFN_LLM_EVALUATION_OUTCOME,
  ATTR_AFN_LLM_EVALUATION_SCORE_MAX,
  ATTR_AFN_LLM_EVALUATION_SCORE_MIN,
  ATTR_AFN_LLM_EVALUATION_SCORE_NORMALIZED,
  ATTR_AFN_LLM_EVALUATION_THRESHOLD,
  ATTR_GEN_AI_EVALUATION_EXPLANATION,
  ATTR_GEN_AI_EVALUATION_NAME,
  ATTR_GEN_AI_EVALUATION_SCORE_LABEL,
  ATTR_GEN_AI_EVALUATION_SCORE_VALUE,
} from '../../../../../semconv'
import type { Judgement } from './judgement'

export function evaluationAttributes(judgement: Judgement): Attributes {
  const { name, score, threshold, outcome, label, explanation, evaluator } = judgement
  const hasOwnRange = score !== undefined && (score.min !== 0 || score.max !== 1)
  const all: Attributes = {
    [ATTR_GEN_AI_EVALUATION_NAME]: name,
    [ATTR_GEN_AI_EVALUATION_SCORE_VALUE]: score?.value,
    [ATTR_GEN_AI_EVALUATION_SCORE_LABEL]: label,
    [ATTR_GEN_AI_EVALUATION_EXPLANATION]: explanation,
    [ATTR_AFN_LLM_EVALUATION_SCORE_NORMALIZED]: score?.normalized,
    [ATTR_AFN_LLM_EVALUATION_SCORE_MIN]: hasOwnRange ? score.min : undefined,
    [ATTR_AFN_LLM_EVALUATION_SCORE_MAX]: hasOwnRange ? score.max : undefined,
    [ATTR_AFN_LLM_EVALUATION_THRESHOLD]: threshold,
    [ATTR_AFN_LLM_EVALUATION_OUTCOME]: outcome,
    [ATTR_AFN_LLM_EVALUATION_EVALUATOR_NAME]: evaluator.name,
    [ATTR_AFN_LLM_EVALUATION_EVALUATOR_TYPE]: evaluator.type,
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined))
}
