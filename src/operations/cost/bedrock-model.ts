import { GEOGRAPHIES } from '../../app/llm/providers/bedrock/geographies'

const GEOGRAPHY = new RegExp(`^(?:${GEOGRAPHIES})\\.`)

/** Removes the region from `us.anthropic.claude-sonnet-4-6-v1:0` and `arn:aws:bedrock:…:inference-profile/us.anthropic.…`. */
export const bedrockModel = (id: string): string =>
  id
    .toLowerCase()
    .replace(/^arn:[^/]*\//, '')
    .replace(GEOGRAPHY, '')
