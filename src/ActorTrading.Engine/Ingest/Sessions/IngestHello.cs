using System.Text;
using System.Text.Json;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;

namespace ActorTrading.Engine.Ingest.Sessions;

/// <summary>
/// The hello of a client: the source and epoch for records without their own, the token (empty for none), and the unit of numeric times
/// (null: detected from the first one).
/// </summary>
internal readonly record struct IngestHello(Source Source, long Epoch, byte[] Token, TimeUnit? TimeUnit = null)
{
    /// <summary>Whether a line is intended as a hello: a JSON object whose first name is <c>hello</c>.</summary>
    public static bool IsMeant(ReadOnlySpan<byte> line)
    {
        line = line.TrimStart(" \t"u8);
        return line.StartsWith("{"u8) && line[1..].TrimStart(" \t"u8).StartsWith("\"hello\""u8);
    }

    /// <summary>Parses the line; false with the problem. Unknown names are skipped, so that the hello can be extended.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out IngestHello hello, out string problem)
    {
        hello = default;
        try
        {
            return TryRead(line, out hello, out problem);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            problem = "it is not valid JSON"; // InvalidOperationException: the text is not UTF-8
            return false;
        }
    }

    private static bool TryRead(ReadOnlySpan<byte> line, out IngestHello hello, out string problem)
    {
        hello = default;
        problem = "";
        Source? source = null;
        long epoch = 0;
        byte[] token = [];
        TimeUnit? unit = null;
        var reader = new Utf8JsonReader(line);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var (isSource, isEpoch, isToken) =
                (reader.ValueTextEquals("hello"u8), reader.ValueTextEquals("epoch"u8), reader.ValueTextEquals("token"u8));
            var isUnit = reader.ValueTextEquals("time_unit"u8);
            reader.Read();
            if (isSource)
            {
                if (reader.TokenType != JsonTokenType.String || !Source.TryParse(reader.GetString(), out source)
                    || source.Equals(Source.Anonymous))
                    return Fail(
                        "hello must be a source name: 1 to 64 printable ASCII characters without quotes and backslashes, and not '-'",
                        out problem);
            }
            else if (isEpoch)
            {
                if (reader.TokenType != JsonTokenType.Number || !reader.TryGetInt64(out epoch) || epoch < 0)
                    return Fail("epoch must be a whole number of 0 or more", out problem);
            }
            else if (isToken)
            {
                if (reader.TokenType != JsonTokenType.String) return Fail("token must be text", out problem);
                token = Encoding.UTF8.GetBytes(reader.GetString()!);
            }
            else if (isUnit)
            {
                if (reader.TokenType != JsonTokenType.String || !TimeUnits.TryParse(reader.GetString()!, out var named))
                    return Fail($"time_unit must be one of {string.Join(", ", TimeUnits.All.Select(known => known.Name()))}", out problem);
                unit = named;
            }
            else
            {
                reader.Skip();
            }
        }

        if (reader.Read()) return Fail("there is text after it", out problem);
        hello = new IngestHello(source!, epoch, token, unit);
        return source is not null || Fail("it has no source", out problem);
    }

    private static bool Fail(string what, out string problem)
    {
        problem = what;
        return false;
    }
}
