// What became of each conversation, for the person who started the demo. Called by main.ts.
import { retention } from '../../src/shared/tiers'
import type { Answer, Explored } from './explore'
import type { Stage } from './stage'
import { type Call, tierText, type Verdict } from './verdict'

export function report(verdicts: readonly Verdict[], explored: Explored | undefined, stage: Stage): string {
  return ['', ...verdicts.map(lines), ...(explored?.answers ?? []).map(answerText), next(explored, stage)].join('\n')
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

function answerText({ command, lines }: Answer): string {
  return [`$ ${command}`, ...lines.map(line => `  ${line}`), ''].join('\n')
}

function next(explored: Explored | undefined, { collector, live }: Stage): string {
  const { kept } = explored ?? {}
  return [
    'Where to look next',
    ...(kept
      ? [`  ${kept.url}         the explorer; it runs until "kill ${kept.pid}"`]
      : ['  npm run demo -- --keep        leaves the explorer running, to look around in it']),
    '  README.md, "Use it"           one flag in front of an app of yours',
    '  README.md, "What is captured, and what is not" and "How long traces are kept"',
    '  npx afn-otel doctor           what works in your app and what does not',
    ...(collector ? [] : ['  npm run demo -- --collector   the same with the real Collector deciding']),
    ...(live ? [] : ['  npm run demo -- --live        the same with real providers and your key']),
    '  examples/chat                 the chat server, to copy',
  ].join('\n')
}
