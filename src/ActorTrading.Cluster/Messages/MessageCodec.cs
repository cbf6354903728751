using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Plans;
using ActorTrading.Domain.Values;
using ActorTrading.Engine;
using ActorTrading.Wire;
using ActorTrading.Wire.Bytes;
using ActorTrading.Wire.Events;
using ActorTrading.Wire.Snapshots;

namespace ActorTrading.Cluster.Messages;

/// <summary>
/// The bytes of messages between nodes: sealed as payloads of the journal are, so that a damaged or foreign one is refused with its
/// place. The number at the end of a manifest is the layout's; nodes of two versions must understand each other while one replaces the other.
/// </summary>
internal static class MessageCodec
{
    public const string Prefix = "m:";

    private const string Batch = "m:batch1";
    private const string Advance = "m:clock1";
    private const string Done = "m:done1";
    private const string StateAsked = "m:state?1";
    private const string State = "m:state1";
    private const string EntryAsked = "m:entry?1";
    private const string Entry = "m:entry1";
    private const string CensusAsked = "m:census?1";
    private const string Census = "m:census1";
    private const string GlanceAsked = "m:glance?1";
    private const string Glance = "m:glance1";
    private const string GaugesAsked = "m:gauges?1";
    private const string Gauges = "m:gauges1";
    private const string Wake = "m:wake1";
    private const string Fired = "m:fired1";
    private const string Logged = "m:logged1";
    private const string Published = "m:signals1";
    private const string LedgerAsked = "m:ledger?1";
    private const string Ledger = "m:ledger1";

    private const string Subscribing = "m:subscribe1";
    private const string Subscribed = "m:subscribed1";
    private const string Wanted = "m:live?1";
    private const string Happened = "m:live1";
    private const string Taken = "m:taken1";
    private const string ShardsAsked = "m:shards?1";
    private const string Shards = "m:shards1";

    private const string PageAsked = "m:page?1";
    private const string Page = "m:page1";
    private const string Bar = "m:bar1";
    private const string Volatility = "m:volatility1";
    private const string Reject = "m:reject1";
    private const string Replanning = "m:plan1";
    private const string Replanned = "m:planned1";
    private const string PlanAsked = "m:plan?1";
    private const string Refold = "m:refold1";
    private const string Refolded = "m:refolded1";

    private const int MaxSymbol = 1 + Symbol.MaxLength;
    private const int GuidSize = 16;

    public static string ManifestOf(object message) => message switch
    {
        SymbolBatch => Batch,
        AdvanceSymbol => Advance,
        SymbolDone => Done,
        AskState => StateAsked,
        SymbolStateBytes => State,
        AskEntry => EntryAsked,
        CensusEntry => Entry,
        AskCensus => CensusAsked,
        CensusPage => Census,
        AskGlance => GlanceAsked,
        SymbolGlance => Glance,
        AskGauges => GaugesAsked,
        SymbolGauges => Gauges,
        WakeSymbol => Wake,
        SignalsFired => Fired,
        SignalsLogged => Logged,
        SignalsPublished => Published,
        AskLedger => LedgerAsked,
        NodeLedger => Ledger,
        ChangeSubscriptions => Subscribing,
        SubscriptionsChanged => Subscribed,
        LiveWanted => Wanted,
        LiveHappened => Happened,
        LiveTaken => Taken,
        AskShards => ShardsAsked,
        NodeShards => Shards,
        SignalsAfter => PageAsked,
        SignalsPage => Page,
        BarPublished => Bar,
        VolatilityPublished => Volatility,
        RejectPublished => Reject,
        ChangePlan => Replanning,
        PlanChanged => Replanned,
        AskPlan => PlanAsked,
        RefoldSymbol => Refold,
        SymbolRefolded => Refolded,
        _ => throw new ArgumentException($"{message.GetType().Name} is no message between nodes.", nameof(message)),
    };

