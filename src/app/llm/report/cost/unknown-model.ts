// The cause if no table has the model. In its own file, because the pricer and the tables are loaded separately.
import type { UnpricedCause } from './rates'

export const unknownModel: UnpricedCause = { cause: 'model' }
