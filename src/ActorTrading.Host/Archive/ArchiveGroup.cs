using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;
using ActorTrading.Wire.Text;
using Parquet;
using Parquet.Data;
using Parquet.Schema;

namespace ActorTrading.Host.Archive;

/// <summary>Writes and reads the rows of one row group of a table.</summary>
internal static class ArchiveGroup
{
    private static readonly string BidName = "bid";
    private static readonly string AskName = "ask";

    /// <summary>Creates the record of a row.</summary>
    private delegate Record Maker(int row, Symbol symbol, Identity id, Timestamp time);

    /// <summary>Writes records as a row group.</summary>
    public static async Task WriteAsync(ParquetRowGroupWriter group, ArchiveTable table, IReadOnlyList<ArchivedRecord> rows)
    {
        foreach (var field in table.Declared.DataFields)
        {
            await (field.Name switch
            {
                "time" => group.WriteAsync<long>(table.Time, Each(rows, static row => row.Record.Time.Nanoseconds)),
                "symbol" => group.WriteAsync(field, Each(rows, static row => row.Record.Symbol.Name)),
                "source" => group.WriteAsync(field, Each(rows, static row => row.Record.Id.Source.Name)),
                "epoch" => group.WriteAsync<long>(field, Each(rows, static row => row.Record.Id.Epoch)),
                "seq" => group.WriteAsync<long>(
                    field, Each(rows, static row => row.Record.Id.IsSequenced ? row.Record.Id.Seq : (long?)null)),
                "position" => group.WriteAsync<long>(field, Each(rows, static row => row.Position)),
                "ordinal" => group.WriteAsync<int>(field, Each(rows, static row => row.Ordinal)),
                "side" => group.WriteAsync(field, Each(rows, static row => row.Record.Side == BookSide.Bid ? BidName : AskName)),
                "frame" => group.WriteAsync(field, Each(rows, static row => row.Record.Frame.Name())),
                "condition" or "indicator_name" => group.WriteAsync(field, Each(rows, static row => row.Record.Text)),
                "market_cap" => group.WriteAsync<double>(field, Each(rows, static row =>
                    BitConverter.Int64BitsToDouble(row.Record.C) is var cap && double.IsNaN(cap) ? (double?)null : cap)),
                "value" => group.WriteAsync<double>(field, Each(rows, static row => BitConverter.Int64BitsToDouble(row.Record.C))),
                "pe_ratio" => group.WriteAsync<BigDecimal>(field, Each(rows, static row =>
                    row.Record.A == MarketData.NoRatio ? (BigDecimal?)null : ArchiveNumbers.OfScore(row.Record.A, row.Record))),
                "sentiment_score" => group.WriteAsync<BigDecimal>(
                    field, Each(rows, static row => ArchiveNumbers.OfScore(row.Record.A, row.Record))),
                "sentiment_magnitude" =>
                    group.WriteAsync<BigDecimal>(field, Each(rows, static row => ArchiveNumbers.OfScore(row.Record.B, row.Record))),
                var name => group.WriteAsync<BigDecimal>(field, Numbers(rows, SlotOf(table.Kind, name))),
            }).ConfigureAwait(false);
        }

        group.CompleteValidate();
    }

    /// <summary>Reads a row group.</summary>
    /// <exception cref="InvalidDataException">The row group contains values that no record can have.</exception>
    public static async Task<ArchivedRecord[]> ReadAsync(ParquetRowGroupReader group, ArchiveTable table, Names names)
    {
        var count = checked((int)group.RowCount);
        var times = await LongsAsync(group, table.Time, count).ConfigureAwait(false);
        var symbols = await TextsAsync(group, table["symbol"], count).ConfigureAwait(false);
        var sources = await TextsAsync(group, table["source"], count).ConfigureAwait(false);
        var epochs = await LongsAsync(group, table["epoch"], count).ConfigureAwait(false);
        var seqs = new long?[count];
        await group.ReadAsync<long>(table["seq"], seqs.AsMemory()).ConfigureAwait(false);
        var positions = await LongsAsync(group, table["position"], count).ConfigureAwait(false);
        var ordinals = new int[count];
        await group.ReadAsync<int>(table["ordinal"], ordinals.AsMemory()).ConfigureAwait(false);
        var make = await MakerAsync(group, table, count).ConfigureAwait(false);
        var rows = new ArchivedRecord[count];
        for (var i = 0; i < count; i++)
        {
            var id = new Identity(names.Source(sources[i]!), epochs[i], seqs[i] ?? Identity.None);
            var symbol = table.Kind == RecordKind.EconomicIndicator ? Symbol.Economy : names.Symbol(symbols[i]!);
            rows[i] = new ArchivedRecord(make(i, symbol, id, new Timestamp(times[i])), positions[i], ordinals[i]);
        }

        return rows;
    }

