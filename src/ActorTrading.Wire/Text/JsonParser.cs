using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>
/// General parser of JSON lines, based on System.Text.Json. Defines the meaning of every dialect. A line that is not valid JSON gives one
/// rejection and no record, wherever the error is.
/// Long because objects, arrays and envelopes contain each other, so the methods that read them call each other.
/// </summary>
internal sealed partial class JsonParser(ParserOptions options, StampReader stamps)
{
    // The fields that a record inside an envelope inherits from the envelope, unless it has its own.
    private static readonly ulong Shared = FieldSet.Mask(
        Field.Time, Field.Date, Field.Clock, Field.Zone, Field.Seq, Field.Source, Field.Epoch, Field.Kind, Field.Service, Field.Frame,
        Field.Condition);

    private static readonly ulong SharedAndSymbol = Shared | FieldSet.Mask(Field.Symbol, Field.Isin);

    private static readonly ulong Times = FieldSet.Mask(Field.Time, Field.Date, Field.Clock);

    private static readonly ulong Candle = FieldSet.Mask(Field.Open, Field.High, Field.Low);

    private const int MaxEnvelopes = 3;

    private readonly RecordAssembler assembler = new(options, stamps);
    private readonly LetterFields letters = new();
    private readonly TimeNames times = new();
    private readonly JsonSyntax syntax = new();
    private readonly JsonColumns columns = new();
    private byte[] scratch = new byte[256];
    private int scratchLength;
    private ArrayRows? rows;
    private Field[]? header;
    private Queue<(int Start, int Length, FieldForm Form)>? rowTimes;
    private int countedTo;
    private long lineEnds;

    private ArrayRows Rows => rows ??= new ArrayRows(times);

    /// <summary>
    /// Whether rows without names were read: the first row with an unambiguous order determines the order of all later rows.
    /// </summary>
    public bool HasReadRows => rows is not null;

    /// <summary>The default time of records; null if they must have a time.</summary>
    public Timestamp? DefaultTime
    {
        get => assembler.DefaultTime;
        set => assembler.DefaultTime = value;
    }

    /// <summary>Parses one line.</summary>
    public void Parse(ReadOnlySpan<byte> line, long lineNumber, IRecordSink sink)
    {
        line = line.Trim(" \t\r\n"u8);
        if (line.IsEmpty) return;
        scratchLength = 0;
        (countedTo, lineEnds) = (0, 0);
        var position = JsonSyntax.FindFault(line);
        if (position >= 0 && syntax.TryQuoteNotFinite(line, out var quoted) && JsonSyntax.FindFault(quoted) < 0)
        {
            position = -1;
            line = quoted;
        }

        if (position >= 0)
        {
            Reject(line, lineNumber, sink, JsonSyntax.Explain(line, position));
        }
        else if (line[0] == '{')
        {
            Unsafe.SkipInit(out FieldSet nothing);
            ParseObject(new Context(line, 0, lineNumber, sink), nothing, depth: 0);
        }
        else
        {
            ParseArray(line, lineNumber, sink);
        }
    }

    private void ParseArray(ReadOnlySpan<byte> line, long lineNumber, IRecordSink sink)
    {
        if (TryParseMessage(line, lineNumber, sink)) return;
        if (Rows.TryTake(line, out var row))
        {
            Emit(line, line, row, lineNumber, sink);
            return;
        }

        Unsafe.SkipInit(out FieldSet nothing);
        nothing.Clear();
        var context = new Context(line, 0, lineNumber, sink);
        var reader = new Utf8JsonReader(line);
        reader.Read();
        var first = reader;
        first.Read();
        // A row of values with an unknown layout.
        if (first.TokenType is JsonTokenType.Number or JsonTokenType.String) RejectItem(context, line);
        else ParseItems(ref reader, context, nothing, depth: 0);
    }

