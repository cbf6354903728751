using System.Collections.Concurrent;
using System.Text.Json;

namespace ActorTrading.Lab.Hostile;

/// <summary>What a hostile client sent and received. Thread-safe.</summary>
internal sealed class KindTally
{
    private const int MostAnswers = 40;

    private readonly ConcurrentDictionary<string, long> answers = new();
    private readonly TaskCompletionSource attempted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long attempts;
    private long bytes;

    /// <summary>Number of connections, requests or records.</summary>
    public long Attempts => Volatile.Read(ref attempts);

    /// <summary>Completes at the first attempt.</summary>
    public Task Attempted => attempted.Task;

    /// <summary>Number of bytes sent.</summary>
    public long Bytes => Volatile.Read(ref bytes);

    /// <summary>Counts sent data.</summary>
    public void Sent(long length, long times = 1)
    {
        Interlocked.Add(ref attempts, times);
        Interlocked.Add(ref bytes, length);
        attempted.TrySetResult();
    }

    /// <summary>Counts a response: the HTTP status, the error code, or the end of the connection.</summary>
    public void Got(string answer, long times = 1)
    {
        if (answers.Count >= MostAnswers && !answers.ContainsKey(answer)) answer = "other";
        answers.AddOrUpdate(answer, times, (_, count) => count + times);
    }

    /// <summary>The most frequent responses, as text.</summary>
    public string Spell() => answers.IsEmpty
        ? "nothing"
        : string.Join(", ", answers.OrderByDescending(pair => pair.Value).Take(6).Select(
            pair => FormattableString.Invariant($"{pair.Key} {pair.Value:N0}")));

    /// <summary>Reads the output of <see cref="Write"/>.</summary>
    public static KindTally Read(JsonElement json)
    {
        var tally = new KindTally();
        tally.Sent(json.GetProperty("bytes").GetInt64(), json.GetProperty("attempts").GetInt64());
        foreach (var answer in json.GetProperty("answers").EnumerateObject()) tally.Got(answer.Name, answer.Value.GetInt64());
        return tally;
    }

    /// <summary>Writes the members of a JSON object.</summary>
    public void Write(Utf8JsonWriter json)
    {
        json.WriteNumber("attempts", Attempts);
        json.WriteNumber("bytes", Bytes);
        json.WriteStartObject("answers");
        foreach (var (answer, count) in answers.OrderByDescending(pair => pair.Value)) json.WriteNumber(answer, count);
        json.WriteEndObject();
    }
}
