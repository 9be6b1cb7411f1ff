// Made by `make api` from the collector's own types. Not to be edited.

export type Money = {
  amount_minor: number;
  currency: string;
};

export type Props = Record<string, string | number | boolean | Money>;

export type Size = Array<number>;

export type Product = {
  id?: string;
  name?: string;
  brand?: string;
  category?: string;
  variant?: string;
  price?: Money | null;
};

export type Item = {
  product?: Product;
  quantity?: number;
};

export type Event = {
  after_ms?: number;
  pageview: {
    path: string;
    host?: string;
    query?: string;
    title?: string;
    referrer?: string;
    trigger?: string;
    props?: Props;
  };
} | {
  after_ms?: number;
  engagement: {
    visible_ms?: number;
    scroll_percent?: number;
  };
} | {
  after_ms?: number;
  click: {
    element?: string;
    text?: string;
    x_myriad?: number;
    y_myriad?: number;
    flags?: number;
  };
} | {
  after_ms?: number;
  outbound: {
    url?: string;
    text?: string;
  };
} | {
  after_ms?: number;
  download: {
    url?: string;
  };
} | {
  after_ms?: number;
  form_start: {
    form?: string;
    field?: string;
  };
} | {
  after_ms?: number;
  form_submit: {
    form?: string;
  };
} | {
  after_ms?: number;
  form_abandon: {
    form?: string;
    field?: string;
  };
} | {
  after_ms?: number;
  search: {
    terms?: string;
    results?: number | null;
  };
} | {
  after_ms?: number;
  custom: {
    name: string;
    props?: Props;
  };
} | {
  after_ms?: number;
  passive_custom: {
    name: string;
    props?: Props;
  };
} | {
  after_ms?: number;
  product_view: Product;
} | {
  after_ms?: number;
  cart_add: Item;
} | {
  after_ms?: number;
  cart_remove: Item;
} | {
  after_ms?: number;
  checkout: {
    step?: number;
    name?: string;
    value?: Money | null;
  };
} | {
  after_ms?: number;
  order: {
    id?: string;
    total?: Money;
    tax_minor?: number;
    shipping_minor?: number;
    discount_minor?: number;
    coupon?: string;
    items?: Array<Item>;
  };
} | {
  after_ms?: number;
  refund: {
    order?: string;
    amount?: Money | null;
    items?: Array<Item>;
  };
} | {
  after_ms?: number;
  identify: {
    user?: string;
    traits?: Props;
  };
} | {
  after_ms?: number;
  vital: {
    name?: string;
    value?: number;
  };
} | {
  after_ms?: number;
  script_error: {
    message?: string;
    source?: string;
    line?: number;
    column?: number;
  };
} | {
  after_ms?: number;
  resize: Size;
};

export type Context = {
  screen?: Size;
  language?: string;
  time_zone?: string;
  hints?: Record<string, unknown> | null;
};

export type Batch = {
  site: string;
  tab: string;
  first?: number;
  sent_at_ms?: number;
  automated?: boolean;
  visitor?: string | null;
  ticket?: string;
  user?: string;
  page?: string;
  viewport?: Size;
  context?: Context | null;
  events: Array<Event>;
};

export type Reply = {
  flush_after_ms: number;
  ticket: string;
  accepted: number;
  duplicate: number;
  refused: Array<{
    index: number;
    reason: "missing_field" | "text_too_long" | "too_many_props" | "too_many_items" | "number_out_of_range" | "too_old" | "in_future" | "session_full" | "host_not_allowed" | "bot" | "limited" | "too_heavy" | "malformed" | "local_host" | "erased";
  }>;
};

export type Outcomes = {
  accepted?: number;
  duplicate?: number;
  unlimited?: number;
  "refused:missing_field"?: number;
  "refused:text_too_long"?: number;
  "refused:too_many_props"?: number;
  "refused:too_many_items"?: number;
  "refused:number_out_of_range"?: number;
  "refused:too_old"?: number;
  "refused:in_future"?: number;
  "refused:session_full"?: number;
  "refused:host_not_allowed"?: number;
  "refused:bot"?: number;
  "refused:limited"?: number;
  "refused:too_heavy"?: number;
  "refused:malformed"?: number;
  "refused:local_host"?: number;
  "refused:erased"?: number;
  "request:undecodable"?: number;
  "request:limit_broken"?: number;
  "request:bad_parameter"?: number;
  "request:bad_message"?: number;
  "request:unauthorized"?: number;
  "request:foreign_origin"?: number;
  "request:forbidden"?: number;
  "request:unknown_site"?: number;
  "request:not_found"?: number;
  "request:method_not_allowed"?: number;
  "request:slow_watcher"?: number;
  "request:conflict"?: number;
  "request:of_variable"?: number;
  "request:too_large"?: number;
  "request:upgrade_required"?: number;
  "request:too_many_messages"?: number;
  "request:too_many_watchers"?: number;
  "request:limited"?: number;
  "request:overloaded"?: number;
  "request:unavailable"?: number;
};

