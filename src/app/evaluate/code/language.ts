// Whether the answer is in the language that it should be in.
import type { JudgeByCode } from '../evaluator'
import { languageOf } from '../languages'

export interface LanguageOptions {
  /** Codes such as `de`, one or several; `question`: the language of the user's last message. Default `question`. */
  readonly expected?: string | readonly string[]
}

export function language({ expected = 'question' }: LanguageOptions): JudgeByCode {
  return function* ({ question, answer }) {
    const found = languageOf(answer)
    yield
    const asked = expected === 'question' ? languageOf(question) : undefined
    const wanted = expected === 'question' ? [asked] : [expected].flat()
    // of a word or two nobody can tell
    if (found === undefined || wanted[0] === undefined) return undefined
    const isRight = wanted.includes(found)
    return {
      score: isRight ? 1 : 0,
      label: isRight ? 'pass' : 'fail',
      explanation: `the answer is in ${found}${isRight ? '' : `, not in ${wanted.join(' or ')}`}`,
    }
  }
}
