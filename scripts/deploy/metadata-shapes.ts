interface Shape {
  root: string
  required: readonly string[]
  optional: readonly string[]
}

const shape = (root: string, required: string, optional: string): Shape => ({
  root,
  required: required.split(' '),
  optional: optional.split(' '),
})

/** Root element and children of each kind of file in this package, as the Metadata API names them; by the end of the file name. */
export const SHAPES: Record<string, Shape> = {
  '.permissionset-meta.xml': shape(
    'PermissionSet',
    'label',
    'applicationVisibilities classAccesses customMetadataTypeAccesses customPermissions description fieldPermissions hasActivationRequired license objectPermissions recordTypeVisibilities tabSettings userPermissions',
  ),
  '.cspTrustedSite-meta.xml': shape(
    'CspTrustedSite',
    'endpointUrl isActive',
    'canAccessCamera canAccessMicrophone context description isApplicableToConnectSrc isApplicableToFontSrc isApplicableToFrameSrc isApplicableToImgSrc isApplicableToMediaSrc isApplicableToStyleSrc',
  ),
  '.md-meta.xml': shape('CustomMetadata', 'label values', 'description protected'),
  '.object-meta.xml': shape(
    'CustomObject',
    'label pluralLabel',
    'deploymentStatus description enableActivities enableFeeds enableHistory enableReports enableSearch eventType nameField publishBehavior sharingModel visibility',
  ),
  '.field-meta.xml': shape(
    'CustomField',
    'fullName label type',
    'caseSensitive defaultValue deleteConstraint description externalId fieldManageability formula inlineHelpText length precision referenceTo relationshipLabel relationshipName required scale trackHistory unique valueSet visibleLines',
  ),
  '.validationRule-meta.xml': shape(
    'ValidationRule',
    'fullName active errorConditionFormula errorMessage',
    'description errorDisplayField',
  ),
  '.layout-meta.xml': shape(
    'Layout',
    'layoutSections',
    'excludeButtons showEmailCheckbox showHighlightsPanel showInteractionLogPanel showRunAssignmentRulesCheckbox showSubmitAndAttachButton',
  ),
  '.flexipage-meta.xml': shape('FlexiPage', 'flexiPageRegions masterLabel template type', 'description sobjectType'),
  '.tab-meta.xml': shape('CustomTab', 'motif', 'customObject description flexiPage label lwcComponent'),
  '.app-meta.xml': shape(
    'CustomApplication',
    'label navType uiType',
    'brand description formFactors isNavAutoTempTabsDisabled isNavPersonalizationDisabled tabs utilityBar',
  ),
  '.customPermission-meta.xml': shape('CustomPermission', 'isLicensed label', 'description requiredPermission'),
  '.cls-meta.xml': shape('ApexClass', 'apiVersion status', 'packageVersions'),
  '.labels-meta.xml': shape('CustomLabels', 'labels', 'fullName'),
  '.js-meta.xml': shape(
    'LightningComponentBundle',
    'apiVersion isExposed',
    'capabilities description masterLabel runtimeNamespace targetConfigs targets',
  ),
}
