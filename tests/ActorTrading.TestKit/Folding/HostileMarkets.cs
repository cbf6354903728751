using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Simulation;

namespace ActorTrading.TestKit.Folding;

/// <summary>
/// Seeded streams with every disturbance: several senders at once, one without sequence numbers and one that restarts in a new epoch
/// (sometimes in an old one), every kind of record, disorder, resends, gaps, silences, bad records, spikes, bursts, external bars of
/// several frames and of none, and clocks that run ahead.
/// </summary>
public static class HostileMarkets
{
    /// <summary>The symbols traded.</summary>
    public static IReadOnlyList<Symbol> Symbols { get; } = [Symbol.Parse("AAPL"), Symbol.Parse("BTC/USD")];

    /// <summary>One hostile stream. The step is the mean time between two records of one sender.</summary>
    public static List<Input> Stream(int seed, int count, long step, Frame barFrame = Frame.OneMinute)
    {
        var random = new Random(seed);
        var senders = new[]
        {
            Sender(seed, "feed-a", step, barFrame, KindMix.Everything),
            Sender(seed, "feed-b", step, Frame.OneSecond, KindMix.Everything),
            Sender(seed, "feed-c", 3 * step, Frame.OneHour, new KindMix { Tick = 20, Quote = 10, Bar = 1 }),
            Sender(seed, "-", 3 * step, Frame.FifteenMinutes, new KindMix { Tick = 20, Quote = 5, Bar = 1, BookUpdate = 10 }),
        };
        var now = new long[senders.Length];
        var stream = new List<Input>(count);
        var latest = 0L;
        while (stream.Count < count)
        {
            if (latest > 0 && random.Next(150) == 0)
                stream.Add(Input.Of(new Timestamp(latest + random.NextInt64(2 * Timestamp.Hour) - Timestamp.Hour)));

            if (stream.Count > 0 && random.Next(40) == 0) Resend(stream, random);

            // Usually the sender that is furthest behind comes next.
            var next = random.Next(8) == 0 ? random.Next(senders.Length) : Array.IndexOf(now, now.Min());
            if (!senders[next].TryNext(out var record)) throw new InvalidOperationException("A market has come to its end.");
            if (record.Time.Nanoseconds > now[next] && senders[next].LastFault == 0) now[next] = record.Time.Nanoseconds;
            latest = Math.Max(latest, now[next]);
            stream.Add(Input.Of(Renamed(record, next, random)));
        }

        return stream;
    }

    /// <summary>The records of a stream.</summary>
    public static List<Record> Records(int seed, int count, long step, Frame barFrame = Frame.OneMinute) =>
        [.. Stream(seed, count, step, barFrame).Where(input => input.Clock is null).Select(input => input.Record)];

    private static MarketGenerator Sender(int seed, string name, long step, Frame barFrame, KindMix kinds) => new(MarketOptions.Hostile with
    {
        Names = [.. Symbols.Select(symbol => symbol.Name)], Symbols = Symbols.Count, Ticks = 100_000, Source = name, Seed = (ulong)seed,
        Step = step, Kinds = kinds, BarFrame = barFrame, Disorder = 0.08, Delay = Math.Min(20 * step, Timestamp.Day), Gaps = 0.004,
        Bad = 0.03, Spikes = 0.02, Burst = 0.02, Volatility = 0.004,
    });

    /// <summary>Repeats some earlier records, in their old order.</summary>
    private static void Resend(List<Input> stream, Random random)
    {
        var first = random.Next(stream.Count);
        stream.AddRange(stream.Skip(first).Take(1 + random.Next(8)).Where(input => input.Clock is null).ToList());
    }

    private static Record Renamed(in Record record, int sender, Random random) => sender switch
    {
        2 when record.Id is { Seq: >= 0, Epoch: 0 } => record.WithIdentity(record.Id with
        {
            Epoch = random.Next(100) == 0 ? 0 : record.Id.Seq / 100, Seq = record.Id.Seq % 100,
        }),
        1 when record.Kind == RecordKind.Bar && record.Frame == Frame.OneSecond && record.Id.Seq % 3 == 0 => Record.Of(
            record.Kind, record.Symbol, record.Id, record.Time, record.A, record.B, record.C, record.D, record.E), // without a frame
        3 when record.Id is { Seq: >= 0, Epoch: 0 } => record.WithIdentity(record.Id with { Seq = Identity.None }),
        _ => record,
    };
}
