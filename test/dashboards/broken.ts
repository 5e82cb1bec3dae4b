// Files of boards that are broken, each in one way: the good one with one text in place of another.
export const good = `{
  // comments are allowed
  "dashboard_config": {
    "dashboards": [
      {
        "uid": "shop-orders",
        "title": "Orders",
        "panels": [
          {
            "title": "Orders a second",
            "type": "timeseries",
            "unit": "cps",
            "place": { "x": 0, "y": 0, "w": 12, "h": 8 },
            "queries": [
              { "query": "sum by (kind) (rate(shop_orders_total{service_name=~\\"$service\\"}[$__rate_interval]))", "legend": "{{kind}}" }
            ]
          },
          {
            "title": "Cost by model",
            "type": "bars",
            "unit": "currencyUSD",
            "place": { "x": 12, "y": 0, "w": 12, "h": 8 },
            "thresholds": [{ "level": "good" }, { "from": 10, "level": "warning" }, { "from": 20, "level": "bad" }],
            "links": [{ "title": "Overview", "url": "/d/afn-overview" }],
            "min": 0,
            "max": 100,
            "queries": [
              { "metric": "afn.llm.cost", "show": "total", "by": ["gen_ai.request.model"], "where": { "service.name": "shop" } }
            ]
          }
        ]
      },
      {
        "uid": "shop-cost",
        "title": "Cost",
        "based_on": "llm-analytics",
        "panels": [
          { "title": "Time", "type": "heatmap", "unit": "s", "queries": [{ "metric": "http.server.request.duration", "show": "rate" }] }
        ]
      }
    ]
  }
}
`

const query = 'sum by (kind) (rate(shop_orders_total{service_name=~\\"$service\\"}[$__rate_interval]))'
const asking = (text: string): [string, string] => [query, text]

