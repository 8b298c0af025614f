/** A refusal of the token endpoint, in the words of RFC 6749 and of an org. */
export class OAuthError extends Error {
  readonly error: string
  readonly status: number
  constructor(error: string, description: string, status = 400) {
    super(description)
    this.name = 'OAuthError'
    this.error = error
    this.status = status
  }
}

export const oauthRefusal = {
  grantType: () => new OAuthError('unsupported_grant_type', 'grant type not supported'),
  unknownClient: () => new OAuthError('invalid_client_id', 'client identifier invalid'),
  badSecret: () => new OAuthError('invalid_client', 'invalid client credentials'),
  badPassword: () => new OAuthError('invalid_grant', 'authentication failure'),
  inactiveUser: () => new OAuthError('inactive_user', 'user is inactive'),
  notApproved: () => new OAuthError('invalid_grant', "user hasn't approved this consumer"),
  audience: () => new OAuthError('invalid_grant', 'audience is invalid'),
  assertion: () => new OAuthError('invalid_grant', 'invalid assertion'),
  expiredAssertion: () => new OAuthError('invalid_grant', 'expired authorization code'),
  noRunAs: () => new OAuthError('invalid_grant', 'no client credentials user enabled'),
  badRefresh: () => new OAuthError('invalid_grant', 'expired access/refresh token'),
  missing: (name: string) => new OAuthError('invalid_request', `missing required parameter: ${name}`),
  badToken: () => new OAuthError('invalid_token', 'invalid token'),
}
