using System.Globalization;
using System.Text;
using System.Text.Json;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Calendars;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>Objects that contain many records without a name for each: as columns, or by time.</summary>
internal sealed partial class JsonParser
{
    /// <summary>Parses an object whose members are columns, with members beside them that apply to all records.</summary>
    private void ParseColumns(in Context context, ReadOnlySpan<byte> own, in FieldSet envelope, int senderAt)
    {
        var text = context.Text;
        var shared = envelope;
        AddSender(text, senderAt, ref shared);
        shared.KeepOnly(SharedAndSymbol);
        columns.Clear();
        var fault = Gather(text, context.Offset, isIndicators: false) ?? columns.Mismatch();
        if (fault is not null)
        {
            Reject(own, context.LineNumber, context.Sink, new Rejection(RejectReason.Malformed, "line", fault));
            return;
        }

        columns.TakeTimesFromKeys();
        var all = FieldSet.Of(FieldSet.Mask([.. columns.Columns]));
        RecordKind? kind = null;
        if (!shared.Has(Field.Kind) && RecordAssembler.TryInferKind(all, out var told) && told == RecordKind.Bar) kind = told;
        var offset = IsDaily(shared, text) ? OffsetOf(text, senderAt) : null;
        var before = scratchLength;
        for (var i = 0; i < columns.Count; i++)
        {
            scratchLength = before;
            var fields = shared;
            columns.Set(i, ref fields);
            if (offset is { } seconds) SetDate(ref fields, text, seconds);
            if (assembler.TryAssemble(fields, text, scratch, out var record, kind)) context.Sink.OnRecord(record);
            else context.Sink.OnRejected(assembler.Reject(fields, text, scratch, columns.Spell(i, text), context.LineNumber));
        }
    }

    /// <summary>
    /// Collects the columns of an object, and those of Yahoo in <c>indicators.quote[0]</c>. Returns the error if a column contains other
    /// elements than values.
    /// </summary>
    private string? Gather(ReadOnlySpan<byte> text, int at, bool isIndicators)
    {
        var reader = new Utf8JsonReader(text[at..]);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            var column = JsonColumns.Find(name, FieldOf(ref reader, out _));
            reader.Read();
            var isArray = reader.TokenType == JsonTokenType.StartArray;
            if (isArray && column != Field.None && JsonColumns.IsOfValues(reader) && columns.TryBegin(column))
            {
                if (!TryFill(ref reader, at)) return $"the column {FieldNames.Canonical(column)} holds entries that are not values";
                continue;
            }

            var isKeyed = reader.TokenType == JsonTokenType.StartObject && column != Field.None
                && JsonColumns.IsKeyed(reader, times, out _);
            if (isKeyed && columns.TryBegin(column))
            {
                if (!TryFillByKeys(ref reader, text, at))
                    return $"the column {FieldNames.Canonical(column)} has another number of rows than the others";
                continue;
            }

            var inner = reader;
            var isInner = isIndicators ? isArray && name.SequenceEqual("quote"u8) && inner.Read() : IsIndicators(name);
            if (isInner && inner.TokenType == JsonTokenType.StartObject
                && Gather(text, at + (int)inner.TokenStartIndex, isIndicators: !isIndicators) is { } fault) return fault;
            reader.Skip();
        }

