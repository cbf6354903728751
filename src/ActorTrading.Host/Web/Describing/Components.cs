using System.Reflection;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Signals;
using ActorTrading.Engine.Auditing;
using ActorTrading.Host.Nodes.Engines;
using Microsoft.OpenApi;
using static ActorTrading.Host.Web.Describing.Schema;

namespace ActorTrading.Host.Web.Describing;

/// <summary>
/// The schemas of answers: one property a component of the document, by the same name. Most answers are written member by member, without
/// an object in between; tests compare what nodes answer with these schemas.
/// Long because it is one table of all answers.
/// </summary>
internal static class Components
{
    private const string Open = "HOST:PORT; null: no node has it.";

    /// <summary>All of them, by name.</summary>
    public static IEnumerable<(string Name, OpenApiSchema Schema)> All =>
        typeof(Components).GetProperties(BindingFlags.Public | BindingFlags.Static)
            .Where(property => property.PropertyType == typeof(OpenApiSchema))
            .Select(property => (property.Name, (OpenApiSchema)property.GetValue(null)!));

    public static OpenApiSchema Problem => Object(
    [
        ("title", Text), ("status", Whole.Is("The HTTP status.")), ("code", Text.Is("For programs, in snake case.")),
        ("detail", Text.Is("For people.")),
        ("errors", ListOf(
            ("path", Text), ("message", Text), ("text", Text), ("column", Whole.Is("From 1.")),
            ("key", Flag.Is("True when the key at the path is wrong, and not its value.")),
            ("line", Whole.Is("Of text that is not JSON, from 1.")), ("byte", Whole.Is("In that line, from 1."))).Is("Of a plan.")),
        ("hash", Text.Is("With plan_changed: of the plan in force.")),
        ("role", Text.Is("With not_this_node: the role that this node does not have.")),
        ("nodes", List(Text).Is("With not_this_node: the nodes that have the role.")),
        .. Counts,
    ]);

    public static OpenApiSchema IngestResult => Object(Counts);

    public static OpenApiSchema Rejection => Object(
        ("line", Whole), ("seq", Whole), ("reason", Reason), ("field", Text), ("value", Text), ("advice", Text));

    public static OpenApiSchema Start => Object(
        ("service", Text), ("engine", Engine), ("version", Text.Is("Only for a caller in the access rules.")), ("paths", List(Text)));

    public static OpenApiSchema Session => Object(
        ("rules", Flag.Is("Whether the node has access rules; without them every caller may do everything.")),
        ("name", Text.OrNull().Is("The name of the caller in the rules.")),
        ("session", Flag.Is("Whether the caller has logged in, and sends neither a token nor a certificate.")),
        ("rights", Object(
            ("read_some", Flag.Is("To read at least one symbol.")), ("read_all", Flag.Is("To read every symbol.")),
            ("send", Flag.Is("To send as some source.")), ("admin", Flag.Is("To change the node.")))));

    public static OpenApiSchema Login => With(Object(("token", Text)), schema => schema.Required = new HashSet<string> { "token" });

    public static OpenApiSchema Health => Object(
        ("status", OneOf(
            "live", "ready", "degraded", "recovering", "draining", "failed", "journal_unavailable", "disk_low", "cluster_unavailable")),
        ("detail", Text), ("degraded", List(Text).Is("What is wrong but does not stop service.")),
        ("events", Whole.Is("During recovery: events replayed.")), ("events_to_replay", Whole.Is("During recovery: all of them.")),
        ("records", Whole.Is("During recovery: records replayed.")));

    public static OpenApiSchema Ledger => Object(
        [.. OneLedger, ("nodes", ListOf([("node", Text), .. OneLedger])), ("silent", Silent)]);

    public static OpenApiSchema Partitions => Object(("partitions", ListOf(
        ("partition", Whole), ("owner", Text), ("symbols", Whole), ("records", Whole), ("waiting", Whole),
        ("lag_seconds", Seconds.Is("The age of the oldest waiting record.")))));

    public static OpenApiSchema Connections => Object(
        ("connections", ListOf(
            ("node", Text.Is("With nodes=all.")), ("connection", Whole), ("remote", Text.OrNull()), ("source", Text.OrNull()),
            ("since", Time), ("bytes_in", Whole), ("bytes_out", Whole), ("records", Whole), ("rejected", Whole), ("acks", Whole),
            ("in_flight", Whole), ("lag_seconds", Seconds.Is("The age of the oldest batch in flight.")), ("acked_seq", Whole),
            ("last_ack", Time))),
        ("silent", Silent));

