using System.Diagnostics.Metrics;
using System.Text;

namespace ActorTrading.Host.Watching.Prometheus;

/// <summary>
/// The name of an instrument as Prometheus has it, by the usual rule: dots become underscores, the unit is spelled out behind the name,
/// counters end in <c>_total</c>. <c>actortrading.journal.commit.duration</c> in <c>s</c> is
/// <c>actortrading_journal_commit_duration_seconds</c>. Units in braces (<c>{record}</c>) are words for people and left out.
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

    /// <summary>A label's name: the same characters, without the colon that names of metrics may have.</summary>
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