export type OutcomesAnswer = {
  results: Outcomes;
  received: number;
  series?: Array<{
    date: string;
    results: Outcomes;
    received: number;
  }>;
  meta?: {
    failed_shards?: Array<number>;
  };
};

export type Reject = {
  at_ms: number;
  reason: "missing_field" | "text_too_long" | "too_many_props" | "too_many_items" | "number_out_of_range" | "too_old" | "in_future" | "session_full" | "host_not_allowed" | "bot" | "limited" | "too_heavy" | "malformed" | "local_host" | "erased";
  event: string;
};

export type RejectsAnswer = {
  results: Array<Reject>;
  meta?: {
    failed_shards?: Array<number>;
  };
};

export type StorageAnswer = {
  results: Array<{
    shard: number;
    since_ms: number;
    batches: number;
    rows_written: number;
    bytes: number;
  }>;
  meta?: {
    failed_shards?: Array<number>;
  };
};

export type Metric = "visitors" | "visits" | "pageviews" | "views_per_visit" | "bounce_rate" | "visit_duration" | "events" | "scroll_depth" | "time_on_page" | "average_revenue" | "total_revenue" | "percentage" | "conversion_rate" | "group_conversion_rate";

export type FilterDimension = "visit:entry_page" | "visit:exit_page" | "visit:source" | "visit:referrer" | "visit:utm_source" | "visit:utm_medium" | "visit:utm_campaign" | "visit:utm_content" | "visit:utm_term" | "visit:country" | "visit:region" | "visit:city" | "visit:device" | "visit:browser" | "visit:browser_version" | "visit:os" | "visit:os_version" | "visit:language" | "visit:channel" | "visit:screen" | "event:page" | "event:name" | "event:hostname" | "event:goal" | "visit:country_name" | "visit:city_name" | `event:props:${string}`;

export type TimeDimension = "time:minute" | "time:hour" | "time:day" | "time:week" | "time:month" | "time";

export type Dimension = FilterDimension | TimeDimension;

export type DateRange = "day" | "7d" | "28d" | "30d" | "91d" | "month" | "6mo" | "12mo" | "year" | "all" | [string, string];

export type Filter = ["is" | "is_not" | "contains" | "contains_not" | "matches" | "matches_not", FilterDimension, Array<string>, ({
  case_sensitive?: boolean;
})?] | ["is", "segment", Array<string | number>] | ["and" | "or", Filters] | ["not" | "has_done" | "has_not_done", Filter];

export type Filters = Array<Filter>;

export type OrderBy = [string, "asc" | "desc"];

export type Comparison = {
  mode: "previous_period" | "year_over_year" | "custom";
  date_range?: DateRange;
  match_day_of_week?: boolean;
};

export type Query = {
  site_id: string;
  metrics: Array<Metric>;
  date_range: DateRange;
  dimensions?: Array<Dimension>;
  filters?: Filters;
  order_by?: Array<OrderBy>;
  include?: {
    imports?: boolean;
    time_labels?: boolean;
    total_rows?: boolean;
    comparisons?: Comparison;
    other?: boolean;
  };
  pagination?: {
    limit?: number;
    offset?: number;
  };
};

export type Revenue = {
  value: number;
  currency: string;
  short: string;
  long: string;
};

export type Answer = {
  results: Array<{
    dimensions: Array<string>;
    metrics: Array<number | Revenue | null>;
    comparison?: {
      dimensions: Array<string>;
      metrics: Array<number | Revenue | null>;
      change: Array<number | null>;
    };
  }>;
  meta: {
    imports_included?: boolean;
    imports_skip_reason?: string;
    metric_warnings?: Record<string, {
      code: string;
      warning: string;
    }>;
    time_labels?: Array<string>;
    total_rows?: number;
    other?: {
      metrics: Array<number | Revenue | null>;
      comparison?: {
        metrics: Array<number | Revenue | null>;
        change: Array<number | null>;
      };
      metric_warnings?: Record<string, {
        code: string;
        warning: string;
      }>;
    };
    failed_shards?: Array<number>;
    kept_from?: string;
  };
  query: Record<string, unknown>;
};

