using System.Net;
using ActorTrading.Engine.Excluding;
using Microsoft.Extensions.Logging;

namespace ActorTrading.Host.Logging;

/// <summary>Log messages of a node. Event ids never change, because log queries depend on them. No record is logged individually.</summary>
internal static partial class NodeLog
{
    [LoggerMessage(
        100, LogLevel.Information,
        "Starting {Version}: data {Data}, journal {Journal}, plan {Plan}, ticks on {Listen}:{Port}, {Webhooks} webhooks")]
    public static partial void Starting(
        this ILogger logger, string version, string data, string journal, string plan, IPAddress listen, int port, int webhooks);

    [LoggerMessage(
        101, LogLevel.Information,
        "Recovered {Symbols} symbols in {Elapsed}: {Snapshots} snapshots, {Events} events, {Records} records, {Signals} signals")]
    public static partial void Recovered(
        this ILogger logger, int symbols, TimeSpan elapsed, int snapshots, long events, long records, long signals);

    [LoggerMessage(
        102, LogLevel.Warning, "Snapshot {SequenceNumber} of {PersistenceId} was not used, and events were replayed instead: {Reason}")]
    public static partial void UnusedSnapshot(this ILogger logger, string persistenceId, long sequenceNumber, string reason);

    [LoggerMessage(103, LogLevel.Warning, "{Notice}")]
    public static partial void Notice(this ILogger logger, string notice);

    [LoggerMessage(104, LogLevel.Information, "Ready: ticks on {Ingest}, HTTP on {Http}")]
    public static partial void Ready(this ILogger logger, string ingest, string http);

    [LoggerMessage(105, LogLevel.Information, "Draining: no more records are accepted")]
    public static partial void Draining(this ILogger logger);

    [LoggerMessage(106, LogLevel.Information, "Stopped")]
    public static partial void Stopped(this ILogger logger);

    [LoggerMessage(107, LogLevel.Error, "The engine failed; the node must be restarted: {Reason}")]
    public static partial void EngineFailed(this ILogger logger, string reason);

    [LoggerMessage(108, LogLevel.Warning, "Old events and snapshots cannot be deleted, and the journal grows; retrying: {Reason}")]
    public static partial void RetentionFails(this ILogger logger, string reason);

    [LoggerMessage(109, LogLevel.Information, "Old events and snapshots can be deleted again")]
    public static partial void RetentionWorksAgain(this ILogger logger);

    [LoggerMessage(110, LogLevel.Information, "Joined a cluster as {Address}; {Signals} signals")]
    public static partial void Joined(this ILogger logger, string address, long signals);

    [LoggerMessage(
        113, LogLevel.Error,
        "The disk is nearly full: {Free} bytes are free, {Mark} are required. No records are accepted until it has space")]
    public static partial void DiskLow(this ILogger logger, long free, long mark);

    [LoggerMessage(114, LogLevel.Information, "The disk has space again: {Free} bytes are free, and records are accepted")]
    public static partial void DiskHasRoom(this ILogger logger, long free);

    [LoggerMessage(120, LogLevel.Information, "Plan {Plan} is in force, with {Rules} rules")]
    public static partial void PlanInForce(this ILogger logger, string plan, int rules);

    [LoggerMessage(121, LogLevel.Information, "The plan was changed from {Before} to {Plan} within {Elapsed}")]
    public static partial void PlanChanged(this ILogger logger, string before, string plan, TimeSpan elapsed);

    public static void RecordsExcluded(this ILogger logger, string symbol, ExclusionOutcome outcome, string by, TimeSpan elapsed) =>
        logger.RecordsExcluded(
            outcome.Exclusion.Records, symbol, outcome.Exclusion.Filter.ToString(), outcome.Exclusion.Number, Known(by),
            outcome.Signals.Withdrawn.Count, outcome.Signals.Anew.Count, elapsed);

    public static void RecordsIncluded(this ILogger logger, string symbol, ExclusionOutcome outcome, string by, TimeSpan elapsed) =>
        logger.RecordsIncluded(
            outcome.Exclusion.Number, symbol, outcome.Exclusion.Filter.ToString(), Known(by), outcome.Signals.Withdrawn.Count,
            outcome.Signals.Anew.Count, elapsed);

    private static string Known(string by) => by.Length > 0 ? by : "an unknown caller";

    [LoggerMessage(122, LogLevel.Information, "{Records} records of {Symbol} were excluded: {Filter}, exclusion {Number}, by {Who}; "
        + "{Withdrawn} signals withdrawn, {Anew} new ones not logged, within {Elapsed}")]
    private static partial void RecordsExcluded(
        this ILogger logger, long records, string symbol, string filter, long number, string who, int withdrawn, int anew,
        TimeSpan elapsed);

    [LoggerMessage(123, LogLevel.Information, "Exclusion {Number} of {Symbol} was ended: {Filter}, by {Who}; "
        + "{Withdrawn} signals withdrawn, {Anew} new ones not logged, within {Elapsed}")]
    private static partial void RecordsIncluded(
        this ILogger logger, long number, string symbol, string filter, string who, int withdrawn, int anew, TimeSpan elapsed);

    public static void SymbolDeleted(this ILogger logger, string symbol, string by, long number, TimeSpan elapsed) =>
        logger.SymbolDeletedBy(symbol, Known(by), number, elapsed);

    [LoggerMessage(
        124, LogLevel.Information, "{Symbol} was deleted by {Who}, event {Number}, within {Elapsed}", EventName = "SymbolDeleted")]
    private static partial void SymbolDeletedBy(this ILogger logger, string symbol, string who, long number, TimeSpan elapsed);

    [LoggerMessage(200, LogLevel.Information, "Connection {Number} from {Remote} ({Source}) was closed: {Code}, {Reason}; "
        + "{Records} records, {Rejected} rejected, {BytesIn} bytes")]
    public static partial void ConnectionClosed(
        this ILogger logger, long number, string remote, string source, string code, string reason, long records, long rejected,
        long bytesIn);

    [LoggerMessage(
        201, LogLevel.Debug,
        "Connection {Number} from {Remote} ({Source}) has ended; {Records} records, {Rejected} rejected, {BytesIn} bytes")]
    public static partial void ConnectionEnded(
        this ILogger logger, long number, string remote, string source, long records, long rejected, long bytesIn);

    [LoggerMessage(202, LogLevel.Warning, "A request from {Remote} ({Who}) was refused: {Method} {Path}, {Code}")]
    public static partial void RequestRefused(this ILogger logger, string remote, string who, string method, string path, string code);

    [LoggerMessage(300, LogLevel.Error, "Indicator {Indicator} of {Symbol} on {Frame} failed, and stays without a value: {Reason}")]
    public static partial void IndicatorFailed(this ILogger logger, string indicator, string symbol, string frame, string reason);

    [LoggerMessage(400, LogLevel.Debug, "A {Kind} subscriber connected")]
    public static partial void SubscriberCame(this ILogger logger, string kind);

    [LoggerMessage(401, LogLevel.Debug, "A {Kind} subscriber disconnected")]
    public static partial void SubscriberWent(this ILogger logger, string kind);

    [LoggerMessage(402, LogLevel.Warning, "A {Kind} subscriber is too slow: {Events} of its live events were dropped")]
    public static partial void SubscriberMissed(this ILogger logger, string kind, long events);

    [LoggerMessage(900, LogLevel.Warning, "{Count} events {Event} were not logged: too many in one second")]
    public static partial void Suppressed(this ILogger logger, long count, string @event);
}