    private static async Task<Maker> MakerAsync(ParquetRowGroupReader group, ArchiveTable table, int count)
    {
        switch (table.Kind)
        {
            case RecordKind.NewsSentiment:
                var scores = await NumbersAsync(group, table["sentiment_score"], count).ConfigureAwait(false);
                var magnitudes = await NumbersAsync(group, table["sentiment_magnitude"], count).ConfigureAwait(false);
                return (i, symbol, id, time) =>
                    Record.OfNewsSentiment(symbol, id, time, ArchiveNumbers.ToScore(scores[i]), ArchiveNumbers.ToScore(magnitudes[i]));
            case RecordKind.MarketData:
                var worths = new double?[count];
                await group.ReadAsync<double>(table["market_cap"], worths.AsMemory()).ConfigureAwait(false);
                var ratios = new BigDecimal?[count];
                await group.ReadAsync<BigDecimal>(table["pe_ratio"], ratios.AsMemory()).ConfigureAwait(false);
                return (i, symbol, id, time) => Record.OfMarketData(
                    symbol, id, time, worths[i] ?? double.NaN, ratios[i] is { } ratio
                        ? ArchiveNumbers.ToScore((Int128)ratio.UnscaledValue) : MarketData.NoRatio);
            case RecordKind.EconomicIndicator:
                var names = await TextsAsync(group, table["indicator_name"], count).ConfigureAwait(false);
                var values = new double[count];
                await group.ReadAsync<double>(table["value"], values.AsMemory()).ConfigureAwait(false);
                return (i, _, id, time) => Record.OfEconomicIndicator(id, time, names[i]!, values[i]);
            default:
                return await PricedAsync(group, table, count).ConfigureAwait(false);
        }
    }

    private static async Task<Maker> PricedAsync(ParquetRowGroupReader group, ArchiveTable table, int count)
    {
        var kind = table.Kind;
        var slots = new Int128[5][];
        for (var slot = 0; slot < slots.Length; slot++)
        {
            var isThere = RecordNumbers.IsPrice(kind, slot) || RecordNumbers.IsSize(kind, slot);
            slots[slot] = isThere ? await NumbersAsync(group, table[RecordNumbers.NameOf(kind, slot)], count).ConfigureAwait(false) : [];
        }

        var texts = kind switch
        {
            RecordKind.BookUpdate => await TextsAsync(group, table["side"], count).ConfigureAwait(false),
            RecordKind.Bar => await TextsAsync(group, table["frame"], count).ConfigureAwait(false),
            RecordKind.Print => await TextsAsync(group, table["condition"], count).ConfigureAwait(false),
            _ => [],
        };
        return (i, symbol, id, time) =>
        {
            var (prices, sizes) = (Decimals(slots, i, slot => RecordNumbers.IsPrice(kind, slot)),
                Decimals(slots, i, slot => RecordNumbers.IsSize(kind, slot)));
            var record = kind switch
            {
                RecordKind.Tick => Record.OfTick(symbol, id, time, At(0, prices), At(1, sizes)),
                RecordKind.Quote => Record.OfQuote(symbol, id, time, At(0, prices), At(1, sizes), At(2, prices), At(3, sizes)),
                RecordKind.BookUpdate => Record.OfBookUpdate(symbol, id, time, SideOf(texts[i]!), At(0, prices), At(1, sizes)),
                RecordKind.Print => Record.OfPrint(symbol, id, time, At(0, prices), At(1, sizes), texts[i]),
                _ => Record.OfBar(symbol, id, time, FrameOf(texts[i]!), At(0, prices), At(1, prices), At(2, prices), At(3, prices),
                    slots[4][i] / Power(sizes)),
            };
            return record.In(new Units(prices, sizes));

            long At(int slot, int decimals) => (long)(slots[slot][i] / Power(decimals));
        };
    }