export type Patterns = string | Array<string>;

export type Target = {
  page?: Patterns;
  event?: Patterns;
  goal?: string;
  props?: Record<string, Patterns | number | boolean>;
  filters?: Filters;
  name?: string;
};

export type FunnelQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  funnel?: string;
  steps?: Array<Target>;
  order?: "ordered" | "strict";
  by?: "visitor" | "session";
  window?: string;
  limit?: number;
};

export type RetentionQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  by?: "day" | "week" | "month";
  of?: "visitors" | "people" | "users";
};

export type JourneyQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  from?: Target;
  direction?: "after" | "before";
  depth?: number;
  steps?: "pages" | "events" | "all";
  limit?: number;
};

export type ExitsQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  limit?: number;
};

export type ScrollQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  limit?: number;
};

export type HeatmapQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  page: Patterns;
  columns?: number;
  rows?: number;
  limit?: number;
};

export type FormsQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  limit?: number;
};

export type PropertiesQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  event?: Patterns;
  key?: string;
  limit?: number;
};

export type GoalsQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  goals?: Array<Target>;
};

export type SearchQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  limit?: number;
};

export type LinksQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  kind?: "all" | "outbound" | "download";
  limit?: number;
};

export type VitalsQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  by?: "nothing" | "event:page" | "visit:entry_page" | "visit:exit_page" | "visit:source" | "visit:referrer" | "visit:utm_source" | "visit:utm_medium" | "visit:utm_campaign" | "visit:utm_content" | "visit:utm_term" | "visit:country" | "visit:region" | "visit:city" | "visit:device" | "visit:browser" | "visit:browser_version" | "visit:os" | "visit:os_version" | "visit:language" | "visit:channel" | "visit:screen";
  limit?: number;
};

export type ErrorsQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  limit?: number;
};

export type RevenueQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  by?: "nothing" | "product" | "event:page" | "visit:entry_page" | "visit:exit_page" | "visit:source" | "visit:referrer" | "visit:utm_source" | "visit:utm_medium" | "visit:utm_campaign" | "visit:utm_content" | "visit:utm_term" | "visit:country" | "visit:region" | "visit:city" | "visit:device" | "visit:browser" | "visit:browser_version" | "visit:os" | "visit:os_version" | "visit:language" | "visit:channel" | "visit:screen";
  limit?: number;
};

export type EventsQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  visitor?: string;
  limit?: number;
};

export type FunnelStep = {
  name: string;
  count: number;
  conversion_rate: number | null;
  step_rate: number | null;
  drop_off: number;
  drop_off_rate: number | null;
  median_ms: number | null;
  average_ms: number | null;
  instead: Array<Instead>;
};

export type Instead = {
  kind: "page" | "event" | "left" | "other";
  name: string;
  count: number;
};

export type Cohort = {
  date: string;
  visitors: number;
  returned: Array<number>;
  rates: Array<number | null>;
  known_since?: string | null;
};

export type JourneyBranch = {
  kind: "start" | "page" | "event";
  name: string;
  visits: number;
  ended: number;
  other: number;
  children: Array<JourneyBranch>;
};

export type JourneyNode = {
  depth: number;
  kind: "start" | "page" | "event" | "other";
  name: string;
  visits: number;
  ended: number;
};

export type JourneyLink = {
  source: number;
  target: number;
  visits: number;
};

export type PageExits = {
  page: string;
  visits: number;
  pageviews: number;
  exits: number;
  single_page_visits: number;
  exit_rate: number | null;
  visit_exit_rate: number | null;
};

export type PageScroll = {
  page: string;
  visits: number;
  scroll_depth: number | null;
  reached: Array<ScrollMark>;
};

export type ScrollMark = {
  percent: number;
  visits: number;
  share: number | null;
};

export type DeviceGrid = {
  device: string;
  clicks: number;
  rage: number;
  dead: number;
  cells: Array<HeatmapCell>;
  elements: Array<ElementPlace>;
};

export type HeatmapCell = {
  x: number;
  y: number;
  fixed: boolean;
  clicks: number;
  rage: number;
  dead: number;
};

