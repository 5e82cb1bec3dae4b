// Series and single values over time.
import { instants, type Question, questionAt, series, type Window } from './question'

const functions = [
  '{ } | rate()',
  '{ } | count_over_time()',
  '{ name = "no such" } | rate()',
  '{ name = "no such" } | count_over_time() by (name)',
  '{ name = "no such" } | max_over_time(duration)',
  '{ status = error } | rate() by (resource.service.name)',
  '{ kind = server } | rate() by (resource.service.name, status)',
  '{ } | count_over_time() by (kind)',
  '{ } | count_over_time() by (kind, span.http.route)',
  '{ } | count_over_time() by (name, kind, status, resource.service.name, span.gen_ai.tool.name)',
  '{ } | count_over_time() by (span.gen_ai.request.model)',
  '{ } | count_over_time() by (span.gen_ai.request.model, span.gen_ai.provider.name)',
  '{ } | count_over_time() by (span.gen_ai.provider.name, span.gen_ai.tool.name)',
  '{ name =~ "[tT]yped.*" } | count_over_time() by (span.mixed)',
  '{ name =~ "[tT]yped.*" } | count_over_time() by (span.flag, span.int)',
  '{ } | count_over_time() by (.env)',
  '{ } | count_over_time() by (rootServiceName)',
  '{ } | count_over_time() by (rootName)',
  '{ } | count_over_time() by (instrumentation:name)',
  '{ } | count_over_time() by (statusMessage)',
  '{ span.属性 != nil } | count_over_time() by (span.属性)',
  '{ name = "typed" } | count_over_time() by (span."weird key")',
  '{ name =~ "process.*" } | count_over_time() by (event:name)',
  '{ name =~ "process.*" } | count_over_time() by (event.order)',
  '{ name =~ "process.*" } | count_over_time() by (event:timeSinceStart)',
  '{ name =~ "process.*" } | count_over_time() by (link.link.kind)',
  '{ name =~ "process.*" } | count_over_time() by (link:traceID)',
  '{ } | count_over_time() by (instrumentation.flavour, instrumentation:version)',
  '{ name = "typed" } | count_over_time() by (duration)',
  '{ name = "typed" } | count_over_time() by (trace:duration, trace:id)',
  '{ name = "leaf" } | count_over_time() by (span:id, span:parentID)',
  '{ span.depth = 2 } | count_over_time() by (nestedSetParent, span:childCount)',
  '{ } | avg_over_time(span.int) by (span.depth, span.node)',
  '{ kind = client } | quantile_over_time(duration, 0.5) by (span.no.such)',
  '{ name =~ "process.*" } | max_over_time(event.order)',
  '{ name = "tree" } | max_over_time(nestedSetRight)',
  '{ kind = client } | max_over_time(status)',
  '{ } | min_over_time(duration)',
  '{ } | max_over_time(duration) by (resource.service.name)',
  '{ kind = client } | avg_over_time(duration) by (name)',
  '{ kind = client } | sum_over_time(duration)',
  '{ span.afn.llm.cost.total != nil } | sum_over_time(span.afn.llm.cost.total) by (span.gen_ai.request.model)',
  '{ span.int != nil } | sum_over_time(span.int)',
  '{ } | avg_over_time(span.int)',
  '{ } | min_over_time(span.int)',
  '{ } | max_over_time(span.double) by (span.flag)',
  '{ } | avg_over_time(span.gen_ai.usage.input_tokens) by (span.gen_ai.request.model)',
  '{ } | max_over_time(span.mixed)',
  '{ } | max_over_time(.host.cpus) by (resource.service.name)',
  '{ span.name != nil } | sum_over_time(span.name)',
  '{ kind = client } | quantile_over_time(duration, 0.5)',
  '{ kind = client } | quantile_over_time(duration, 0, 0.5, 0.95, 1)',
  '{ kind = client } | quantile_over_time(duration, .99) by (resource.service.name)',
  '{ } | quantile_over_time(span.gen_ai.usage.input_tokens, 0.9) by (span.gen_ai.request.model)',
  '{ } | quantile_over_time(span.int, 0.5)',
  '{ kind = server } | histogram_over_time(duration)',
  '{ kind = server } | histogram_over_time(duration) by (status)',
  '{ } | histogram_over_time(span.gen_ai.usage.output_tokens)',
  '{ } | histogram_over_time(duration) by (span.gen_ai.operation.name)',
  // structure, groups and aggregates before numbers
  '{ kind = server } >> { status = error } | count_over_time()',
  '{ name = "tree" } > { } | rate() by (name)',
  '{ kind = client } | count() > 2 | count_over_time()',
  '{ name = "left" } && { name = "right" } | count_over_time() by (name)',
  '{ name = "left" } || { name = "typed" } | count_over_time() by (name)',
  '{ kind = client } | { status = error } | rate()',
  '{ kind = client } | select(name) | rate()',
  // what follows the numbers
  '{ } | count_over_time() by (name) | topk(3)',
  '{ } | count_over_time() by (span.db.collection.name) | topk(2)',
  '{ kind = client } | avg_over_time(duration) by (name) | bottomk(2)',
  '{ } | rate() | topk(5)',
  '{ } | rate() by (resource.service.name) > 3',
  '{ } | count_over_time() by (name) >= 50',
  '{ } | count_over_time() by (name) != 0 | topk(2)',
  '{ } | count_over_time() by (name) | topk(4) > 60',
  '{ kind = client } | max_over_time(duration) by (name) > 1s',
  '{ kind = client } | max_over_time(duration) by (name) < 0.5',
  // between numbers
  '({ status = error } | count_over_time()) / ({ } | count_over_time())',
  '({ status = error } | rate() by (resource.service.name)) / ({ } | rate() by (resource.service.name))',
  '({ status = error } | rate() by (resource.service.name)) / ({ } | rate())',
  '({ } | rate()) - ({ status = error } | rate() by (resource.service.name))',
  '({ kind = client } | sum_over_time(duration) by (name)) / ({ kind = client } | count_over_time() by (name))',
  '100 * ({ status = error } | rate()) / ({ } | rate())',
  '({ } | rate()) * 60',
  '1 / ({ } | rate())',
  '({ } | rate()) + 1 - 0.5',
  '(({ } | rate()) + ({ } | rate())) / 2',
  '({ } | rate() by (name) | topk(2)) * 10',
  '({ } | count_over_time() by (kind)) - 3 > 100',
  '(({ status = error } | rate() by (name)) / ({ } | rate() by (name))) | topk(3)',
  '({ name = "no such" } | rate()) / ({ } | rate())',
  '({ } | rate()) / ({ name = "no such" } | rate())',
  '({ name = "no such" } | max_over_time(duration)) / ({ } | rate())',
  // hints
  '{ } | rate() with (exemplars=false)',
  '{ } | count_over_time() by (kind) with (unknown="x")',
  '{ } | count_over_time() with (debug=true)',
] as const

