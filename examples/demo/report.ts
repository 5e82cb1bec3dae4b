// What became of each conversation, for the person who started the demo. Called by main.ts.
import { retention } from '../../src/tiers'
import type { Stage } from './stage'
import { type Call, tierText, type Verdict } from './verdict'

export function report(verdicts: readonly Verdict[], { collector, live }: Stage): string {
  return ['', ...verdicts.map(lines), next(collector, live)].join('\n')
}

function lines({ talked, decision, calls, masks, problems }: Verdict): string {
  const { conversation, outcome, traceId } = talked
  const facts = decision
    ? [
        `${tierText(decision)}, kept ${retention.traces[decision.tier]} days`,
        ...calls.map(callText),
        `redacted: ${[...masks].map(([tag, count]) => `${count} ${tag}`).join(', ') || 'nothing'}`,
        `trace ${traceId}`,
      ]
    : [outcome]
  return [...facts, ...problems.map(problem => `WRONG: ${problem}`)]
    .map((fact, i) => `  ${(i ? '' : conversation.name).padEnd(9)} ${fact}\n`)
    .join('')
}

function callText({ model, status, inputTokens, outputTokens, costUsd, firstToken }: Call): string {
  const parts = [`${model} answered ${status}`]
  if (inputTokens !== undefined) parts.push(`${inputTokens} tokens in, ${outputTokens} out`)
  if (costUsd !== undefined) parts.push(`${costUsd.toFixed(8)} USD`)
  if (firstToken !== undefined) parts.push(`first token after ${Math.round(firstToken * 1000)} ms`)
  return parts.join(', ')
}

function next(collector: boolean, live: boolean): string {
  return [
    'Where to look next',
    '  README.md, "Use it"           one flag in front of an app of yours',
    '  README.md, "What is captured, and what never is" and "How long a trace lives"',
    '  npx afn-otel doctor           what works in your app and what does not',
    ...(collector ? [] : ['  npm run demo -- --collector   the same with the real Collector deciding']),
    ...(live ? [] : ['  npm run demo -- --live        the same with real providers and your key']),
    '  examples/chat                 the chat server, to copy',
  ].join('\n')
}
