using System.Buffers;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Writes records as lines of text that parse to the same records, without allocation. In JSON, source, epoch and seq are written if the
/// record has them. A bar's frame is always written in the canonical form, and in the others if it is not 1min. Tables have columns for
/// these four only in their <c>full</c> form. Invalid records are written unchanged; the reader rejects them.
/// Long because it has a method for each dialect and each kind of record.
/// </summary>
public static class RecordWriter
{
    // Enough for the punctuation, names and numbers of any record; text fields are added to it.
    private const int FixedLength = 768;

    /// <summary>Writes one record as a line of its own, ended by <c>\n</c>.</summary>
    /// <exception cref="ArgumentException">The dialect has no form for the kind, see <see cref="Dialects.Carries"/>.</exception>
    public static void Write(in Record record, Dialect dialect, IBufferWriter<byte> output, bool full = false)
    {
        if (!dialect.Carries(record.Kind))
            throw new ArgumentException($"{dialect.Name()} cannot represent a record of kind {record.Kind}.", nameof(dialect));
        var text = new TextBuilder(output.GetSpan(LengthOf(record))) { NumbersIn = record.Units };
        switch (dialect)
        {
            case Dialect.Canonical:
                WriteCanonical(ref text, record);
                break;
            case Dialect.Stock:
                WriteStock(ref text, record, full);
                break;
            case Dialect.DataType:
                WriteDataType(ref text, record);
                break;
            case Dialect.Isin:
                WriteIsin(ref text, record);
                break;
            case Dialect.Envelope:
                BeginEnvelope(ref text, record);
                WriteMember(ref text, record, record.Time);
                text.Raw("}}"u8);
                break;
            case Dialect.SymbolBars:
                text.Raw("{"u8);
                WriteMember(ref text, record, shared: null);
                text.Raw("}"u8);
                break;
            default:
                WriteRow(ref text, record, dialect, full);
                break;
        }

        text.Raw("\n"u8);
        output.Advance(text.Length);
    }

    /// <summary>A record in the canonical form, as text without a line end, cut to the maximum length of a rejection's text.</summary>
    public static string Text(in Record record)
    {
        var buffer = new ArrayBufferWriter<byte>(256);
        Write(record, Dialect.Canonical, buffer);
        return Excerpt.Of(buffer.WrittenSpan[..^1]);
    }

    /// <summary>
    /// Writes records of one kind, each of another symbol, as one line in <see cref="Dialect.Envelope"/> or
    /// <see cref="Dialect.SymbolBars"/>. An envelope has the time of the first record.
    /// </summary>
    /// <exception cref="ArgumentException">There are no records, their kinds differ, or the dialect has no such form for the
    /// kind.</exception>
    public static void WriteTogether(ReadOnlySpan<Record> records, Dialect dialect, IBufferWriter<byte> output)
    {
        if (records.IsEmpty) throw new ArgumentException("There are no records.", nameof(records));
        if (dialect is not (Dialect.Envelope or Dialect.SymbolBars))
            throw new ArgumentException($"{dialect.Name()} holds one record per line.", nameof(dialect));
        var needed = FixedLength;
        foreach (ref readonly var record in records)
        {
            if (record.Kind != records[0].Kind || !dialect.Carries(record.Kind))
                throw new ArgumentException("The records do not fit one line.", nameof(records));
            needed += LengthOf(record);
        }

        var text = new TextBuilder(output.GetSpan(needed));
        if (dialect == Dialect.Envelope) BeginEnvelope(ref text, records[0]);
        else text.Raw("{"u8);
        for (var i = 0; i < records.Length; i++)
        {
            if (i > 0) text.Raw(","u8);
            text.NumbersIn = records[i].Units;
            WriteMember(ref text, records[i], dialect == Dialect.Envelope ? records[0].Time : null);
        }

        text.Raw(dialect == Dialect.Envelope ? "}}\n"u8 : "}\n"u8);
        output.Advance(text.Length);
    }

