namespace ActorTrading.Connectors.Exchanges;

/// <summary>Counters of a session since its start. Thread-safe.</summary>
public sealed class ExchangeCounts
{
    /// <summary>Names of the counters, in display order.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "connections", "cuts", "silences", "renewals", "messages", "dropped", "malformed", "refusals", "gaps", "missing", "filled", "lost",
        "repeats", "reordered", "books_broken", "book_snapshots", "request_errors", "unread",
    ];

    private readonly long[] values = new long[Names.Count];

    /// <summary>A counter; 0 for an unknown name.</summary>
    public long this[string name] => IndexOf(name) is >= 0 and var index ? Interlocked.Read(ref values[index]) : 0;

    /// <summary>All counters.</summary>
    public IReadOnlyDictionary<string, long> Read() => Names.ToDictionary(name => name, name => this[name]);

    internal void Add(string name, long count = 1) => Interlocked.Add(ref values[IndexOf(name)], count);

    private static int IndexOf(string name)
    {
        for (var i = 0; i < Names.Count; i++)
        {
            if (Names[i] == name) return i;
        }

        return -1;
    }
}
