/** Expressions of PromQL over the points of points.ts: some by hand, and any number at random. */
import { Random } from '../../support/random'

export const byHand: readonly string[] = [
  '1 + 2 * 3 ^ 2 ^ 0.5 % 5',
  '-2 ^ 2',
  '1e3 - 0x1F + 5m',
  '1 > bool 2',
  'pi() * time()',
  '"text"',
  'vector(1)',
  'scalar(load_ratio{zone="eu"})',
  'scalar(load_ratio)',
  'load_ratio',
  'load_ratio offset 3m',
  'load_ratio offset -3m',
  '-load_ratio',
  'afn_llm_cost_total{gen_ai_request_model!="gpt-4o-mini"}',
  'afn_llm_cost_total{gen_ai_request_model=~"gpt.*|cl[a-z]+de-x"}',
  'afn_llm_cost_total{gen_ai_request_model!~"gpt.*"}',
  'afn_llm_cost_total{nothing=""}',
  '{__name__=~"load.*|tokens_total"}',
  '{service_name="api", __name__!~".*bucket"}',
  'target_info',
  'load_ratio * on (job, instance) group_left (host_name) target_info',
  'ended',
  'count_over_time(ended[3m])',
  'pause_milliseconds',
  'pause_milliseconds_sum / pause_milliseconds_count',
  'rate(afn_llm_cost_total[1m])',
  'rate(afn_llm_cost_total[47s])',
  'increase(tokens_total[5m])',
  'increase(tokens_total[10m] offset 2m)',
  'irate(tokens_total[2m])',
  'delta(load_ratio[2m])',
  'idelta(load_ratio[2m])',
  'deriv(process_uptime_seconds[3m])',
  'predict_linear(process_uptime_seconds[5m], 600)',
  'changes(in_flight[3m])',
  'resets(tokens_total[20m])',
  ...['avg', 'min', 'max', 'sum', 'count', 'stddev', 'stdvar', 'last', 'present'].map(
    name => `${name}_over_time(load_ratio[2m])`,
  ),
  'quantile_over_time(0.7, load_ratio[4m])',
  'absent_over_time(afn_llm_cost_total{gen_ai_request_model="none"}[2m])',
  'absent_over_time(tokens_total{service_name="worker"}[2m])',
  'absent(tokens_total{service_name="worker"})',
  'absent(sum(tokens_total{service_name="nobody"}))',
  ...['sum', 'avg', 'min', 'max', 'count', 'group', 'stddev', 'stdvar'].flatMap(name => [
    `${name}(load_ratio)`,
    `${name} by (service_name, zone) (in_flight)`,
    `${name} without (le) (http_server_request_duration_seconds_bucket)`,
  ]),
  // of equal ones Prometheus itself keeps any
  'topk(2, process_uptime_seconds)',
  'topk by (service_name) (1, load_ratio)',
  'bottomk by (service_name) (1, afn_llm_cost_total)',
  'quantile by (http_request_method) (0.3, http_server_request_duration_seconds_count)',
  'count_values("value", in_flight)',
  'histogram_quantile(0.95, sum by (le) (rate(http_server_request_duration_seconds_bucket[5m])))',
  'histogram_quantile(0.5, rate(http_server_request_duration_seconds_bucket[5m]))',
  'histogram_quantile(0.99, http_server_request_duration_seconds_bucket)',
  'histogram_fraction(0.2, 2, rate(http_server_request_duration_seconds_bucket[5m]))',
  // biome-ignore lint/suspicious/noTemplateCurlyInString: it is the language of label_replace
  'label_replace(load_ratio, "short", "$1-${2}", "service_name", "(.)(.*)")',
  'label_replace(load_ratio, "service_name", "", "service_name", "shop")',
  'label_replace(load_ratio, "to", "$name", "service_name", "(?P<name>a)pi")',
  'label_join(load_ratio, "all", "/", "service_name", "zone")',
  'clamp(load_ratio, 0, 50)',
  'clamp_min(load_ratio, 10)',
  'clamp_max(load_ratio, 10)',
  'round(load_ratio, 5)',
  'round(load_ratio)',
  'abs(load_ratio)',
  'sgn(load_ratio)',
  'sqrt(load_ratio)',
  'ln(load_ratio)',
  'exp(load_ratio / 100)',
  'timestamp(load_ratio)',
  'timestamp(load_ratio + 1)',
  'day_of_month()',
  'days_in_month(vector(1708000000))',
  'day_of_year(vector(1708000000))',
  'hour(process_uptime_seconds)',
  'minute()',
  'month()',
  'year()',
  'load_ratio > 10',
  'load_ratio > bool 10',
  '10 < load_ratio',
  'load_ratio and in_flight',
  'load_ratio and on (service_name) (tokens_total > 1000)',
  'load_ratio or in_flight',
  'tokens_total unless on (service_name) (load_ratio > 20)',
  'sum by (service_name) (tokens_total) / on (service_name) sum by (service_name) (in_flight)',
  'tokens_total / ignoring (kind) in_flight',
  'tokens_total * on (service_name) group_left (zone) load_ratio',
  'load_ratio * on (service_name) group_right afn_llm_cost_total',
  'afn_llm_cost_total == afn_llm_cost_total',
  'afn_llm_cost_total > on (service_name, gen_ai_request_model) afn_llm_cost_total offset 5m',
  'load_ratio @ end()',
  'rate(tokens_total[5m] @ start())',
  'avg_over_time(load_ratio[5m:30s])',
  'max_over_time(rate(tokens_total[1m])[5m:])',
  'max_over_time(sum(in_flight)[5m:20s] offset 1m)',
  'sum_over_time((load_ratio > 20)[3m:10s] @ end())',
  'quantile_over_time(scalar(load_ratio{zone="eu"}) / 200, in_flight[3m])',
  'sum(rate(afn_llm_cost_total[5m])) by (service_name) > 0.001 or vector(0)',
  '((sum(in_flight)) or (sum(in_flight)) * 0) / ((sum(in_flight)) > 0)',
  'sort_desc(in_flight)',
  '# of all\nsum( # "(\n  in_flight # [\n)',
  '1. + 2. * load_ratio',
  'sum_over_time(in_flight[1m + step() * 2])',
  'max_over_time(in_flight[min_of(range() + 1m, 5m)] offset -(1m))',
]

