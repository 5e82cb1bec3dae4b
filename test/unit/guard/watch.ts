// A guard that looks for loops, and for nothing else.
import { createGuard } from '../../../src/app/guard/guard'
import type { CallGuard, LlmTapOptions } from '../../../src/app/llm/observe/options'
import { pricer } from './recorded'

export function watch(loops: 'report' | 'stop' = 'stop', loopsAllow: string[] = []): CallGuard {
  const holder = {} as LlmTapOptions
  createGuard(holder, pricer, { serviceName: 'a', resourceAttributes: {} }).watchLoops({ loops, loopsAllow })
  return holder.guard!
}