    /// <summary>Writes the header of a table; its full form has columns for frame, source, epoch and seq.</summary>
    /// <exception cref="ArgumentException">The dialect is not a table.</exception>
    public static void WriteHeader(Dialect dialect, IBufferWriter<byte> output, bool full = false)
    {
        output.Write(dialect switch
        {
            Dialect.CsvTrades => "timestamp,symbol,price,size"u8,
            Dialect.CsvBars => "timestamp,symbol,open,high,low,close,volume"u8,
            Dialect.CsvQuotes => "timestamp,symbol,bid,bid_size,ask,ask_size"u8,
            _ => throw new ArgumentException($"{dialect.Name()} is not a table format.", nameof(dialect)),
        });
        if (full && dialect == Dialect.CsvBars) output.Write(",frame"u8);
        output.Write(full ? ",source,epoch,seq\n"u8 : "\n"u8);
    }

    private static int LengthOf(in Record record) => FixedLength + ((record.Text?.Length ?? 0) * TextBuilder.MaxEscapedLength);

    private static void WriteCanonical(ref TextBuilder text, in Record record)
    {
        text.Raw("{"u8);
        if (record.Symbol != Symbol.Economy)
        {
            text.Raw("\"symbol\":\""u8);
            text.Ascii(record.Symbol.Name);
            text.Raw("\","u8);
        }

        text.Raw("\"ts\":"u8);
        text.Stamp(record.Time);
        switch (record.Kind)
        {
            case RecordKind.Tick:
                text.Price(",\"price\":"u8, record.A);
                text.Size(",\"size\":"u8, record.B);
                break;
            case RecordKind.Quote:
                text.Raw(",\"kind\":\"quote\""u8);
                WriteQuote(ref text, record);
                break;
            case RecordKind.BookUpdate:
                text.Raw(",\"kind\":\"book\",\"side\":"u8);
                text.Raw(record.Side == BookSide.Bid ? "\"bid\""u8 : record.Side == BookSide.Ask ? "\"ask\""u8 : "\"none\""u8);
                text.Price(",\"price\":"u8, record.A);
                text.Size(",\"quantity\":"u8, record.B);
                break;
            case RecordKind.Bar:
                text.Raw(",\"kind\":\"bar\",\"frame\":\""u8);
                text.Ascii(record.Frame.IsDefined() ? record.Frame.Name() : "none");
                text.Raw("\""u8);
                WriteBar(ref text, record);
                break;
            case RecordKind.Print:
                text.Raw(",\"kind\":\"print\""u8);
                WritePrint(ref text, record);
                break;
            case RecordKind.NewsSentiment:
                text.Raw(",\"kind\":\"news\""u8);
                WriteNews(ref text, record);
                break;
            case RecordKind.MarketData:
                text.Raw(",\"kind\":\"market\""u8);
                WriteMarket(ref text, record);
                break;
            case RecordKind.EconomicIndicator:
                text.Raw(",\"kind\":\"economic\""u8);
                WriteEconomy(ref text, record);
                break;
            default:
                text.Raw(",\"kind\":\"none\""u8); // no kind: what reads it is to say so
                break;
        }

        WriteIdentity(ref text, record.Id);
        text.Raw("}"u8);
    }

    private static void WriteStock(ref TextBuilder text, in Record record, bool full)
    {
        text.Raw("{\"stock_symbol\":\""u8);
        text.Ascii(record.Symbol.Name);
        text.Price("\",\"opening_price\":"u8, record.A);
        text.Price(",\"closing_price\":"u8, record.D);
        text.Price(",\"high\":"u8, record.B);
        text.Price(",\"low\":"u8, record.C);
        text.Volume(",\"volume\":"u8, record.Volume);
        text.Raw(",\"timestamp\":"u8);
        text.Iso(record.Time, quoted: true);
        WriteFrame(ref text, record, isNamed: full);
        WriteIdentity(ref text, record.Id);
        text.Raw("}"u8);
    }

