import { GEOGRAPHIES } from '../../app/llm/providers/bedrock/geographies'

const GEOGRAPHY = new RegExp(`^(?:${GEOGRAPHIES})\\.`)

/** `us.anthropic.claude-sonnet-4-6-v1:0` and `arn:aws:bedrock:…:inference-profile/us.anthropic.…` are the model without where it runs. */
export const bedrockModel = (id: string): string =>
  id
    .toLowerCase()
    .replace(/^arn:[^/]*\//, '')
    .replace(GEOGRAPHY, '')