    public static OpenApiSchema StateHash => Object(("state_hash", Text));

    public static OpenApiSchema Shards => Object(
        ("region", Text),
        ("nodes", ListOf(
            ("node", Text.Is("HOST:PORT")), ("shards", Whole), ("symbols", Whole), ("rate", Rate), ("waiting", Whole),
            ("lag_seconds", Seconds))),
        ("silent", Silent),
        ("shards", List(Component(nameof(Shard)))));

    public static OpenApiSchema Shard => Object(
        ("region", Text), ("shard", Whole), ("owner", Text.OrNull().Is(Open)), ("symbols", Whole.Is("Active symbols.")),
        ("records", Whole.Is("Folded by its owner since the owner started.")), ("rate", Rate),
        ("waiting", Whole.Is("Records in flight to it from any node.")),
        ("lag_seconds", Seconds.Is("The age of the oldest of them.")),
        ("last_event", Object(
            ("symbol", Text), ("event", Whole.Is("Its number, from 1.")), ("time", Time.Is("When it was folded, by its owner's clock.")))
            .OrNull().Is("The last event since the shard came to its owner.")),
        ("moves", Whole.Is("Changes of its owner since the node that answers started.")));

    public static OpenApiSchema Cluster => Object(
        ("engine", Engine), ("name", Text.OrNull()), ("self", Text), ("oldest", Text.OrNull()),
        ("nodes", ListOf(
        [
            ("node", Text), ("roles", List(Text)),
            ("membership", OneOf("joining", "weaklyup", "up", "leaving", "exiting", "down", "removed")),
            ("reachable", Flag.Is("Whether the other nodes reach it.")), ("answers", Flag.Is("Whether it answered; then it has the rest.")),
            ("shards", Whole), ("http", Text.OrNull()), ("ticks", Text.OrNull()), ("status", Text.Is("As in /health/ready.")),
            ("problems", List(Text)), ("version", Text), ("process", Whole), ("started", Time),
            ("processor", Number.Is("Processors in use: 1 is one.")), ("processors", Whole), ("memory_bytes", Whole), ("symbols", Whole),
            ("records", Whole), ("rate", Rate), ("waiting", Whole), ("lag_seconds", Seconds), ("connections", Whole),
            ("journal", Object([("fault", Text.OrNull()), .. Commits])),
        ])),
        ("silent", Silent),
        ("singletons", ListOf(("name", Text), ("node", Text.OrNull()))),
        ("journal", Object([("location", Text.OrNull()), ("fault", Text.OrNull()), .. Commits])),
        ("region", Text), ("shard_count", Whole), ("shards", List(Component(nameof(Shard)))),
        ("last_event", Whole.Is("The number of the last event.")),
        ("events", ListOf(
            ("number", Whole), ("time", Time),
            ("event", OneOf(
                "joining", "up", "leaving", "exiting", "down", "removed", "unreachable", "reachable", "shard_moved")),
            ("node", Text), ("shard", Whole), ("from", Text.Is("The owner of the shard before.")))));

    public static OpenApiSchema Rejects => Object(
        ("rejects", ListOf(
            ("node", Text), ("number", Whole), ("time", Time), ("door", Text.Is("The protocol of the input.")), ("peer", Text),
            ("symbol", Text), ("source", Text), ("epoch", Whole), ("seq", Whole), ("place", Whole.Is("The line in its input.")),
            ("reason", Reason), ("field", Text), ("value", Text), ("advice", Text), ("raw", Text.Is("The beginning of the input.")))),
        ("silent", Silent));

    public static OpenApiSchema Audit => Object(("audit", ListOf(
        ("time", Time), ("caller", Text), ("peer", Text), ("door", OneOf(NamesOf<AuditPort>())), ("action", Text), ("target", Text),
        ("outcome", OneOf(NamesOf<AuditOutcome>())), ("reason", Text),
        ("change", Whole.Is("The same in the lines of one change.")),
        ("count", Whole.Is("The number of rejections that the line stands for, if more than one.")), ("details", Map(Text)))));

    public static OpenApiSchema Plan => Object(("hash", Text), ("plan", Any.Is("See docs/plan.md.")));

