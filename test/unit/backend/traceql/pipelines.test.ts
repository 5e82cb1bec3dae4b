// What stages behind the first make of its spans.
import { describeAnswers } from './ask'

describeAnswers([
  [
    'pipelines',
    [
      ['{ kind = client } | count() > 2', 'agent(count()=3: chat small, chat small, chat large)'],
      ['{ kind = client } | count() > 1.5 | { name = "SELECT" }', 'shop(count()=2: SELECT, SELECT)'],
      ['{ span.rows > 0 } | sum(span.rows) = 9', 'shop(sum(span.rows)=9: SELECT, SELECT)'],
      ['{ span.rows > 0 } | avg(span.rows) > 4', 'shop(avg(span.rows)=4.5: SELECT, SELECT)'],
      ['{ span.rows > 0 } | max(span.rows) > 6', 'shop(max(span.rows)=7: SELECT, SELECT)'],
      ['{ span.rows > 0 } | min(span.rows) < 3', 'shop(min(span.rows)=2: SELECT, SELECT)'],
      [
        '{ } | avg(duration) > 1s',
        'broken(avg(duration)=1.633666666s: POST /pay, charge, audit) long(avg(duration)=45.05s: report, page)',
      ],
      [
        '{ } | max(duration * 2) > 4s',
        'broken(max(duration * 2)=5000000000: POST /pay, charge, audit) long(max(duration * 2)=180000000000: report, page)',
      ],
      [
        '{ span.limit = nil || span.limit >= 0 } | avg(span.limit + 1) > 5',
        'broken(avg(span.limit + 1)=6: POST /pay, charge, audit)',
      ],
      [
        '{ kind = client } | by(name) | count() > 1',
        'cheap(by(name)=chat small: count()=2: chat small, chat small) agent(by(name)=chat small: count()=2: chat small, chat small) shop(by(name)=SELECT: count()=2: SELECT, SELECT)',
      ],
      [
        '{ kind = client } | by(name) | coalesce() | count() > 2',
        'agent(count()=3: chat small, chat small, chat large)',
      ],
      [
        '{ kind = client && resource.service.name = "agent" } | by(span.afn.llm.cost.total)',
        'cheap(by(span.afn.llm.cost.total)=nil: chat small; by(span.afn.llm.cost.total)=1: chat small) agent(by(span.afn.llm.cost.total)=0.25: chat small; by(span.afn.llm.cost.total)=0.5: chat small; by(span.afn.llm.cost.total)=2: chat large)',
      ],
      [
        '{ resource.service.name = "types" } | by(span.mixed)',
        'types(by(span.mixed)=42: int; by(span.mixed)=42: float; by(span.mixed)=42: text; by(span.mixed)=true: bool; by(span.mixed)=nil: none)',
      ],
      [
        '{ resource.service.name = "arrays" && span.tags != nil } | by(span.tags)',
        'arrays(by(span.tags)=[object Object]: three; by(span.tags)=red: one)',
      ],
      [
        '{ kind = client } | by(name) | by(kind) | count() > 1',
        'cheap(by(name)=chat small: by(kind)=client: count()=2: chat small, chat small) agent(by(name)=chat small: by(kind)=client: count()=2: chat small, chat small) shop(by(name)=SELECT: by(kind)=client: count()=2: SELECT, SELECT)',
      ],
      [
        '{ kind = server } | by(status)',
        'cheap(by(status)=unset: ask) agent(by(status)=unset: ask) broken(by(status)=error: POST /pay) shop(by(status)=unset: GET /cart)',
      ],
      ['{ kind = server } | rate()', 'cheap(ask) agent(ask) broken(POST /pay) shop(GET /cart)'],
      ['{ kind = producer } with (most_recent=true, nobody=1)', 'broken(audit)'],
      ['({ kind = client } | count() > 2) && { kind = server }', 'agent(ask, chat small, chat small, chat large)'],
      [
        'count() > 4',
        'agent(count()=5: ask, chat small, chat small, search, chat large) tree(count()=7: root, a, a1, a1x, a2, b, b1) arrays(count()=5: three, one, empty, map, floats) types(count()=5: int, float, text, bool, none) shop(count()=5: GET /cart, load, SELECT, SELECT, render)',
      ],
    ],
  ],
])