const defects: readonly [string, string][] = [
  ['{ } | sum_over_time(span.int)', 'in Tempo a span that lacks the attribute resets the sum'],
  [
    '{ } | sum_over_time(span.afn.llm.cost.total) by (resource.service.name)',
    'in Tempo a span that lacks it resets the sum',
  ],
  ['{ } | max_over_time(trace:duration)', 'Tempo gives trace:duration in nanoseconds, every other duration in seconds'],
  ['{ } | max_over_time(event:timeSinceStart)', 'Tempo gives it in nanoseconds, and durations of spans in seconds'],
  ['{ } | quantile_over_time(span.afn.llm.cost.total, 0.5)', 'Tempo has no buckets for doubles and answers nothing'],
  ['{ } | histogram_over_time(span.double)', 'Tempo has no buckets for doubles and answers nothing'],
  ['{ } | count_over_time() by (span.list)', 'Tempo takes an array of two or more for nil'],
]

const comparisons = [
  '{ kind = server } | compare({ status = error }, 1000)',
  '{ span.depth != nil } | compare({ span.node = "a" }, 100)',
  '{ span.属性 != nil } | compare({ span.int > 3 }, 1000)',
  '{ span.gen_ai.tool.name != nil } | compare({ duration > 50ms }, 1000)',
  '{ name =~ "SELECT.*" } | compare({ duration > 1s }, 1000)',
  '{ nestedSetParent < 0 } | compare({ status = error }, 1000)',
  '{ kind = server } | compare({ name = "no such" }, 1000)',
  '{ name = "no such" } | compare({ status = error })',
]

const ns = (seconds: number, more: bigint) => String(BigInt(seconds) * 1_000_000_000n + more)

/**
 * Of a comparison, what Tempo makes of columns of its own, whether a span has the attribute or not; what the filter reads,
 * which it counts twice; and values that it has as nil only: arrays and what can't be searched.
 */
const leavesOut =
  /"(span\.(http|server|url)\.|resource\.k8s\.|name"|status"|kind"|span\.(depth|属性|node|int|list|opaque|gen_ai\.(response|tool))|resource\.process)/

/** Other grids than ten seconds. */
const grids: ((window: Window) => Record<string, string>)[] = [
  () => ({ step: '5s' }),
  () => ({ step: '7s' }),
  () => ({ step: '30' }),
  () => ({ step: '1m30s' }),
  () => ({ step: '0.5' }),
  ({ start, end }) => ({ start: String(start + 3), end: String(end - 4) }),
  ({ start }) => ({ start: ns(start + 20, 1n), end: ns(start + 40, 1n) }),
  ({ start }) => ({ start: ns(start + 20, 0n), end: ns(start + 40, 0n), step: '20s' }),
  ({ start }) => ({
    start: new Date((start + 10) * 1_000).toISOString(),
    end: new Date((start + 61) * 1_000).toISOString(),
  }),
]

export const metrics: Question[] = [
  ...series([...functions, ...defects]),
  ...series(comparisons).map(question => ({ ...question, leavesOut })),
  {
    ...questionAt('series', 'api/metrics/query_range', ({ start }) => ({
      q: `{ kind = server } | compare({ status = error }, 1000, ${ns(start, 0n)}, ${ns(start + 40, 0n)})`,
      step: '10s',
      exemplars: '0',
    })),
    leavesOut,
  },
  ...grids.flatMap((grid, index) => [
    ...series(['{ } | count_over_time() by (kind)'], grid).map(question => named(question, index)),
    ...series(['{ kind = client } | max_over_time(duration)'], grid).map(question => named(question, index)),
  ]),
  // of nothing, since an earlier run may stand in this time
  ...series(['{ name = "no such" } | rate()'], ({ end }) => ({ start: String(end - 3_000) })).map(
    ({ parameters, ...question }) => ({
      ...question,
      text: `${question.text}, default step`,
      parameters: (window: Window) => {
        const { step: _, ...rest } = parameters(window)
        return rest
      },
    }),
  ),
  ...instants([
    ...functions.filter(query => !query.includes('with')),
    '{ } | count_over_time() by (span.user.id) | topk(3)',
    ...defects,
  ]),
]

function named(question: Question, grid: number): Question {
  const parameters = grids[grid]!({ start: 0, end: 100 })
  return { ...question, text: `${question.text}, ${JSON.stringify(parameters)}` }
}
