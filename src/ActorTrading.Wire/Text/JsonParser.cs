using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;
using System.Text.Unicode;
using ActorTrading.Domain.Admission;
using ActorTrading.Domain.Records;
using ActorTrading.Domain.Values;

namespace ActorTrading.Wire.Text;

/// <summary>
/// Reads any line of JSON that holds records, by System.Text.Json: what every dialect means is defined here. A line
/// that is no valid JSON yields one rejection and no record, however far into the line the fault lies.
/// </summary>
internal sealed partial class JsonParser(ParserOptions options, StampReader stamps)
{
    // What a record inside an envelope takes over from the envelope, unless it says otherwise.
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
    private readonly JsonColumns columns = new();
    private byte[] scratch = new byte[256];
    private int scratchLength;
    private byte[] repaired = [];
    private ArrayRows? rows;
    private Field[]? header;
    private Queue<(int Start, int Length, FieldForm Form)>? rowTimes;
    private int countedTo;
    private long lineEnds;

    private ArrayRows Rows => rows ??= new ArrayRows(times);

    /// <summary>Whether there were rows without names: the first that tells its order tells that of all later ones.</summary>
    public bool HasReadRows => rows is not null;

    /// <summary>The time of records that name none; null where they must name one.</summary>
    public Timestamp? DefaultTime
    {
        get => assembler.DefaultTime;
        set => assembler.DefaultTime = value;
    }

