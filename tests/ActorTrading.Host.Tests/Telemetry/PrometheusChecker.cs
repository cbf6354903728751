using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;

namespace ActorTrading.Host.Tests.Telemetry;

/// <summary>One sample: the metric as written, its labels by name, its value.</summary>
internal sealed record Sample(string Name, IReadOnlyDictionary<string, string> Labels, double Value);

/// <summary>One metric with its header and all of its samples.</summary>
internal sealed record Metric(string Name, string Type, string Help, IReadOnlyList<Sample> Samples);

/// <summary>
/// Parser of the Prometheus text format 0.0.4, written from its description and stricter than Prometheus: it throws on anything that
/// Prometheus or its linter rejects or warns about.
/// </summary>
internal static partial class PrometheusChecker
{
    public static IReadOnlyDictionary<string, Metric> Read(ReadOnlySpan<byte> page)
    {
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(page);
        Require(text.Length == 0 || text.EndsWith('\n'), "the last line has no end", text);
        var metrics = new Dictionary<string, Metric>();
        var (name, help, type, samples) = ("", "", "", new List<Sample>());
        foreach (var line in text.Split('\n').SkipLast(1))
        {
            if (line.StartsWith("# HELP ", StringComparison.Ordinal))
            {
                Finish();
                (name, help) = Two(line["# HELP ".Length..], line);
                Require(!Regex.Replace(help, @"\\\\|\\n", "").Contains('\\'), "a stray backslash in the help", line);
            }
            else if (line.StartsWith("# TYPE ", StringComparison.Ordinal))
            {
                var (of, kind) = Two(line["# TYPE ".Length..], line);
                if (name.Length == 0) name = of;
                Require(of == name && type.Length == 0, "a type in the wrong place", line);
                Require(kind is "counter" or "gauge" or "histogram", "an unknown type", line);
                Require(NamePattern().IsMatch(of), "a bad name", line);
                type = kind;
            }
            else
            {
                Require(type.Length > 0, "a sample before its type", line);
                samples.Add(ReadSample(line));
                Require(samples[^1].Name == name || type == "histogram", "a sample of another metric", line);
            }
        }

        Finish();
        return metrics;

        void Finish()
        {
            if (name.Length == 0) return;
            var metric = new Metric(name, type, help, samples);
            Check(metric);
            Require(metrics.TryAdd(name, metric), "a metric that was there before", name);
            (name, help, type, samples) = ("", "", "", []);
        }
    }

    private static void Check(Metric metric)
    {
        Require(metric.Samples.Count > 0, "a metric without samples", metric.Name);
        Require(metric.Help.Length > 0, "a metric without help", metric.Name);
        Require(
            metric.Type == "counter" == metric.Name.EndsWith("_total", StringComparison.Ordinal), "a name that does not fit its type",
            metric.Name);
        var seen = new HashSet<string>();
        foreach (var sample in metric.Samples)
        {
            Require(seen.Add(sample.Name + Key(sample, except: "")), "the same series twice", sample.ToString());
            Require(metric.Type != "counter" || sample.Value >= 0, "a counter below zero", sample.ToString());
            Require(metric.Type == "histogram" || !sample.Labels.ContainsKey("le"), "a bound outside of a histogram", sample.ToString());
        }

        if (metric.Type != "histogram") return;
        foreach (var series in metric.Samples.GroupBy(sample => Key(sample, except: "le")))
        {
            var buckets = series.Where(sample => sample.Name == metric.Name + "_bucket").ToList();
            var sums = series.Count(sample => sample.Name == metric.Name + "_sum");
            var counts = series.Where(sample => sample.Name == metric.Name + "_count").ToList();
            Require(sums == 1 && counts.Count == 1 && series.Count() == buckets.Count + 2, "not one sum and one count", metric.Name);
            Require(buckets.Count > 0 && buckets[^1].Labels["le"] == "+Inf", "no last bucket", metric.Name);
            Require(buckets[^1].Value == counts[0].Value, "a count that is not that of the last bucket", metric.Name);
            foreach (var (smaller, larger) in buckets.Zip(buckets.Skip(1)))
            {
                Require(Number(smaller.Labels["le"]) < Number(larger.Labels["le"]), "bounds out of order", metric.Name);
                Require(smaller.Value <= larger.Value, "a bucket smaller than the one within it", metric.Name);
            }
        }
    }

    private static string Key(Sample sample, string except) =>
        string.Join('\u0001', sample.Labels.Where(label => label.Key != except).OrderBy(label => label.Key, StringComparer.Ordinal)
            .Select(label => $"{label.Key}\u0002{label.Value}"));

    private static Sample ReadSample(string line)
    {
        var at = line.IndexOfAny(['{', ' ']);
        Require(at > 0, "no sample", line);
        var name = line[..at];
        Require(NamePattern().IsMatch(name), "a bad name", line);
        var labels = new Dictionary<string, string>();
        if (line[at] == '{')
        {
            at++;
            while (line[at] != '}')
            {
                var equals = line.IndexOf('=', at);
                var label = line[at..equals];
                Require(LabelPattern().IsMatch(label), "a bad label", line);
                Require(line[equals + 1] == '"', "a label without quotes", line);
                var value = new StringBuilder();
                for (at = equals + 2; line[at] != '"'; at++)
                {
                    if (line[at] != '\\')
                    {
                        value.Append(line[at]);
                        continue;
                    }

                    at++;
                    Require(line[at] is '\\' or '"' or 'n', "an unknown escape", line);
                    value.Append(line[at] == 'n' ? '\n' : line[at]);
                }

                Require(labels.TryAdd(label, value.ToString()), "a label twice", line);
                at++;
                Require(line[at] is ',' or '}', "labels not set apart", line);
                if (line[at] == ',') at++;
            }

            at++;
        }

        Require(line[at] == ' ', "no blank before the value", line);
        return new Sample(name, labels, Number(line[(at + 1)..]));
    }

    private static double Number(string text) => text switch
    {
        "+Inf" => double.PositiveInfinity,
        "-Inf" => double.NegativeInfinity,
        "NaN" => double.NaN,
        _ => double.Parse(
            text, NumberStyles.AllowLeadingSign | NumberStyles.AllowDecimalPoint | NumberStyles.AllowExponent,
            CultureInfo.InvariantCulture),
    };

    private static (string Name, string Text) Two(string text, string line)
    {
        var at = text.IndexOf(' ');
        Require(at > 0, "a header cut short", line);
        return (text[..at], text[(at + 1)..]);
    }

    private static void Require(bool holds, string problem, string where)
    {
        if (!holds) throw new FormatException($"{problem}: {where}");
    }

    [GeneratedRegex("^[a-zA-Z_:][a-zA-Z0-9_:]*$")]
    private static partial Regex NamePattern();

    [GeneratedRegex("^(?!__)[a-zA-Z_][a-zA-Z0-9_]*$")]
    private static partial Regex LabelPattern();
}
