// What conditions on one span find.
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Store } from '../../../../src/local/store/store'
import { found, smallStore } from './ask'

/** Query, and what it finds in data.ts. */
const groups: [string, [string, string][]][] = [
  [
    'types',
    [
      ['{ span.mixed = 42 }', 'types(int)'],
      ['{ span.mixed = 42.0 }', 'types(float)'],
      ['{ span.mixed = "42" }', 'types(text)'],
      ['{ span.mixed = true }', 'types(bool)'],
      ['{ span.mixed != 42 }', ''],
      ['{ span.mixed > 41 }', 'types(int)'],
      ['{ span.half > 1 }', ''],
      ['{ span.half > 1.0 }', 'types(float)'],
      ['{ span.mixed + 0 > 41 }', 'types(int, float)'],
      ['{ span.big = 9007199254740993 }', 'types(int)'],
      ['{ span.big = 9007199254740992 }', ''],
      ['{ span.most = maxInt }', 'numbers(n1)'],
      ['{ span.retries > 1s }', ''],
    ],
  ],
  [
    'nil',
    [
      [
        '{ span.rows = nil && resource.service.name = "shop" }',
        'broken(POST /pay, charge, audit) shop(GET /cart, load, render)',
      ],
      ['{ span.rows != nil }', 'shop(SELECT, SELECT)'],
      ['{ span.nothing != 1 }', ''],
      ['{ span.nothing !~ "x" }', ''],
      ['{ span.nothing + 1 != 5 }', ''],
      ['{ span.flag }', ''],
      ['{ !span.flag }', 'types(bool)'],
      ['{ !(span.level > 0) && resource.service.name = "tree" }', 'tree(root)'],
    ],
  ],
  [
    'scopes',
    [
      ['{ resource.region = "eu" }', 'nameless(without service) shop(GET /cart, load, SELECT, SELECT, render)'],
      ['{ span.region = "us" }', 'shop(GET /cart)'],
      ['{ .region = "eu" }', 'nameless(without service) shop(SELECT, SELECT, render)'],
      ['{ .region = 5 }', 'shop(load)'],
      ['{ .tier = "gold" && name = "load" }', 'shop(load)'],
      ['{ .tier = nil && kind = server }', 'cheap(ask) agent(ask) broken(POST /pay)'],
      ['{ instrumentation.flavour = "plain" && kind = server }', 'shop(GET /cart)'],
      ['{ resource.service.name = "" }', 'nameless(without service)'],
      ['{ resource.service.name =~ "サ.*" }', 'names(two\nlines, Case)'],
    ],
  ],
  [
    'names and texts',
    [
      ['{ span."weird key" = "v" }', 'names(two\nlines)'],
      ['{ span."with\\"quote" = "q" }', 'names(two\nlines)'],
      ['{ span.鍵 = "値" }', 'names(two\nlines)'],
      [`{ span."it's" = "don't; DROP TABLE spans" }`, 'names(two\nlines)'],
      ['{ span.back = "C:\\\\dir" }', 'names(two\nlines)'],
      ['{ span.back = `C:\\dir` }', 'names(two\nlines)'],
      ['{ span.nul = "a\\x00b" }', 'names(Case)'],
      ['{ span.other > "Z" }', 'types(text)'],
      ['{ span.word = "hello" }', ''],
    ],
  ],
  [
    'regex',
    [
      ['{ name =~ "SEL" }', ''],
      ['{ name =~ "load|SEL.*" }', 'shop(load, SELECT, SELECT)'],
      ['{ name =~ "load|SELECT" }', 'shop(load, SELECT, SELECT)'],
      ['{ name =~ "two.lines" }', 'names(two\nlines)'],
      ['{ name =~ "(?i)two.*" }', 'names(two\nlines) events(two events)'],
      ['{ span.other =~ "\\\\p{Lu}.*" }', 'types(text)'],
      [
        '{ name !~ "load|SEL.*" && resource.service.name = "shop" && kind != server }',
        'broken(charge, audit) shop(render)',
      ],
    ],
  ],
  [
    'arrays',
    [
      ['{ span.tags = "red" }', 'arrays(three, one)'],
      ['{ span.tags != "red" }', 'arrays(three)'],
      ['{ span.tags =~ "gr.*" }', 'arrays(three)'],
      ['{ span.tags !~ "red" }', 'arrays(three)'],
      ['{ span.sizes > 8 }', 'arrays(three)'],
      ['{ span.sizes > 5.0 }', ''],
      ['{ span.marks = true }', 'arrays(floats)'],
      ['{ span.tags != nil }', 'arrays(three, one)'],
      ['{ span.tags = nil && resource.service.name = "arrays" }', 'arrays(floats)'],
    ],
  ],
  [
    'events and links',
    [
      ['{ event:name = "cache" }', 'events(two events, one event)'],
      ['{ event:name = "cache" && event.x = 2 }', 'events(one event)'],
      ['{ event:name = "cache" && event:name = "retry" }', ''],
      ['{ event:name = "cache" } && { event:name = "note" }', 'events(two events, one event, bare event)'],
      ['{ (event.x = 1 || event.why = "busy") && event:timeSinceStart > 10ms }', 'events(two events)'],
      ['{ event:name = "note" || name = "no event" }', 'events(bare event, no event)'],
      ['{ event.x = nil }', 'events(bare event)'],
      ['{ event.x != nil }', 'events(two events, one event)'],
      ['{ event.x = span.nothing }', ''],
      ['{ !(event.x = 2) && resource.service.name = "events" }', 'events(bare event, no event)'],
      ['{ link.how = "follow" && link:spanID = "1234567890abcdef" }', 'links(linked)'],
      ['{ link.how = "batch" && link:spanID = "1234567890abcdef" }', ''],
      ['{ link:traceID = "ff" }', 'links(linked)'],
      ['{ link:traceID = "000000000000000000000000000000ff" }', 'links(linked)'],
      ['{ link:spanID = "00000000000000aa" }', 'links(linked)'],
    ],
  ],
  [
    'arithmetic',
    [
      ['{ span.n / span.m = 3 }', 'numbers(n1)'],
      ['{ span.n % span.m = 1 }', 'numbers(n1)'],
      ['{ span.n + span.m > 8 }', 'numbers(n1, n3)'],
      ['{ span.n * 2 > 10 }', 'numbers(n1, n3)'],
      ['{ -span.n = 3 }', 'numbers(n2)'],
      ['{ span.n ^ 2 = 49 }', 'numbers(n1, n3)'],
      ['{ span.n / span.z = -3 }', 'numbers(n2)'],
      ['{ span.most + 1 > 0 }', 'numbers(n1)'],
      ['{ span.q > 1.0 }', 'numbers(n1)'],
      ['{ span.q != 2.5 }', 'numbers(n2)'],
      ['{ span.q / 0.0 > 5.0 }', 'numbers(n1)'],
      ['{ span.a = span.b }', 'numbers(n3)'],
      ['{ span.a != span.b }', 'numbers(n4)'],
      ['{ span.n = span.m }', 'numbers(n3)'],
      ['{ span.retries * 10 > span.limit }', 'broken(charge)'],
      ['{ 450 < span.http.response.status_code }', 'broken(POST /pay)'],
      ['{ span.on && span.off || span.on }', 'numbers(n4)'],
    ],
  ],
  [
    'precedence',
    [
      ['{ kind = server || kind = client && status = error }', 'broken(POST /pay, charge)'],
      [
        '{ kind = server || (kind = client && status = error) }',
        'cheap(ask) agent(ask) broken(POST /pay, charge) shop(GET /cart)',
      ],
      ['{ name = "load" } || { kind = server } && { name = "audit" }', 'broken(POST /pay, audit)'],
    ],
  ],
  [
    'intrinsics',
    [
      ['{ duration > 2.4s }', 'broken(POST /pay) long(report)'],
      ['{ duration >= 2400000000 }', 'broken(POST /pay, charge) long(report)'],
      ['{ duration = 2s500ms }', 'broken(POST /pay)'],
      ['{ span:duration < 2ms && kind = producer }', 'broken(audit)'],
      ['{ status = error }', 'broken(POST /pay, charge)'],
      ['{ span:status != unset }', 'broken(POST /pay, charge, audit)'],
      ['{ statusMessage = "timeout" }', 'broken(charge)'],
      ['{ span:statusMessage =~ "card.*" }', 'broken(POST /pay)'],
      ['{ kind = producer }', 'broken(audit)'],
      ['{ span:kind = server && span:name = "ask" }', 'cheap(ask) agent(ask)'],
      ['{ traceDuration > 5s }', 'long(report, page)'],
      ['{ trace:duration > 2s && trace:duration < 3s && kind = server }', 'broken(POST /pay)'],
      ['{ rootName = "ask" && kind = server }', 'cheap(ask) agent(ask)'],
      ['{ trace:rootService = "shop" && name = "load" }', 'shop(load)'],
      ['{ rootName = "" }', 'orphans(upper, lower)'],
      ['{ rootServiceName = "" && rootName != "" }', 'nameless(without service)'],
      ['{ trace:id = "1" && kind = server }', 'shop(GET /cart)'],
      ['{ trace:id = "00000000000000000000000000000001" && kind = server }', 'shop(GET /cart)'],
      ['{ span:id = "0000000000000101" }', 'shop(GET /cart)'],
      ['{ span:parentID = "0000000000000101" }', 'shop(load, render)'],
      ['{ instrumentation:name = "http" && instrumentation:version = "1.2.3" && kind = server }', 'shop(GET /cart)'],
    ],
  ],
]

let store: Store
beforeAll(async () => {
  store = await smallStore()
})
afterAll(() => store.close())

describe.each(groups)('%s', (_, queries) => {
  it.each(queries)('%s', async (query, spans) => {
    expect(await found(store, query)).toBe(spans)
  })
})
