// Two who decide about one call.
import type { Admission } from '../llm/observe/options'

/** The call is sent where both agree. */
export function inTurn(first: Admission, second: Omit<Admission, 'answered'>): Admission {
  return {
    decision: first.decision.then(refusal => refusal ?? second.decision),
    sent() {
      first.sent()
      second.sent()
    },
    answered: first.answered && (answer => first.answered?.(answer)),
    ends(span, counts) {
      first.ends(span, counts)
      second.ends(span, counts)
    },
  }
}