    public static OpenApiSchema PlanCheck => Object(
    [
        ("hash", Text), ("present", Text.Is("The hash of the plan in force.")), ("in_force", Flag), ("can_be_put", Flag),
        ("obstacles", ListOf(("code", Text), ("detail", Text))),
        .. Checked,
        ("symbols", ListOf([("symbol", Text), .. Checked]).Is("Symbols with settings of their own, at most 100.")),
        ("symbols_omitted", Whole),
    ]);

    public static OpenApiSchema ExplainedRule => Object(
        ("name", Text), ("rule_id", Text), ("action", Action), ("rule", Text), ("explained", List(Text).Is("The rule in words.")));

    public static OpenApiSchema DryRun => Object(
        ("present", Text.Is("The hash of the plan in force.")), ("proposed", Text.Is("The hash of the plan in the body.")),
        ("end", OneOf("complete", "time_limit", "too_many_signals")), ("symbols", Whole), ("symbols_left", Whole.Is("Not reached.")),
        ("symbols_from_later", Whole.Is("Folded from a later record than the first, because of the limit of records.")),
        ("records", Whole), ("first_time", Time.OrNull()), ("last_time", Time.OrNull()), ("seconds", Seconds.Is("How long it took.")),
        ("counts", Object(Fates)),
        ("rules", ListOf([("name", Text), .. Fates])),
        ("signals", ListOf(
            ("fate", OneOf("stays", "moves", "comes", "goes")), ("symbol", Text), ("name", Text), ("action", Action), ("frame", Text),
            ("present", Component(nameof(DrySignal))), ("proposed", Component(nameof(DrySignal))))));

    public static OpenApiSchema DrySignal =>
        Object(("id", Text), ("time", Time), ("price", Exact)).OrNull().Is("Null: the plan has no such signal.");

    public static OpenApiSchema Symbols => Object(("symbols", ListOf(
    [
        ("symbol", Text), ("last_price", Exact), ("last_time", Time.OrNull()),
        .. Each(Whole, "applied", "late", "signals", "partition"),
    ])));

    public static OpenApiSchema Market => Object(("rows", ListOf(
        ("symbol", Text), ("price", Exact.Is("The last price, an exact decimal; null before the first.")), ("time", Time.OrNull()),
        ("change", Exact.Is("Against previous_close, an exact decimal; null if that is not known.")),
        ("change_percent", Number.OrNull().Is("The same in per cent, to four decimals.")),
        ("volume", Exact.Is("Of the trading day, an exact decimal; null if the plan has no frame 1day.")),
        ("rate", Rate.OrNull().Is("Records a second over the last five seconds; null if none since the first subscriber.")),
        ("late", Whole), ("previous_close", Exact.Is("The close of the trading day before, an exact decimal; null if not known.")),
        ("signals_today", Whole),
        ("signal", Object(("position", Whole), ("name", Text), ("action", Text), ("time", Time.OrNull())).OrNull()
            .Is("The last signal in the log.")),
        ("closes", List(Number).Is("Closes of the last 30 bars of 1min, or of the plan's smallest frame; oldest first.")))));

    public static OpenApiSchema Bar => Object(OneBar);

    public static OpenApiSchema Bars => Object(
        ("symbol", Text), ("frame", Text),
        ("bars", ListOf([.. OneBar, ("values", Map(Number.OrNull()))])),
        ("next", Time.Is("If there are more: the `from` of the next page.")),
        ("previous", Time.Is("If there are older bars: the `to` of their page.")));

    public static OpenApiSchema State => Object(
    [
        ("at", Time.Is("The requested time.")), ("symbol", Text), ("last_price", Exact), ("last_time", Time.OrNull()),
        .. Each(Whole, "applied", "late", "off_session", "signals"),
        ("frames", Map(Object(
            ("open_bar", Component(nameof(Bar))), ("last_bar", Component(nameof(Bar))), ("values", Map(Number.OrNull()))))),
        ("sources", ListOf(("source", Text), ("epoch", Whole), ("seq", Whole.OrNull()), ("applied", Whole), ("late", Whole))),
        ("quote", Object([("time", Time.OrNull()), .. Each(Exact, "bid", "bid_size", "ask", "ask_size")])),
        ("book", Object(("bids", Levels), ("asks", Levels))),
        ("news", Object([("time", Time.OrNull()), .. Each(Exact, "score", "magnitude"), ("count", Whole), ("average_score", Average)])),
        ("fundamentals", Object(("time", Time.OrNull()), ("market_cap", Average), ("pe_ratio", Exact))),
        ("economy", Map(Object(("time", Time.OrNull()), ("value", Average)))),
        ("plan_hash", Text), ("state_hash", Text),
    ]);