/** What Prometheus refuses too, with the same status. */
export const refused: readonly string[] = [
  '',
  'sum(',
  'load_ratio[5m',
  'rate(load_ratio)',
  'load_ratio[5m] + 1',
  'nosuch(load_ratio)',
  '{}',
  '{a=~".*"}',
  'sum by (a) (1)',
  '1 > 2',
  '1 and 2',
  'load_ratio offset 5m offset 3m',
  'sum(load_ratio) offset 5m',
  'load_ratio{a="b',
  'topk(load_ratio)',
  'in_flight * on (kind) tokens_total',
  'load_ratio + on () in_flight',
  'load_ratio + on (service_name) afn_llm_cost_total',
  'sum(load_ratio)[5m]',
  'clamp(load_ratio, 1)',
  'abs(load_ratio > bool on (a) group_left (a) in_flight)',
  'label_replace(load_ratio, "a", "$1", "zone", "(")',
  '{__name__=~"("}',
  'load_ratio[5x]',
  'quantile("a", load_ratio)',
  '# nothing',
  'load_ratio[1m - 1m]',
  'load_ratio[1m / 0]',
]

const gauges = ['load_ratio', 'in_flight', 'process_uptime_seconds', 'ended']
const counters = [
  'afn_llm_cost_total',
  'tokens_total',
  'http_server_request_duration_seconds_count',
  'http_server_request_duration_seconds_bucket',
]
const labels = ['service_name', 'job', 'zone', 'kind', 'gen_ai_request_model', 'http_request_method', 'le', 'nothing']

/** Expressions of some depth that are right in their types; what they mean may be refused all the same. */
export function* atRandom(seed: number, count: number): Iterable<string> {
  const random = new Random(seed)
  for (let at = 0; at < count; at++) yield vector(random, 1 + random.below(4))
}

const range = (random: Random) => `${random.pick([16, 31, 60, 97, 300, 700])}s`

function matchers(random: Random): string {
  if (random.chance(0.6)) return ''
  return random.pick([
    '{service_name="api"}',
    '{service_name!="shop"}',
    '{service_name=~"a.*|w.+"}',
    '{job!~"acme/.*"}',
    '{zone=""}',
    '{nothing!="x"}',
  ])
}