    /// <summary>Writes a message.</summary>
    /// <exception cref="ArgumentException">It is none, or holds a record that no journal could give back.</exception>
    public static void Encode(object message, IBufferWriter<byte> output)
    {
        var writer = new PayloadWriter(output, ManifestOf(message));
        writer.Room(1 + MaxSymbol + GuidSize + (2 * ByteWriter.MaxVarint) + PlanHash.Length);
        writer.To.Byte(EventManifests.Version);
        switch (message)
        {
            case SymbolBatch batch:
                WriteNumbered(ref writer, batch);
                var events = new ArrayBufferWriter<byte>(64 + (16 * batch.Records.Length));
                writer.To.ShortAscii(new EventEncoder().EncodeRecords(batch.Symbol, batch.Records.Span, events));
                WriteBytes(ref writer, events.WrittenSpan);
                break;
            case AdvanceSymbol advance:
                WriteNumbered(ref writer, advance);
                writer.To.Int64(advance.To.Nanoseconds);
                break;
            case SymbolDone done:
                writer.To.ShortAscii(done.Symbol.Name);
                writer.To.Bytes(done.Sender.ToByteArray());
                writer.To.Varint((ulong)done.Number);
                WriteRuns(ref writer, done.Outcomes);
                break;
            case SymbolStateBytes state:
                writer.To.ShortAscii(state.Symbol.Name);
                WriteBytes(ref writer, state.Snapshot);
                break;
            case AskEntry asked:
                writer.To.ShortAscii(asked.Symbol.Name);
                writer.To.Byte(asked.IsHashed ? (byte)1 : (byte)0);
                break;
            case CensusEntry entry:
                CensusCodec.Write(ref writer, entry);
                break;
            case AskCensus asked:
                writer.To.ShortAscii(asked.After);
                writer.To.Byte(asked.IsHashed ? (byte)1 : (byte)0);
                break;
            case CensusPage page:
                CensusCodec.Write(ref writer, page);
                break;
            case SymbolGlance glance:
                WriteGlance(ref writer, glance);
                break;
            case SymbolGauges gauges:
                WriteGauges(ref writer, gauges);
                break;
            case SignalsFired fired:
                writer.To.ShortAscii(fired.Symbol.Name);
                WriteHash(ref writer, fired.Plan);
                writer.To.Varint((ulong)fired.First);
                WriteSignals(ref writer, fired.Signals);
                break;
            case SignalsLogged logged:
                writer.To.ShortAscii(logged.Symbol.Name);
                WriteHash(ref writer, logged.Plan);
                writer.To.Varint((ulong)logged.Last);
                break;
            case SignalsPublished published:
                writer.To.Varint((ulong)published.First);
                WriteSignals(ref writer, published.Signals);
                break;
            case NodeLedger ledger:
                WriteLedger(ref writer, ledger);
                break;
            case ChangeSubscriptions change:
                writer.To.Byte(change.Adds ? (byte)1 : (byte)0);
                WriteSymbols(ref writer, change.Symbols);
                WriteSymbols(ref writer, change.Known);
                break;
            case SubscriptionsChanged changed:
                writer.To.Varint((ulong)changed.LastEvent);
                break;
            case LiveWanted wanted:
                LiveCodec.WriteFilter(ref writer, wanted.Filter);
                break;
            case LiveHappened happened:
                writer.To.Varint((ulong)happened.Number);
                LiveCodec.WriteEvents(ref writer, happened.Events);
                break;
            case NodeShards shards:
                LookCodec.WriteShards(ref writer, shards);
                break;
            case LiveTaken taken:
                writer.To.Varint((ulong)taken.Number);
                break;
            case SignalsAfter asked:
                writer.To.Varint((ulong)asked.Position);
                break;
            case SignalsPage page:
                writer.To.Varint((ulong)page.First);
                writer.To.Varint((ulong)page.Last);
                WriteSignals(ref writer, page.Signals);
                break;
            case BarPublished bar:
                PublishedCodec.Write(ref writer, bar);
                break;
            case VolatilityPublished volatility:
                PublishedCodec.Write(ref writer, volatility);
                break;
            case RejectPublished reject:
                PublishedCodec.Write(ref writer, reject);
                break;
            case ChangePlan change:
                writer.To.Byte(change.IsFirst ? (byte)1 : (byte)0);
                WriteBytes(ref writer, change.Json);
                break;
            case PlanChanged changed:
                writer.To.Varint((ulong)changed.Plans);
                break;
            case RefoldSymbol refold:
                writer.To.ShortAscii(refold.Symbol.Name);
                writer.To.Varint((ulong)refold.Plans);
                break;
            case SymbolRefolded refolded:
                writer.To.ShortAscii(refolded.Symbol.Name);
                break;
            case IForSymbol asked:
                writer.To.ShortAscii(asked.Symbol.Name);
                break;
        }

        writer.Close();
    }

    /// <summary>Reads a message.</summary>
    /// <returns>Whether it was sound; if not, <paramref name="error"/> says why and where.</returns>
    public static bool TryDecode(string manifest, ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out object? message, out CodecError error)
    {
        message = null;
        if (!PayloadSeal.TryOpen(manifest, bytes, out var content, out error)) return false;
        message = Read(manifest, ref content);
        if (content.Remaining > 0) content.Fail(Faults.TrailingBytes);
        if (!content.Failed && message is not null) return true;
        message = null;
        error = new CodecError(content.Position, content.Fault ?? Faults.UnknownManifest);
        return false;
    }