    private static Int128 Power(int decimals) => FixedPoint.PowerOfTen(ArchiveTable.Scale - decimals);

    private static int Decimals(Int128[][] slots, int row, Func<int, bool> isOne)
    {
        Span<Int128> numbers = stackalloc Int128[5];
        var count = 0;
        for (var slot = 0; slot < slots.Length; slot++)
        {
            if (slots[slot].Length > 0 && isOne(slot)) numbers[count++] = slots[slot][row];
        }

        return ArchiveNumbers.DecimalsOf(numbers[..count]);
    }

    private static BookSide SideOf(string text) =>
        text == BidName ? BookSide.Bid : text == AskName ? BookSide.Ask : throw new InvalidDataException($"'{text}' is not a book side");

    private static Frame FrameOf(string text) =>
        Frames.TryParse(text, out var frame) ? frame : throw new InvalidDataException($"'{text}' is not a frame");

    private static int SlotOf(RecordKind kind, string name) =>
        Enumerable.Range(0, 5).First(
            slot => (RecordNumbers.IsPrice(kind, slot) || RecordNumbers.IsSize(kind, slot)) && RecordNumbers.NameOf(kind, slot) == name);

    private static BigDecimal[] Numbers(IReadOnlyList<ArchivedRecord> rows, int slot) =>
        Each(rows, row => ArchiveNumbers.Of(row.Record, slot));

    private static T[] Each<T>(IReadOnlyList<ArchivedRecord> rows, Func<ArchivedRecord, T> take)
    {
        var values = new T[rows.Count];
        for (var i = 0; i < values.Length; i++) values[i] = take(rows[i]);
        return values;
    }

    private static async Task<long[]> LongsAsync(ParquetRowGroupReader group, DataField field, int count)
    {
        var values = new long[count];
        await group.ReadAsync<long>(field, values.AsMemory()).ConfigureAwait(false);
        return values;
    }

    private static async Task<Int128[]> NumbersAsync(ParquetRowGroupReader group, DataField field, int count)
    {
        var values = new BigDecimal[count];
        await group.ReadAsync<BigDecimal>(field, values.AsMemory()).ConfigureAwait(false);
        return Array.ConvertAll(values, static value => (Int128)value.UnscaledValue);
    }

    private static async Task<string?[]> TextsAsync(ParquetRowGroupReader group, DataField field, int count)
    {
        var texts = new Dictionary<string, string>();
        var alternates = texts.GetAlternateLookup<ReadOnlySpan<char>>();
        var values = new string?[count];
        if (field.IsNullable)
        {
            var read = new ReadOnlyMemory<char>?[count];
            await group.ReadAsync(field, read.AsMemory()).ConfigureAwait(false);
            for (var i = 0; i < count; i++) values[i] = read[i] is { } text ? Same(text.Span) : null;
        }
        else
        {
            var read = new ReadOnlyMemory<char>[count];
            await group.ReadAsync(field, read.AsMemory()).ConfigureAwait(false);
            for (var i = 0; i < count; i++) values[i] = Same(read[i].Span);
        }

        return values;

        string Same(ReadOnlySpan<char> text)
        {
            if (alternates.TryGetValue(text, out var known)) return known;
            return texts[text.ToString()] = text.ToString();
        }
    }

    /// <summary>Interned symbols and sources: one object per name.</summary>
    public sealed class Names
    {
        private readonly Dictionary<string, Symbol> symbols = [];
        private readonly Dictionary<string, Source> sources = new()
        {
            [Domain.Values.Source.Anonymous.Name] = Domain.Values.Source.Anonymous,
        };

        /// <summary>The symbol with a name.</summary>
        public Symbol Symbol(string name)
        {
            if (symbols.TryGetValue(name, out var known)) return known;
            return Domain.Values.Symbol.TryParse(name, out var symbol) ? symbols[name] = symbol
                : throw new InvalidDataException($"'{name}' is not a symbol");
        }

        /// <summary>The source with a name.</summary>
        public Source Source(string name)
        {
            if (sources.TryGetValue(name, out var known)) return known;
            return Domain.Values.Source.TryParse(name, out var source) ? sources[name] = source
                : throw new InvalidDataException($"'{name}' is not a source");
        }
    }
}
