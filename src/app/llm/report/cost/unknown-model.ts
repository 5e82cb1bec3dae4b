// No table has the model: known to who prices and to the tables, which are loaded apart.
import type { UnpricedCause } from './rates'

export const unknownModel: UnpricedCause = { cause: 'model' }