    private static object? Read(string manifest, ref ByteReader content)
    {
        if (manifest == LedgerAsked) return AskLedger.Instance;
        if (manifest == Published) return new SignalsPublished((long)content.Varint(), ReadSignals(ref content));
        if (manifest == Ledger) return new NodeLedger(ReadLedger(ref content));
        if (manifest == Subscribing) return new ChangeSubscriptions(content.Byte() == 1, ReadSymbols(ref content), ReadSymbols(ref content));
        if (manifest == Subscribed) return new SubscriptionsChanged((long)content.Varint());
        if (manifest == Wanted) return new LiveWanted(LiveCodec.ReadFilter(ref content));
        if (manifest == Happened) return new LiveHappened((long)content.Varint(), LiveCodec.ReadEvents(ref content));
        if (manifest == Taken) return new LiveTaken((long)content.Varint());
        if (manifest == ShardsAsked) return AskShards.Instance;
        if (manifest == Shards) return LookCodec.ReadShards(ref content);
        if (manifest == PageAsked) return new SignalsAfter((long)content.Varint());
        if (manifest == Page) return ReadPage(ref content);
        if (manifest == Bar) return PublishedCodec.ReadBar(ref content);
        if (manifest == Volatility) return PublishedCodec.ReadVolatility(ref content);
        if (manifest == Reject) return PublishedCodec.ReadReject(ref content);
        if (manifest == Entry) return CensusCodec.ReadEntry(ref content);
        if (manifest == CensusAsked) return new AskCensus(Encoding.ASCII.GetString(content.ShortBytes()), content.Byte() == 1);
        if (manifest == Census) return CensusCodec.ReadPage(ref content);
        if (manifest == PlanAsked) return AskPlan.Instance;
        if (manifest == Replanning) return ReadPlan(ref content);
        if (manifest == Replanned) return new PlanChanged((long)content.Varint());
        if (SnapshotCodec.SymbolOf(content.ShortBytes()) is not { } symbol)
        {
            content.Fail(Faults.BadSymbol);
            return null;
        }

        return manifest switch
        {
            Batch => ReadBatch(ref content, symbol),
            Advance => new AdvanceSymbol(symbol, ReadGuid(ref content), (long)content.Varint(), new Timestamp(content.Int64())),
            Done => new SymbolDone(symbol, ReadGuid(ref content), (long)content.Varint(), ReadRuns(ref content)),
            StateAsked => new AskState(symbol),
            State => new SymbolStateBytes(symbol, content.Bytes(content.Count(1)).ToArray()),
            EntryAsked => new AskEntry(symbol, content.Byte() == 1),
            GlanceAsked => new AskGlance(symbol),
            Glance => ReadGlance(ref content, symbol),
            GaugesAsked => new AskGauges(symbol),
            Gauges => ReadGauges(ref content, symbol),
            Wake => new WakeSymbol(symbol),
            Refold => new RefoldSymbol(symbol, (long)content.Varint()),
            Refolded => new SymbolRefolded(symbol),
            Fired => new SignalsFired(symbol, ReadHash(ref content), (long)content.Varint(), ReadSignals(ref content)),
            Logged => new SignalsLogged(symbol, ReadHash(ref content), (long)content.Varint()),
            _ => null,
        };
    }

    private static SignalsPage ReadPage(ref ByteReader content)
    {
        var (first, last) = ((long)content.Varint(), (long)content.Varint());
        return new SignalsPage(first, ReadSignals(ref content), last);
    }

    private static void WriteNumbered(ref PayloadWriter writer, INumbered message)
    {
        writer.To.ShortAscii(message.Symbol.Name);
        writer.To.Bytes(message.Sender.ToByteArray());
        writer.To.Varint((ulong)message.Number);
    }

    private static SymbolBatch? ReadBatch(ref ByteReader content, Symbol symbol)
    {
        var (sender, number) = (ReadGuid(ref content), (long)content.Varint());
        var manifest = Encoding.Latin1.GetString(content.ShortBytes());
        var payload = content.Bytes(content.Count(1));
        if (content.Failed) return null;
        var decoder = new EventDecoder();
        if (!decoder.TryDecode(manifest, payload, out var records, out var error)) content.Fail(error.Message);
        else if (!records.Symbol.Equals(symbol)) content.Fail(Faults.BadSymbol);
        else if (records.IsClockAdvanced) content.Fail(Faults.EmptyRun);
        return content.Failed ? null : new SymbolBatch(symbol, sender, number, records.Records.ToArray());
    }