export type ElementPlace = {
  element: string;
  left: number;
  top: number;
  right: number;
  bottom: number;
};

export type ElementClicks = {
  element: string;
  text: string;
  clicks: number;
  rage: number;
  dead: number;
  visitors: number;
};

export type Form = {
  form: string;
  starts: number;
  visitors: number;
  submits: number;
  submitters: number;
  abandons: number;
  completion_rate: number | null;
  abandon_rate: number | null;
  last_fields: Array<LastField>;
};

export type LastField = {
  field: string;
  abandons: number;
  share: number | null;
};

export type Numeric = {
  sum: number;
  average: number;
  min: number;
  max: number;
};

export type PropertyAmount = {
  currency: string;
  sum_minor: number;
  events: number;
};

export type PropertyRow = {
  value: string;
  events: number;
  visitors: number;
};

export type GoalReached = {
  goal: string;
  visitors: number;
  events: number;
  conversion_rate: number | null;
  revenue_minor: Record<string, number>;
};

export type SearchTerms = {
  terms: string;
  searches: number;
  visitors: number;
  without_results: number;
};

export type FollowedLink = {
  kind: LinkKind;
  url: string;
  clicks: number;
  visitors: number;
};

export type LinkKind = "outbound" | "download";

export type VitalsGroup = {
  group: string;
  samples: number;
  vitals: Array<Vital>;
};

export type Vital = {
  name: "LCP" | "INP" | "CLS" | "FCP" | "TTFB";
  samples: number;
  p75: number | null;
  median: number | null;
  good: number | null;
  needs_improvement: number | null;
  poor: number | null;
  rating: "good" | "needs_improvement" | "poor";
};

export type ScriptFailure = {
  message: string;
  source: string;
  events: number;
  visitors: number;
  first_ms: number;
  last_ms: number;
  pages: Array<string>;
};

export type CurrencyRevenue = {
  currency: string;
  revenue_minor: number;
  gross_minor: number;
  refunded_minor: number;
  orders: number;
  quantity: number;
  buyers: number;
  average_order_minor: number | null;
  conversion_rate: number | null;
  revenue_per_visitor_minor: number | null;
};

export type RevenueGroup = {
  group: string;
  visitors: number;
  currencies: Array<CurrencyRevenue>;
};

export type RecentEvent = {
  at: string;
  at_ms: number;
  visitor: string;
  visit_start_ms: number;
  kind: string;
  name: string;
  page: string;
  user: string;
  details: Record<string, string>;
  visit: Record<string, string>;
};

export type LiveFrame = {
  type: "scene";
  seq: number;
  at_ms: number;
  scene: LiveScene;
} | {
  type: "changes";
  seq: number;
  at_ms: number;
  changes: LiveChanges;
} | {
  type: "refused";
  reason: string;
  title: string;
};

export type LiveScene = {
  visitors: number;
  and_more: boolean;
  pages: Array<LiveCount>;
  sources: Array<LiveCount>;
  countries: Array<LiveCount>;
  devices: Array<LiveCount>;
  events: Array<RecentEvent>;
  failed_shards: Array<number>;
};

export type LiveCount = {
  name: string;
  visitors: number;
};

export type LiveChanges = {
  visitors: number;
  and_more: boolean;
  pages: Array<LiveCount>;
  sources: Array<LiveCount>;
  countries: Array<LiveCount>;
  devices: Array<LiveCount>;
  events: Array<RecentEvent>;
  left_out: number;
  failed_shards: Array<number>;
};

export type FunnelAnswer = {
  entered: number;
  converted: number;
  conversion_rate: number | null;
  steps: Array<FunnelStep>;
};

export type RetentionAnswer = Array<Cohort>;

export type JourneyAnswer = {
  tree: JourneyBranch;
  nodes: Array<JourneyNode>;
  links: Array<JourneyLink>;
};

export type ExitsAnswer = {
  rows: Array<PageExits>;
  total: number;
  other: number;
};

export type ScrollAnswer = {
  rows: Array<PageScroll>;
  total: number;
  other: number;
};

export type HeatmapAnswer = {
  clicks: number;
  rage: number;
  dead: number;
  columns: number;
  rows: number;
  devices: Array<DeviceGrid>;
  elements: {
    rows: Array<ElementClicks>;
    total: number;
    other: number;
  };
};

export type FormsAnswer = {
  rows: Array<Form>;
  total: number;
  other: number;
};

