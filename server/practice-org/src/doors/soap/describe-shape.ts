// Which members a SOAP describe has: those of the partner WSDL, in its (alphabetical) order.
type Json = Record<string, unknown>

interface Shape {
  names: readonly string[]
  /** Members that are `xsi:nil` when there is no value; any other is left out then. */
  nillable: readonly string[]
}

const shape = (names: string, nillable = ''): Shape => ({
  names: names.trim().split(/\s+/).sort(),
  nillable: nillable.split(' '),
})

const SUMMARY = `activateable createable custom customSetting deepCloneable deletable deprecatedAndHidden feedEnabled
  hasSubtypes idEnabled isInterface isSubtype keyPrefix label labelPlural layoutable mergeable mruEnabled name queryable
  replicateable retrieveable searchable triggerable undeletable updateable associateEntityType associateParentEntity`

export const GLOBAL = shape(SUMMARY, 'keyPrefix')
export const OBJECT = shape(
  `${SUMMARY} actionOverrides childRelationships compactLayoutable defaultImplementation extendedBy fields implementedBy
   implementsInterfaces namedLayoutInfos networkScopeFieldName recordTypeInfos searchLayoutable supportedScopes urlDetail
   urlEdit urlNew`,
  'keyPrefix urlDetail urlEdit urlNew',
)
export const CHILD = shape(
  `cascadeDelete childSObject deprecatedAndHidden field junctionIdListNames junctionReferenceTo relationshipName
   restrictedDelete`,
)
export const RECORD_TYPE = shape(
  'active available defaultRecordTypeMapping developerName master name recordTypeId',
  'recordTypeId',
)
export const SCOPE = shape('label name')
export const PICKLIST = shape('active defaultValue label validFor value', 'label')
export const FIELD = shape(
  `aggregatable aiPredictionField autoNumber byteLength calculated calculatedFormula cascadeDelete caseSensitive
   compoundFieldName controllerName createable custom defaultValue defaultValueFormula defaultedOnCreate dependentPicklist
   deprecatedAndHidden digits displayLocationInDecimal encrypted externalId extraTypeInfo filterable filteredLookupInfo
   formulaTreatNullNumberAsZero groupable highScaleNumber htmlFormatted idLookup inlineHelpText label length mask maskType
   name nameField namePointing nillable permissionable picklistValues polymorphicForeignKey precision queryByDistance
   referenceTargetField referenceTo relationshipName relationshipOrder restrictedDelete restrictedPicklist scale
   searchPrefilterable soapType sortable type unique updateable writeRequiresMasterRead`,
)

/** The members of this shape that a REST describe has; `idEnabled` is a member of SOAP alone. */
export function shaped(json: Json, { names, nillable }: Shape): Json {
  const all: Json = { idEnabled: false, ...json }
  const members = names.flatMap((name): [string, unknown][] => {
    const value = all[name] ?? null
    if (value !== null) return [[name, value]]
    return nillable.includes(name) ? [[name, null]] : []
  })
  return Object.fromEntries(members)
}