    private static ChangePlan ReadPlan(ref ByteReader content)
    {
        var isFirst = content.Byte() == 1;
        return new ChangePlan(content.Bytes(content.Count(1)).ToArray(), isFirst);
    }

    private static void WriteBytes(ref PayloadWriter writer, ReadOnlySpan<byte> bytes)
    {
        writer.Room(ByteWriter.MaxVarint + bytes.Length);
        writer.To.Varint((ulong)bytes.Length);
        writer.To.Bytes(bytes);
    }

    /// <summary>Outcomes, most of which are like the one before: how many, then runs of a length and an outcome.</summary>
    private static void WriteRuns(ref PayloadWriter writer, ReadOnlySpan<byte> outcomes)
    {
        writer.To.Varint((ulong)outcomes.Length);
        while (!outcomes.IsEmpty)
        {
            var length = outcomes.IndexOfAnyExcept(outcomes[0]) is var end and > 0 ? end : outcomes.Length;
            writer.Room(1 + ByteWriter.MaxVarint);
            writer.To.Byte(outcomes[0]);
            writer.To.Varint((ulong)length);
            outcomes = outcomes[length..];
        }
    }

    private static byte[] ReadRuns(ref ByteReader content)
    {
        var count = content.Varint();
        if (count > ClusterOptions.MaxBatchRecords) content.Fail(Faults.ImpossibleCount);
        var outcomes = new byte[content.Failed ? 0 : (int)count];
        for (var at = 0; at < outcomes.Length && !content.Failed;)
        {
            var outcome = content.Byte();
            var length = content.Varint();
            if (!RecordOutcome.IsKnown(outcome)) content.Fail(Faults.OutOfRange);
            if (length == 0 || length > (ulong)(outcomes.Length - at)) content.Fail(Faults.ImpossibleCount);
            if (content.Failed) break;
            outcomes.AsSpan(at, (int)length).Fill(outcome);
            at += (int)length;
        }

        return outcomes;
    }

    private static Guid ReadGuid(ref ByteReader content)
    {
        var bytes = content.Bytes(GuidSize);
        return content.Failed ? default : new Guid(bytes);
    }

    private static void WriteHash(ref PayloadWriter writer, in PlanHash hash)
    {
        Span<byte> bytes = stackalloc byte[PlanHash.Length];
        hash.CopyTo(bytes);
        writer.To.Bytes(bytes);
    }

    private static PlanHash ReadHash(ref ByteReader content)
    {
        var bytes = content.Bytes(PlanHash.Length);
        return content.Failed ? default : PlanHash.FromBytes(bytes);
    }

    private static void WriteSignals(ref PayloadWriter writer, IReadOnlyList<byte[]> signals)
    {
        writer.To.Varint((ulong)signals.Count);
        foreach (var signal in signals) WriteBytes(ref writer, signal);
    }

    private static byte[][] ReadSignals(ref ByteReader content)
    {
        var signals = new byte[content.Count(1)][];
        for (var i = 0; i < signals.Length; i++) signals[i] = content.Bytes(content.Count(1)).ToArray();
        return signals;
    }

    private static void WriteText(ref PayloadWriter writer, string text)
    {
        var size = Encoding.UTF8.GetByteCount(text);
        writer.Room(ByteWriter.MaxVarint + size);
        writer.To.Varint((ulong)size);
        writer.To.Utf8(text, size);
    }

    private static string ReadText(ref ByteReader content) => Encoding.UTF8.GetString(content.Bytes(content.Count(1)));

    private static void WriteGlance(ref PayloadWriter writer, SymbolGlance glance)
    {
        writer.To.ShortAscii(glance.Symbol.Name);
        writer.Room(7 * ByteWriter.MaxVarint);
        writer.To.Varint((ulong)glance.Events);
        writer.To.Zigzag(glance.LastPrice);
        writer.To.Zigzag(glance.LastTime.Nanoseconds);
        writer.To.Varint((ulong)glance.Applied);
        writer.To.Varint((ulong)glance.Late);
        writer.To.Varint((ulong)glance.Signals);
        writer.To.Varint((ulong)glance.Unconfirmed);
        WriteText(ref writer, glance.Quarantine ?? "");
    }