    public static OpenApiSchema SymbolPlan => Object(
        ("symbol", Text), ("plan_hash", Text), ("calendar", Text), ("zone", Text.Is("The venue's time zone in the tz database.")),
        ("price", OneOf("trade", "bid", "ask", "mid").Is("Price that builds bars.")), ("price_decimals", Whole), ("size_decimals", Whole),
        ("frames", List(Text)),
        ("indicators", ListOf(
            ("name", Text.Is("The name of its values in bars and states.")), ("indicator", Text), ("kind", Text), ("output", Text.OrNull()),
            ("frame", Text.OrNull().Is("The one frame that it is on; null: every frame.")),
            ("unit", OneOf("price", "price_difference", "percent", "quantity", "none")))),
        ("rules", List(Text)));

    public static OpenApiSchema Ticks => Object(("symbol", Text), ("ticks", List(Record)));

    public static OpenApiSchema Summary => Object(
    [
        ("symbol", Text), ("date", new OpenApiSchema { Type = JsonSchemaType.String, Format = "date" }), ("from", Time), ("to", Time),
        .. Each(Exact, "open", "high", "low", "close", "volume", "vwap", "previous_close", "change"),
        ("change_percent", Number.OrNull()), .. Each(Whole, "ticks", "late", "signals"),
    ]);

    public static OpenApiSchema Signal => Object(
        ("position", Whole.Is("In the signal log, from 1.")), ("id", Text), ("number", Whole), ("symbol", Text),
        ("action", Text.Is("buy, sell or alert; withdrawn in an entry that withdraws a signal.")),
        ("withdraws", Whole.Is("In a withdrawal: the position of the withdrawn signal.")), ("price", Exact), ("time", Time.OrNull()),
        ("name", Text), ("rule_id", Text), ("rule", Text), ("frame", Text), ("bar_time", Time.OrNull()), ("ordinal", Whole),
        ("values", Map(Number.OrNull())),
        ("trigger", Object(
            ("kind", Text), ("time", Time.OrNull()), ("price", Exact), ("source", Text), ("epoch", Whole), ("seq", Whole))));

    public static OpenApiSchema Signals => Object(
        ("signals", List(Component(nameof(Signal)))),
        ("next", Whole.Is("The `from` of the next page, or the `before` of an older one.")),
        ("last", Whole.Is("The position of the last signal in the log.")));

    public static OpenApiSchema Explanation => Object(
        ("outcome", OneOf("same", "different", "not_logged", "not_fired", "of_another_plan", "events_deleted", "withdrawn")),
        ("logged", Component(nameof(Signal))), ("withdrawn_at", Whole.Is("The position of the entry that withdraws it.")),
        ("refolded", Component(nameof(Signal))), ("rule", List(Text)),
        ("values", ListOf(("name", Text), ("before", Number.OrNull()), ("at", Number.OrNull()))), ("bar", Component(nameof(Bar))),
        ("event", Whole.Is("The number of the event that triggered it.")), ("records", List(Record)), ("records_of_bar", Whole));

    public static OpenApiSchema Webhooks => Object(
        ("node", Text.OrNull()), ("last", Whole.Is("The position of the last signal in the log.")),
        ("webhooks", ListOf(
        [
            ("name", Text), ("host", Text), ("symbols", Wanted), ("rules", Wanted), ("actions", Wanted),
            .. Each(Whole, "position", "waiting", "attempts", "failures", "delivered", "dead_letters"),
            ("fault", Text.OrNull()), ("last_answer", Text.OrNull()), ("last_answer_time", Time.OrNull()), ("next_try", Time.OrNull()),
        ])));

    public static OpenApiSchema Connectors => Object(
        ("node", Text.OrNull()),
        ("connectors", ListOf(
        [
            ("name", Text), ("kind", Text), ("direction", OneOf("in", "out")),
            ("phase", OneOf("connecting", "running", "standby", "stopped")),
            .. Each(Whole, "messages", "rejected", "skipped", "lost", "errors"),
            ("lag", Whole.OrNull().Is("Messages behind.")), ("last_error", Text.OrNull()), ("last_message", Time.OrNull()),
            ("symbols", List(Text).Is("If it chooses its symbols.")), ("events", Map(Whole).Is("Counters of its kind.")),
        ])));

    public static OpenApiSchema Subscriptions =>
        Object(("everything", Flag.Is("Whether every symbol is accepted, because there is no list.")), ("symbols", List(Text)));