        return null;
    }

    /// <summary>Reads the values of the current array; false if one is an object or an array.</summary>
    private bool TryFill(ref Utf8JsonReader reader, int at)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) return false;
            var start = ValueOf(ref reader, at, out var length, out var form);
            columns.Add(start, reader.TokenType == JsonTokenType.Null ? 0 : length, form);
        }

        return true;
    }

    /// <summary>Reads the values of the current object by row names; the names must equal those of the other columns.</summary>
    private bool TryFillByKeys(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, int at)
    {
        for (var index = 0; reader.Read() && reader.TokenType == JsonTokenType.PropertyName; index++)
        {
            var keyAt = at + (int)reader.TokenStartIndex + 1;
            if (reader.ValueIsEscaped || !columns.TryKey(index, keyAt, reader.ValueSpan.Length, text)) return false;
            reader.Read();
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) return false;
            var start = ValueOf(ref reader, at, out var length, out var form);
            columns.Add(start, reader.TokenType == JsonTokenType.Null ? 0 : length, form);
        }

        return true;
    }

    /// <summary>
    /// Reads the column names of a table whose rows are beside them: <c>{"columns":["date","open",..],"data":[["2024-07-09",..]]}</c>.
    /// </summary>
    private Field[] ReadHeader(ReadOnlySpan<byte> text, int at)
    {
        var names = new List<string>();
        var reader = new Utf8JsonReader(text[at..]);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = ValueOf(ref reader, at, out var length, out var form);
            names.Add(form == FieldForm.Text ? Encoding.UTF8.GetString(text.Slice(start, length)) : "");
            reader.Skip();
        }

        return ColumnNames.Map(names);
    }

    /// <summary>
    /// The times of the rows of a table without a time column: the index that pandas writes beside the columns (<c>orient="split"</c>).
    /// Null if there is a time column, or if the index does not contain times.
    /// </summary>
    private Queue<(int Start, int Length, FieldForm Form)>? ReadRowTimes(ReadOnlySpan<byte> text, int at)
    {
        if (header!.Any(column => column is Field.Time or Field.Date or Field.Clock)) return null;
        var found = new Queue<(int, int, FieldForm)>();
        var reader = new Utf8JsonReader(text[at..]);
        reader.Read();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (reader.TokenType is not (JsonTokenType.String or JsonTokenType.Number) || !times.IsTime(reader.ValueSpan)) return null;
            var start = ValueOf(ref reader, at, out var length, out var form);
            found.Enqueue((start, length, form));
        }

        return found;
    }

    /// <summary>Whether a name is pandas' name of the index.</summary>
    private static bool IsIndex(ReadOnlySpan<byte> name) => name.SequenceEqual("index"u8);

    /// <summary>Uses the text at that position as the time.</summary>
    private void SetTextAt(int at, ReadOnlySpan<byte> text, ref FieldSet fields)
    {
        var reader = new Utf8JsonReader(text[at..]);
        reader.Read();
        var start = ValueOf(ref reader, at, out var length, out var form);
        fields.Set(Field.Time, start, length, form);
    }

    /// <summary>Parses a row by its column names, if there are any, otherwise by its values.</summary>
    private bool TryTakeRow(ReadOnlySpan<byte> row, out FieldSet fields)
    {
        const int MostCells = 64;
        if (header is null) return Rows.TryTake(row, out fields);
        fields = default;
        Span<ArrayRows.Cell> cells = stackalloc ArrayRows.Cell[MostCells];
        if (!ArrayRows.TryCut(row, cells, out var count) || count != header.Length) return false;
        for (var i = 0; i < count; i++)
        {
            if (header[i] != Field.None) fields.Set(header[i], cells[i].Start, cells[i].Length, cells[i].Form);
        }

        return true;
    }

    private static bool IsIndicators(ReadOnlySpan<byte> name) => name.SequenceEqual("indicators"u8);

    private bool IsDaily(in FieldSet fields, ReadOnlySpan<byte> text) =>
        fields.Has(Field.Frame) && KindNames.TryParseFrame(fields.TextOf(Field.Frame, text, scratch), out var frame)
        && frame >= Frame.OneDay;

    /// <summary>Yahoo's time offset, in seconds east of Greenwich; null if missing.</summary>
    private static int? OffsetOf(ReadOnlySpan<byte> text, int senderAt)
    {
        if (senderAt < 0) return null;
        var reader = new Utf8JsonReader(text[senderAt..]);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isOffset = reader.ValueTextEquals("gmtoffset"u8);
            reader.Read();
            var isNumber = isOffset && reader.TokenType == JsonTokenType.Number;
            if (isNumber && reader.TryGetInt32(out var offset) && offset is > -86_400 and < 86_400) return offset;
            reader.Skip();
        }

        return null;
    }

    /// <summary>Converts the time of a daily bar, which is the open of the session, to the local date of the venue.</summary>
    private void SetDate(ref FieldSet fields, ReadOnlySpan<byte> text, int offset)
    {
        const long FirstSecond = -2_208_988_800, LastSecond = 4_102_444_800; // 1900 to 2100
        if (!fields.Has(Field.Time)) return;
        var time = fields.TextOf(Field.Time, text, scratch);
        if (!long.TryParse(time, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var seconds)) return;
        if (seconds is < FirstSecond or > LastSecond) return;
        var moment = new Timestamp((seconds + offset) * Timestamp.Second).ToString();
        SetText(ref fields, Field.Time, moment[..moment.IndexOf('T')]);
    }

    private void SetText(ref FieldSet fields, Field field, string text) => SetText(ref fields, field, Encoding.UTF8.GetBytes(text));

    private void SetText(ref FieldSet fields, Field field, ReadOnlySpan<byte> text)
    {
        var needed = scratchLength + text.Length;
        if (needed > scratch.Length) Array.Resize(ref scratch, Math.Max(needed, scratch.Length * 2));
        text.CopyTo(scratch.AsSpan(scratchLength));
        fields.Set(field, scratchLength, text.Length, FieldForm.Unescaped);
        scratchLength += text.Length;
    }

    /// <summary>
    /// Parses the members of an object that contains records by time, as in Alpha Vantage: <c>"Time Series
    /// (Daily)":{"2024-07-09":{..}}</c>.
    /// </summary>
    private void ParseSeries(in Context context, in FieldSet envelope, int depth)
    {
        var reader = new Utf8JsonReader(context.Text[context.Offset..]);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject && IsSeries(reader))
            {
                var fields = envelope;
                if (!fields.Has(Field.Frame) && FrameOfSeries(Encoding.UTF8.GetString(name)) is { } frame)
                    SetText(ref fields, Field.Frame, frame);
                ParseMembers(context.At(context.Offset + (int)reader.TokenStartIndex), fields, depth);
            }

            reader.Skip();
        }
    }

    /// <summary>Whether the current object contains objects by time.</summary>
    private bool IsSeries(Utf8JsonReader reader) =>
        reader.Read() && reader.TokenType == JsonTokenType.PropertyName && times.IsTime(reader.ValueSpan)
        && reader.Read() && reader.TokenType == JsonTokenType.StartObject;

    /// <summary>
    /// Combines the two currencies in Alpha Vantage's meta data to the symbol: <c>"2. From Symbol":"EUR","3. To Symbol":"USD"</c> is
    /// EURUSD.
    /// </summary>
    private void AddPair(ReadOnlySpan<byte> text, int at, ref FieldSet fields)
    {
        ReadOnlySpan<byte> from = default, to = default;
        var reader = new Utf8JsonReader(text[at..]);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = FieldNames.WithoutNumber(reader.ValueSpan);
            reader.Read();
            if (reader.TokenType == JsonTokenType.String && !reader.ValueIsEscaped)
            {
                if (Is(name, "from symbol"u8) || Is(name, "digital currency code"u8)) from = reader.ValueSpan;
                else if (Is(name, "to symbol"u8) || Is(name, "market code"u8)) to = reader.ValueSpan;
            }

            reader.Skip();
        }

        if (!from.IsEmpty && !to.IsEmpty) SetText(ref fields, Field.Symbol, [.. from, .. to]);
    }

    private static bool Is(ReadOnlySpan<byte> name, ReadOnlySpan<byte> word) => Ascii.EqualsIgnoreCase(name, word);

    private static string? FrameOfSeries(string name) =>
        name.Contains("weekly", StringComparison.OrdinalIgnoreCase) ? "1week"
        : name.Contains("monthly", StringComparison.OrdinalIgnoreCase) ? "1month"
        : name.Contains("daily", StringComparison.OrdinalIgnoreCase) ? "1day"
        : null;
}
