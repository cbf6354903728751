using System.Text;

namespace ActorTrading.Host.Tests.Telemetry;

/// <summary>
/// Reads names, units and kinds of metrics from an ExportMetricsServiceRequest (opentelemetry-proto 1.x): fields resource_metrics = 1,
/// scope_metrics = 2, metrics = 2; of a metric name = 1, unit = 3, gauge = 5, sum = 7, histogram = 9.
/// </summary>
internal static class OtlpReader
{
    public static List<(string Name, string Unit, string Kind)> Read(byte[] request)
    {
        var metrics = new List<(string, string, string)>();
        foreach (var resource in Fields(request).Where(field => field.Number == 1))
        {
            foreach (var scope in Fields(resource.Bytes).Where(field => field.Number == 2))
            {
                foreach (var metric in Fields(scope.Bytes).Where(field => field.Number == 2))
                {
                    var fields = Fields(metric.Bytes).ToList();
                    metrics.Add((Text(1), Text(3),
                        fields.Select(field => field.Number switch { 5 => "gauge", 7 => "sum", 9 => "histogram", _ => "" })
                            .Single(kind => kind.Length > 0)));

                    string Text(int number) => Encoding.UTF8.GetString(fields.SingleOrDefault(field => field.Number == number).Bytes ?? []);
                }
            }
        }

        return metrics;
    }

    private static IEnumerable<(int Number, byte[] Bytes)> Fields(byte[] message)
    {
        for (var at = 0; at < message.Length;)
        {
            var tag = Varint(message, ref at);
            var length = (int)(tag & 7) switch
            {
                0 => 0,
                1 => 8,
                2 => (int)Varint(message, ref at),
                5 => 4,
                var other => throw new FormatException($"wire type {other}"),
            };
            if ((tag & 7) == 0) Varint(message, ref at);
            yield return ((int)(tag >> 3), message[at..(at + length)]);
            at += length;
        }
    }

    private static ulong Varint(byte[] message, ref int at)
    {
        var value = 0UL;
        for (var shift = 0; ; shift += 7)
        {
            var next = message[at++];
            value |= (ulong)(next & 0x7F) << shift;
            if (next < 0x80) return value;
        }
    }
}
