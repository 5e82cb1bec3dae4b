// `list-evaluations` and `list-worst-answers`: how evaluators and people judge answers.

import { getJson } from '../../../shared/queries/http'
import type { EvaluationKey, JudgedAnswer, JudgedAnswers, QualityAnswer, QualityGroup } from '../../api/quality-answers'
import { numberOf, offsetArgument, string, type Tool, textOf, wholeNumber } from '../tool'
import { describedWindow, isoOf, parametersOf, windowArguments, windowOf } from '../window'

export const listEvaluations: Tool = {
  name: 'list-evaluations',
  title: 'List evaluations',
  description: `Lists what was evaluated, by evaluation, evaluator and by, the most frequent first: how many answers passed and failed, the share that
passed and the mean score with their 95 % confidence intervals, and what an answer that passes costs. skipped: there was nothing to judge; errors: the
evaluator failed.`,
  input: {
    type: 'object',
    properties: {
      by: string('What also distinguishes groups. Default: model.', {
        enum: ['none', 'model', 'prompt', 'model,prompt'],
      }),
      service: string('Only this service.name.'),
      evaluation: string('Only this gen_ai.evaluation.name.'),
      ...windowArguments,
      offset: offsetArgument,
    },
  },
  async run(args, { backend, now }) {
    const window = windowOf(args, now())
    const { groups, total } = (await getJson(backend, 'api/afn/quality', {
      ...textsOf(args, ['by', 'service', 'evaluation']),
      ...parametersOf(window),
      limit: '1000',
    })) as QualityAnswer
    const offset = numberOf(args, 'offset', 0)
    return {
      facts: describedWindow(window),
      list: { name: 'evaluations', items: groups.slice(offset).map(groupOf), offset, total },
    }
  },
}

export const listWorstAnswers: Tool = {
  name: 'list-worst-answers',
  title: 'List the worst answers',
  description: `Lists evaluated answers, the worst first: verdict, score, explanation, the first words of prompt and answer where content is recorded, and
the trace. Scores on scales of their own are comparable only within one evaluation, so give evaluation for those.`,
  input: {
    type: 'object',
    properties: {
      evaluation: string('Only this gen_ai.evaluation.name.'),
      model: string('Only answers of this model.'),
      service: string('Only this service.name.'),
      ...windowArguments,
      limit: wholeNumber('Most answers that are listed.', 1, 200, 20),
    },
  },
  async run(args, { backend, now }) {
    const window = windowOf(args, now())
    const { answers, total, unranked } = (await getJson(backend, 'api/afn/quality/answers', {
      ...textsOf(args, ['evaluation', 'model', 'service']),
      ...parametersOf(window),
      limit: String(numberOf(args, 'limit', 20)),
    })) as JudgedAnswers
    return {
      facts: { ...describedWindow(window), unranked },
      list: { name: 'answers', items: answers.map(answerOf), total },
    }
  },
}

const textsOf = (args: Parameters<Tool['run']>[0], names: readonly string[]): Record<string, string> =>
  Object.fromEntries(
    names.flatMap(name => {
      const value = textOf(args, name)
      return value === undefined ? [] : [[name, value]]
    }),
  )

const keyOf = ({ evaluation, evaluator, scale, model, promptName, promptVersion }: EvaluationKey) => ({
  evaluation,
  evaluator: evaluator.name,
  evaluator_type: evaluator.type,
  scale,
  ...(model !== null && { model }),
  ...(promptName !== null && { prompt: promptName, prompt_version: promptVersion }),
})

const groupOf = (group: QualityGroup) => ({
  ...keyOf(group),
  evaluated: group.n,
  passed: group.passed,
  failed: group.failed,
  unrated: group.unrated,
  skipped: group.skipped,
  errors: group.errors,
  pass_share: group.passShare,
  score: group.score,
  cost_per_passed_answer: group.goodAnswer,
})

const answerOf = (answer: JudgedAnswer) => ({
  ...keyOf(answer),
  trace_id: answer.traceId,
  span_id: answer.spanId,
  time: isoOf(answer.time * 1_000),
  service: answer.service,
  verdict: answer.verdict,
  score: answer.score,
  label: answer.label,
  explanation: answer.explanation,
  prompt: answer.prompt,
  answer: answer.answer,
  cost_usd: answer.costUsd,
})
