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
    reason: "missing_field" | "text_too_long" | "too_many_props" | "too_many_items" | "number_out_of_range" | "too_old" | "in_future" | "session_full" | "host_not_allowed" | "bot" | "limited" | "too_heavy";
  }>;
};

export type Metric = "visitors" | "visits" | "pageviews" | "views_per_visit" | "bounce_rate" | "visit_duration" | "events" | "scroll_depth" | "time_on_page" | "average_revenue" | "total_revenue" | "percentage" | "conversion_rate" | "group_conversion_rate";

export type FilterDimension = "visit:entry_page" | "visit:exit_page" | "visit:source" | "visit:referrer" | "visit:utm_source" | "visit:utm_medium" | "visit:utm_campaign" | "visit:utm_content" | "visit:utm_term" | "visit:country" | "visit:region" | "visit:city" | "visit:device" | "visit:browser" | "visit:browser_version" | "visit:os" | "visit:os_version" | "visit:language" | "visit:channel" | "visit:screen" | "event:page" | "event:name" | "event:hostname" | "event:goal" | "visit:country_name" | "visit:city_name" | `event:props:${string}`;

export type TimeDimension = "time:minute" | "time:hour" | "time:day" | "time:week" | "time:month" | "time";

export type Dimension = FilterDimension | TimeDimension;

export type DateRange = "day" | "7d" | "28d" | "30d" | "91d" | "month" | "6mo" | "12mo" | "year" | "all" | [string, string];

export type Filter = ["is" | "is_not" | "contains" | "contains_not" | "matches" | "matches_not", FilterDimension, Array<string>, ({
  case_sensitive?: boolean;
})?] | ["and" | "or", Filters] | ["not" | "has_done" | "has_not_done", Filter];

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
    failed_shards?: Array<number>;
  };
  query: Record<string, unknown>;
};

export type FunnelQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  steps?: unknown;
  order?: unknown;
  by?: unknown;
  window?: unknown;
  limit?: unknown;
};

export type RetentionQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  by?: unknown;
  of?: unknown;
};

export type JourneyQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  from?: unknown;
  direction?: unknown;
  depth?: unknown;
  steps?: unknown;
  limit?: unknown;
};

export type ExitsQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  limit?: unknown;
};

export type ScrollQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  limit?: unknown;
};

export type HeatmapQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  page?: unknown;
  columns?: unknown;
  rows?: unknown;
  limit?: unknown;
};

export type FormsQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  limit?: unknown;
};

export type PropertiesQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  event?: unknown;
  key?: unknown;
  limit?: unknown;
};

export type GoalsQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  goals?: unknown;
};

export type SearchQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  limit?: unknown;
};

export type LinksQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  kind?: unknown;
  limit?: unknown;
};

export type VitalsQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  by?: unknown;
  limit?: unknown;
};

export type ErrorsQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  limit?: unknown;
};

export type RevenueQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  by?: unknown;
  limit?: unknown;
};

export type EventsQuestion = {
  site_id: string;
  date_range: DateRange;
  filters?: Filters;
  visitor?: unknown;
  limit?: unknown;
};

export type Problem = {
  type: "urn:passerby:problem:undecodable" | "urn:passerby:problem:limit_broken" | "urn:passerby:problem:bad_parameter" | "urn:passerby:problem:unauthorized" | "urn:passerby:problem:unknown_site" | "urn:passerby:problem:not_found" | "urn:passerby:problem:method_not_allowed" | "urn:passerby:problem:too_large" | "urn:passerby:problem:unavailable";
  title: string;
  status: 400 | 401 | 404 | 405 | 413 | 503;
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
