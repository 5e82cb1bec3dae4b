/** `@afn/otel/fetch/prices`: public list prices, for the option `prices`. LiteLLM's table alone: the second one that Node.js has would take longer to parse than a free Worker may run. */
import { litellmSource } from '../llm/report/cost/litellm-prices'
import { type PriceTable, tableOf } from '../llm/report/cost/price-table'

export const prices: PriceTable = /* @__PURE__ */ tableOf([litellmSource])
