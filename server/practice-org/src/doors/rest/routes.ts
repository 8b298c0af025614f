// Every resource of the REST API below `/services/data/vNN.N`, and the handler each method has.

import {
  describeNotify,
  listActionKinds,
  listCustomActions,
  listStandardActions,
  noActions,
  notify,
} from './actions.ts'
import { absentRoutes } from './absent.ts'
import { runBatch } from './batch.ts'
import { createRows, deleteRows, retrieveRows, updateRows, upsertRows } from './collections.ts'
import { runComposite } from './composite.ts'
import { readCompactLayout, readCompactLayouts, readPrimaryLayouts } from './describe/compact-layouts.ts'
import { describeBasic, describeGlobal, describeObject, readDefaultValues, resourceList } from './describe/describe.ts'
import type { RestRoute } from './request/dispatch.ts'
import { eventSchemaById, eventSchemaOf } from './describe/event-schema.ts'
import { deleteByExternalId, isExternalIdField, readByExternalId, upsertRow } from './external-id.ts'
import { runGraphs } from './graph.ts'
import { readApprovalLayouts, readLayoutOf, readLayouts, readNamedLayout } from './describe/layouts.ts'
import { readLimits, readRecordCount } from './describe/limits.ts'
import { describeListView, listListViews, readListView, readListViewInfo } from './describe/list-views.ts'
import { runQuery, runQueryAll, runQueryMore } from './query/query.ts'
import { deleteThrough, readRelationship, updateThrough } from './relationship.ts'
import { readDeleted, readUpdated } from './replication.ts'
import { listAppMenus, listTabs, noList, readAppMenu, readTheme } from './describe/lists.ts'
import { readRecent } from './request/recent.ts'
import { createRow, deleteRow, readRow, updateRow } from './rows.ts'
import { runParameterizedSearch } from './query/parameterized-search.ts'
import { runSearch, searchScope } from './query/search.ts'
import { changeManaged, createManaged, deleteManaged, readManaged } from './managed-subscription.ts'
import { refuseTooling, runToolingQuery } from './tooling.ts'
import { suggest } from './query/suggestions.ts'
import { listenersOfChannel, pushToChannel } from './streaming-channel.ts'
import { createTree } from './tree.ts'

