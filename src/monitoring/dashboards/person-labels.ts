/** Labels that would make a series for each person, or let one be found: no board has them. */
export const ofPeople =
  /^(?:user_?id|user_(?:name|full_name|email|hash)|enduser_\w+|session_id|client_address|network_peer_address|gen_ai_conversation_id)$/