    /// <summary>Parses the items of an array: records, envelopes, or rows of values.</summary>
    private void ParseItems(ref Utf8JsonReader reader, in Context context, in FieldSet shared, int depth)
    {
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = context.Offset + (int)reader.TokenStartIndex;
            var type = reader.TokenType;
            reader.Skip();
            var item = context.Text[start..(context.Offset + (int)reader.BytesConsumed)];
            var time = rowTimes is not null && rowTimes.TryDequeue(out var next) ? next : default;
            if (type == JsonTokenType.StartObject) ParseObject(context.At(start), shared, depth + 1);
            else if (type == JsonTokenType.StartArray && TryTakeRow(item, out var row)) EmitRow(context, item, row, shared, time);
            else RejectItem(context, item);
        }
    }

    /// <summary>Parses an object that is valid JSON: a record, an envelope, or records by symbol.</summary>
    private void ParseObject(in Context context, in FieldSet shared, int depth)
    {
        Unsafe.SkipInit(out FieldSet fields);
        if (depth == 0) fields.Clear();
        else fields = shared;
        var reader = new Utf8JsonReader(context.Text[context.Offset..]);
        reader.Read();
        var members = Collect(ref reader, context.Text, ref fields, context.Offset);
        var own = context.Text[context.Offset..(context.Offset + (int)reader.BytesConsumed)];
        if (depth == 0 && fields.Has(Field.Type) && IsNotice(context, fields)) return;
        if (members.SymbolsAt >= 0)
        {
            ParseMembers(context.At(members.SymbolsAt), fields, depth, isByTime: false);
        }
        else if (JsonColumns.IsTable(members.Columns) || (members.IsStock && JsonColumns.IsPrices(members.Columns))
            || (members.IndicatorsAt >= 0 && JsonColumns.HasTime(members.Columns)))
        {
            ParseColumns(context, own, fields, members.SenderAt);
        }
        else if (members.Series > 0 && !RecordAssembler.TryInferKind(fields, out _))
        {
            AddSender(context.Text, members.SenderAt, ref fields);
            ParseSeries(context, fields, depth);
        }
        else if (depth < MaxEnvelopes && members.Wrappers > 0 && !members.HasSymbols && !RecordAssembler.TryInferKind(fields, out _))
        {
            AddSender(context.Text, members.SenderAt, ref fields);
            var (outer, outerTimes) = (header, rowTimes);
            if (members.HeaderAt >= 0) (header, rowTimes) = (ReadHeader(context.Text, members.HeaderAt), null);
            if (members.HeaderAt >= 0 && members.IndexAt >= 0) rowTimes = ReadRowTimes(context.Text, members.IndexAt);
            UnwrapAll(context, fields, depth);
            (header, rowTimes) = (outer, outerTimes);
        }
        else if (members.Nested > 0 && IsBySymbol(fields, members))
        {
            if (members.IsWordAlone) Unwrap(context.At(members.OnlyAt), fields, depth);
            else ParseMembers(context, fields, depth, isOfKraken: members.HasSymbolArrays && fields.Has(Field.Last));
        }
        else
        {
            Emit(context.Text, own, fields, context.LineNumber, context.Sink);
        }
    }

    /// <summary>Parses all wrapped objects and arrays of an envelope, and its other members that are records.</summary>
    private void UnwrapAll(in Context context, in FieldSet envelope, int depth)
    {
        var reader = new Utf8JsonReader(context.Text[context.Offset..]);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isWrapper = Envelopes.IsWrapper(reader.ValueSpan);
            reader.Read();
            var at = context.Offset + (int)reader.TokenStartIndex;
            if (isWrapper && (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray))
                Unwrap(context.At(at), envelope, depth);
            else if (reader.TokenType == JsonTokenType.StartObject) EmitIfRecord(context.At(at), envelope);
            reader.Skip();
        }
    }

    private void EmitIfRecord(in Context context, in FieldSet envelope)
    {
        var fields = envelope;
        fields.KeepOnly(Shared);
        var reader = new Utf8JsonReader(context.Text[context.Offset..]);
        reader.Read();
        Collect(ref reader, context.Text, ref fields, context.Offset);
        if (!RecordAssembler.TryInferKind(fields, out _)) return;
        Emit(
            context.Text, context.Text[context.Offset..(context.Offset + (int)reader.BytesConsumed)], fields, context.LineNumber,
            context.Sink);
    }

    /// <summary>Parses the content of an envelope: an object or an array, which inherits the common fields of the envelope.</summary>
    private void Unwrap(in Context context, in FieldSet envelope, int depth)
    {
        var shared = envelope;
        shared.KeepOnly(SharedAndSymbol);
        var reader = new Utf8JsonReader(context.Text[context.Offset..]);
        reader.Read();
        if (reader.TokenType == JsonTokenType.StartArray) ParseItems(ref reader, context, shared, depth);
        else ParseObject(context, shared, depth + 1);
    }

    /// <summary>
    /// Reads symbol, frame and zone from an object beside the data, as in <c>{"arg":{"instId":"BTC-USDT"},"data":[..]}</c>.
    /// </summary>
    private void AddSender(ReadOnlySpan<byte> text, int at, ref FieldSet fields)
    {
        if (at < 0) return;
        var reader = new Utf8JsonReader(text[at..]);
        reader.Read();
        Unsafe.SkipInit(out FieldSet said);
        said.Clear();
        Collect(ref reader, text, ref said, at);
        fields.CopyMissing(said, Field.Symbol);
        fields.CopyMissing(said, Field.Frame);
        fields.CopyMissing(said, Field.Zone);
        if (!fields.Has(Field.Symbol)) AddPair(text, at, ref fields);
    }

    /// <summary>Whether an object of objects contains records by symbol: then it has no fields of a record itself.</summary>
    private static bool IsBySymbol(in FieldSet fields, in JsonMembers members)
    {
        if (members.Nested != members.Unknown + members.Wrappers) return false;
        for (var field = Field.None + 1; field <= Field.Value; field++)
        {
            if (field == Field.Last && members.HasSymbolArrays) continue; // Kraken's position for the next request
            if (fields.Has(field) && fields.FormOf(field) != FieldForm.Other && (Shared & (1UL << (int)field)) == 0) return false;
        }

        return true;
    }

    /// <summary>
    /// Parses the records of an object whose names are symbols, times, or row numbers (decided by the first name), and whose values are
    /// objects or arrays.
    /// </summary>
    private void ParseMembers(in Context context, in FieldSet envelope, int depth, bool? isByTime = null, bool isOfKraken = false)
    {
        var start = context.Offset;
        var isByNumber = isByTime is null && IsByNumber(context.Text[start..]);
        var reader = new Utf8JsonReader(context.Text[start..]);
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isByTime ??= times.IsTime(reader.ValueSpan);
            var fields = envelope;
            fields.KeepOnly(isByTime.Value || isByNumber ? SharedAndSymbol : Shared);
            var name = ValueOf(ref reader, start, out var nameLength, out var form);
            if (!isByNumber) fields.Set(isByTime.Value ? Field.Time : Field.Symbol, name, nameLength, form);
            reader.Read();
            if (reader.TokenType == JsonTokenType.StartObject)
            {
                ParseObject(context.At(start + (int)reader.TokenStartIndex), fields, depth + 1);
                reader.Skip();
            }
            else if (reader.TokenType == JsonTokenType.StartArray)
            {
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                {
                    var at = start + (int)reader.TokenStartIndex;
                    if (reader.TokenType == JsonTokenType.StartArray) ParseRow(ref reader, context, fields, isOfKraken);
                    else if (reader.TokenType == JsonTokenType.StartObject) ParseObject(context.At(at), fields, depth + 1);
                    reader.Skip();
                }
            }
        }
    }

    /// <summary>Whether the names in an object are row numbers, as written by pandas: 0, then 1, or only 0 if a symbol is given.</summary>
    private bool IsByNumber(ReadOnlySpan<byte> text)
    {
        var reader = new Utf8JsonReader(text);
        reader.Read();
        if (!reader.Read() || reader.TokenType != JsonTokenType.PropertyName || !reader.ValueSpan.SequenceEqual("0"u8)) return false;
        reader.Skip();
        reader.Read();
        return reader.TokenType == JsonTokenType.PropertyName ? reader.ValueSpan.SequenceEqual("1"u8) : options.DefaultSymbol is not null;
    }

    private void ParseRow(ref Utf8JsonReader reader, in Context context, in FieldSet shared, bool isOfKraken)
    {
        var start = context.Offset + (int)reader.TokenStartIndex;
        reader.Skip();
        var item = context.Text[start..(context.Offset + (int)reader.BytesConsumed)];
        if (TryTakeRow(item, out var row) || (isOfKraken && ArrayRows.TryTakeSpread(item, out row))) EmitRow(context, item, row, shared);
        else RejectItem(context, item);
    }

    private void RejectItem(in Context context, ReadOnlySpan<byte> item)
    {
        var line = LineOf(context.Text, item, context.LineNumber);
        var rejection = new Rejection(RejectReason.Malformed, "line", Encoding.UTF8.GetString(item))
        {
            Hint = JsonHints.OfItem(item, times),
        };
        Reject(item, line, context.Sink, rejection);
    }

    /// <summary>
    /// Emits a row of values with the fields of its envelope. The row's ranges refer to the row, the envelope's to the whole text.
    /// </summary>
    private void EmitRow(
        in Context context, ReadOnlySpan<byte> item, in FieldSet row, in FieldSet shared,
        (int Start, int Length, FieldForm Form) time = default)
    {
        var start = (int)Unsafe.ByteOffset(ref MemoryMarshal.GetReference(context.Text), ref MemoryMarshal.GetReference(item));
        var fields = row;
        fields.Move(start);
        fields.CopyMissing(shared, Field.Symbol);
        fields.CopyMissing(shared, Field.Source);
        fields.CopyMissing(shared, Field.Frame);
        fields.CopyMissing(shared, Field.Zone);
        fields.CopyMissing(shared, Field.Side);
        if (time.Length > 0) fields.Set(Field.Time, time.Start, time.Length, time.Form);
        Emit(context.Text, item, fields, context.LineNumber, context.Sink);
    }

    /// <summary>Collects the fields of the current object, up to its end.</summary>
    private JsonMembers Collect(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, ref FieldSet fields, int offset)
    {
        var members = new JsonMembers();
        var indexAt = -1;
        letters.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = FieldOf(ref reader, out var isSymbols);
            var name = reader.ValueSpan;
            reader.Read();
            var at = offset + (int)reader.TokenStartIndex;
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray)
            {
                var isObject = reader.TokenType == JsonTokenType.StartObject;
                if (isObject) LookIntoObject(reader, name, field, at, ref members);
                else LookIntoArray(reader, name, field, at, ref members);
                if (isObject && isSymbols) members.SymbolsAt = at;
                if (isObject && name.SequenceEqual("mid"u8)) TakeLetters(reader, offset);
                else if (Envelopes.IsSender(name)) members.SenderAt = at;
                else if (Envelopes.IsWrapper(name)) members.Wrappers++;
                else if (isObject || (field == Field.None && name.Length > 1)) members.AddUnknown(at, Envelopes.IsWord(name), isObject);
                if (isObject || name.Length > 1) members.Nested++;
            }

            if (field == Field.None)
            {
                if (name.Length == 1) letters.Set(name[0], ValueOf(ref reader, offset, out var size, out var shape), size, shape);
                else if (IsIndex(name) && reader.TokenType == JsonTokenType.String && times.IsTime(reader.ValueSpan)) indexAt = at;
                reader.Skip();
                continue;
            }

            members.IsStock |= field == Field.Symbol && name.SequenceEqual("stock_id"u8);
            var start = ValueOf(ref reader, offset, out var length, out var form);
            if (reader.TokenType is JsonTokenType.StartObject or JsonTokenType.StartArray) reader.Skip();
            if (reader.TokenType == JsonTokenType.Null) fields.Clear(field);
            else fields.Set(field, start, length, form);
        }

        if (fields.Has(Field.OpeningPrice)) fields.Copy(Field.Open, from: Field.OpeningPrice);
        if (fields.Has(Field.Begin) && fields.HasAny(Candle)) fields.Copy(Field.Time, from: Field.Begin);
        if (!JsonColumns.IsTable(members.Columns)) letters.AddTo(ref fields, text, scratch);
        if (indexAt >= 0 && !fields.HasAny(Times)) SetTextAt(indexAt, text, ref fields);
        return members;
    }

    /// <summary>Checks whether an object is a column or contains records by time.</summary>
    private void LookIntoObject(Utf8JsonReader reader, ReadOnlySpan<byte> name, Field field, int at, ref JsonMembers members)
    {
        if (JsonColumns.CanBeKeyed(field) && JsonColumns.IsKeyed(reader, times, out var hasTimes)) members.AddColumn(field, hasTimes);
        if (IsIndicators(name)) members.IndicatorsAt = at;
        if (IsSeries(reader)) members.Series++;
    }

    /// <summary>Checks whether an array is a column, or contains the column names of rows.</summary>
    private static void LookIntoArray(Utf8JsonReader reader, ReadOnlySpan<byte> name, Field field, int at, ref JsonMembers members)
    {
        var column = JsonColumns.Find(name, field);
        if (column != Field.None && JsonColumns.IsOfValues(reader)) members.AddColumn(column);
        if (Envelopes.IsHeader(name) && JsonColumns.IsOfTexts(reader)) members.HeaderAt = at;
        if (IsIndex(name)) members.IndexAt = at;
    }

    /// <summary>Reads the one-letter names of the current object: OANDA's <c>"mid":{"o":1,"h":2,"l":1,"c":2}</c>.</summary>
    private void TakeLetters(Utf8JsonReader reader, int offset)
    {
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var name = reader.ValueSpan;
            reader.Read();
            if (name.Length == 1) letters.Set(name[0], ValueOf(ref reader, offset, out var length, out var form), length, form);
            reader.Skip();
        }
    }

    private Field FieldOf(ref Utf8JsonReader reader, out bool isSymbols)
    {
        if (!reader.ValueIsEscaped)
        {
            isSymbols = Ascii.EqualsIgnoreCase(reader.ValueSpan, "symbols"u8);
            return FieldNames.Find(reader.ValueSpan);
        }

        var before = scratchLength;
        var start = Unescape(ref reader, out var length);
        scratchLength = before;
        isSymbols = length > 0 && Ascii.EqualsIgnoreCase(scratch.AsSpan(start, length), "symbols"u8);
        return length > 0 ? FieldNames.Find(scratch.AsSpan(start, length)) : Field.None;
    }

    /// <summary>The range of bytes of the token's value, in the line or unescaped in the scratch buffer.</summary>
    private int ValueOf(ref Utf8JsonReader reader, int offset, out int length, out FieldForm form)
    {
        length = reader.ValueSpan.Length;
        form = FieldForm.Other;
        var start = offset + (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                form = FieldForm.Number;
                return start;
            case JsonTokenType.String or JsonTokenType.PropertyName when !reader.ValueIsEscaped:
                form = FieldForm.Text;
                return start + 1;
            case JsonTokenType.String or JsonTokenType.PropertyName:
                var unescaped = Unescape(ref reader, out var unescapedLength);
                if (unescapedLength < 0) return start;
                form = FieldForm.Unescaped;
                length = unescapedLength;
                return unescaped;
            default:
                return start;
        }
    }

    /// <summary>Copies unescaped text to the scratch buffer; length -1 if the text contains half an escaped surrogate pair.</summary>
    private int Unescape(ref Utf8JsonReader reader, out int length)
    {
        var needed = scratchLength + reader.ValueSpan.Length;
        if (needed > scratch.Length) Array.Resize(ref scratch, Math.Max(needed, scratch.Length * 2));
        var start = scratchLength;
        try
        {
            length = reader.CopyString(scratch.AsSpan(start));
            scratchLength += length;
        }
        catch (InvalidOperationException)
        {
            length = -1;
        }

        return start;
    }

    private void Emit(ReadOnlySpan<byte> text, ReadOnlySpan<byte> own, in FieldSet fields, long lineNumber, IRecordSink sink)
    {
        if (assembler.TryAssemble(fields, text, scratch, out var record))
        {
            sink.OnRecord(record);
            return;
        }

        sink.OnRejected(assembler.Reject(fields, text, scratch, own, LineOf(text, own, lineNumber)));
    }

    /// <summary>The line in which a part of the text begins; the text begins in line <paramref name="first"/>.</summary>
    private long LineOf(ReadOnlySpan<byte> text, ReadOnlySpan<byte> part, long first)
    {
        var at = (int)Unsafe.ByteOffset(ref MemoryMarshal.GetReference(text), ref MemoryMarshal.GetReference(part));
        if (at < countedTo) (countedTo, lineEnds) = (0, 0);
        lineEnds += text[countedTo..at].Count((byte)'\n');
        countedTo = at;
        return first + lineEnds;
    }

    private void Reject(ReadOnlySpan<byte> line, long lineNumber, IRecordSink sink, Rejection rejection) =>
        sink.OnRejected(new RejectedInput(
            new Identity(options.DefaultSource, 0, Identity.None), lineNumber, rejection, Excerpt.Of(line)));

    /// <summary>The position of an object in a text that is valid JSON, and the sink for its records.</summary>
    private readonly ref struct Context(ReadOnlySpan<byte> text, int offset, long lineNumber, IRecordSink sink)
    {
        public ReadOnlySpan<byte> Text { get; } = text;

        public int Offset { get; } = offset;

        public long LineNumber { get; } = lineNumber;

        public IRecordSink Sink { get; } = sink;

        /// <summary>A copy at another position.</summary>
        public Context At(int place) => new(Text, place, LineNumber, Sink);
    }
}
