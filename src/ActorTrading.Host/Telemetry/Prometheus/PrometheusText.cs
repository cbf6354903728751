using System.Buffers;
using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace ActorTrading.Host.Telemetry.Prometheus;

/// <summary>
/// Writes the Prometheus text format 0.0.4: headers, labels and numbers, with the required escaping. Lines end with a line feed.
/// </summary>
internal static class PrometheusText
{
    public static void Header(IBufferWriter<byte> to, string name, string help, MetricKind kind)
    {
        if (help.Length > 0) Write(
            to, $"# HELP {name} {help.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal)}\n");
        Write(to, $"# TYPE {name} {kind.ToString().ToLowerInvariant()}\n");
    }

    /// <summary>Formats labels as the text within braces, in the given order; empty without labels.</summary>
    public static string Labels(ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        if (tags.IsEmpty) return "";
        var text = new StringBuilder();
        foreach (var (key, value) in tags)
        {
            if (text.Length > 0) text.Append(',');
            text.Append(PrometheusName.OfLabel(key)).Append("=\"");
            Escape(text, Convert.ToString(value, CultureInfo.InvariantCulture) ?? "");
            text.Append('"');
        }

        return text.ToString();
    }

    public static void Sample(IBufferWriter<byte> to, string name, string suffix, string labels, double value)
    {
        Write(to, name);
        Write(to, suffix);
        if (labels.Length > 0)
        {
            Write(to, "{");
            Write(to, labels);
            Write(to, "}");
        }

        Write(to, " ");
        Number(to, value);
        Write(to, "\n");
    }

    /// <summary>Writes a number in its shortest round-trip form.</summary>
    public static void Number(IBufferWriter<byte> to, double value)
    {
        if (double.IsNaN(value)) Write(to, "NaN");
        else if (double.IsInfinity(value)) Write(to, value > 0 ? "+Inf" : "-Inf");
        else if (Utf8Formatter.TryFormat(value, to.GetSpan(64), out var written)) to.Advance(written);
    }

    private static void Escape(StringBuilder to, string value)
    {
        foreach (var c in value)
        {
            switch (c)
            {
                case '\\':
                    to.Append("\\\\");
                    break;
                case '"':
                    to.Append("\\\"");
                    break;
                case '\n':
                    to.Append("\\n");
                    break;
                default:
                    to.Append(c);
                    break;
            }
        }
    }

    private static void Write(IBufferWriter<byte> to, string text) => Encoding.UTF8.GetBytes(text, to);
}
