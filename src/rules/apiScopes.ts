/** What an API key may do. `read` reads everything but people; sending is a right of its own. */
export const apiScopes = [
  'contacts:read',
  'contacts:write',
  'bans:read',
  'bans:write',
  'mailings:read',
  'mailings:write',
  'mailings:send',
  'settings:read',
  'settings:write',
] as const

export type ApiScope = (typeof apiScopes)[number]