/** What is wrong → what stands in the good file, and what stands there now. */
export const broken: Readonly<Record<string, readonly [string, string]>> = {
  'a bracket is missing': ['"legend": "{{kind}}" }\n            ]', '"legend": "{{kind}}" }'],
  'a quote is missing': ['"title": "Orders",', '"title": "Orders,'],
  'the file is empty': [good, ''],
  'the file is a list': [good, '[]'],
  'the section is a list': ['"dashboard_config": {\n    "dashboards": [', '"dashboard_config": [\n    ['],
  'the section is misspelt': ['"dashboard_config"', '"dashboards_config"'],
  'no list of boards': ['"dashboards": [', '"boards": ['],
  'a key stands twice': ['"title": "Orders",', '"title": "Orders", "title": "Others",'],
  'a board has no uid': ['"uid": "shop-orders",\n', ''],
  'a board has no title': ['"title": "Orders",\n', ''],
  'a board has no panels': [
    '"title": "Cost",\n        "based_on"',
    '"title": "Cost", "panel": [],\n        "based_on"',
  ],
  'a uid with a space': ['"shop-orders"', '"shop orders"'],
  'a uid that is too long': ['"shop-orders"', `"${'shop-'.repeat(9)}"`],
  'a uid that is a number': ['"uid": "shop-orders"', '"uid": 7'],
  'two boards of one uid': ['"uid": "shop-cost"', '"uid": "shop-orders"'],
  'two boards whose uids differ by case': ['"uid": "shop-cost"', '"uid": "Shop-Orders"'],
  'the uid of a board of ours': ['"uid": "shop-cost"', '"uid": "afn-overview"'],
  'the uid of a Japanese board of ours': ['"uid": "shop-cost"', '"uid": "afn-security-ja"'],
  'an unknown board to begin with': ['"based_on": "llm-analytics"', '"based_on": "llm"'],
  'an unknown language': ['"title": "Orders",', '"title": "Orders", "language": "jp",'],
  'an unknown key of a board': ['"title": "Orders",', '"title": "Orders", "tags": ["shop"],'],
  'no panel at all': [
    '{ "title": "Time", "type": "heatmap", "unit": "s", "queries": [{ "metric": "http.server.request.duration", "show": "rate" }] }',
    '',
  ],
  'a panel has no title': ['"title": "Orders a second",\n', ''],
  'a panel has an empty title': ['"title": "Orders a second"', '"title": ""'],
  'a panel has no type': ['"type": "timeseries",\n', ''],
  'an unknown type of panel': ['"type": "timeseries"', '"type": "timeserie"'],
  'a type of panel of Grafana that is none of ours': ['"type": "bars"', '"type": "piechart"'],
  'a panel has no unit': ['"unit": "cps",\n', ''],
  'the unit usd': ['"unit": "currencyUSD"', '"unit": "usd"'],
  'the unit seconds': ['"unit": "s"', '"unit": "seconds"'],
  'a unit with a typo': ['"unit": "currencyUSD"', '"unit": "currencyUDS"'],
  'a unit in UCUM': ['"unit": "cps"', '"unit": "By"'],
  'an unknown key of a panel': ['"min": 0', '"minimum": 0'],
  'a panel has no queries': [/"queries": \[\{ "metric": "http[^\]]+\]/.exec(good)![0], '"queries": []'],
  'a query that is a text': ['{ "metric": "http.server.request.duration", "show": "rate" }', '"up"'],
  'a query that is nothing': ['{ "metric": "http.server.request.duration", "show": "rate" }', '{}'],
  'a query of both kinds': ['"show": "total"', '"show": "total", "query": "up"'],
  'an unknown key of a query': ['"legend": "{{kind}}"', '"legends": "{{kind}}"'],
  'a store that is none': ['"legend": "{{kind}}"', '"store": "medium"'],
  'a query that ends early': asking('sum by (kind) (rate(shop_orders_total[5m])'),
  'a query with a bracket too many': asking('sum(rate(shop_orders_total[5m])))'),
  'a query with a wrong operator': asking('shop_orders_total{kind==\\"a\\"}'),
  'a query with a wrong keyword': asking('sum over (kind) (shop_orders_total)'),
  'a query without a range': asking('rate(shop_orders_total)'),
  'a query that is SQL': asking('SELECT count(*) FROM orders'),
  'a query with an unknown variable': asking('shop_orders_total{service_name=~\\"$servic\\"}'),
  'a metric of ours with a typo': asking('sum(rate(afn_llm_costs_total[$__rate_interval]))'),
  'a metric of ours without its suffix': asking('sum(rate(afn_llm_cost[$__rate_interval]))'),
  'a metric by its name in OpenTelemetry': asking(
    'sum(rate(gen_ai_client_inference_duration_count[$__rate_interval]))',
  ),
  'a record of the SLOs with a typo': asking('slo:period_error_budget_left:ratio'),
  'a series for each person': asking('sum by (user_id) (rate(shop_orders_total[$__rate_interval]))'),
  'an unknown metric': ['"metric": "afn.llm.cost"', '"metric": "afn.llm.costs"'],
  'a metric of another': ['"metric": "afn.llm.cost"', '"metric": "shop.orders"'],
  'a percentile of a counter': ['"show": "total"', '"show": "p95"'],
  'the last value of a counter': ['"show": "total"', '"show": "last"'],
  'an unknown way to show': ['"show": "total"', '"show": "sum"'],
  'a metric for each person': ['"by": ["gen_ai.request.model"]', '"by": ["user.id"]'],
  'an empty list of attributes': ['"by": ["gen_ai.request.model"]', '"by": []'],
  'a condition that is a number': ['{ "service.name": "shop" }', '{ "service.name": 1 }'],
  'a heatmap of a counter': ['"metric": "http.server.request.duration"', '"metric": "afn.llm.cost"'],
  'panels that overlap': ['{ "x": 12, "y": 0, "w": 12, "h": 8 }', '{ "x": 6, "y": 4, "w": 12, "h": 8 }'],
  'a panel beyond the last column': ['{ "x": 12, "y": 0, "w": 12, "h": 8 }', '{ "x": 14, "y": 0, "w": 12, "h": 8 }'],
  'a panel at column 24': ['{ "x": 12, "y": 0, "w": 12, "h": 8 }', '{ "x": 24, "y": 0, "w": 12, "h": 8 }'],
  'a panel without a height': ['{ "x": 12, "y": 0, "w": 12, "h": 8 }', '{ "x": 12, "y": 0, "w": 12 }'],
  'a panel of no width': ['{ "x": 12, "y": 0, "w": 12, "h": 8 }', '{ "x": 12, "y": 0, "w": 0, "h": 8 }'],
  'a panel of half a row': ['{ "x": 12, "y": 0, "w": 12, "h": 8 }', '{ "x": 12, "y": 0, "w": 12, "h": 7.5 }'],
  'thresholds that do not ascend': ['{ "from": 20, "level": "bad" }', '{ "from": 5, "level": "bad" }'],
  'a first threshold with a beginning': ['[{ "level": "good" },', '[{ "from": 0, "level": "good" },'],
  'a later threshold without one': ['{ "from": 10, "level": "warning" }', '{ "level": "warning" }'],
  'an unknown level': ['"level": "warning"', '"level": "warn"'],
  'a link that is a script': ['"/d/afn-overview"', '"javascript:alert(1)"'],
  'a max that is below min': ['"max": 100', '"max": -1'],
  'bars that are stacked': ['"min": 0', '"stacked": true'],
}