export type PropertiesAnswer = {
  events: number;
  visitors: number;
  numeric: Numeric | null;
  amounts: Array<PropertyAmount>;
  rows: Array<PropertyRow>;
  total: number;
  other: number;
};

export type GoalsAnswer = {
  visitors: number;
  goals: Array<GoalReached>;
};

export type SearchAnswer = {
  rows: Array<SearchTerms>;
  total: number;
  other: number;
};

export type LinksAnswer = {
  rows: Array<FollowedLink>;
  total: number;
  other: number;
};

export type VitalsAnswer = Array<VitalsGroup>;

export type ErrorsAnswer = {
  rows: Array<ScriptFailure>;
  total: number;
  other: number;
};

export type RevenueAnswer = {
  visitors: number;
  currencies: Array<CurrencyRevenue>;
  rows: Array<RevenueGroup>;
  total: number;
};

export type EventsAnswer = Array<RecentEvent>;

export type Settings = {
  hosts?: Array<string>;
  time_zone?: string;
  count_bots?: boolean;
  aliases?: Array<string>;
  shards?: 1 | 4 | 16 | 64 | 256;
  retention_days?: number;
  filters?: Filters;
  goals?: Record<string, Target>;
  segments?: Record<string, Filters>;
  funnels?: Record<string, SavedFunnel>;
  annotations?: Record<string, Annotation>;
  origins?: Array<string>;
  public?: boolean;
  batches_per_minute?: number;
  batches_per_minute_of_address?: number;
};

export type NewSite = {
  hosts?: Array<string>;
  time_zone?: string;
  count_bots?: boolean;
  aliases?: Array<string>;
  shards?: 1 | 4 | 16 | 64 | 256;
  retention_days?: number;
  filters?: Filters;
  goals?: Record<string, Target>;
  segments?: Record<string, Filters>;
  funnels?: Record<string, SavedFunnel>;
  annotations?: Record<string, Annotation>;
  origins?: Array<string>;
  public?: boolean;
  batches_per_minute?: number;
  batches_per_minute_of_address?: number;
  site_id: string;
};

export type Site = {
  hosts?: Array<string>;
  time_zone?: string;
  count_bots?: boolean;
  aliases?: Array<string>;
  shards?: 1 | 4 | 16 | 64 | 256;
  retention_days?: number;
  filters?: Filters;
  goals?: Record<string, Target>;
  segments?: Record<string, Filters>;
  funnels?: Record<string, SavedFunnel>;
  annotations?: Record<string, Annotation>;
  origins?: Array<string>;
  public?: boolean;
  batches_per_minute?: number;
  batches_per_minute_of_address?: number;
  site_id: string;
  origin: "variable" | "api";
};

export type SiteChange = {
  hosts?: Array<string> | null;
  time_zone?: string | null;
  count_bots?: boolean | null;
  aliases?: Array<string> | null;
  shards?: 1 | 4 | 16 | 64 | 256 | null;
  retention_days?: number | null;
  filters?: Filters | null;
  goals?: Record<string, Target> | null;
  segments?: Record<string, Filters> | null;
  funnels?: Record<string, SavedFunnel> | null;
  annotations?: Record<string, Annotation> | null;
  origins?: Array<string> | null;
  public?: boolean | null;
  batches_per_minute?: number | null;
  batches_per_minute_of_address?: number | null;
};

export type Key = {
  id: string;
  kind: "admin" | "read" | "ingest" | "share";
  name: string;
  made_ms: number;
  expires_ms: number | null;
  used_ms: number | null;
};

export type MadeKey = {
  id: string;
  kind: "admin" | "read" | "ingest" | "share";
  name: string;
  made_ms: number;
  expires_ms: number | null;
  used_ms: number | null;
  key: string;
  link?: string;
};

export type NewSiteKey = {
  name: string;
  expires_ms?: number;
  kind: "read" | "ingest" | "share";
};

export type NewKey = {
  name: string;
  expires_ms?: number;
};

export type Change = {
  at_ms: number;
  who: string;
  action: string;
  what: string;
};

export type TokenQuestion = {
  site_id?: string;
  reach?: "look" | "read" | "admin";
};

export type TokenAnswer = {
  token: string;
  expires_ms: number;
  expires_in_ms: number;
  site_id: string;
  reach: "look" | "read" | "admin";
};

export type SavedFunnel = {
  steps: Array<Target>;
  order?: "ordered" | "strict";
  by?: "visitor" | "session";
  window?: string;
};