    public static OpenApiSchema Exclusion => Object(
    [
        ("number", Whole), ("source", Text), ("epoch", Whole), ("seq", Whole), ("from", Time), ("to", Time), ("records", Whole),
        ("up_to_event", Whole), ("time", Time), ("by", Text),
    ]);

    public static OpenApiSchema Exclusions => Object(("symbol", Text), ("exclusions", List(Component(nameof(Exclusion)))));

    public static OpenApiSchema ExclusionRequest => With(
        Object(
            ("id", Text.Is("source:seq or source:epoch:seq; without other members.")), ("source", Text), ("epoch", Whole),
            ("seq", Whole), ("from", Text.Is("The first exchange time.")), ("to", Text.Is("The moment after the last."))),
        schema => schema.AdditionalPropertiesAllowed = false);

    public static OpenApiSchema ExclusionOutcome => Object(
        ("symbol", Text), ("changed", Flag), ("exclusion", Component(nameof(Exclusion))),
        ("withdrawn_count", Whole), ("withdrawn", ListOf([("position", Whole), .. Excluded]).Is("At most 100 signals.")),
        ("anew_count", Whole), ("anew", ListOf(Excluded).Is("At most 100 signals.")));

    public static OpenApiSchema Deletion => Object(
        ("symbol", Text), ("changed", Flag.Is("Whether this request deleted it; otherwise it was deleted before.")),
        ("event", Whole.Is("The number of the event that deleted it.")), ("time", Time), ("by", Text),
        ("purged", Flag.Is("Whether the events before are gone from the journal; otherwise the next deletion or start tries again.")));

    private static OpenApiSchema Engine => OneOf(NamesOf<EngineKind>());

    private static OpenApiSchema Action => OneOf(SignalActions.All.Select(action => action.Name()));

    private static OpenApiSchema Reason => OneOf(RejectReasons.All.Select(reason => reason.Name()));

    private static OpenApiSchema Rate => Number.Is("Records a second over the last five seconds.");

    private static OpenApiSchema Average => Number.OrNull();

    private static OpenApiSchema Silent =>
        List(Text).Is("Nodes that did not answer within a second; only the owner of their shards is known.");

    private static OpenApiSchema Levels => ListOf(Each(Exact, "price", "quantity"));

    private static OpenApiSchema Wanted => With(List(Text).Is("Null: all."), schema => schema.OrNull());

    private static IEnumerable<(string Name, IOpenApiSchema Schema)> Counts =>
    [
        .. Each(Whole, "received", "applied", "late", "duplicate", "rejected"),
        ("rejections", List(Component(nameof(Rejection))).Is("At most 100.")), ("rejections_omitted", Whole),
    ];

    private static IEnumerable<(string Name, IOpenApiSchema Schema)> Line =>
        Each(Whole, "received", "applied", "late", "duplicate", "rejected", "rounded");

    private static IEnumerable<(string Name, IOpenApiSchema Schema)> OneLedger =>
        [("sources", ListOf([("source", Text), .. Line])), ("total", Object(Line)), ("balanced", Flag)];

    private static IEnumerable<(string Name, IOpenApiSchema Schema)> Commits =>
        [("commits", Whole.Is("Of the last minute.")), ("p50_seconds", Seconds), ("p99_seconds", Seconds)];

    private static IEnumerable<(string Name, IOpenApiSchema Schema)> Checked =>
    [
        ("bytes_per_symbol", Whole.Is("Least memory for the state of a symbol.")), ("frames", List(Text)), ("indicators", List(Text)),
        ("rules", List(Component(nameof(ExplainedRule)))),
    ];

    private static IEnumerable<(string Name, IOpenApiSchema Schema)> Fates =>
        Each(Whole, "present", "proposed", "stay", "move", "come", "go");

    private static IEnumerable<(string Name, IOpenApiSchema Schema)> OneBar =>
        [("open_time", Time.OrNull()), .. Each(Exact, "open", "high", "low", "close", "volume"), ("ticks", Whole)];

    private static IEnumerable<(string Name, IOpenApiSchema Schema)> Excluded => [("id", Text), ("time", Time), ("name", Text)];

    private static IEnumerable<string> NamesOf<T>()
        where T : struct, Enum => Enum.GetNames<T>().Select(name => name.ToLowerInvariant());

    private static OpenApiSchema With(OpenApiSchema schema, Action<OpenApiSchema> change)
    {
        change(schema);
        return schema;
    }
}