    private static void WriteDataType(ref TextBuilder text, in Record record)
    {
        text.Raw(record.Kind switch
        {
            RecordKind.BookUpdate => "{\"data_type\":\"order_book\""u8,
            RecordKind.NewsSentiment => "{\"data_type\":\"news_sentiment\""u8,
            RecordKind.MarketData => "{\"data_type\":\"market_data\""u8,
            _ => "{\"data_type\":\"economic_indicator\""u8,
        });
        if (record.Kind != RecordKind.EconomicIndicator)
        {
            text.Raw(",\"stock_symbol\":\""u8);
            text.Ascii(record.Symbol.Name);
            text.Raw("\""u8);
        }

        text.Raw(",\"timestamp\":"u8);
        text.Iso(record.Time, quoted: true);
        switch (record.Kind)
        {
            case RecordKind.BookUpdate:
                text.Raw(record.Side == BookSide.Bid ? ",\"order_type\":\"buy\""u8
                    : record.Side == BookSide.Ask ? ",\"order_type\":\"sell\""u8 : ",\"order_type\":\"none\""u8);
                text.Price(",\"price\":"u8, record.A);
                text.Size(",\"quantity\":"u8, record.B);
                break;
            case RecordKind.NewsSentiment:
                WriteNews(ref text, record);
                break;
            case RecordKind.MarketData:
                WriteMarket(ref text, record);
                break;
            default:
                WriteEconomy(ref text, record);
                break;
        }

        WriteIdentity(ref text, record.Id);
        text.Raw("}"u8);
    }

    private static void WriteIsin(ref TextBuilder text, in Record record)
    {
        text.Raw("{\"ISIN\":\""u8);
        text.Ascii(record.Symbol.Name);
        text.Price("\",\"PRICE\":"u8, record.A);
        if (record.B != 0) text.Size(",\"SIZE\":"u8, record.B);
        text.Raw(",\"DATETIME\":"u8);
        text.Iso(record.Time, quoted: true);
        WriteIdentity(ref text, record.Id);
        text.Raw("}"u8);
    }

    private static void BeginEnvelope(ref TextBuilder text, in Record first)
    {
        text.Raw("{\"timestamp\":"u8);
        text.Stamp(first.Time);
        text.Raw(first.Kind switch
        {
            RecordKind.Print => ",\"service\":\"TIMESALE\",\"symbols\":{"u8,
            RecordKind.Quote => ",\"service\":\"QUOTE\",\"symbols\":{"u8,
            _ => ",\"service\":\"CHART\",\"symbols\":{"u8,
        });
    }

    /// <summary>Writes a record inside an envelope, with its time if that differs from the envelope's.</summary>
    private static void WriteMember(ref TextBuilder text, in Record record, Timestamp? shared)
    {
        text.Raw("\""u8);
        text.Ascii(record.Symbol.Name);
        text.Raw("\":{"u8);
        var start = text.Length;
        switch (record.Kind)
        {
            case RecordKind.Print:
                WritePrint(ref text, record);
                break;
            case RecordKind.Quote:
                WriteQuote(ref text, record);
                break;
            default:
                WriteBar(ref text, record);
                WriteFrame(ref text, record);
                break;
        }

        // A single name in an object is not read as a symbol if it could be a word.
        if (shared is null && Envelopes.IsAmbiguous(record.Symbol.Name))
        {
            text.Raw(",\"symbol\":\""u8);
            text.Ascii(record.Symbol.Name);
            text.Raw("\""u8);
        }

        if (record.Time != shared)
        {
            text.Raw(",\"datetime\":"u8);
            text.Iso(record.Time, quoted: true);
        }

        WriteIdentity(ref text, record.Id);
        text.RemoveAt(start); // each field starts with a comma
        text.Raw("}"u8);
    }

