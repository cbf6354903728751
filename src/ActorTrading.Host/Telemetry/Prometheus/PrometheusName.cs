using System.Diagnostics.Metrics;
using System.Text;

namespace ActorTrading.Host.Telemetry.Prometheus;

/// <summary>
/// Converts an instrument name to a Prometheus name by the usual rule: dots become underscores, the unit is appended as a word, counters
/// end in <c>_total</c>. <c>actortrading.journal.commit.duration</c> in <c>s</c> becomes
/// <c>actortrading_journal_commit_duration_seconds</c>. Units in braces (<c>{record}</c>) are annotations and are omitted.
/// </summary>
internal static class PrometheusName
{
    public static string Of(Instrument instrument, MetricKind kind)
    {
        var name = new StringBuilder();
        foreach (var c in instrument.Name) name.Append(char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_');
        if (name.Length == 0 || char.IsAsciiDigit(name[0])) name.Insert(0, '_');
        if (SuffixOf(instrument.Unit) is { } unit && !EndsWith(name, unit)) name.Append('_').Append(unit);
        if (kind == MetricKind.Counter && !EndsWith(name, "total")) name.Append("_total");
        return name.ToString();
    }

    /// <summary>Converts a label name: the same characters, without the colon that metric names may contain.</summary>
    public static string OfLabel(string key)
    {
        var name = string.Concat(key.Select(static c => char.IsAsciiLetterOrDigit(c) || c == '_' ? c : '_'));
        return name.Length == 0 || char.IsAsciiDigit(name[0]) ? "_" + name : name;
    }

    private static bool EndsWith(StringBuilder name, string word) => name.ToString().EndsWith("_" + word, StringComparison.Ordinal);

    private static string? SuffixOf(string? unit) => unit switch
    {
        null or "" or "1" => null,
        "s" => "seconds",
        "ms" => "milliseconds",
        "By" => "bytes",
        "%" => "percent",
        _ when unit.StartsWith('{') => null,
        _ => OfLabel(unit),
    };
}