/** Earlier lines win where patterns overlap. */
export const restRoutes: RestRoute[] = [
  { pattern: '', methods: { GET: resourceList } },
  { pattern: 'limits', methods: { GET: readLimits } },
  { pattern: 'limits/recordCount', methods: { GET: readRecordCount } },
  { pattern: 'recent', methods: { GET: readRecent } },

  { pattern: 'tabs', methods: { GET: listTabs } },
  { pattern: 'theme', methods: { GET: readTheme } },
  { pattern: 'nouns', methods: { GET: noList } },
  { pattern: 'appMenu', methods: { GET: listAppMenus } },
  { pattern: 'appMenu/:menu', methods: { GET: readAppMenu } },
  { pattern: 'quickActions', methods: { GET: noList } },
  { pattern: 'sobjects/:object/quickActions', methods: { GET: noList } },
  { pattern: 'actions', methods: { GET: listActionKinds } },
  { pattern: 'actions/standard', methods: { GET: listStandardActions } },
  { pattern: 'actions/standard/customNotificationAction', methods: { GET: describeNotify, POST: notify } },
  { pattern: 'actions/custom', methods: { GET: listCustomActions } },
  { pattern: 'actions/custom/:kind', methods: { GET: noActions } },

  { pattern: 'query', methods: { GET: runQuery } },
  { pattern: 'queryAll', methods: { GET: runQueryAll } },
  { pattern: 'query/:locator', methods: { GET: runQueryMore } },
  { pattern: 'queryAll/:locator', methods: { GET: runQueryMore } },
  { pattern: 'tooling/query', methods: { GET: runToolingQuery } },
  { pattern: 'tooling/sobjects/ManagedEventSubscription', methods: { POST: createManaged } },
  {
    pattern: 'tooling/sobjects/ManagedEventSubscription/:id',
    methods: { GET: readManaged, PATCH: changeManaged, DELETE: deleteManaged },
  },
  {
    pattern: 'tooling/*',
    methods: {
      GET: refuseTooling,
      POST: refuseTooling,
      PATCH: refuseTooling,
      PUT: refuseTooling,
      DELETE: refuseTooling,
    },
  },
  { pattern: 'search', methods: { GET: runSearch } },
  { pattern: 'search/scopeOrder', methods: { GET: searchScope } },
  { pattern: 'search/suggestions', methods: { GET: suggest } },
  { pattern: 'parameterizedSearch', methods: { GET: runParameterizedSearch, POST: runParameterizedSearch } },

  {
    pattern: 'composite',
    since: 38,
    methods: { POST: (request, context) => runComposite(restRoutes, request, context) },
  },
  {
    pattern: 'composite/batch',
    since: 34,
    methods: { POST: (request, context) => runBatch(restRoutes, request, context) },
  },
  {
    pattern: 'composite/graph',
    since: 50,
    methods: { POST: (request, context) => runGraphs(restRoutes, request, context) },
  },
  { pattern: 'composite/tree/:object', since: 34, methods: { POST: createTree } },
  { pattern: 'composite/sobjects', since: 42, methods: { POST: createRows, PATCH: updateRows, DELETE: deleteRows } },
  { pattern: 'composite/sobjects/:object', since: 42, methods: { GET: retrieveRows, POST: retrieveRows } },
  { pattern: 'composite/sobjects/:object/:field', since: 46, methods: { PATCH: upsertRows } },

  { pattern: 'sobjects', methods: { GET: describeGlobal } },
  { pattern: 'sobjects/:object', methods: { GET: describeBasic, POST: createRow } },
  { pattern: 'sobjects/:object/defaultValues', methods: { GET: readDefaultValues } },
  { pattern: 'sobjects/:object/describe', methods: { GET: describeObject } },
  { pattern: 'sobjects/:object/describe/layouts', methods: { GET: readLayouts } },
  { pattern: 'sobjects/:object/describe/layouts/:recordType', methods: { GET: readLayoutOf } },
  { pattern: 'sobjects/:object/describe/namedLayouts/:name', methods: { GET: readNamedLayout } },
  { pattern: 'sobjects/:object/describe/compactLayouts', methods: { GET: readCompactLayouts } },
  { pattern: 'sobjects/:object/describe/compactLayouts/:which', methods: { GET: readCompactLayout } },
  { pattern: 'compactLayouts', methods: { GET: readPrimaryLayouts } },
  { pattern: 'sobjects/:object/describe/approvalLayouts', methods: { GET: readApprovalLayouts } },
  { pattern: 'sobjects/:object/listviews', methods: { GET: listListViews } },
  { pattern: 'sobjects/:object/listviews/:view', methods: { GET: readListViewInfo } },
  { pattern: 'sobjects/:object/listviews/:view/describe', methods: { GET: describeListView } },
  { pattern: 'sobjects/:object/listviews/:view/results', methods: { GET: readListView } },
  { pattern: 'sobjects/:object/eventSchema', methods: { GET: eventSchemaOf } },
  { pattern: 'event/eventSchema/:id', methods: { GET: eventSchemaById } },
  { pattern: 'sobjects/:object/updated', methods: { GET: readUpdated } },
  { pattern: 'sobjects/:object/deleted', methods: { GET: readDeleted } },
  { pattern: 'sobjects/:object/Id', methods: { POST: createRow } },
  { pattern: 'sobjects/StreamingChannel/:id/push', methods: { GET: listenersOfChannel, POST: pushToChannel } },
  { pattern: 'sobjects/:object/:id', methods: { GET: readRow, PATCH: updateRow, DELETE: deleteRow } },
  {
    pattern: 'sobjects/:object/:field/:value',
    when: (context, object = '', field = '') => isExternalIdField(context, object, field),
    methods: { GET: readByExternalId, PATCH: upsertRow, DELETE: deleteByExternalId },
  },
  {
    pattern: 'sobjects/:object/:id/:relationship',
    methods: { GET: readRelationship, PATCH: updateThrough, DELETE: deleteThrough },
  },
  {
    pattern: 'sobjects/:object/:id/:relationship/*',
    methods: { GET: readRelationship, PATCH: updateThrough, DELETE: deleteThrough },
  },

  ...absentRoutes,
]
