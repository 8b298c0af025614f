/** A refusal of the OAuth endpoints, in the words of RFC 6749 and of an org. */
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
  responseType: () => new OAuthError('unsupported_response_type', 'response type not supported'),
  method: (used: string) => new OAuthError('invalid_request', `must use HTTP ${used}`),
  missing: (name: string) => new OAuthError('invalid_request', `missing required parameter: ${name}`),
  badParameter: (name: string) => new OAuthError('invalid_request', `invalid parameter: ${name}`),
  unknownClient: () => new OAuthError('invalid_client_id', 'client identifier invalid'),
  badSecret: () => new OAuthError('invalid_client', 'invalid client credentials'),
  badPassword: () => new OAuthError('invalid_grant', 'authentication failure'),
  inactiveUser: () => new OAuthError('inactive_user', 'user is inactive'),
  tooManyLogins: () => new OAuthError('rate_limit_exceeded', 'login rate exceeded'),
  notApproved: () => new OAuthError('invalid_grant', "user hasn't approved this consumer"),
  notAdminApproved: () => new OAuthError('invalid_app_access', 'user is not admin approved to access this app'),
  audience: () => new OAuthError('invalid_grant', 'audience is invalid'),
  assertion: () => new OAuthError('invalid_grant', 'invalid assertion'),
  expiredAssertion: () => new OAuthError('invalid_grant', 'expired authorization code'),
  noRunAs: () => new OAuthError('invalid_grant', 'no client credentials user enabled'),
  loginDomain: () => new OAuthError('invalid_grant', 'request not supported on this domain'),
  noScopes: () => new OAuthError('invalid_grant', 'no valid scopes defined'),
  badScope: () => new OAuthError('invalid_scope', 'the requested scope is not allowed'),
  badRefresh: () => new OAuthError('invalid_grant', 'expired access/refresh token'),
  badCode: () => new OAuthError('invalid_grant', 'invalid authorization code'),
  expiredCode: () => new OAuthError('invalid_grant', 'expired authorization code'),
  badVerifier: () => new OAuthError('invalid_grant', 'invalid code verifier'),
  noChallenge: () => new OAuthError('invalid_request', 'missing required code challenge'),
  noRedirectUri: () => new OAuthError('redirect_uri_missing', 'redirect_uri not provided'),
  badRedirectUri: () => new OAuthError('redirect_uri_mismatch', 'redirect_uri must match configuration'),
  denied: () => new OAuthError('access_denied', 'end-user denied authorization'),
  pending: () => new OAuthError('authorization_pending', 'the user has not decided yet'),
  slowDown: () => new OAuthError('slow_down', 'polling too often'),
  badDeviceCode: () => new OAuthError('invalid_grant', 'invalid or expired device code'),
  noDeviceFlow: () => new OAuthError('invalid_request', 'device flow is not enabled'),
  notImmediate: () => new OAuthError('immediate_unsuccessful', 'immediate unsuccessful'),
  badToken: (token: string) => new OAuthError('unsupported_token_type', `invalid token: ${token}`),
}