function shift(random: Random): string {
  return random.chance(0.8) ? '' : random.pick([' offset 2m', ' offset -1m', ' @ end()', ' @ start()'])
}

function selector(random: Random): string {
  return random.pick([...gauges, ...counters]) + matchers(random)
}

function grouping(random: Random): string {
  if (random.chance(0.3)) return ''
  const names = random
    .shuffle(labels)
    .slice(0, 1 + random.below(3))
    .join(', ')
  return ` ${random.pick(['by', 'without'])} (${names}) `
}

function matrix(random: Random, depth: number): string {
  if (depth > 1 && random.chance(0.3))
    return `(${vector(random, depth - 1)})[${range(random)}:${random.pick(['', '10s', '23s', '1m'])}]${shift(random)}`
  return `${selector(random)}[${range(random)}]${shift(random)}`
}

function number(random: Random, depth: number): string {
  if (depth > 1 && random.chance(0.2)) return `scalar(${vector(random, depth - 1)})`
  return random.pick(['0', '1', '2.5', '-3', '100', '1e-3', 'time() / 1e6', 'NaN', 'Inf'])
}

const overTime = (names: string) => names.split(' ').map(name => `${name}_over_time`)
const ranged = [
  ...'rate increase irate delta idelta deriv changes resets'.split(' '),
  ...overTime('avg min max sum count stddev stdvar last present absent'),
]
const simple = 'abs ceil floor exp sqrt ln log2 log10 sgn sin cos atan deg rad minute day_of_week absent sort'.split(
  ' ',
)

function vector(random: Random, depth: number): string {
  if (depth <= 0) return selector(random) + shift(random)
  const inner = () => vector(random, depth - 1)
  const kind = random.below(13)
  if (kind < 3) return `${random.pick(ranged)}(${matrix(random, depth)})`
  if (kind < 6) {
    const name = random.pick('sum avg min max count group stddev stdvar'.split(' '))
    return `${name}${grouping(random)}(${inner()})`
  }
  if (kind === 6) return `quantile${grouping(random)}(${random.pick(['0.1', '0.5', '0.99', '1', '2'])}, ${inner()})`
  if (kind === 7) return `${random.pick(simple)}(${inner()})`
  if (kind === 8) {
    const operator = random.pick(['+', '-', '*', '/', '%', '^', 'atan2', '==', '!=', '>', '<', '>=', '<=', '> bool'])
    const sides = [inner(), number(random, depth)]
    return random.chance(0.5) ? `(${sides[0]} ${operator} ${sides[1]})` : `(${sides[1]} ${operator} ${sides[0]})`
  }
  if (kind === 9) {
    const operator = random.pick(['+', '-', '*', '/', '>', '== bool', 'and', 'or', 'unless'])
    const matching = random.chance(0.4) ? '' : ` ${random.pick(['on', 'ignoring'])} (${random.pick(labels)})`
    return `(${inner()} ${operator}${matching} ${inner()})`
  }
  if (kind === 10) {
    const matching = `on (${random.pick(['service_name', 'job', 'instance'])})`
    return `(${inner()} * ${matching} ${random.pick(['group_left', 'group_right'])} (zone) sum by (service_name, job, instance, zone) (${inner()}))`
  }
  if (kind === 11)
    return `histogram_quantile(${random.pick(['0.5', '0.95', '-1', '0'])}, rate(http_server_request_duration_seconds_bucket${matchers(random)}[${range(random)}]))`
  return random.pick([
    `clamp_min(${inner()}, ${number(random, depth)})`,
    `clamp(${inner()}, -5, ${number(random, depth)})`,
    `round(${inner()}, 0.5)`,
    `-(${inner()})`,
    `label_replace(${inner()}, "a", "$1", "service_name", "(.).*")`,
    `label_join(${inner()}, "b", "-", "service_name", "job")`,
    `timestamp(${inner()})`,
    `quantile_over_time(0.4, ${matrix(random, depth)})`,
    `predict_linear(${matrix(random, depth)}, 60)`,
    `count_values${grouping(random)}("value", ${inner()})`,
  ])
}