    private static void WriteRow(ref TextBuilder text, in Record record, Dialect dialect, bool full)
    {
        text.Iso(record.Time, quoted: false);
        text.Raw(FormulaGuard.IsNeeded(record.Symbol.Name) ? ",'"u8 : ","u8);
        text.Ascii(record.Symbol.Name);
        text.Price(","u8, record.A);
        if (dialect == Dialect.CsvBars) text.Price(","u8, record.B);
        else text.Size(","u8, record.B);
        if (dialect != Dialect.CsvTrades)
        {
            text.Price(","u8, record.C);
            if (dialect == Dialect.CsvBars) text.Price(","u8, record.D);
            else text.Size(","u8, record.D);
        }

        if (dialect == Dialect.CsvBars) text.Volume(","u8, record.Volume);
        if (!full) return;
        if (dialect == Dialect.CsvBars)
        {
            text.Raw(","u8);
            text.Ascii(record.Frame.IsDefined() ? record.Frame.Name() : "none");
        }

        // A source may contain commas and outer blanks, but no quotes.
        text.Raw(FormulaGuard.IsNeeded(record.Id.Source.Name) ? ",\"'"u8 : ",\""u8);
        text.Ascii(record.Id.Source.Name);
        text.Whole("\","u8, record.Id.Epoch);
        text.Raw(","u8);
        if (record.Id.IsSequenced) text.Whole(default, record.Id.Seq);
    }

    private static void WriteQuote(ref TextBuilder text, in Record record)
    {
        text.Price(",\"bid\":"u8, record.A);
        text.Size(",\"bid_size\":"u8, record.B);
        text.Price(",\"ask\":"u8, record.C);
        text.Size(",\"ask_size\":"u8, record.D);
    }

    private static void WriteBar(ref TextBuilder text, in Record record)
    {
        text.Price(",\"open\":"u8, record.A);
        text.Price(",\"high\":"u8, record.B);
        text.Price(",\"low\":"u8, record.C);
        text.Price(",\"close\":"u8, record.D);
        text.Volume(",\"volume\":"u8, record.Volume);
    }

    /// <summary>Writes the frame if readers would not assume it.</summary>
    private static void WriteFrame(ref TextBuilder text, in Record record, bool isNamed = false)
    {
        if (record.Frame == Frame.OneMinute && !isNamed && record.Time.Nanoseconds % Timestamp.Minute == 0) return;
        text.Raw(",\"frame\":\""u8);
        text.Ascii(record.Frame.IsDefined() ? record.Frame.Name() : "none");
        text.Raw("\""u8);
    }

    private static void WritePrint(ref TextBuilder text, in Record record)
    {
        text.Price(",\"price\":"u8, record.A);
        text.Size(",\"size\":"u8, record.B);
        if (record.Text is { } condition) text.Escaped(",\"condition\":"u8, condition);
    }

    private static void WriteNews(ref TextBuilder text, in Record record)
    {
        text.Units(",\"sentiment_score\":"u8, record.A);
        text.Units(",\"sentiment_magnitude\":"u8, record.B);
    }

    private static void WriteMarket(ref TextBuilder text, in Record record)
    {
        var marketCap = BitConverter.Int64BitsToDouble(record.C);
        if (!double.IsNaN(marketCap)) text.Double(",\"market_cap\":"u8, marketCap);
        if (record.A != MarketData.NoRatio) text.Units(",\"pe_ratio\":"u8, record.A);
    }

    private static void WriteEconomy(ref TextBuilder text, in Record record)
    {
        text.Escaped(",\"indicator_name\":"u8, record.Text ?? "");
        text.Double(",\"value\":"u8, BitConverter.Int64BitsToDouble(record.C));
    }

    private static void WriteIdentity(ref TextBuilder text, in Identity id)
    {
        if (id.IsSequenced) text.Whole(",\"seq\":"u8, id.Seq);
        if (!ReferenceEquals(id.Source, Source.Anonymous))
        {
            text.Raw(",\"source\":\""u8);
            text.Ascii(id.Source.Name);
            text.Raw("\""u8);
        }

        if (id.Epoch != 0) text.Whole(",\"epoch\":"u8, id.Epoch);
    }
}
