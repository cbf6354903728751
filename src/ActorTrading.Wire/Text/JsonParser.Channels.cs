using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using ActorTrading.Domain.Admission;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Exchange messages that are arrays and belong to a channel. Kraken's protocol version 1 has channel and pair at the end
/// (<c>[340,[["5541.2","0.15","1534614057.32","s","l",""]],"trade","XBT/USD"]</c>). Bitfinex names the channel in an earlier message
/// (<c>[17470,"te",[401597395,1574694478808,0.005,7245.3]]</c>).
/// </summary>
internal sealed partial class JsonParser
{
    private const int MostParts = 6;
    private const string NoTimes = "The messages of this channel have no times; subscribe to its trades.";

    private readonly Channels channels = new();
    private readonly List<(int Start, int Length)> items = [];

    /// <summary>Whether a channel was named or used: then the meaning of later messages depends on it.</summary>
    public bool HasReadChannels => channels.IsUsed;

    /// <summary>Parses a line that is a channel message; false if it is another array.</summary>
    private bool TryParseMessage(ReadOnlySpan<byte> line, long lineNumber, IRecordSink sink)
    {
        Span<Part> parts = stackalloc Part[MostParts];
        if (!TryCutMessage(line, parts, out var count)) return false;
        parts = parts[..count];
        var context = new Context(line, 0, lineNumber, sink);
        if (parts is [_, { IsText: false }, .., { IsText: true }, { IsText: true } pair])
        {
            ParseKrakenMessage(context, parts[1..^2], TextOf(parts[^2], line), pair);
            return true;
        }

        if (!Utf8Parser.TryParse(line[parts[0].Start..], out long number, out _)) return false;
        ParseBitfinexMessage(context, parts[1..], number);
        return true;
    }

    /// <summary>
    /// Splits a message: a whole number, then arrays, objects and texts. False for any other array, including rows of values.
    /// </summary>
    private bool TryCutMessage(ReadOnlySpan<byte> line, Span<Part> parts, out int count)
    {
        count = 0;
        var reader = new Utf8JsonReader(line);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (count == MostParts || (count == 0) != (reader.TokenType == JsonTokenType.Number)) return false;
            var type = reader.TokenType;
            var start = ValueOf(ref reader, 0, out var length, out var form);
            if (count == 1 && type == JsonTokenType.String && !IsEventOfBitfinex(reader.ValueSpan)) return false;
            if (count == 1 && type is not (JsonTokenType.String or JsonTokenType.StartArray or JsonTokenType.StartObject)) return false;
            if (type is JsonTokenType.StartArray or JsonTokenType.StartObject)
            {
                reader.Skip();
                length = (int)reader.BytesConsumed - start;
            }

            parts[count++] = new Part(start, length, form, type);
        }

