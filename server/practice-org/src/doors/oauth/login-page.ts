import { createHash } from 'node:crypto'
import type { Response } from 'express'
import type { AuthorizeRequest } from './authorizations.ts'
import type { OAuthClient } from './clients.ts'

const STYLE = `body{margin:0;font:1rem/1.5 system-ui,sans-serif;background:#f3f3f3;color:#181818}
main{max-width:22rem;margin:4rem auto;padding:2rem;background:#fff;border:1px solid #c9c9c9;border-radius:.25rem}
h1{font-size:1.25rem;margin:0 0 1rem}label{display:block;margin:1rem 0 .25rem}
input{font:inherit;box-sizing:border-box;width:100%;padding:.5rem;border:1px solid #747474;border-radius:.25rem}
input[type=submit]{margin-top:1rem;background:#0176d3;border-color:#0176d3;color:#fff;cursor:pointer}
input[type=submit].plain{background:#fff;color:#0176d3;border-color:#747474}
:focus-visible{outline:3px solid #1b96ff;outline-offset:2px}.error{color:#ba0517;margin:0 0 1rem}`

const STYLE_HASH = createHash('sha256').update(STYLE).digest('base64')

/**
 * Sends a page that runs nothing and loads nothing.
 * @param goesTo where its form may lead, if anywhere, besides this org: browsers hold a form's redirects against the policy too
 */
export function sendPage(res: Response, status: number, title: string, body: string, goesTo?: string): void {
  const target = !goesTo ? '' : ` ${originOf(goesTo)}`
  res.status(status).set({
    'Content-Type': 'text/html;charset=UTF-8',
    'Content-Security-Policy': `default-src 'none'; style-src 'sha256-${STYLE_HASH}'; form-action 'self'${target}; base-uri 'none'; frame-ancestors 'none'`,
    'X-Frame-Options': 'DENY',
    // Not `no-referrer`: then a browser hides the origin of these forms, by which other sites' are told apart.
    'Referrer-Policy': 'same-origin',
  })
  res.end(`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>${escaped(title)} | Practice org</title><style>${STYLE}</style></head>
<body><main><h1>${escaped(title)}</h1>${body}</main></body></html>`)
}

/** Ids are those of an org's own page: clients' tests fill it in by them. */
export function loginForm(startUrl: string, username: string, error?: string): string {
  const failed = error === undefined ? '' : `<p id="error" class="error" role="alert">${escaped(error)}</p>`
  const described = error === undefined ? '' : ' aria-describedby="error" aria-invalid="true"'
  return `${failed}<form id="login_form" name="login" method="post" action="/">
<input type="hidden" name="startURL" value="${escaped(startUrl)}">
<label for="username">Username</label>
<input id="username" name="username" type="email" autocomplete="username" required value="${escaped(username)}"${described}>
<label for="password">Password</label>
<input id="password" name="pw" type="password" autocomplete="current-password" required${described}>
<input id="Login" name="Login" type="submit" value="Log In"></form>`
}

export function deviceForm(action: string, userCode: string, error?: string): string {
  const failed = error === undefined ? '' : `<p id="error" class="error" role="alert">${escaped(error)}</p>`
  const described = error === undefined ? '' : ' aria-describedby="error" aria-invalid="true"'
  return `${failed}<form method="post" action="${escaped(action)}">
<label for="user_code">Enter the code that your device shows</label>
<input id="user_code" name="user_code" autocomplete="off" required value="${escaped(userCode)}"${described}>
<input name="connect" type="submit" value="Connect"></form>`
}

const MEANINGS: Record<string, string> = {
  id: 'Access your basic information',
  api: 'Access and manage your data',
  web: 'Provide access to your data via the Web',
  full: 'Full access',
  refresh_token: 'Perform requests on your behalf at any time',
  offline_access: 'Perform requests on your behalf at any time',
  openid: 'Allow access to your unique identifier',
  custom_permissions: 'Access custom permissions',
}

export function approvalForm(request: AuthorizeRequest, client: OAuthClient, source: string, proof: string): string {
  const scopes = request.scopes.map((scope) => `<li>${escaped(MEANINGS[scope] ?? scope)}</li>`).join('')
  return `<p><strong>${escaped(client.id)}</strong> is asking to:</p><ul>${scopes}</ul>
<form method="post" action="?source=${encodeURIComponent(source)}">
<input type="hidden" name="confirmation" value="${escaped(proof)}">
<input id="oaapprove" name="save" type="submit" value="Allow">
<input id="oadeny" name="cancel" type="submit" class="plain" value="Deny"></form>`
}

function originOf(url: string): string {
  const { origin, protocol } = new URL(url)
  return origin === 'null' ? protocol : origin
}

export function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