    private static SymbolGlance ReadGlance(ref ByteReader content, Symbol symbol) => new(
        symbol, (long)content.Varint(), content.Zigzag(), new Timestamp(content.Zigzag()), (long)content.Varint(), (long)content.Varint(),
        (long)content.Varint(), (long)content.Varint(), ReadText(ref content) is { Length: > 0 } reason ? reason : null);

    private static void WriteGauges(ref PayloadWriter writer, SymbolGauges gauges)
    {
        writer.To.ShortAscii(gauges.Symbol.Name);
        writer.Room(1 + (5 * ByteWriter.MaxVarint));
        writer.To.Byte(gauges.Reading is null ? (byte)0 : (byte)1);
        if (gauges.Reading is not { } reading) return;
        writer.To.Zigzag(reading.LastPrice);
        writer.To.Zigzag(reading.LastTime.Nanoseconds);
        writer.To.Varint((ulong)reading.Applied);
        writer.To.Varint((ulong)reading.Late);
        writer.To.Varint((ulong)reading.Frames.Count);
        foreach (var frame in reading.Frames)
        {
            writer.Room(1 + (2 * ByteWriter.MaxVarint) + (sizeof(long) * frame.Values.Count));
            writer.To.Byte((byte)frame.Frame);
            writer.To.Varint((ulong)frame.Bars);
            writer.To.Varint((ulong)frame.Values.Count);
            foreach (var value in frame.Values) writer.To.Int64(BitConverter.DoubleToInt64Bits(value));
        }
    }

    private static SymbolGauges ReadGauges(ref ByteReader content, Symbol symbol)
    {
        if (content.Byte() == 0) return new SymbolGauges(symbol, null);
        var (price, time, applied, late) = (content.Zigzag(), content.Zigzag(), (long)content.Varint(), (long)content.Varint());
        var frames = new FrameReading[content.Count(3)];
        for (var i = 0; i < frames.Length; i++)
        {
            var (frame, bars) = ((Frame)content.Byte(), (long)content.Varint());
            if (!frame.IsDefined()) content.Fail(Faults.OutOfRange);
            var values = new double[content.Count(sizeof(long))];
            for (var at = 0; at < values.Length; at++) values[at] = BitConverter.Int64BitsToDouble(content.Int64());
            frames[i] = new FrameReading(frame, bars, values);
        }

        return new SymbolGauges(symbol, new SymbolReading(symbol, price, new Timestamp(time), applied, late, frames));
    }

    private static void WriteSymbols(ref PayloadWriter writer, IReadOnlyList<Symbol> symbols)
    {
        writer.Room(ByteWriter.MaxVarint);
        writer.To.Varint((ulong)symbols.Count);
        foreach (var symbol in symbols)
        {
            writer.Room(MaxSymbol);
            writer.To.ShortAscii(symbol.Name);
        }
    }

    private static Symbol[] ReadSymbols(ref ByteReader content)
    {
        var symbols = new Symbol[content.Count(2)];
        for (var i = 0; i < symbols.Length; i++)
        {
            symbols[i] = SnapshotCodec.SymbolOf(content.ShortBytes()) ?? Symbol.Economy;
            if (symbols[i] == Symbol.Economy) content.Fail(Faults.BadSymbol); // which nobody subscribes to
        }

        return symbols;
    }

    private static void WriteLedger(ref PayloadWriter writer, NodeLedger ledger)
    {
        writer.To.Varint((ulong)ledger.Lines.Count);
        foreach (var line in ledger.Lines)
        {
            writer.Room(1 + Source.MaxLength + (5 * ByteWriter.MaxVarint));
            writer.To.ShortAscii(line.Source.Name);
            writer.To.Varint((ulong)line.Received);
            writer.To.Varint((ulong)line.Applied);
            writer.To.Varint((ulong)line.Duplicate);
            writer.To.Varint((ulong)line.Late);
            writer.To.Varint((ulong)line.Rejected);
        }
    }

    private static LedgerLine[] ReadLedger(ref ByteReader content)
    {
        var lines = new LedgerLine[content.Count(6)];
        for (var i = 0; i < lines.Length; i++)
        {
            if (!Source.TryParse(Encoding.Latin1.GetString(content.ShortBytes()), out var source)) content.Fail(Faults.BadSource);
            lines[i] = new LedgerLine(source ?? Source.Anonymous)
            {
                Received = (long)content.Varint(), Applied = (long)content.Varint(), Duplicate = (long)content.Varint(), Late = (long)content.Varint(),
                Rejected = (long)content.Varint(),
            };
        }

        return lines;
    }
}