        return count > 1;
    }

    private static bool IsEventOfBitfinex(ReadOnlySpan<byte> text) =>
        text.SequenceEqual("te"u8) || text.SequenceEqual("tu"u8) || text.SequenceEqual("hb"u8) || text.SequenceEqual("cs"u8)
        || text.SequenceEqual("fte"u8) || text.SequenceEqual("ftu"u8);

    private void ParseKrakenMessage(in Context context, ReadOnlySpan<Part> contents, ReadOnlySpan<byte> channel, Part pair)
    {
        var shared = default(FieldSet);
        shared.Set(Field.Symbol, pair.Start, pair.Length, pair.Form);
        foreach (var part in contents)
        {
            var own = context.Text.Slice(part.Start, part.Length);
            var isArray = part.Type == JsonTokenType.StartArray;
            if (isArray && channel.SequenceEqual("trade"u8)) ReadItems(context, part, shared, RowOf.KrakenTrade, null);
            else if (isArray && channel.SequenceEqual("spread"u8)) ReadItem(context, own, shared, RowOf.KrakenSpread, null);
            else if (part.Type == JsonTokenType.StartObject && channel.StartsWith("book-"u8)) ReadBook(context, part, shared);
            else RefuseChannel(context, own, Encoding.UTF8.GetString(channel), HintOf(channel));
        }
    }

    private static string? HintOf(ReadOnlySpan<byte> channel) =>
        channel.StartsWith("ohlc"u8) ? RecordAssembler.StillOpen : channel.SequenceEqual("ticker"u8) ? NoTimes : null;

    private void ParseBitfinexMessage(in Context context, ReadOnlySpan<Part> parts, long number)
    {
        var content = parts[0];
        var what = content.IsText ? TextOf(content, context.Text) : default;
        if (content.IsText && (what.SequenceEqual("hb"u8) || what.SequenceEqual("cs"u8))) return; // a heartbeat, a checksum of a book
        if (content.IsText && parts.Length > 1) content = parts[1];
        var own = context.Text.Slice(content.Start, content.Length);
        var channel = channels.Get(number);
        var shared = default(FieldSet);
        if (channel.Symbol is { } symbol) SetText(ref shared, Field.Symbol, symbol);
        if (what.StartsWith("f"u8)) RefuseChannel(context, own, Encoding.UTF8.GetString(what), null);
        else if (channel.Name is "book" or "ticker" or "status") RefuseChannel(context, own, channel.Name, NoTimes);
        else if (content.Type == JsonTokenType.StartArray) ReadItems(context, content, shared, RowOf.Bitfinex, channel);
        else RejectItem(context, own);
    }

    /// <summary>Parses the rows of an array, or a single row, oldest first.</summary>
    private void ReadItems(in Context context, Part content, in FieldSet shared, RowOf layout, Channels.Channel? channel)
    {
        items.Clear();
        var reader = new Utf8JsonReader(context.Text[content.Start..]);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType != JsonTokenType.StartArray) break;
            var start = content.Start + (int)reader.TokenStartIndex;
            reader.Skip();
            items.Add((start, content.Start + (int)reader.BytesConsumed - start));
        }

        if (items.Count == 0)
        {
            var own = context.Text.Slice(content.Start, content.Length);
            if (reader.TokenType != JsonTokenType.EndArray) ReadItem(context, own, shared, layout, channel);
            return;
        }

        var isNewestFirst = TimeOf(context.Text, items[0], layout) > TimeOf(context.Text, items[^1], layout);
        if (isNewestFirst) items.Reverse();
        var before = scratchLength;
        for (var i = 0; i < items.Count; i++)
        {
            scratchLength = before;
            var (start, length) = items[i];
            ReadItem(context, context.Text.Slice(start, length), shared, layout, channel, isLast: i == items.Count - 1);
        }
    }

    private static double TimeOf(ReadOnlySpan<byte> text, (int Start, int Length) item, RowOf layout)
    {
        Span<ArrayRows.Cell> cells = stackalloc ArrayRows.Cell[ArrayRows.MostCells];
        var row = text.Slice(item.Start, item.Length);
        if (!ArrayRows.TryCut(row, cells, out var count) || count < 4) return 0;
        var cell = cells[layout == RowOf.KrakenTrade ? 2 : count == 4 ? 1 : 0];
        return Utf8Parser.TryParse(row.Slice(cell.Start, cell.Length), out double time, out _) ? time : 0;
    }

    private void ReadItem(
        in Context context, ReadOnlySpan<byte> item, in FieldSet shared, RowOf layout, Channels.Channel? channel, bool isLast = true)
    {
        Span<ArrayRows.Cell> cells = stackalloc ArrayRows.Cell[ArrayRows.MostCells];
        var row = default(FieldSet);
        if (!ArrayRows.TryCut(item, cells, out var count)) RejectItem(context, item);
        else if (layout == RowOf.Bitfinex && count == 4 && ArrayRows.IsTradeOfBitfinex(item, cells))
            EmitOnce(context, item, cells, shared, channel!);
        else if (layout == RowOf.Bitfinex && count == 6 && isLast) RefuseChannel(context, item, "candles", RecordAssembler.StillOpen);
        else if (FieldsOf(layout) is var fields && count >= fields.Length && ArrayRows.TrySet(item, cells, ref row, fields))
            EmitRow(context, item, row, layout == RowOf.Bitfinex ? WithFrame(shared, channel!) : shared);
        else RejectItem(context, item);
    }

    private static ReadOnlySpan<Field> FieldsOf(RowOf layout) => layout switch
    {
        RowOf.KrakenTrade => [Field.Price, Field.Size, Field.Time, Field.Trade],
        RowOf.KrakenSpread => [Field.Bid, Field.Ask, Field.Time, Field.BidSize, Field.AskSize],
        RowOf.KrakenLevel => [Field.Price, Field.Size, Field.Time],
        _ => [Field.Time, Field.Open, Field.Close, Field.High, Field.Low, Field.Volume],
    };

    /// <summary>
    /// Emits a Bitfinex trade unless it was already emitted: each trade is sent when it is executed (te) and again when it is booked (tu).
    /// </summary>
    private void EmitOnce(
        in Context context, ReadOnlySpan<byte> item, ReadOnlySpan<ArrayRows.Cell> cells, in FieldSet shared, Channels.Channel channel)
    {
        var row = default(FieldSet);
        ArrayRows.SetTradeOfBitfinex(item, cells, ref row);
        if (!Utf8Parser.TryParse(item[cells[0].Start..], out long id, out _)) RejectItem(context, item);
        else if (channel.TryAddTrade(id)) EmitRow(context, item, row, shared);
    }

    /// <summary>Adds the frame of the candles of a Bitfinex channel, which is named <c>trade:1m:tBTCUSD</c>.</summary>
    private FieldSet WithFrame(in FieldSet shared, Channels.Channel channel)
    {
        var all = shared;
        if (channel.Name.Split(':') is ["trade", var frame, ..]) SetText(ref all, Field.Frame, frame);
        return all;
    }

    /// <summary>Parses the sides of a book: rows of price, size and time under <c>as</c>, <c>bs</c>, <c>a</c>, <c>b</c>.</summary>
    private void ReadBook(in Context context, Part book, in FieldSet shared)
    {
        var reader = new Utf8JsonReader(context.Text[book.Start..]);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isAsk = reader.ValueSpan.SequenceEqual("as"u8) || reader.ValueSpan.SequenceEqual("a"u8);
            var isBid = reader.ValueSpan.SequenceEqual("bs"u8) || reader.ValueSpan.SequenceEqual("b"u8);
            reader.Read();
            if ((isAsk || isBid) && reader.TokenType == JsonTokenType.StartArray)
            {
                var side = shared;
                SetText(ref side, Field.Side, isAsk ? "ask"u8 : "bid"u8);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    var start = book.Start + (int)reader.TokenStartIndex;
                    reader.Skip();
                    ReadItem(context, context.Text[start..(book.Start + (int)reader.BytesConsumed)], side, RowOf.KrakenLevel, null);
                }
            }

            reader.Skip();
        }
    }

    private void RefuseChannel(in Context context, ReadOnlySpan<byte> item, string name, string? hint) =>
        Reject(
            item, LineOf(context.Text, item, context.LineNumber), context.Sink,
            new Rejection(RejectReason.UnknownKind, "kind", name) { Hint = hint });

    /// <summary>
    /// Whether an object is not a record but a connection message: a heartbeat, a greeting, or the confirmation of a subscription, which
    /// may name a numbered channel. An error message is not a notice; it is rejected.
    /// </summary>
    private bool IsNotice(in Context context, in FieldSet fields)
    {
        if (fields.FormOf(Field.Type) == FieldForm.Other) return false;
        if (!Envelopes.IsNotice(fields.TextOf(Field.Type, context.Text, scratch))) return false;
        if (RecordAssembler.TryInferKind(fields, out _)) return false;
        long? number = null;
        string? name = null, key = null, symbol = null, pair = null;
        var reader = new Utf8JsonReader(context.Text[context.Offset..]);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var property = reader.ValueIsEscaped ? "" : Encoding.UTF8.GetString(reader.ValueSpan);
            reader.Read();
            var at = ValueOf(ref reader, context.Offset, out var length, out var form);
            var text = form == FieldForm.Text && length is > 0 and <= 512 ? Encoding.UTF8.GetString(context.Text.Slice(at, length)) : null;
            if (property == "chanId" && form == FieldForm.Number && reader.TryGetInt64(out var value)) number = value;
            else if (property == "channel") name = text;
            else if (property == "key") key = text;
            else if (property == "symbol") symbol = text;
            else if (property == "pair") pair = text;
            else if (property == "status" && text == "error") return false;
            reader.Skip();
        }

        if (number is { } channel && name is not null)
            channels.Name(channel, key ?? name, SymbolOf(pair ?? symbol ?? key?.Split(':', 3)[^1]));
        return true;
    }

    /// <summary>The pair in Bitfinex's symbol names, which begin with a t.</summary>
    private static byte[]? SymbolOf(string? name) => name switch
    {
        null or "" => null,
        ['t', >= 'A' and <= 'Z', ..] => Encoding.UTF8.GetBytes(name[1..]),
        _ => Encoding.UTF8.GetBytes(name),
    };

    private ReadOnlySpan<byte> TextOf(Part part, ReadOnlySpan<byte> line) =>
        (part.Form == FieldForm.Unescaped ? scratch : line).Slice(part.Start, part.Length);

    /// <summary>Layouts of rows of values.</summary>
    private enum RowOf
    {
        /// <summary>Price, size, time, side, order type.</summary>
        KrakenTrade,

        /// <summary>Bid, ask, time, bid size, ask size.</summary>
        KrakenSpread,

        /// <summary>Price, size, time, of one side of a book.</summary>
        KrakenLevel,

        /// <summary>Number, time, amount and price of a trade; or time, open, close, high, low, volume.</summary>
        Bitfinex,
    }

    /// <summary>One value of a message.</summary>
    private readonly record struct Part(int Start, int Length, FieldForm Form, JsonTokenType Type)
    {
        public bool IsText => Type == JsonTokenType.String;
    }
}
