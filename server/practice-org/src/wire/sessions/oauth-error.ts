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
  grantType: (): OAuthError => new OAuthError('unsupported_grant_type', 'grant type not supported'),
  responseType: (): OAuthError => new OAuthError('unsupported_response_type', 'response type not supported'),
  method: (used: string): OAuthError => new OAuthError('invalid_request', `must use HTTP ${used}`),
  missing: (name: string): OAuthError => new OAuthError('invalid_request', `missing required parameter: ${name}`),
  badParameter: (name: string): OAuthError => new OAuthError('invalid_request', `invalid parameter: ${name}`),
  unknownClient: (): OAuthError => new OAuthError('invalid_client_id', 'client identifier invalid'),
  badSecret: (): OAuthError => new OAuthError('invalid_client', 'invalid client credentials'),
  badPassword: (): OAuthError => new OAuthError('invalid_grant', 'authentication failure'),
  inactiveUser: (): OAuthError => new OAuthError('inactive_user', 'user is inactive'),
  tooManyLogins: (): OAuthError => new OAuthError('rate_limit_exceeded', 'login rate exceeded'),
  notApproved: (): OAuthError => new OAuthError('invalid_grant', "user hasn't approved this consumer"),
  notAdminApproved: (): OAuthError =>
    new OAuthError('invalid_app_access', 'user is not admin approved to access this app'),
  audience: (): OAuthError => new OAuthError('invalid_grant', 'audience is invalid'),
  assertion: (): OAuthError => new OAuthError('invalid_grant', 'invalid assertion'),
  expiredAssertion: (): OAuthError => new OAuthError('invalid_grant', 'expired authorization code'),
  noRunAs: (): OAuthError => new OAuthError('invalid_grant', 'no client credentials user enabled'),
  loginDomain: (): OAuthError => new OAuthError('invalid_grant', 'request not supported on this domain'),
  noScopes: (): OAuthError => new OAuthError('invalid_grant', 'no valid scopes defined'),
  badScope: (): OAuthError => new OAuthError('invalid_scope', 'the requested scope is not allowed'),
  badRefresh: (): OAuthError => new OAuthError('invalid_grant', 'expired access/refresh token'),
  badCode: (): OAuthError => new OAuthError('invalid_grant', 'invalid authorization code'),
  expiredCode: (): OAuthError => new OAuthError('invalid_grant', 'expired authorization code'),
  badVerifier: (): OAuthError => new OAuthError('invalid_grant', 'invalid code verifier'),
  noChallenge: (): OAuthError => new OAuthError('invalid_request', 'missing required code challenge'),
  noRedirectUri: (): OAuthError => new OAuthError('redirect_uri_missing', 'redirect_uri not provided'),
  badRedirectUri: (): OAuthError => new OAuthError('redirect_uri_mismatch', 'redirect_uri must match configuration'),
  denied: (): OAuthError => new OAuthError('access_denied', 'end-user denied authorization'),
  pending: (): OAuthError => new OAuthError('authorization_pending', 'the user has not decided yet'),
  slowDown: (): OAuthError => new OAuthError('slow_down', 'polling too often'),
  badDeviceCode: (): OAuthError => new OAuthError('invalid_grant', 'invalid or expired device code'),
  noDeviceFlow: (): OAuthError => new OAuthError('invalid_request', 'device flow is not enabled'),
  notImmediate: (): OAuthError => new OAuthError('immediate_unsuccessful', 'immediate unsuccessful'),
  badToken: (token: string): OAuthError => new OAuthError('unsupported_token_type', `invalid token: ${token}`),
}