    /// <summary>Reads one line.</summary>
    public void Parse(ReadOnlySpan<byte> line, long lineNumber, IRecordSink sink)
    {
        line = line.Trim(" \t\r\n"u8);
        if (line.IsEmpty) return;
        scratchLength = 0;
        (countedTo, lineEnds) = (0, 0);
        var position = FindFault(line);
        if (position >= 0 && TryQuoteNotFinite(line, out var quoted) && FindFault(quoted) < 0)
        {
            position = -1;
            line = quoted;
        }

        if (position >= 0)
        {
            Reject(line, lineNumber, sink, Explain(line, position));
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

    /// <summary>Where the line stops being a JSON object or array in UTF-8; -1 when it is one.</summary>
    private static int FindFault(ReadOnlySpan<byte> line)
    {
        // Most broken lines are told without an exception: those that are no JSON at all, and those cut short.
        if (line[0] is not ((byte)'{' or (byte)'[')) return 0;
        if (line[^1] is not ((byte)'}' or (byte)']')) return line.Length;
        if (!Utf8.IsValid(line)) return FirstInvalidByte(line);
        var reader = new Utf8JsonReader(line);
        try
        {
            while (reader.Read())
            {
            }

            return -1;
        }
        catch (JsonException)
        {
            return (int)reader.BytesConsumed;
        }
    }

    private static int FirstInvalidByte(ReadOnlySpan<byte> line)
    {
        var at = 0;
        while (Rune.DecodeFromUtf8(line[at..], out _, out var length) == OperationStatus.Done) at += length;
        return at;
    }

    private static Rejection Explain(ReadOnlySpan<byte> line, int position)
    {
        var start = Math.Clamp(position, 0, line.Length);
        var text = start == line.Length ? "the line ends" : Encoding.UTF8.GetString(line[start..Math.Min(line.Length, start + 80)]);
        return new Rejection(RejectReason.Malformed, "line", $"at byte {start}: {text}") { Hint = JsonHints.OfLine(line) };
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
        // A row of values that is none known.
        if (first.TokenType is JsonTokenType.Number or JsonTokenType.String) RejectItem(context, line);
        else ParseItems(ref reader, context, nothing, depth: 0);
    }

    /// <summary>Reads the items of an array: records, envelopes, or rows of values.</summary>
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

    /// <summary>Reads an object that is known to be valid: a record, an envelope, or records by their symbols.</summary>
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

    /// <summary>Reads all that an object wraps, and what else in it is a record.</summary>
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

    /// <summary>Reads what an envelope holds: an object or an array, which take over what the envelope says of all of it.</summary>
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
    /// Takes symbol, frame and zone of an object beside the data, as in
    /// <c>{"arg":{"instId":"BTC-USDT"},"data":[..]}</c>.
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

    /// <summary>Whether an object of objects holds records by their symbols: nothing in it is a record's own.</summary>
    private static bool IsBySymbol(in FieldSet fields, in Members members)
    {
        if (members.Nested != members.Unknown + members.Wrappers) return false;
        for (var field = Field.None + 1; field <= Field.Value; field++)
        {
            if (field == Field.Last && members.HasSymbolArrays) continue; // Kraken's place to go on from
            if (fields.Has(field) && fields.FormOf(field) != FieldForm.Other && (Shared & (1UL << (int)field)) == 0) return false;
        }

        return true;
    }

    /// <summary>
    /// Reads the records of an object whose names are symbols, or times, or numbers of rows as the first tells, and whose
    /// values are objects or arrays.
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

    /// <summary>
    /// Whether the names in an object are numbers of rows, as pandas writes them: 0, then 1, or 0 alone where a symbol is given.
    /// </summary>
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
    /// A row of values under what its envelope says; the row's ranges are within the row, the envelope's within the whole text.
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

    /// <summary>Takes the fields of the object that the reader stands at, up to its end.</summary>
    private Members Collect(ref Utf8JsonReader reader, ReadOnlySpan<byte> text, ref FieldSet fields, int offset)
    {
        var members = new Members();
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

    /// <summary>Notes whether an object is a column or holds records by their times.</summary>
    private void LookIntoObject(Utf8JsonReader reader, ReadOnlySpan<byte> name, Field field, int at, ref Members members)
    {
        if (JsonColumns.CanBeKeyed(field) && JsonColumns.IsKeyed(reader, times, out var hasTimes)) members.AddColumn(field, hasTimes);
        if (IsIndicators(name)) members.IndicatorsAt = at;
        if (IsSeries(reader)) members.Series++;
    }

    /// <summary>Notes whether an array is a column, or names the columns of rows.</summary>
    private static void LookIntoArray(Utf8JsonReader reader, ReadOnlySpan<byte> name, Field field, int at, ref Members members)
    {
        var column = JsonColumns.Find(name, field);
        if (column != Field.None && JsonColumns.IsOfValues(reader)) members.AddColumn(column);
        if (Envelopes.IsHeader(name) && JsonColumns.IsOfTexts(reader)) members.HeaderAt = at;
        if (IsIndex(name)) members.IndexAt = at;
    }

    /// <summary>
    /// Takes the names of one letter of the object that the reader stands at: OANDA's
    /// <c>"mid":{"o":1,"h":2,"l":1,"c":2}</c>.
    /// </summary>
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

    /// <summary>The range of bytes that the token's value takes, in the line or unescaped in the scratch space.</summary>
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

    /// <summary>Copies text without its escapes to the scratch space; a length of -1 where half a surrogate pair is escaped.</summary>
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

    /// <summary>The line that a part of the text begins in; the text begins in <paramref name="first"/>.</summary>
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

    /// <summary>
    /// Puts quotes around bare NaN, Infinity and -Infinity, which many programs write and JSON does not have: so the
    /// field at fault can be named, and its line counted against the seq it carries.
    /// </summary>
    private bool TryQuoteNotFinite(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> quoted)
    {
        quoted = default;
        if (line.IndexOf("NaN"u8) < 0 && line.IndexOf("Infinity"u8) < 0) return false;
        if (repaired.Length < line.Length * 2) repaired = new byte[line.Length * 2];
        var length = 0;
        var inText = false;
        for (var i = 0; i < line.Length; i++)
        {
            var token = inText ? default : NotFiniteAt(line[i..]);
            if (token.IsEmpty)
            {
                if (line[i] == '"') inText = !inText;
                repaired[length++] = line[i];
                if (inText && line[i] == '\\' && i + 1 < line.Length) repaired[length++] = line[++i];
                continue;
            }

            repaired[length++] = (byte)'"';
            token.CopyTo(repaired.AsSpan(length));
            length += token.Length;
            repaired[length++] = (byte)'"';
            i += token.Length - 1;
        }

        quoted = repaired.AsSpan(0, length);
        return true;
    }

    private static ReadOnlySpan<byte> NotFiniteAt(ReadOnlySpan<byte> text) => text switch
    {
        [(byte)'N', ..] when text.StartsWith("NaN"u8) => text[..3],
        [(byte)'I', ..] when text.StartsWith("Infinity"u8) => text[..8],
        [(byte)'-', (byte)'I', ..] when text.StartsWith("-Infinity"u8) => text[..9],
        _ => default,
    };

    /// <summary>Where an object stands in a text that is known to be valid, and where to report to.</summary>
    private readonly ref struct Context(ReadOnlySpan<byte> text, int offset, long lineNumber, IRecordSink sink)
    {
        public ReadOnlySpan<byte> Text { get; } = text;

        public int Offset { get; } = offset;

        public long LineNumber { get; } = lineNumber;

        public IRecordSink Sink { get; } = sink;

        /// <summary>The same at another place.</summary>
        public Context At(int place) => new(Text, place, LineNumber, Sink);
    }

    /// <summary>What an object has in it besides values: where each begins, -1 for none.</summary>
    private struct Members
    {
        private bool isWord;

        public Members()
        {
        }

        /// <summary>Whether the symbol is named <c>stock_id</c>: its price may be a list of prices.</summary>
        public bool IsStock { get; set; }

        /// <summary>The object named symbols.</summary>
        public int SymbolsAt { get; set; } = -1;

        /// <summary>How many objects and arrays have the name of an envelope's content.</summary>
        public int Wrappers { get; set; }

        /// <summary>The object that says what the data are of.</summary>
        public int SenderAt { get; set; } = -1;

        /// <summary>The object in which Yahoo puts its columns.</summary>
        public int IndicatorsAt { get; set; } = -1;

        /// <summary>The fields that there are columns of, see <see cref="FieldSet.Mask"/>.</summary>
        public ulong Columns { get; private set; }

        /// <summary>How many objects hold objects by their times.</summary>
        public int Series { get; set; }

        /// <summary>The last object whose name says nothing.</summary>
        public int OnlyAt { get; private set; } = -1;

        /// <summary>How many objects and wrapped arrays there are.</summary>
        public int Nested { get; set; }

        /// <summary>How many objects there are whose names say nothing.</summary>
        public int Unknown { get; private set; }

        /// <summary>Whether there is one object only, under a name that is more likely a word than a symbol.</summary>
        public readonly bool IsWordAlone => Unknown == 1 && isWord;

        /// <summary>Whether there is a name that is no word, and so more likely a symbol.</summary>
        public bool HasSymbols { get; private set; }

        /// <summary>Whether one of these names is that of an array.</summary>
        public bool HasSymbolArrays { get; private set; }

        /// <summary>The names of columns whose rows stand beside them.</summary>
        public int HeaderAt { get; set; } = -1;

        /// <summary>The names of rows, as pandas writes them beside its columns.</summary>
        public int IndexAt { get; set; } = -1;

        public void AddColumn(Field field, bool hasTimes = false) =>
            Columns |= (1UL << (int)field) | (hasTimes ? 1UL << (int)Field.Time : 0);

        public void AddUnknown(int at, bool word, bool isObject)
        {
            Unknown++;
            OnlyAt = at;
            isWord = word;
            HasSymbols |= !word;
            HasSymbolArrays |= !word && !isObject;
        }
    }
}
