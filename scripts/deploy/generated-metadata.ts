/** Metadata that depends on the brain's address, by path below the package folder. */
export function generatedMetadata(brainUrl: string): Record<string, string> {
  return {
    'cspTrustedSites/Missions_Brain.cspTrustedSite-meta.xml': trustedSite(brainUrl),
    'customMetadata/Mission_Setting.Brain.md-meta.xml': brainSetting(brainUrl),
  }
}

/**
 * The origin of a brain's URL. Throws TypeError with a sentence for the operator: the org's pages call it over https only, and it is
 * the audience of every token, so a path or a slash at its end would break both.
 */
export function brainOrigin(text: string | undefined): string {
  const example = 'e.g. --brain-url https://missions.example.com'
  if (!text) throw new TypeError(`--brain-url is missing: where the brain answers, ${example}`)
  const url = URL.parse(text)
  if (!url || !/^https?:$/.test(url.protocol)) throw new TypeError(`--brain-url ${text} is not a URL, ${example}`)
  if (url.protocol === 'http:' && url.hostname !== 'localhost') {
    throw new TypeError(`--brain-url ${text} is not https, which an org's pages demand, ${example}`)
  }
  if (url.pathname !== '/' || url.search || url.hash || url.username) {
    throw new TypeError(`--brain-url ${text} is more than an origin: leave out what follows the host, ${example}`)
  }
  return url.origin
}

const trustedSite = (endpoint: string) => `<?xml version="1.0" encoding="UTF-8"?>
<CspTrustedSite xmlns="http://soap.sforce.com/2006/04/metadata">
    <context>LEX</context>
    <description>The brain of Missions: the components read its API and its event stream.</description>
    <endpointUrl>${endpoint}</endpointUrl>
    <isActive>true</isActive>
    <isApplicableToConnectSrc>true</isApplicableToConnectSrc>
    <isApplicableToFontSrc>false</isApplicableToFontSrc>
    <isApplicableToFrameSrc>false</isApplicableToFrameSrc>
    <isApplicableToImgSrc>false</isApplicableToImgSrc>
    <isApplicableToMediaSrc>false</isApplicableToMediaSrc>
    <isApplicableToStyleSrc>false</isApplicableToStyleSrc>
</CspTrustedSite>
`

const brainSetting = (url: string) => `<?xml version="1.0" encoding="UTF-8"?>
<CustomMetadata xmlns="http://soap.sforce.com/2006/04/metadata" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema">
    <label>Brain</label>
    <protected>false</protected>
    <values>
        <field>Brain_Url__c</field>
        <value xsi:type="xsd:string">${url}</value>
    </values>
</CustomMetadata>
`
