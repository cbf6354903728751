using System.Collections.Concurrent;
using System.Text.Json;

namespace ActorTrading.Lab.Hostile;

/// <summary>What a hostile client sent, and what it got. Safe for any number of threads.</summary>
internal sealed class KindTally
{
    private const int MostAnswers = 40;

    private readonly ConcurrentDictionary<string, long> answers = new();
    private long attempts;
    private long bytes;

    /// <summary>Connections, requests or records.</summary>
    public long Attempts => Volatile.Read(ref attempts);

    /// <summary>Bytes that it sent.</summary>
    public long Bytes => Volatile.Read(ref bytes);

    /// <summary>It sent something.</summary>
    public void Sent(long length, long times = 1)
    {
        Interlocked.Add(ref attempts, times);
        Interlocked.Add(ref bytes, length);
    }

    /// <summary>It got something: the status of HTTP, the code of an error, or how the connection ended.</summary>
    public void Got(string answer, long times = 1)
    {
        if (answers.Count >= MostAnswers && !answers.ContainsKey(answer)) answer = "other";
        answers.AddOrUpdate(answer, times, (_, count) => count + times);
    }

    /// <summary>The most frequent answers, as words.</summary>
    public string Spell() => answers.IsEmpty
        ? "nothing"
        : string.Join(", ", answers.OrderByDescending(pair => pair.Value).Take(6).Select(
            pair => FormattableString.Invariant($"{pair.Key} {pair.Value:N0}")));

    /// <summary>Reads what <see cref="Write"/> has written.</summary>
    public static KindTally Read(JsonElement json)
    {
        var tally = new KindTally();
        tally.Sent(json.GetProperty("bytes").GetInt64(), json.GetProperty("attempts").GetInt64());
        foreach (var answer in json.GetProperty("answers").EnumerateObject()) tally.Got(answer.Name, answer.Value.GetInt64());
        return tally;
    }

    /// <summary>Writes the members of an object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("attempts", Attempts);
        json.WriteNumber("bytes", Bytes);
        json.WriteStartObject("answers");
        foreach (var (answer, count) in answers.OrderByDescending(pair => pair.Value)) json.WriteNumber(answer, count);
        json.WriteEndObject();
    }
}