export type Annotation = {
  at: string;
  text: string;
};

export type Saved = {
  goals: Array<{
    name: string;
    origin: "variable" | "api";
    value: Target;
  }>;
  segments: Array<{
    name: string;
    origin: "variable" | "api";
    value: Filters;
  }>;
  funnels: Array<{
    name: string;
    origin: "variable" | "api";
    value: SavedFunnel;
  }>;
  annotations: Array<{
    name: string;
    origin: "variable" | "api";
    value: Annotation;
  }>;
};

export type ImportRecord = {
  request?: {
    user_agent?: string;
    country?: string;
    region?: string;
    city?: string;
  };
  batch: Batch;
};

export type Import = {
  records: Array<ImportRecord>;
};

export type Imported = {
  accepted: number;
  duplicate: number;
  refused: Array<{
    record: number;
    index: number;
    reason: "missing_field" | "text_too_long" | "too_many_props" | "too_many_items" | "number_out_of_range" | "too_old" | "in_future" | "session_full" | "host_not_allowed" | "bot" | "limited" | "too_heavy" | "malformed" | "local_host" | "erased";
  }>;
};

export type KeptEvent = {
  at_ms: number;
  page: string;
  user: string;
  tab?: string;
  number?: number;
  pageview?: {
    path: string;
    host?: string;
    query?: string;
    title?: string;
    referrer?: string;
    trigger?: string;
    props?: Props;
  };
  engagement?: {
    visible_ms?: number;
    scroll_percent?: number;
  };
  click?: {
    element?: string;
    text?: string;
    x_myriad?: number;
    y_myriad?: number;
    flags?: number;
  };
  outbound?: {
    url?: string;
    text?: string;
  };
  download?: {
    url?: string;
  };
  form_start?: {
    form?: string;
    field?: string;
  };
  form_submit?: {
    form?: string;
  };
  form_abandon?: {
    form?: string;
    field?: string;
  };
  search?: {
    terms?: string;
    results?: number | null;
  };
  custom?: {
    name: string;
    props?: Props;
  };
  passive_custom?: {
    name: string;
    props?: Props;
  };
  product_view?: Product;
  cart_add?: Item;
  cart_remove?: Item;
  checkout?: {
    step?: number;
    name?: string;
    value?: Money | null;
  };
  order?: {
    id?: string;
    total?: Money;
    tax_minor?: number;
    shipping_minor?: number;
    discount_minor?: number;
    coupon?: string;
    items?: Array<Item>;
  };
  refund?: {
    order?: string;
    amount?: Money | null;
    items?: Array<Item>;
  };
  identify?: {
    user?: string;
    traits?: Props;
  };
  vital?: {
    name?: string;
    value?: number;
  };
  script_error?: {
    message?: string;
    source?: string;
    line?: number;
    column?: number;
  };
  resize?: Size;
};

export type KeptVisit = {
  start_ms: number;
  visit: Record<string, string>;
  tabs?: Record<string, Record<string, unknown>>;
  events: Array<KeptEvent>;
};

export type Kept = {
  visits: Array<KeptVisit>;
  rejects: Array<Reject>;
};

export type Erased = {
  visits: number;
  events: number;
  rejects: number;
  goes_on: boolean;
};

export type Problem = {
  type: "urn:passerby:problem:undecodable" | "urn:passerby:problem:limit_broken" | "urn:passerby:problem:bad_parameter" | "urn:passerby:problem:bad_message" | "urn:passerby:problem:unauthorized" | "urn:passerby:problem:foreign_origin" | "urn:passerby:problem:forbidden" | "urn:passerby:problem:unknown_site" | "urn:passerby:problem:not_found" | "urn:passerby:problem:method_not_allowed" | "urn:passerby:problem:slow_watcher" | "urn:passerby:problem:conflict" | "urn:passerby:problem:of_variable" | "urn:passerby:problem:too_large" | "urn:passerby:problem:upgrade_required" | "urn:passerby:problem:too_many_messages" | "urn:passerby:problem:too_many_watchers" | "urn:passerby:problem:limited" | "urn:passerby:problem:overloaded" | "urn:passerby:problem:unavailable";
  title: string;
  status: 400 | 401 | 403 | 404 | 405 | 408 | 409 | 413 | 426 | 429 | 503;
  detail?: string;
  parameter?: string;
  path?: string;
  allowed?: Array<string>;
  limit?: {
    name: string;
    allowed: number;
    found: number;
  };
};
